"""Bodies that let others through: drawn last, over a picture of all else.

Of such a layer only what is nearest to the eye is seen, or its own back walls would shine through.
So its depths are drawn first, without colour, and then the colours that have these depths. Layers
follow each other from the lowest of the list to the highest.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from vtkmodules.vtkRenderingCore import vtkActor, vtkRenderer, vtkRenderWindow

from twinview.render.drawn import Drawn
from twinview.render.painter import Painter
from twinview.render.upload import set_uniforms


def render(window: vtkRenderWindow, renderer: vtkRenderer, painter: Painter) -> None:
    """Draw what a painter shows."""
    with aside(painter):
        window.Render()
    lay(window, renderer, painter)


def bodies(painter: Painter) -> Mapping[str, list[vtkActor]]:
    """Return the visible bodies that let others through, by layer, the lowest first."""
    veiled = [(key, one) for key, one in painter.drawn.items() if one.veil < 1]
    veiled.sort(key=lambda pair: pair[1].height)
    found = {key: [one for one in _standing(drawn) if one.GetVisibility()]
             for key, drawn in veiled}  # fmt: skip
    return {key: some for key, some in found.items() if some}


def _standing(drawn: Drawn) -> Iterator[vtkActor]:
    return (one for one in drawn.actors(translucent=False))


@contextmanager
def aside(painter: Painter) -> Iterator[None]:
    """Hide the bodies that let others through for a while."""
    hidden = [one for some in bodies(painter).values() for one in some]
    for one in hidden:
        one.VisibilityOff()
    try:
        yield
    finally:
        for one in hidden:
            one.VisibilityOn()


def lay(window: vtkRenderWindow, renderer: vtkRenderer, painter: Painter) -> None:
    """Draw the bodies that let others through over what a window holds."""
    found = bodies(painter)
    if not found:
        return
    seen = [one for _, one in painter.actors() if one.GetVisibility()]
    for one in seen:
        one.VisibilityOff()
    renderer.SetErase(False)
    try:
        for key, some in found.items():
            for one in some:
                one.VisibilityOn()
            for veil in (0.0, painter.drawn[key].veil):
                _wear(some, veil)
                window.Render()
            for one in some:
                one.VisibilityOff()
    finally:
        renderer.SetErase(True)
        for one in seen:
            one.VisibilityOn()


def _wear(some: list[vtkActor], veil: float) -> None:
    # Tiles share their shaders' uniforms.
    for one in {one.GetShaderProperty(): one for one in some}.values():
        set_uniforms(one, {"veil": veil})
