"""What every program of the graphics card does besides: leave elements out, and let others through.

An element that is left out has all its corners put outside the picture. What a layer's opacity
lets through is blended by the alpha that the programs end with.
"""

from twinview.render import shader_parts, shaders
from twinview.render.texels import OUT

NUMBERED = frozenset(shaders.PROGRAMS) - {"ground", "outline"}
"""Roles that are drawn element by element."""
_LEAVE = f"""
  if (sifted > 0.5 && (int(texel(int(item.x + 0.5), 0).a * 255.0 + 0.5) & {OUT}) != 0)
    gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
"""
_LET = """
  gl_FragData[0].a *= veil;
"""


def _vertex(role: str) -> str:
    """Return the vertex shader of a role that leaves elements out."""
    code = shaders.PROGRAMS[role][0]
    if role not in NUMBERED:
        return code
    if "uniform sampler2D values" not in code:
        start = code.index("void main()")
        code = code[:start] + shader_parts.TEXEL + code[start:]
    end = code.rindex("}")
    return code[:end] + _LEAVE + code[end:]


def _fragment(role: str) -> str:
    """Return the fragment shader of a role with the opacity of its layer."""
    code = shaders.PROGRAMS[role][1]
    if role not in NUMBERED:
        return code
    end = code.rindex("}")
    return code[:end] + _LET + code[end:]


PROGRAMS = {role: (_vertex(role), _fragment(role)) for role in shaders.PROGRAMS}
"""Vertex and fragment shader by role."""
