"""A camera that stands still: a step of time recolours pixels instead of drawing everything.

What never changes is drawn once. Of each pixel is kept which element is seen there and what its
colour goes through; fillings of stores keep between which levels they are seen, their glass what
it adds and lets through. Only lines, whose widths and arrows change, are drawn each time, alone.
"""

import contextlib
from collections.abc import Callable, Generator, Iterator

import numpy as np
import numpy.typing as npt
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkUnsignedCharArray
from vtkmodules.vtkRenderingCore import vtkActor, vtkRenderer, vtkRenderWindow

from twinview.render import pixels
from twinview.render.drawn import Drawn
from twinview.render.painter import Painter
from twinview.render.pieces import PICKED
from twinview.render.portions import portions
from twinview.render.recolour import EDGE, FLAT, Recolour, Seen, joined
from twinview.render.stores import Stores, strip
from twinview.render.upload import set_uniforms

Pixels = npt.NDArray[np.uint32]
Bytes = npt.NDArray[np.uint8]
_IDS, _WAYS, _BLACK, _WHITE, _BACKS = 1.0, 2.0, 3.0, 4.0, 5.0
_STRIP = 1 << 18
"""Pixels that are looked through at once."""
_FIXED = 0xFFFFFF
"""The number of what covers lines and never changes its colour."""
UNKNOWN = ("", -1)
_NUMBERED = frozenset({"solid", "open", "edge", "flat", "disc", "filling"})
_LINES = frozenset({"ribbon"})
_BLENDED = frozenset({"ribbon", "road", "glass"})


def read(window: vtkRenderWindow) -> Bytes:
    """Return what a window holds: shape (height, width, 4), red first, lowest row first."""
    width, height = window.GetSize()
    held = vtkUnsignedCharArray()
    window.GetRGBACharPixelData(0, 0, width - 1, height - 1, 0, held, 0)
    return np.asarray(vtk_to_numpy(held).reshape(height, width, 4))


