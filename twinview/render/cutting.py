"""Drawing only what stands inside a box: the shaders for that, and lines of sight through it.

A fragment outside the box is not drawn; where a closed body is cut open, the inner sides of its far
walls have one dark, even tone, so that the cut is told apart from the outside.
"""

import math

import numpy as np
import numpy.typing as npt
from vtkmodules.vtkRenderingCore import vtkActor

from twinview.render.style import Uniforms
from twinview.render.veiling import PROGRAMS
from twinview.scene.view import Cut

CUT = frozenset({"solid", "open", "coarse", "edge", "outline", "filling", "rim", "glass"})
"""Roles that stand: what lies on the ground is never cut."""
_CLOSED = {"solid": "in float shade;\n", "coarse": "flat in vec3 seen;\n"}
_INNER = {
    "solid": "#define shade (gl_FrontFacing ? shade : 0.42)\n",
    "coarse": "#define seen (gl_FrontFacing ? seen : seen * 0.55)\n",
}
_UNIFORMS = "//VTK::CustomUniforms::Dec\n"
_TURNED = """
  vec2 cutTo = vertexMC.xy - cutFrame.xy;
  cutAt = vec3(dot(cutTo, vec2(cutFrame.w, -cutFrame.z)), dot(cutTo, cutFrame.zw), vertexMC.z);
"""
_OUTSIDE = """
  if (any(lessThan(cutAt, cutLow)) || any(greaterThan(cutAt, cutHigh))) discard;
"""


def programs(role: str) -> tuple[str, str]:
    """Return vertex and fragment shader of a role that draw only what is inside the box."""
    vertex, fragment = PROGRAMS[role]
    end = vertex.rindex("}")
    vertex = vertex[:end] + _TURNED + vertex[end:]
    vertex = vertex.replace(_UNIFORMS, _UNIFORMS + "out vec3 cutAt;\n", 1)
    if role in _CLOSED:
        fragment = fragment.replace(_CLOSED[role], _CLOSED[role] + _INNER[role], 1)
    fragment = fragment.replace("void main() {", "void main() {" + _OUTSIDE, 1)
    first = fragment.index("in ") if fragment.find("flat in ") < 0 else fragment.index("flat in ")
    return vertex, fragment[:first] + "in vec3 cutAt;\n" + fragment[first:]


def wear(one: vtkActor, role: str, on: bool) -> None:
    """Give an actor the shaders that cut, or the usual ones."""
    if role not in CUT:
        return
    vertex, fragment = programs(role) if on else PROGRAMS[role]
    shader = one.GetShaderProperty()
    shader.SetVertexShaderCode(vertex)
    shader.SetFragmentShaderCode(fragment)
    if role in _CLOSED:
        # The inner sides of the far walls come to be seen.
        one.GetProperty().SetBackfaceCulling(not on)


def uniforms(cut: Cut) -> Uniforms:
    """Return what the shaders that cut must know."""
    bearing = math.radians(cut.bearing)
    low, high = zip(cut.across, cut.along, cut.height, strict=True)
    return {
        "cutFrame": (*cut.middle, math.sin(bearing), math.cos(bearing)),
        "cutLow": tuple(float(value) for value in low),
        "cutHigh": tuple(float(value) for value in high),
    }


def within(
    cut: Cut, start: npt.NDArray[np.float64], direction: npt.NDArray[np.float64]
) -> tuple[float, float] | None:
    """Return how far along a line of sight the box begins and ends; None where it misses it."""
    bearing = math.radians(cut.bearing)
    s, c = math.sin(bearing), math.cos(bearing)
    turn = np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])
    at = turn @ (start - [*cut.middle, 0.0])
    along = turn @ direction
    low, high = np.array([cut.across, cut.along, cut.height]).T
    with np.errstate(divide="ignore", invalid="ignore"):
        one, two = (low - at) / along, (high - at) / along
    one, two = np.nan_to_num(one, nan=-np.inf), np.nan_to_num(two, nan=np.inf)
    near, far = float(np.minimum(one, two).max()), float(np.maximum(one, two).min())
    return (max(near, 0.0), far) if far > max(near, 0.0) else None
