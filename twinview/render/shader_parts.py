"""What programs of several roles have in common: light, haze, patterns, what is captured."""

from twinview.render.meshes import light
from twinview.render.texels import COLUMNS

HEAD = """//VTK::System::Dec
//VTK::CustomUniforms::Dec
in vec4 vertexMC;
in vec2 item;
uniform mat4 MCDCMatrix;
flat out int element;
out float shade;
out float far;
out float mist;
"""
TEXEL = f"""
uniform sampler2D values;
vec4 texel(int e, int slot) {{
  int rows = textureSize(values, 0).y / 2;
  return texelFetch(values, ivec2(e % {COLUMNS}, e / {COLUMNS} + slot * rows), 0);
}}
"""
START = """
  element = int(item.x + 0.5);
  shade = item.y;
  gl_Position = MCDCMatrix * vertexMC;
"""
END = """
  far = gl_Position.w;
  mist = haze.z * smoothstep(haze.x, haze.y, far);
"""
SHADED = """
// Shade keeps colours clear: pale channels lose less than dark ones, so that yellow stays yellow.
vec3 shaded(vec3 colour, float light) {
  float lost = 0.62 * (1.0 - light);
  return colour * (1.0 - lost) * (1.0 - lost * (1.0 - colour));
}
vec3 shaded(vec3 colour) { return shaded(colour, shade); }
"""


def _vector(numbers: light.Numbers) -> str:
    return f"vec3({', '.join(f'{one:.6f}' for one in numbers)})"


# What neighbours take away is baked together with the quiet light: its share is taken out, that of
# the sun put in. A level roof keeps the colour of the legend under both.
SUNLIT = f"""
in vec3 spot;
float quiet(vec3 n) {{
  float key = max(dot(n, {_vector(light.TO_KEY)}), 0.0);
  float fill = max(dot(n, {_vector(light.TO_FILL)}), 0.0);
  return {light.AMBIENT} + {light.DIFFUSE} * ({light.KEY} * key + {light.FILL} * fill);
}}
float bright(vec3 n) {{
  return {light.AMBIENT} + {light.DIFFUSE} * max(dot(n, sun.xyz), 0.0);
}}
float sunlit() {{
  if (sun.w < 0.5) return shade;
  vec3 n = normalize(cross(dFdx(spot), dFdy(spot)));
  vec3 up = vec3(0.0, 0.0, 1.0);
  float now = min(bright(n) / bright(up), {light.BRIGHTEST});
  return shade * now / min(quiet(n) / quiet(up), {light.BRIGHTEST});
}}
"""

NOTICED = """
vec3 noticed(vec3 colour, int code) {
  return mix(colour, lit, ((code & 8) != 0 ? 0.22 : 0.0) + ((code & 16) != 0 ? 0.16 : 0.0));
}
"""
FRAGMENT_HEAD = (
    """//VTK::System::Dec
//VTK::Output::Dec
//VTK::CustomUniforms::Dec
flat in int element;
in float shade;
in float far;
in float mist;
vec3 sky() {
  return mix(skyBottom, skyTop, clamp((gl_FragCoord.y - frame.x) / frame.y, 0.0, 1.0));
}
"""
    + SHADED
    + """
vec3 hazed(vec3 colour) {
  return mix(colour, sky(), mist);
}
// The ground's triangles are too large for a haze per corner.
float distance_() {
  return haze.z * smoothstep(haze.x, haze.y, far);
}
vec3 distant(vec3 colour) {
  return mix(colour, sky(), distance_());
}
// Instead of the picture, what `still` makes it from: 1 the element, 2 what its colour goes
// through, 3 black, 4 white, 5 the far walls of fillings. What never changes has no number.
void captured(float dim, float away, float kind) {
  vec3 told = vec3(capture > 3.5 && capture < 4.5 ? 1.0 : 0.0);
  if (capture < 1.5) {
    int id = base < -1.5 ? 0xffffff : base < -0.5 ? 0 : int(base + 0.5) + element + 1;
    told = vec3(id & 255, (id >> 8) & 255, id >> 16) / 255.0;
  } else if (capture < 2.5) told = vec3(dim * 0.8, away, kind / 255.0);
  gl_FragData[0] = vec4(told, 1.0);
}
"""
)
PATTERNS = f"""{NOTICED}
uniform sampler2D patterns;
vec3 patterned(vec3 colour, int state) {{
  ivec2 at = ivec2(mod(gl_FragCoord.xy, patternSize));
  vec4 over = texelFetch(patterns, at + ivec2(state * int(patternSize), 0), 0);
  vec3 base = (state >= 1 && state <= 3) || state == 7 ? clay : colour;
  return mix(base, over.rgb, over.a);
}}
"""
OCCLUDED = """
uniform sampler2D occlusion;
in vec2 ground;
vec2 lying() {
  vec2 at = (ground - box.xy) / box.zw;
  vec2 inside = step(vec2(0.0), at) * step(at, vec2(1.0));
  return mix(vec2(1.0, 0.0), texture(occlusion, at).rg, inside.x * inside.y * boxed);
}
"""
