"""Everything that is written on a view: one composition for window, PNG, SVG and PDF.

Blocks are placed in the order of their importance into the space that is still free; what finds no
place is left out rather than cut off or laid over another.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QPainter

from twinview.draw.card import Row, card_size, draw_card, space, text_row
from twinview.draw.clock import clock_size, draw_clock
from twinview.draw.fonts import SEMIBOLD, ensure_application, ui_font
from twinview.draw.ink import GAP, LARGE, PAD, SMALL, panel, shorten, wrap
from twinview.draw.labels import draw_labels, place_labels
from twinview.draw.legend import draw_legend, legend_size, shortened
from twinview.draw.measures import Project, draw_measures
from twinview.draw.minimap import draw_map, map_size
from twinview.draw.pins import draw_leads, draw_pin, place_pins
from twinview.draw.readouts import draw_readouts, readouts_size
from twinview.draw.scalebar import draw_scalebar, scalebar_size
from twinview.scene.paint import Scene
from twinview.scene.theme import LOOKS, Look

BASE = QSizeF(1280, 800)
"""Size of a picture at which design pixels are pixels."""
SMALLEST_TYPE = 10.0
MARGIN = 16.0
_LOW = 500.0
"""Pictures lower than this keep their middle free: one line of provenance."""
PARTS = frozenset(
    {"legend", "clock", "readouts", "scalebar", "north", "labels", "about", "title", "caption",
     "measures", "map", "pins"}
)  # fmt: skip

Draw = Callable[[QRectF], QRectF]


@dataclass(frozen=True)
class Sight:
    """How a camera looks at things.

    Parameters
    ----------
    project
        How places come into the painter's pixels.
    ground
        Corners of the ground that is seen, local metres (east, north), in order around.
    eye
        Where the camera stands, local metres.
    """

    project: Project
    ground: Sequence[tuple[float, float]]
    eye: tuple[float, float]


@dataclass
class _Page:
    """The free space of a picture and what already stands on it, in design pixels."""

    room: QRectF
    taken: dict[str, QRectF] = field(default_factory=dict)

    def free(self, rect: QRectF) -> bool:
        grown = rect.adjusted(-GAP, -GAP, GAP, GAP)
        inside = self.room.adjusted(-0.5, -0.5, 0.5, 0.5).contains(rect)
        return inside and not any(grown.intersects(other) for other in self.taken.values())

    def scaled(self, zoom: float) -> dict[str, QRectF]:
        """Return what stands on it in the painter's pixels."""
        found = self.taken.items()
        return {name: QRectF(r.topLeft() * zoom, r.size() * zoom) for name, r in found}

    def put(self, name: str, size: QSizeF, corners: Sequence[QPointF]) -> QRectF | None:
        """Take the first place that is free among some top left corners, or none."""
        rects = (QRectF(corner, size) for corner in corners)
        rect = next((one for one in rects if self.free(one)), None)
        if rect is not None:
            self.taken[name] = rect
        return rect


@dataclass(frozen=True)
class _Hud:
    painter: QPainter
    scene: Scene
    look: Look
    page: _Page
    parts: frozenset[str]
    drawn: frozenset[str]


def picture_scale(size: QSizeF) -> float:
    """Return how many pixels a design pixel takes on a picture, so that its type can be read."""
    fitting = min(size.width() / BASE.width(), size.height() / BASE.height())
    return max(fitting, SMALLEST_TYPE / SMALL)


def draw_hud(  # noqa: PLR0913  (a picture has these parts)
    painter: QPainter,
    scene: Scene,
    size: QSizeF,
    *,
    metres_per_pixel: float | None = None,
    bearing_deg: float | None = None,
    tilt_deg: float = 0.0,
    projected_labels: npt.ArrayLike | None = None,
    sight: Sight | None = None,
    title: str = "",
    caption: str = "",
    scale: float | None = None,
    parts: Collection[str] = PARTS,
    drawn: Collection[str] = PARTS,
    inside: QRectF | None = None,
) -> dict[str, QRectF]:
    """Draw everything written on a view and return where each part stands.

    Parameters
    ----------
    painter, scene
        Where it is drawn, and what.
    size
        Size of the view in the painter's pixels.
    metres_per_pixel, bearing_deg, tilt_deg
        Scale at the centre of the view; where the camera looks, clockwise from north (None leaves
        bar or arrow out); from straight down (0) to the horizon (90).
    projected_labels
        Place of each of the scene's labels in the painter's pixels, NaN where it is not seen.
    sight
        How the camera looks: for what was measured and the map.
    title, caption
        Texts on top of the picture and below its middle; empty ones are left out.
    scale
        Pixels per design pixel; None takes it from the size (pictures), windows pass 1.
    parts, drawn
        Which of `PARTS` there are, and which are drawn; others only keep their places free.
    inside
        The part of the view that nothing else covers, in the painter's pixels; None is all of it.
    """
    zoom = picture_scale(size) if scale is None else scale
    if "measures" in {*parts} & {*drawn} and sight is not None:
        draw_measures(painter, scene.measured, sight.project, LOOKS[scene.theme], zoom)
    hud = _begun(painter, scene, inside or QRectF(QPointF(0, 0), size), zoom, (parts, drawn))
    mpp = metres_per_pixel and metres_per_pixel * zoom
    _cards(hud, (title, caption), (mpp, bearing_deg, tilt_deg), sight)
    taken = _pins(hud, sight, size, zoom)
    _labels(hud, projected_labels, size, (list(taken.values()), zoom))
    return taken


