"""The programs for the graphics card: one vertex and one fragment shader per role.

Colour comes from one texel per element (red, green, blue, state and marks), a second one holds
width, direction and fill. Light is baked into the mesh. Things on the ground are pushed back in
depth, ordered by rank: nothing lies under them, and they never flicker against each other. Patterns
are looked up in screen space and arrows drawn from the distance along a line, so that neither needs
geometry.
"""

from twinview.render.texels import COLUMNS

SMALLEST_DISC = 2.2
"""Radius on the screen below which a point is not drawn, pixels."""
_HEAD = """//VTK::System::Dec
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
_START = """
  element = int(item.x + 0.5);
  shade = item.y;
  gl_Position = MCDCMatrix * vertexMC;
"""
_END = """
  far = gl_Position.w;
  mist = haze.z * smoothstep(haze.x, haze.y, far);
"""
# Nothing is behind the ground, so what lies on it is pushed back, the less the higher its rank. Not
# all the way: corners behind the eye would then be cut at the eye itself, where a division by zero
# makes whole areas vanish.
_ON_GROUND = """
  gl_Position.z = gl_Position.w - (gl_Position.w - gl_Position.z) * (0.1 + rank * 0.008);
"""

_SOLID_VERTEX = f"{_HEAD}void main() {{{_START}{_END}}}\n"
_GROUND_VERTEX = f"""{_HEAD}
out vec2 ground;
void main() {{{_START}{_ON_GROUND}{_END}
  ground = vertexMC.xy;
}}
"""
# Flat areas have few corners and many pixels: their texels are read per corner.
_FLAT_VERTEX = f"""{_HEAD}{TEXEL}
flat out vec4 look;
out vec2 ground;
void main() {{{_START}{_ON_GROUND}{_END}
  ground = vertexMC.xy;
  look = texel(element, 0);
}}
"""
# A point keeps a size on the screen below which nobody would see it or its colour.
_DISC_VERTEX = f"""{_HEAD}{TEXEL}
in vec4 first;
flat out vec4 look;
out vec2 ground;
void main() {{{_START}
  float metre = max(gl_Position.w, 0.5) * perPixel;
  vec4 moved = vertexMC;
  moved.xy += first.xy * max({SMALLEST_DISC} * pixel * metre - first.z, 0.0);
  gl_Position = MCDCMatrix * moved;{_ON_GROUND}{_END}
  ground = moved.xy;
  look = texel(element, 0);
}}
"""
_EDGE_VERTEX = f"""{_HEAD}
void main() {{{_START}{_END}
  gl_Position.z -= edgeBias;
}}
"""
_FILL_VERTEX = f"""{_HEAD}{TEXEL}
in vec4 first;
out float high;
void main() {{
  element = int(item.x + 0.5);
  shade = item.y;
  high = first.x;
  float level = capture > 0.5 ? 1.0 : min(texel(element, 1).a * 255.0 / 254.0, 1.0);
  vec4 raised = vertexMC;
  raised.z += first.x * first.y * level;
  if (first.x < 0.5 && capture < 0.5) shade *= 0.8;
  gl_Position = MCDCMatrix * raised;{_END}}}