class Still:
    """The pictures of one camera.

    Parameters
    ----------
    window, renderer, painter
        What draws; the painter has a scene.
    """

    def __init__(self, window: vtkRenderWindow, renderer: vtkRenderer, painter: Painter) -> None:
        self._window, self._renderer, self._painter = window, renderer, painter
        self._key = painter.standing()
        self._fixed = Remembered(painter, _fixed)
        self._ribbons = Remembered(painter, _ribbons)
        self._ready = False
        self._air = painter.air()
        self._phase: float | None = None
        self._target: Pixels | None = None
        self._layer = np.zeros((0, 0), np.uint32)

    def serves(self, painter: Painter, whole: bool = True) -> bool:
        """Whether nothing but colours, lines and fillings differs from what was captured."""
        return (
            (self._ready or not whole)
            and painter is self._painter
            and painter.standing() == self._key
            and not self._fixed.differs()
        )

    # ------------------------------------------------------------------------------------ capturing
    def capture(self) -> Iterator[None]:
        """Draw what frames are made from; yields between the parts."""
        self._number()
        without = _BLENDED | {"filling"}
        texels = {key: drawn.texels.looks.copy() for key, drawn in self._painter.drawn.items()}
        base = yield from self._drawn(lambda role: role in {"road"} or role not in without)
        ids = _whole((yield from self._drawn(lambda role: role not in without, _IDS)))
        ways = yield from self._drawn(lambda role: role not in without, _WAYS)
        self._under = _pixels(base)
        roads = yield from self._drawn(lambda role: role == "road")
        yield from self._take(ids, ways, roads, texels)
        yield from self._stores()
        self._ready = True

    def _number(self) -> None:
        """Tell all elements their numbers."""
        self._starts: dict[str, int] = {}
        start = 0
        for key, drawn in self._painter.drawn.items():
            for role, one in drawn.roles():
                if role in _NUMBERED:
                    set_uniforms(one, {"base": float(start)})
            self._starts[key] = start
            start += drawn.texels.elements
        self._count = start

    def _take(
        self, ids: npt.NDArray[np.int32], ways: Bytes, roads: Bytes, texels: dict[str, Pixels]
    ) -> Iterator[None]:
        """Keep the pixels whose colour may change, and where lines are seen."""
        ways = ways.reshape(-1, 4)
        self._ids, self._edge = ids, np.zeros(len(ids), np.bool_)
        self._flat, self._open = np.zeros_like(self._edge), np.zeros_like(self._edge)
        beneath = roads.reshape(-1, 4)[:, 3] > 0
        found: dict[str, list[Seen]] = {key: [] for key in self._starts}
        for first in range(0, len(ids), _STRIP):
            self._seen(slice(first, first + _STRIP), ways, found)
            yield
        self._parts = []
        for key, strips in found.items():
            seen = joined(strips)
            # Roads are blended over what is painted beneath: those pixels cannot follow.
            covered = (seen.kind == FLAT) & beneath[seen.at]
            rows = np.unique(seen.element[covered])
            colours = Recolour(seen.where(~covered) if covered.any() else seen, self._air)
            self._parts.append(Part(self._painter.drawn[key], colours, rows, texels[key][rows]))
            yield

    def _seen(self, strip: slice, ways: Bytes, found: dict[str, list[Seen]]) -> None:
        """Find what is seen in a strip of pixels."""
        ids, kind = self._ids[strip], ways[strip, 2]
        numbered = (ids > 0) & (ids < _FIXED)
        self._flat[strip] = numbered & (kind == FLAT)
        self._open[strip] = (ids == 0) | self._flat[strip]
        self._edge[strip] = numbered & (kind >= EDGE)
        for key, start in self._starts.items():
            elements = self._painter.drawn[key].texels.elements
            at = np.flatnonzero((ids > start) & (ids <= start + elements) & numbered)
            own = ways[strip][at]
            found[key].append(Seen(at + strip.start, ids[at] - (start + 1), *own.T[:3].copy()))

    def _stores(self) -> Iterator[None]:
        """Capture fillings and glass, where there are any."""
        roles = {role for role, one in self._painter.actors() if one.GetVisibility()}
        self._tanks: Stores | None = None
        if "glass" not in roles:
            return
        found = []
        for mode in (_IDS, _WAYS, _BACKS):
            found.append((yield from self._drawn(lambda role: role not in _BLENDED, mode)))
        hollow = _BLENDED - {"glass"} | {"filling"}
        for mode in (_BLACK, _WHITE):
            found.append((yield from self._drawn(lambda role: role not in hollow, mode)))
        flat = [one.reshape(-1, 4) for one in found]
        filled, strips = self._filled(), []
        for first in range(0, len(flat[0]), _STRIP):
            ids, *rest = (one[first : first + _STRIP] for one in flat)
            ways, backs, black, white = rest
            strips.append(strip(first, _whole(ids), ways, backs, black, white, filled))
            yield
        self._tanks = Stores(strips, self._air)

    def _filled(self) -> npt.NDArray[np.int32]:
        """Return the place of each number among the stores, -1 for all else; 0 is no number."""
        place = np.full(self._count + 1, -1, np.int32)
        first = 0
        for key, start in self._starts.items():
            n = self._painter.drawn[key].texels.elements
            if self._painter.drawn[key].has("filling"):
                place[start + 1 : start + 1 + n] = np.arange(first, first + n)
                first += n
        return place

    def _cull(self, front: bool) -> None:
        for role, one in self._painter.actors():
            if role == "filling":
                one.GetProperty().SetFrontfaceCulling(front)
                one.GetProperty().SetBackfaceCulling(not front)

    def _drawn(
        self, wanted: Callable[[str], bool], mode: float = 0.0
    ) -> Generator[None, None, Bytes]:
        """Return a picture of some roles, first row on top; yields after each portion of it."""
        return np.ascontiguousarray((yield from self._read(wanted, mode))[::-1])

    def _read(
        self, wanted: Callable[[str], bool], mode: float = 0.0
    ) -> Generator[None, None, Bytes]:
        """Return a picture of some roles, lowest row first; yields after each portion of it.

        Whenever it yields, the painter is as it was before. A frame that is drawn meanwhile spoils
        the picture: whoever drives this finds out and begins again.
        """
        alone = mode > 0 or not wanted("ground")
        for k, part in enumerate(portions(self._painter, wanted) or [[]]):
            self._renderer.SetErase(k == 0)
            with self._alone(part, alone, mode):
                self._window.Render()
            self._renderer.SetErase(True)
            yield
        return read(self._window)

    @contextlib.contextmanager
    def _alone(self, part: list[vtkActor], alone: bool, mode: float) -> Iterator[None]:
        """Show nothing but some actors, over a plain background if they are `alone`."""
        mine = set(part)
        hidden = [o for _, o in self._painter.actors() if o.GetVisibility() and o not in mine]
        for one in hidden:
            one.VisibilityOff()
        background = self._renderer.GetBackground()
        if alone:
            self._renderer.GradientBackgroundOff()
            level = 1.0 if mode == _WHITE else 0.0
            self._renderer.SetBackground(level, level, level)
            self._renderer.SetBackgroundAlpha(0.0)
        if mode:
            self._painter.tell({"capture": mode})
        self._cull(front=mode == _BACKS)
        try:
            yield
        finally:
            self._cull(front=False)
            if mode:
                self._painter.tell({"capture": 0.0})
            self._renderer.SetBackground(*background)
            self._renderer.GradientBackgroundOn()
            for one in hidden:
                one.VisibilityOn()

    # -------------------------------------------------------------------------------------- picking
    def standing(self) -> bool:
        """Whether the painter's bodies stand where they were captured."""
        return self._ready and self._painter.standing() == self._key

    def body_at(self, x: float, y: float) -> tuple[str, int] | None:
        """Return layer and row of the body at a pixel, None where there is none.

        `UNKNOWN` stands for edges, which are broader than the corners they are drawn on, for what
        stores, rims and outlines hide, and for what may lie behind things that do not answer.
        """
        width, height = self._air.size
        at = int(y) * width + int(x)
        if not (0 <= x < width and 0 <= y < height):
            return None
        if self._edge[at] or (self._tanks is not None and self._tanks.at(at)):
            return UNKNOWN
        number = int(self._ids[at])
        if not number:
            return None
        for key, start in self._starts.items():
            drawn = self._painter.drawn[key]
            if start < number <= start + drawn.texels.elements:
                if self._flat[at] and drawn.layer.kind != "other":
                    return None
                return (key, number - start - 1) if drawn.layer.kind in PICKED else UNKNOWN
        return UNKNOWN

    # --------------------------------------------------------------------------------------- frames
    def frame(self, picture: Bytes) -> bool:
        """Write the picture of what the painter shows; False where all must be drawn for it."""
        if not self.serves(self._painter):
            return False
        if any(part.uncovered() for part in self._parts):
            return False
        out = picture.view(np.uint32).reshape(-1)
        composed = self._tanks is not None or self._ribbons.found != b""
        target = self._under if composed else out
        if target is not self._under and self._target is None:
            np.copyto(out, self._under)
        if self._target is None or self._target.base is not target.base:
            self._target = target
            for part in self._parts:
                part.revision = -1
        for part in self._parts:
            part.write(target)
        if composed:
            np.copyto(out, self._under)
            self._lay_lines(out)
            self._lay_stores(out)
        return True

    def _lay_stores(self, out: Pixels) -> None:
        if self._tanks is None:
            return
        stores = [one.texels for one in self._painter.drawn.values() if one.has("filling")]
        looks = np.concatenate([np.zeros(0, np.uint32), *(one.looks for one in stores)])
        fills = np.concatenate([np.zeros(0, np.uint8), *(one.fills for one in stores)])
        self._tanks.write(looks, fills, out)

    def _lay_lines(self, out: Pixels) -> None:
        """Draw lines, unless they are as before, and put them where no body is before them."""
        phase = self._painter.phase
        if self._ribbons.differs(keep=True) or phase != self._phase:
            drawn = _last(self._read(lambda role: role in _LINES))
            self._layer, self._phase = drawn.view(np.uint32)[..., 0], phase
        pixels.lay(self._layer, self._open, out)