def _pins(hud: _Hud, sight: Sight | None, size: QSizeF, zoom: float) -> dict[str, QRectF]:
    """Draw the cards that stay beside their elements; return where they and the others stand."""
    pinned, taken = hud.scene.pinned, hud.page.scaled(zoom)
    if "pins" not in hud.parts or not pinned or sight is None:
        return taken
    seen = sight.project(np.array([one.place for one in pinned], dtype=float))
    placed = place_pins(pinned, seen, QRectF(QPointF(0, 0), size), list(taken.values()), zoom)
    if "pins" in hud.drawn:
        draw_leads(hud.painter, placed, hud.look, zoom)
        for one in placed:
            draw_pin(hud.painter, one.pinned, one.rect.topLeft(), hud.look, zoom)
    return taken | {f"pin {k}": one.rect for k, one in enumerate(placed)}


def _labels(
    hud: _Hud, points: npt.ArrayLike | None, size: QSizeF, around: tuple[list[QRectF], float]
) -> None:
    """Draw the labels where neither cards nor other labels stand."""
    if "labels" in hud.parts & hud.drawn and points is not None:
        placed = place_labels(hud.scene.labels, points, size, *around)
        draw_labels(hud.painter, placed, hud.look, around[1])


def _begun(
    painter: QPainter,
    scene: Scene,
    room: QRectF,
    zoom: float,
    which: tuple[Collection[str], Collection[str]],
) -> _Hud:
    """Set up a painter for design pixels (to be restored), and the free page."""
    ensure_application()
    painter.setRenderHints(
        QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing, True
    )
    painter.save()
    painter.scale(zoom, zoom)
    free = QRectF(room.topLeft() / zoom, room.size() / zoom)
    page = _Page(free.adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN))
    parts, drawn = which
    return _Hud(painter, scene, LOOKS[scene.theme], page, frozenset(parts), frozenset(drawn))


def _cards(
    hud: _Hud,
    texts: tuple[str, str],
    scale: tuple[float | None, float | None, float],
    sight: Sight | None,
) -> None:
    """Place what belongs to the corners and edges, important things first; restore the painter."""
    _about(hud)
    _legend(hud)
    _clock(hud)
    _title(hud, texts[0])
    _readouts(hud)
    _scale(hud, *scale)
    _map(hud, sight)
    _caption(hud, texts[1])
    hud.painter.restore()


def _floor(hud: _Hud) -> float:
    """Return the lowest line on which cards stand: the edge, or the provenance's top."""
    about = hud.page.taken.get("about")
    return about.top() - GAP if about is not None else hud.page.room.bottom()


def _about(hud: _Hud) -> None:
    if "about" not in hud.parts or not hud.scene.about:
        return
    font, room = ui_font(SMALL), hud.page.room
    across = room.width() - 2 * PAD
    most = 2 if room.height() > _LOW else 1
    lines = shorten(wrap(hud.scene.about, font, across), most, font, across)
    rows = [text_row(line, font, hud.look.text_soft) for line in lines]
    # A thin strip: the type is small, so its card is low.
    size = card_size(rows) - QSizeF(0, PAD)
    rect = hud.page.put("about", size, [QPointF(room.left(), room.bottom() - size.height())])
    if rect is not None and "about" in hud.drawn:
        _strip(hud, rows, rect)


def _strip(hud: _Hud, rows: list[Row], rect: QRectF) -> None:
    panel(hud.painter, rect, hud.look)
    top = rect.top() + PAD / 2
    for row in rows:
        row.draw(hud.painter, QRectF(rect.left() + PAD, top, row.width, row.height))
        top += row.height


def _legend(hud: _Hud) -> None:
    if "legend" not in hud.parts:
        return
    room = hud.page.room
    above = readouts_size(hud.scene.readouts).height() + GAP if _wants_readouts(hud) else 0.0
    legend = shortened(hud.scene.legend, _floor(hud) - room.top() - above)
    size = legend_size(legend)
    rect = hud.page.put("legend", size, [QPointF(room.left(), _floor(hud) - size.height())])
    if rect is not None and "legend" in hud.drawn:
        draw_legend(hud.painter, legend, rect.topLeft(), hud.look)


