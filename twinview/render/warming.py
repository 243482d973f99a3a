"""The graphics library makes its programs before anybody waits for a picture.

A program is made when something is drawn with it for the first time, and that takes as long as
several pictures. One triangle for each role, drawn while files are still being read, spares the
first picture that wait.

Drawing in software has programs of its own for textures with sides that are powers of two: those
drawn with here must be like those of districts. The values of elements always have such sides; maps
of what stands mostly have such a width, where they are wider than high, and no such height.
"""

from collections.abc import Iterator

import numpy as np
from vtkmodules.vtkRenderingCore import vtkRenderWindow

from twinview.model.twin import Twin
from twinview.render.meshes.mesh import EXTRA, Mesh
from twinview.render.painter import Painter
from twinview.render.shaders import PROGRAMS
from twinview.render.texels import Texels
from twinview.render.upload import actor, set_uniforms
from twinview.scene.resolve import resolve
from twinview.scene.view import Camera, Theme, View

_CAMERA = Camera((0.0, -10.0, 10.0), (0.0, 0.0, 0.0))


def warm(window: vtkRenderWindow, painter: Painter, theme: Theme) -> Iterator[None]:
    """Draw one triangle in each role, one thing at a time; stop whenever you like.

    Parameters
    ----------
    window
        What the painter draws in.
    painter
        It has no district yet, and shows the next one as if nothing had been.
    theme
        Light or dark.
    """
    twin = Twin(name="", crs="", origin=(0.0, 0.0, 0.0), layers={})
    painter.begin(twin, theme)
    painter.draw(resolve(twin, View(theme=theme, camera=_CAMERA)))
    yield
    _sky(window, painter)
    yield
    # Smaller pictures of a picture, for what is seen from afar, take a program of their own.
    painter.shared["occlusion"].Render(painter.renderer)
    yield
    window.Render()  # the ground
    yield
    textures = {**painter.shared, "values": Texels(1).texture}
    for role in (one for one in PROGRAMS if one != "ground"):
        one = actor(_triangle(), role, textures)
        set_uniforms(one, painter.told)
        painter.renderer.AddActor(one)
        window.Render()
        painter.renderer.RemoveActor(one)
        yield


def _sky(window: vtkRenderWindow, painter: Painter) -> None:
    """Draw the sky alone, which needs the graphics library but none of our programs."""
    seen = [one for _, one in painter.actors() if one.GetVisibility()]
    for one in seen:
        one.VisibilityOff()
    window.Render()
    for one in seen:
        one.VisibilityOn()


def _triangle() -> Mesh:
    corners = np.array([[-1, -1, 0], [1, -1, 0], [0, 1, 0]], np.float32)
    return Mesh(
        corners,
        np.array([[0, 1, 2]], np.int32),
        np.zeros(3, np.int32),
        np.ones(3, np.float32),
        np.array([[0, 1], [1, 2]], np.int32),
        np.ones((3, EXTRA), np.float32),
    )