"""
_GLASS_VERTEX = f"""{_HEAD}
in vec4 first;
out vec3 normal, sight;
void main() {{{_START}{_END}
  normal = first.xyz;
  sight = eye - vertexMC.xyz;
}}
"""
_RIBBON_VERTEX = f"""{_HEAD}{TEXEL}
in vec4 first, second;
out vec2 place, ground;
flat out vec4 look;
flat out float halfLength, lead;
flat out int flags;
out float halfWidth;
void main() {{{_START}
  look = texel(element, 0);
  vec4 more = texel(element, 1);
  lead = phase + more.a;
  flags = int(more.b * 255.0 + 0.5) + 4 * int(look.a * 255.0 / 8.0 + 0.05);
  float metre = max(gl_Position.w, 0.5) * perPixel;
  vec2 code = floor(more.rg * 255.0 + 0.5);
  float wide = (code.x * 256.0 + code.y) / 65535.0 * 100.0;
  float chosen = float((flags & 12) != 0);
  halfWidth = max(0.5 * wide, 0.5 * thinnest * metre) + chosen * 1.5 * pixel * metre;
  float head = (10.0 * pixel * metre + halfWidth) * 1.3;
  float headed = arrows * float((flags & 3) != 0 && second.w > head);
  float room = halfWidth + (headed * 3.6 * pixel + 1.0) * metre;
  // Distances along and across are linear in the place, so that arrows keep their shape at bends.
  vec2 ahead = first.zw;
  vec2 offset = first.xy * room + ahead * second.y * room;
  vec4 moved = vertexMC;
  moved.xy += offset;
  place = vec2(second.z + dot(offset, ahead), dot(offset, vec2(-ahead.y, ahead.x)));
  halfLength = second.w;
  ground = moved.xy;
  gl_Position = MCDCMatrix * moved;{_ON_GROUND}{_END}
  gl_Position.z = mix(gl_Position.z, -0.999 * gl_Position.w, ghost);
}}
"""

_SHADED = """
// Shade keeps colours clear: pale channels lose less than dark ones, so that yellow stays yellow.
vec3 shaded(vec3 colour) {
  float lost = 0.62 * (1.0 - shade);
  return colour * (1.0 - lost) * (1.0 - lost * (1.0 - colour));
}
"""
_NOTICED = """
vec3 noticed(vec3 colour, int code) {
  return mix(colour, lit, ((code & 8) != 0 ? 0.22 : 0.0) + ((code & 16) != 0 ? 0.16 : 0.0));
}
"""
_FRAGMENT_HEAD = (
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
    + _SHADED
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
_PATTERNS = f"""{_NOTICED}
uniform sampler2D patterns;
vec3 patterned(vec3 colour, int state) {{
  ivec2 at = ivec2(mod(gl_FragCoord.xy, patternSize));
  vec4 over = texelFetch(patterns, at + ivec2(state * int(patternSize), 0), 0);
  vec3 base = (state >= 1 && state <= 3) || state == 7 ? clay : colour;
  return mix(base, over.rgb, over.a);
}}
"""
_OCCLUDED = """
uniform sampler2D occlusion;
in vec2 ground;
vec2 lying() {
  vec2 at = (ground - box.xy) / box.zw;
  vec2 inside = step(vec2(0.0), at) * step(at, vec2(1.0));
  return mix(vec2(1.0, 0.0), texture(occlusion, at).rg, inside.x * inside.y * boxed);
}
"""
_COLOUR = """
  vec4 look = texel(element, 0);
  int code = int(look.a * 255.0 + 0.5);
