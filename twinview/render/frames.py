"""Frames without a window of their own: drawn by VTK, or recoloured while the camera is still."""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from weakref import WeakSet

import numpy as np
import numpy.typing as npt
from vtkmodules.vtkRenderingCore import vtkActor, vtkRenderer

from twinview.render import veils
from twinview.render.painter import Painter
from twinview.render.pixels import halve
from twinview.render.portions import cells, portions, share
from twinview.render.still import UNKNOWN, Still, read
from twinview.render.studio import window
from twinview.render.warming import warm

if TYPE_CHECKING:
    from twinview.scene.paint import Scene
    from twinview.scene.view import Theme

Picture = npt.NDArray[np.uint8]
_AT_ONCE = 400_000
"""Triangles and lines that a frame may draw while the window waits for it."""


@dataclass(eq=False)
class Other:
    """Something else that is drawn from the same camera, at the same size.

    Parameters
    ----------
    scene
        What is to be seen.
    frames
        What draws it, where its elements have other shapes; None for the same painter.
    picture
        The last picture of it; None before the first.
    """

    scene: "Scene"
    frames: "Frames | None" = None
    picture: Picture | None = None


class Frames:
    """A painter and the pictures of what it shows.

    Pictures have the shape (height, width, 4), uint8: blue, green, red and an unused byte, first
    row on top, as Qt and most screens want them.

    Parameters
    ----------
    size
        Width and height, device pixels.
    fine
        2 draws and recolours everything at twice the size and averages: clean edges.
    """

    def __init__(self, size: tuple[int, int] = (64, 64), fine: int = 1) -> None:
        self._fine = fine
        self._window = window((size[0] * fine, size[1] * fine))
        self._window.SetAlphaBitPlanes(1)
        self._renderer = vtkRenderer()
        self._window.AddRenderer(self._renderer)
        self.painter = Painter(self._renderer, pixel=float(fine))
        self.size = size
        self._begin(*size)
        self._vain: tuple[object, ...] | None = None
        """What the painter showed when recolouring could not follow a step."""
        self._drawn_times = 0
        self._known: WeakSet[vtkActor] = WeakSet()
        """What was drawn before."""
        self.recoloured = False
        """Whether the last frame was made without drawing everything."""
        self.others: Sequence[Other] = ()
        """What is drawn from the same camera besides, before each picture."""
        self.under: Frames | None = None
        """What draws the one that is pointed at, where its elements have other shapes."""

    def refine(self, on: bool) -> None:
        """Draw and recolour at twice the size from now on, or no longer.

        What was made before is forgotten; the painter must draw its scene again after `fit`.
        """
        wanted = 2 if on else 1
        if wanted != self._fine:
            self._fine = wanted
            self._begin(*self._picture.shape[1::-1])

    @property
    def refined(self) -> bool:
        """Whether pictures are made at twice the size."""
        return self._fine > 1

    def fit(self, size: tuple[int, int], pixel: float) -> None:
        """Take a size, and how many device pixels one pixel is as people see it."""
        self.painter.pixel = pixel * self._fine
        self.resize(size)

    def resize(self, size: tuple[int, int]) -> None:
        """Take another size; frames of the old size are forgotten.

        The painter's quality says how many pixels of the screen one of the picture stands for.
        """
        self.size = size
        scale = self.painter.quality.scale
        wide, high = (max(1, -(-side // scale)) for side in size)
        if (high, wide) != self._picture.shape[:2]:
            self._begin(wide, high)

    def _begin(self, wide: int, high: int) -> None:
        """Begin with black pictures of a size."""
        fine = self._fine
        self._window.SetSize(wide * fine, high * fine)
        self._still: Still | None = None
        self._picture: Picture = np.zeros((high, wide, 4), dtype=np.uint8)
        self._drawn = self._picture
        if fine > 1:
            self._drawn = np.zeros((high * fine, wide * fine, 4), dtype=np.uint8)

    @property
    def costly(self) -> bool:
        """Whether the next frame would draw more at once than a window may wait for."""
        return not self.served and cells(self.painter) * (1 + len(self.others)) > _AT_ONCE

    @property
    def served(self) -> bool:
        """Whether the next frame is recoloured."""
        return self._still is not None and self._still.serves(self.painter)

    @property
    def promising(self) -> bool:
        """Whether making ready for recolouring is worth it."""
        # Boxes and blocks have no numbers that recolouring could go by. What shines through others,
        # or lies above lines, is only drawn whole.
        return (
            not self.served
            and not self.painter.quality.levels
            and not self.painter.through
            and self.painter.plain
            and self.painter.standing() != self._vain
        )

    def prepare(self) -> Iterator[None]:
        """Make ready for recolouring, in parts: stop in between when the view changes."""
        if not self.promising:
            return
        still = Still(self._window, self._renderer, self.painter)
        times = self._drawn_times
        for _ in still.capture():
            yield
            # A frame in between was drawn over what is captured.
            if not still.serves(self.painter, whole=False) or self._drawn_times != times:
                return
        self._still = still
        for one in self.others:
            if one.frames is not None:
                yield from self._follower(one).prepare()

    def frame(self) -> Picture:
        """Return the picture of what the painter shows; it is written over by the next one."""
        own = self.painter.scene
        for one in self.others if own is not None else ():
            if one.frames is not None:
                one.picture = self._follower(one).frame().copy()
                continue
            self._show(one.scene)
            one.picture = self._one().copy()
        if own is not None and any(one.frames is None for one in self.others):
            self.painter.draw(own)
        return self._one()

    def _show(self, scene: "Scene") -> None:
        """Have the painter show something else from its camera."""
        self.painter.draw(replace(scene, view=replace(scene.view, camera=self.painter.camera)))

    def _follower(self, one: Other) -> "Frames":
        """Return what draws the elements of other shapes, looking as this does."""
        made = one.frames
        assert made is not None
        made.painter.quality = self.painter.quality
        made.refine(self.refined)
        made.fit(self.size, self.painter.pixel / self._fine)
        made.painter.draw(replace(one.scene, view=replace(one.scene.view,
                                                          camera=self.painter.camera)))  # fmt: skip
        return made

    def _one(self) -> Picture:
        self._drawn_times += 1
        self.recoloured = self._still is not None and self._still.frame(self._drawn)
        if not self.recoloured:
            if self._still is not None and self._still.serves(self.painter):
                self._vain = self.painter.standing()
            self._still = None
            veils.render(self._window, self._renderer, self.painter)
            self._known.update(one for _, one in self.painter.actors() if one.GetVisibility())
            self._take()
        if self._fine > 1:
            halve(self._drawn, self._picture)
        return self._picture

    def pick(self, x: float, y: float) -> tuple[str, str, int] | None:
        """Return layer id, element id and row at a pixel of the picture, from the top left.

        While the camera is still that is one look into what was captured, else a line of sight. The
        row is -1 for elements that only another case has.
        """
        if self.under is not None:
            found = self.under.pick(x, y)
            own = None if found is None else self.painter.drawn.get(found[0])
            row = -1 if own is None or found is None else own.layer.row_of.get(found[1], -1)
            return None if found is None else (*found[:2], row)
        if self._still is None or not self._still.standing():
            return self._by_sight(x, y)
        body = self._still.body_at(x * self._fine, y * self._fine)
        if body == UNKNOWN:
            return self._by_sight(x, y)
        if body is None:
            wire = self.painter.nearest_wire(x * self._fine, y * self._fine)
            body = None if wire is None else (wire[0], wire[2])
        if body is None:
            return None
        layer, row = body
        return layer, self.painter.drawn[layer].layer.id_at(row), row

    def _by_sight(self, x: float, y: float) -> tuple[str, str, int] | None:
        return self.painter.pick(x * self._fine, y * self._fine)

    def warm(self, theme: "Theme") -> Iterator[None]:
        """Have all that is drawn once be drawn, in parts, while there is nothing to show yet."""
        return warm(self._window, self.painter, theme)

    def introduce(self, one: Other) -> Iterator[None]:
        """Draw another case for the first time, in parts: all of it goes to the graphics library.

        Parameters
        ----------
        one
            It has frames of its own.
        """
        made = self._follower(one)
        yield
        for picture in made._whole():
            one.picture = None if picture is None else picture.copy()
            yield

    def portions(self) -> Generator[Picture | None, None, None]:
        """Make the picture of what the painter shows in parts; the last thing yielded is it.

        VTK cannot be stopped while it draws: few things are drawn at a time over those before, and
        between them anything else may happen. When that changes what is to be seen, drop the rest.
        """
        own = self.painter.scene
        try:
            for one in self.others if own is not None else ():
                if one.frames is None:
                    self._show(one.scene)
                for picture in (self if one.frames is None else self._follower(one))._whole():
                    if picture is not None:
                        one.picture = picture.copy()
                    yield None
        finally:
            if own is not None and any(one.frames is None for one in self.others):
                self.painter.draw(own)
        yield from self._whole()

    def _whole(self) -> Generator[Picture | None, None, None]:
        self._still, self.recoloured = None, False
        self._drawn_times += 1
        times = self._drawn_times
        parts = portions(self.painter, known=self._known)
        if share(self.painter) < 1:  # the sky of a large picture is a portion too
            parts.insert(0, [])
        for k, part in enumerate(parts):
            self._draw_one(parts, part, first=k == 0)
            yield None
            # A frame that was drawn in between is whole, and the picture of what is shown by now.
            if self._drawn_times != times:
                yield self._picture
                return
        veils.lay(self._window, self._renderer, self.painter)
        self._take()
        if self._fine > 1:
            halve(self._drawn, self._picture)
        yield self._picture

    def _draw_one(self, parts: list[list[vtkActor]], part: list[vtkActor], first: bool) -> None:
        """Draw one portion over those before; everything is seen again afterwards."""
        hidden = [one for other in parts if other is not part for one in other]
        for one in hidden:
            one.SetVisibility(False)
        self._renderer.SetErase(first)
        try:
            with veils.aside(self.painter):
                self._window.Render()
        finally:
            self._known.update(part)
            self._renderer.SetErase(True)
            for one in hidden:
                one.SetVisibility(True)

    def _take(self) -> None:
        """Read what was drawn: red and blue change places, the first row comes last."""
        held = read(self._window)[::-1].view(np.uint32)[..., 0]
        out = self._drawn.view(np.uint32)[..., 0]
        np.bitwise_and(held, 0xFF00FF00, out=out)
        out |= (held >> 16) & 0xFF
        out |= (held & 0xFF) << 16

    def close(self) -> None:
        """Give the window and all that is in it back."""
        self._still = None
        self.painter.close()
        self._window.RemoveRenderer(self._renderer)
        self._window.Finalize()