class Part:
    """The pixels of one layer, and the elements that the picture cannot follow, as they were."""

    def __init__(
        self, drawn: Drawn, colours: Recolour, covered: npt.NDArray[np.integer], beneath: Pixels
    ) -> None:
        self._texels, self._colours = drawn.texels, colours
        self._covered, self._beneath = covered, beneath
        self.revision = -1

    def uncovered(self) -> bool:
        """Whether something that is not seen whole has changed."""
        if self._texels.revision == self.revision or not len(self._covered):
            return False
        return bool((self._texels.looks[self._covered] != self._beneath).any())

    def write(self, target: Pixels) -> None:
        """Bring the pixels to the texels, if those are others than last time."""
        if self._texels.revision != self.revision:
            self._colours.write(self._texels.looks, target)
            self.revision = self._texels.revision


class Remembered:
    """What some texels were; read again only after some were written."""

    def __init__(self, painter: Painter, read_: Callable[[Painter], bytes]) -> None:
        self._painter, self._read = painter, read_
        self._revisions = self._now()
        self.found = read_(painter)

    def differs(self, keep: bool = False) -> bool:
        """Whether they are others now; `keep` remembers those from now on."""
        now = self._now()
        if now == self._revisions:
            return False
        found = self._read(self._painter)
        same = found == self.found
        if same or keep:
            self._revisions, self.found = now, found
        return not same

    def _now(self) -> list[int]:
        return [drawn.texels.revision for drawn in self._painter.drawn.values()]


def _last(drawing: Generator[None, None, Bytes]) -> Bytes:
    """Draw all portions at once and return the picture."""
    while True:
        try:
            next(drawing)
        except StopIteration as end:
            picture: Bytes = end.value
            return picture


def _whole(picture: Bytes) -> npt.NDArray[np.int32]:
    """Return the numbers that were written as colours."""
    flat = picture.view(np.uint32).reshape(-1) & np.uint32(0xFFFFFF)
    return flat.astype(np.int32)


def _pixels(picture: Bytes) -> Pixels:
    """Return a picture as pixels, blue first."""
    made = np.full((picture.shape[0] * picture.shape[1], 4), 255, dtype=np.uint8)
    made[:, :3] = picture.reshape(-1, 4)[:, 2::-1]
    return made.view(np.uint32).ravel()


def _fixed(painter: Painter) -> bytes:
    """Return the texels that the picture cannot follow: of areas, of roads, and marks on glass."""
    found = []
    for drawn in painter.drawn.values():
        if drawn.has("area", "road"):
            found.append(drawn.texels.all())
        elif drawn.has("glass"):
            found.append((drawn.texels.looks >> 27).tobytes())
    return b"".join(found)


def _ribbons(painter: Painter) -> bytes:
    """Return the texels of all lines."""
    return b"".join(
        drawn.texels.all()
        for drawn in painter.drawn.values()
        if drawn.visible and drawn.has(*_LINES)
    )