def _clock(hud: _Hud) -> None:
    if "clock" not in hud.parts:
        return
    size, room = clock_size(hud.scene.clock), hud.page.room
    left = room.right() - size.width()
    corners = [QPointF(left, _floor(hud) - size.height()), QPointF(left, room.top())]
    rect = hud.page.put("clock", size, corners)
    if rect is not None and "clock" in hud.drawn:
        draw_clock(hud.painter, hud.scene.clock, rect.topLeft(), hud.look)


def _title(hud: _Hud, title: str) -> None:
    if "title" not in hud.parts or not title:
        return
    room = hud.page.room
    font = ui_font(LARGE, SEMIBOLD)
    across = min(room.width() - 2 * PAD, max(0.42 * room.width(), 320))
    lines = shorten(wrap(title, font, across), 2, font, across)
    rows = [text_row(line, font, hud.look.text) for line in lines]
    own, neighbour = card_size(rows), readouts_size(hud.scene.readouts)
    if _wants_readouts(hud) and own.width() + GAP + neighbour.width() <= room.width():
        # As high as its neighbour: two cards in one row with different feet look like an accident.
        lift = max(0.0, neighbour.height() - own.height()) / 2
        rows = [space(lift), *rows, space(lift)]
    rect = hud.page.put("title", card_size(rows), [room.topLeft()])
    if rect is not None and "title" in hud.drawn:
        draw_card(hud.painter, rows, rect.topLeft(), hud.look)


def _wants_readouts(hud: _Hud) -> bool:
    return "readouts" in hud.parts and bool(hud.scene.readouts)


def _readouts(hud: _Hud) -> None:
    readouts, room = hud.scene.readouts, hud.page.room
    if not _wants_readouts(hud):
        return
    title = hud.page.taken.get("title")
    corners = [room.topLeft()]
    if title is not None:
        below = QPointF(room.left(), title.bottom() + GAP)
        corners = [QPointF(title.right() + GAP, room.top()), below]
    # Fewer side by side until they fit; on tiny pictures only the first ones stay.
    for shown in range(len(readouts), 0, -1):
        for columns in dict.fromkeys((shown, (shown + 1) // 2)):
            size = readouts_size(readouts[:shown], columns=columns)
            rect = hud.page.put("readouts", size, corners)
            if rect is not None:
                if "readouts" in hud.drawn:
                    draw_readouts(
                        hud.painter, readouts[:shown], rect.topLeft(), hud.look, columns=columns
                    )
                return


def _scale(hud: _Hud, metres_per_pixel: float | None, bearing: float | None, tilt: float) -> None:
    mpp = metres_per_pixel if "scalebar" in hud.parts else None
    north = bearing if "north" in hud.parts else None
    size, room = scalebar_size(mpp, north, tilt), hud.page.room
    if size.isEmpty():
        return
    right, top = room.right() - size.width(), _floor(hud) - size.height()
    corners = [QPointF(right, top)]
    clock = hud.page.taken.get("clock")
    if clock is not None:
        corners.append(QPointF(clock.left() - GAP - size.width(), top))
        corners.append(QPointF(right, clock.top() - GAP - size.height()))
    rect = hud.page.put("scalebar", size, corners)
    if rect is not None and "scalebar" in hud.drawn:
        draw_scalebar(
            hud.painter, rect.topLeft(), hud.look, metres_per_pixel=mpp, bearing=north, tilt=tilt
        )


def _map(hud: _Hud, sight: Sight | None) -> None:
    """Place the map above what stands at the lower right, or at the upper right."""
    sketch = hud.scene.sketch
    if "map" not in hud.parts or sketch is None or sight is None:
        return
    size, room = map_size(sketch), hud.page.room
    tops = [hud.page.taken[name].top() for name in ("scalebar", "clock") if name in hud.page.taken]
    left, foot = room.right() - size.width(), min(tops, default=_floor(hud))
    corners = [QPointF(left, foot - GAP - size.height()), QPointF(left, room.top())]
    rect = hud.page.put("map", size, corners)
    if rect is not None and "map" in hud.drawn:
        draw_map(hud.painter, rect.topLeft(), hud.look, sketch, sight.ground, sight.eye)


def _caption(hud: _Hud, caption: str) -> None:
    """Place one sentence below the middle: between legend and clock, or above them."""
    if "caption" not in hud.parts or not caption:
        return
    room, font = hud.page.room, ui_font(LARGE - 4, SEMIBOLD)
    lowest = min(
        (
            hud.page.taken[name].top()
            for name in ("legend", "clock", "scalebar")
            if name in hud.page.taken
        ),
        default=_floor(hud),
    )
    for share in (0.38, 0.6, 0.9):
        lines = wrap(caption, font, share * room.width())
        rows = [text_row(line, font, hud.look.text, "centre") for line in lines]
        size = card_size(rows)
        left = room.center().x() - size.width() / 2
        corners = [QPointF(left, y - size.height()) for y in (_floor(hud), lowest - GAP)]
        rect = hud.page.put("caption", size, corners)
        if rect is not None:
            if "caption" in hud.drawn:
                draw_card(hud.painter, rows, rect.topLeft(), hud.look)
            return