"""
_SOLID = f"""{_FRAGMENT_HEAD}{TEXEL}{_PATTERNS}
void main() {{
  if (capture > 0.5) {{ captured(shade, mist, 0.0); return; }}
{_COLOUR}
  vec3 colour = noticed(patterned(look.rgb, code & 7), code);
  gl_FragData[0] = vec4(hazed(shaded(colour)), 1.0);
}}
"""
# A filling's kind is how high its wall is reached; its shade is that of its upper rim.
_FILLING = f"""{_FRAGMENT_HEAD}{TEXEL}{_PATTERNS}
in float high;
void main() {{
  if (capture > 4.5) {{ gl_FragData[0] = vec4(high, 0.0, 1.0, 1.0); return; }}
  if (capture > 0.5) {{ captured(shade, mist, high * 255.0); return; }}
{_COLOUR}
  vec3 colour = noticed(patterned(look.rgb, code & 7), code);
  gl_FragData[0] = vec4(hazed(shaded(colour)), 1.0);
}}
"""
_EDGE = f"""{_FRAGMENT_HEAD}{TEXEL}
void main() {{
  float strength = 0.5 * (1.0 - smoothstep(0.4 * edgeReach, edgeReach, far * perPixel));
  if (capture > 0.5) {{ captured(shade, mist, 3.0 + 500.0 * strength); return; }}
  vec3 colour = shaded(texel(element, 0).rgb);
  gl_FragData[0] = vec4(hazed(mix(colour, min(edge, colour * 0.6), strength)), 1.0);
}}
"""
_OUTLINE = f"""{_FRAGMENT_HEAD}
void main() {{
  if (capture > 0.5) {{ captured(0.0, 0.0, 0.0); return; }}
  gl_FragData[0] = vec4(accent, 1.0);
}}
"""
_AREA = f"""{_FRAGMENT_HEAD}{_OCCLUDED}
flat in vec4 look;
void main() {{
  if (capture > 0.5) {{ captured(0.0, 0.0, 0.0); return; }}
  gl_FragData[0] = vec4(distant(look.rgb * lying().x), 1.0);
}}
"""
_FLAT = f"""{_FRAGMENT_HEAD}{_PATTERNS}{_OCCLUDED}
flat in vec4 look;
void main() {{
  if (capture > 0.5) {{ captured(lying().x, distance_(), rank > 8.5 ? 2.0 : 1.0); return; }}
  int code = int(look.a * 255.0 + 0.5);
  vec3 colour = noticed(patterned(look.rgb, code & 7), code);
  gl_FragData[0] = vec4(distant(colour * lying().x), 1.0);
}}
"""
_GROUND = f"""{_FRAGMENT_HEAD}{_OCCLUDED}
void main() {{
  if (capture > 0.5) {{ captured(0.0, 0.0, 0.0); return; }}
  vec2 here = lying();
  vec3 colour = mix(earth, settled, settling * smoothstep(0.42, 0.58, here.y));
  gl_FragData[0] = vec4(distant(colour * here.x), 1.0);
}}
"""
# From afar all is decided at the corners: the last one of a face tells its colour. Patterns would
# not be legible; what has no value stays the colour they are drawn on.
_COARSE_VERTEX = f"""//VTK::System::Dec
//VTK::CustomUniforms::Dec
in vec4 vertexMC;
in vec2 item;
uniform mat4 MCDCMatrix;
flat out vec3 seen;
out float mist;
float shade;
{TEXEL}{_SHADED}{_NOTICED}
void main() {{
  shade = item.y;
  gl_Position = MCDCMatrix * vertexMC;
  mist = haze.z * smoothstep(haze.x, haze.y, gl_Position.w);
  vec4 look = texel(int(item.x + 0.5), 0);
  int code = int(look.a * 255.0 + 0.5);
  int state = code & 7;
  vec3 colour = (state >= 1 && state <= 3) || state == 7 ? clay : look.rgb;
  seen = shaded(noticed(colour, code));
}}
"""
_COARSE = """//VTK::System::Dec
//VTK::Output::Dec
//VTK::CustomUniforms::Dec
flat in vec3 seen;
in float mist;
void main() {
  vec3 sky = mix(skyBottom, skyTop, clamp((gl_FragCoord.y - frame.x) / frame.y, 0.0, 1.0));
  gl_FragData[0] = vec4(mix(seen, sky, mist), 1.0);
}
"""
_RIM = f"""{_FRAGMENT_HEAD}
void main() {{
  if (capture > 0.5) {{ captured(0.0, 0.0, 0.0); return; }}
  gl_FragData[0] = vec4(hazed(rim * mix(shade, 1.0, 0.5)), 1.0);
}}
"""
_GLASS = f"""{_FRAGMENT_HEAD}{TEXEL}
in vec3 normal, sight;
void main() {{
  float facing = abs(dot(normalize(normal), normalize(sight)));
  float alpha = mix(glass.x, glass.y, smoothstep(0.0, 0.8, facing));
  int code = int(texel(element, 0).a * 255.0 + 0.5);
  vec3 colour = code > 7 ? accent : rim;
  gl_FragData[0] = vec4(hazed(colour), alpha);
}}
"""
_RIBBON_HEAD = f"""{_FRAGMENT_HEAD}
in vec2 place;
flat in vec4 look;
flat in float halfLength, lead;
flat in int flags;
in float halfWidth;
float band(float sharp) {{
  float beyond = abs(place.x) - halfLength;
  float off = beyond > 0.0 ? length(vec2(beyond, place.y)) : abs(place.y);
  return clamp((halfWidth - off) / sharp + 0.5, 0.0, 1.0);
}}
"""
_ROAD = f"""{_RIBBON_HEAD}{_OCCLUDED}
void main() {{
  float cover = band(max(fwidth(place.y), 1.0e-4));
  if (cover <= 0.0) discard;
  gl_FragData[0] = vec4(hazed(look.rgb * lying().x), cover);
}}
"""
_LINE = f"""{_RIBBON_HEAD}
vec3 dashed(vec3 colour, int state, float metre) {{
  float along = place.x / (metre * pixel);
  if (state == 1) return mix(paper, mark, step(mod(along, 12.0), 7.0));
  if (state == 2) return mix(paper, mark, step(mod(along, 6.0), 2.5));
  if (state == 3) return mix(paper, alarm, step(mod(along, 8.0), 5.0));
  if (state == 7) return mix(paper, alarm, step(mod(along, 5.0), 2.5));
  if (state == 6) return mix(colour, paper, 0.85 * step(mod(along, 14.0), 4.0));
  return colour;
}}
float arrow(float metre, float sharp) {{
  int way = flags & 3;
  if (way == 0) return 0.0;
  float head = 10.0 * pixel * metre + halfWidth;
  float wide = 3.6 * pixel * metre + halfWidth;
  float spacing = exp2(ceil(log2(80.0 * pixel * metre)));
  float along = way == 1 ? place.x : -place.x;
  float moved = along - lead * spacing;
  float middle = along - (moved - spacing * floor(moved / spacing + 0.5));
  if (abs(middle) + 1.3 * head > halfLength) return 0.0;
  float p = along - middle + 0.5 * head;
  float edge_ = wide * (head - p) / head - abs(place.y);
  return step(0.0, p) * clamp(edge_ / sharp + 0.5, 0.0, 1.0);
}}
void main() {{
  int state = int(look.a * 255.0 + 0.5) & 7;
  float metre = far * perPixel;
  float sharp = max(fwidth(place.y), 1.0e-4);
  float head = arrow(metre, sharp);
  float cover = max(band(sharp), head) * (1.0 - 0.58 * ghost);
  if (cover <= 0.0) discard;
  vec3 colour = dashed(look.rgb, state, metre);
  if ((flags & 12) != 0) colour = accent;
  colour = mix(colour, arrowTint, 0.42 * head);
  gl_FragData[0] = vec4(hazed(colour), cover);
}}
"""

PROGRAMS: dict[str, tuple[str, str]] = {
    "solid": (_SOLID_VERTEX, _SOLID),
    "open": (_SOLID_VERTEX, _SOLID),
    "coarse": (_COARSE_VERTEX, _COARSE),
    "edge": (_EDGE_VERTEX, _EDGE),
    "outline": (_EDGE_VERTEX, _OUTLINE),
    "area": (_FLAT_VERTEX, _AREA),
    "flat": (_FLAT_VERTEX, _FLAT),
    "disc": (_DISC_VERTEX, _FLAT),
    "ground": (_GROUND_VERTEX, _GROUND),
    "filling": (_FILL_VERTEX, _FILLING),
    "rim": (_SOLID_VERTEX, _RIM),
    "glass": (_GLASS_VERTEX, _GLASS),
    "ribbon": (_RIBBON_VERTEX, _LINE),
    "road": (_RIBBON_VERTEX, _ROAD),
}
"""Vertex and fragment shader by role."""

TRANSLUCENT = frozenset({"ghost", "glass", "ribbon", "road"})
"""Roles drawn after all others, blended over them."""
EXTRA = frozenset({"disc", "filling", "glass", "ribbon", "road"})
"""Roles whose vertices carry more than place, element and shade."""
ON_GROUND = frozenset({"area", "disc", "flat", "ground", "ribbon", "road"})
"""Roles with a rank instead of a depth."""
TEXTURES: dict[str, tuple[str, ...]] = {
    "solid": ("values", "patterns"), "open": ("values", "patterns"),
    "filling": ("values", "patterns"), "flat": ("values", "patterns", "occlusion"),
    "disc": ("values", "patterns", "occlusion"), "area": ("values", "occlusion"),
    "road": ("values", "occlusion"), "ground": ("occlusion",), "coarse": ("values",),
    "edge": ("values",), "glass": ("values",), "ribbon": ("values",), "rim": ("values",),
}  # fmt: skip
"""Textures that each role's shaders read."""
