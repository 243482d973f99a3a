"""What is written on the view in the window: legend, readouts, scale bar, north, clock, labels.

Each card is a small widget of its own, so that a step in time paints only the card whose numbers
changed; the sheet below them carries the labels and is painted when the camera moves.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QRect, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from twinview.draw.clock import clock_size, draw_clock
from twinview.draw.credit import credit_height, draw_credit
from twinview.draw.handles import Handle, Segment, draw_frame, draw_handles
from twinview.draw.labels import Placed, draw_labels, place_labels
from twinview.draw.legend import draw_legend, legend_size, shortened
from twinview.draw.measures import draw_marks, draw_measures
from twinview.draw.minimap import draw_map, map_place, map_size
from twinview.draw.pins import PlacedPin, draw_leads, draw_pin, place_pins
from twinview.draw.readouts import draw_readouts, readout_places, readouts_size
from twinview.draw.scalebar import draw_scalebar, needle_place, scalebar_size
from twinview.gui.hudcards import Card, Stamps
from twinview.gui.style import Translated, worn
from twinview.render import camera as cameras
from twinview.render.footing import seen_ground
from twinview.scene.paint import Label, Measured, Pinned, Scene
from twinview.scene.theme import Look
from twinview.scene.view import Camera

MARGIN = 16
_APART = 8


class Hud(Translated, QWidget):
    """A clear sheet over the canvas; the mouse goes through it.

    Signals
    -------
    arranged
        The numbers at the top take another place than before.
    written
        Something else is written, or it stands elsewhere.
    """

    arranged = Signal()
    written = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        names = ("legend", "readouts", "scale", "clock", "map", "about")
        self.cards = {name: Card(self) for name in names}
        self.only: frozenset[str] | None = None
        """Names of the cards that may be seen; None for all."""
        self.clocked = False
        """Whether the clock stands on the view: where the time bar is hidden."""
        self._scene: Scene | None = None
        self._camera: Camera | None = None
        self._placed: list[Placed] = []
        self._pending: tuple[Measured, ...] = ()
        self._marks: list[tuple[float, float, float]] = []
        self._frame: tuple[Segment, ...] = ()
        self.handles: tuple[Handle, ...] = ()
        """What something in the view is moved by."""
        self.pins: list[PlacedPin] = []
        """The cards that stay beside their elements, as far as these are seen."""
        self.live = True
        """Whether pinned cards can be unpinned and asked about here."""
        self._pin_cards: list[Card] = []
        self._columns = 1
        self._clear: list[QRectF] = []
        self._stamps = Stamps()

    def show_scene(self, scene: Scene, camera: Camera) -> None:
        """Write what belongs to a scene."""
        relabel = (
            self._scene is None
            or camera != self._camera
            or scene.labels != self._scene.labels
            or scene.measured != self._scene.measured
            or scene.theme != self._scene.theme
        )
        self._scene, self._camera = scene, camera
        self._say()
        moved = self._pin()
        if relabel or moved:
            self._relabel()

    def look(self, camera: Camera) -> None:
        """Follow the camera."""
        self._camera = camera
        self._say_scale()
        self._pin()
        self._relabel()

    def keep_clear(self, places: list[QRectF]) -> None:
        """Write no labels where something else stands on the view."""
        if places != self._clear:
            self._clear = places
            self._relabel()

    def show_only(self, names: frozenset[str] | None) -> None:
        """Show no other cards than these, or all again."""
        if names != self.only:
            self.only = names
            self._say()

    def with_clock(self, on: bool) -> None:
        """Show the clock on the view, or leave it to the time bar."""
        self.clocked = on
        self._say()

    def retranslate(self) -> None:
        """Write all cards anew."""
        for card in self.cards.values():
            card.forget()
        self._say()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Wear high contrast, or wear it no longer."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._say()
            self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Find places for the new size."""
        super().resizeEvent(event)
        self._say()
        self._pin()
        self._relabel()

    # ----------------------------------------------------------------------------------- the cards
    def _say(self) -> None:
        scene = self._scene
        if scene is None:
            return
        look, cards = worn(scene.theme), self.cards
        self._say_readouts(scene, look)
        above = cards["readouts"].height() + _APART if self._wanted("readouts", scene) else 0
        legend = shortened(scene.legend, self.height() - 2 * MARGIN - above)
        clock = scene.clock
        cards["legend"].say(
            legend, legend_size(legend), lambda p, at, k: draw_legend(p, legend, at, k), look
        )
        cards["clock"].say(
            clock, clock_size(clock), lambda p, at, k: draw_clock(p, clock, at, k), look
        )
        self._say_about(scene, look)
        self._say_scale()
        self._arrange()

    def _say_readouts(self, scene: Scene, look: Look) -> None:
        """Show the numbers side by side, or under each other where the view is narrow."""
        readouts, room = scene.readouts, self.width() - 2 * MARGIN
        count = len(readouts)
        columns = next(
            (k for k in range(count, 1, -1) if readouts_size(readouts, columns=k).width() <= room),
            max(count, 1),
        )
        # Columns of even length: six numbers become three and three, not five and one.
        columns = self._columns = -(-count // -(-count // columns)) if count else 1
        self.cards["readouts"].say(
            (readouts, columns),
            readouts_size(readouts, columns=columns),
            lambda p, at, k: draw_readouts(p, readouts, at, k, columns=columns),
            look,
        )

    def _say_about(self, scene: Scene, look: Look) -> None:
        """Name the sources on one line below the cards."""
        size = QSizeF(max(1, self.width() - 2 * MARGIN), credit_height())
        self.cards["about"].say(
            (scene.about, size.width()),
            size,
            lambda p, at, k: draw_credit(p, scene.about, QRectF(at, size), k),
            look,
        )

    def _say_map(self, scene: Scene, camera: Camera) -> None:
        sketch = scene.sketch
        if sketch is None:
            return
        seen = seen_ground(camera, self.width() / max(1, self.height()))
        self.cards["map"].say(
            (sketch, tuple(seen), camera.position[:2]),
            map_size(sketch),
            lambda p, at, k: draw_map(p, at, k, sketch, seen, camera.position[:2]),
            worn(scene.theme),
        )

    def _say_scale(self) -> None:
        if self._camera is None or self._scene is None:
            return
        self._say_map(self._scene, self._camera)
        pose = cameras.pose(self._camera)
        size = cameras.metres_per_pixel(self._camera, self.height())
        bearing, tilt = pose.bearing, 90.0 - pose.elevation
        self.cards["scale"].say(
            (round(size, 4), round(bearing, 1), round(tilt, 1)),
            scalebar_size(size, bearing, tilt),
            lambda p, at, k: draw_scalebar(
                p, at, k, metres_per_pixel=size, bearing=bearing, tilt=tilt
            ),
            worn(self._scene.theme),
        )
        self._arrange()

    def _arrange(self) -> None:
        """Put the cards into their corners; what would lie on another is left out."""
        if self._scene is None:
            return
        right, bottom = self.width() - MARGIN, self.height() - MARGIN
        sizes = {name: card.size() for name, card in self.cards.items()}
        corners = {
            "legend": (MARGIN, bottom - sizes["legend"].height()),
            "clock": (right - sizes["clock"].width(), bottom - sizes["clock"].height()),
            "readouts": (MARGIN, MARGIN),
            "scale": (right - sizes["scale"].width(), bottom - sizes["scale"].height()),
        }
        if self.clocked:
            corners["scale"] = (
                corners["scale"][0],
                corners["clock"][1] - _APART - sizes["scale"].height(),
            )
        corners["map"] = (
            right - sizes["map"].width(),
            corners["scale"][1] - _APART - sizes["map"].height(),
        )
        corners["about"] = (MARGIN, self.height() - sizes["about"].height())
        before, taken = self.taken, list[QRect]()
        for name, (x, y) in corners.items():
            card, rect = self.cards[name], QRect(x, y, sizes[name].width(), sizes[name].height())
            fits = self.rect().contains(rect) and not any(rect.intersects(one) for one in taken)
            card.move(x, y)
            card.setVisible(fits and self._wanted(name, self._scene))
            if not card.isHidden():
                taken.append(rect)
        if self.taken != before:
            self._pin()
            self._relabel()
            self.arranged.emit()
        self.written.emit()

    def _wanted(self, name: str, scene: Scene) -> bool:
        if self.only is not None and name not in self.only:
            return False
        return {
            "clock": self.clocked,
            "readouts": bool(scene.readouts),
            "map": scene.sketch is not None,
            "about": bool(scene.about),
        }.get(name, True)

    @property
    def scene(self) -> Scene | None:
        """What is written."""
        return self._scene

    def readout_places(self) -> dict[str, QRect]:
        """Return where each number of the district stands that is seen, by its quantity."""
        card = self.taken.get("readouts")
        if self._scene is None or card is None:
            return {}
        places = readout_places(self._scene.readouts, self._columns)
        return {
            one.id: rect.toAlignedRect().translated(card.topLeft())
            for one, rect in zip(self._scene.readouts, places, strict=True)
        }

    def needle_place(self) -> QRect | None:
        """Return where the north arrow is seen."""
        card = self.taken.get("scale")
        return None if card is None else needle_place(QRectF(card)).toAlignedRect()

    def map_place(self) -> QRect | None:
        """Return where the map is seen, without the rim of its card."""
        card = self.taken.get("map")
        return None if card is None else map_place(QRectF(card)).toAlignedRect()

    @property
    def taken(self) -> dict[str, QRect]:
        """Where each card stands that is seen."""
        return {name: card.geometry() for name, card in self.cards.items() if not card.isHidden()}

    # ------------------------------------------------------------------------------------ the pins
    def _pin(self) -> bool:
        """Put the pinned cards beside their elements; tell whether one stands elsewhere now."""
        scene, camera = self._scene, self._camera
        pinned = () if scene is None or camera is None else scene.pinned
        if not pinned and not self.pins:
            return False
        before = [one.rect for one in self.pins]
        self.pins = self._placed_pins(pinned)
        while len(self._pin_cards) < len(self.pins):
            self._pin_cards.append(Card(self))
        for k, card in enumerate(self._pin_cards):
            card.setVisible(k < len(self.pins))
            if k < len(self.pins):
                self._write_pin(card, self.pins[k])
        self.written.emit()
        return before != [one.rect for one in self.pins]

    def _placed_pins(self, pinned: Sequence[Pinned]) -> list[PlacedPin]:
        if not pinned or self._camera is None:
            return []
        points = np.array([one.place for one in pinned], dtype=float)
        seen = cameras.project(points, self._camera, (self.width(), self.height()))
        room = QRectF(self.rect()).adjusted(_APART, _APART, -_APART, -_APART)
        return place_pins(pinned, seen, room, [QRectF(one) for one in self.taken.values()],
                          live=self.live)  # fmt: skip

    def _write_pin(self, card: Card, placed: PlacedPin) -> None:
        assert self._scene is not None
        one = placed.pinned
        card.say(
            one, placed.rect.size(), lambda p, at, k: draw_pin(p, one, at, k, live=self.live),
            worn(self._scene.theme),
        )  # fmt: skip
        card.move(placed.rect.topLeft().toPoint())

    # --------------------------------------------------------------------- the labels and measures
    def show_pending(
        self, pending: tuple[Measured, ...], marks: Sequence[tuple[float, float, float]] = ()
    ) -> None:
        """Draw what is being measured, and mark the corners that the pointer has caught."""
        if (pending, list(marks)) != (self._pending, self._marks):
            self._pending, self._marks = pending, list(marks)
            self.update()

    def show_handles(self, frame: Sequence[Segment], handles: Sequence[Handle]) -> None:
        """Draw what moves something in the view, and lines that show what that is."""
        if (tuple(frame), tuple(handles)) != (self._frame, self.handles):
            self._frame, self.handles = tuple(frame), tuple(handles)
            self.update()

    def _relabel(self) -> None:
        if self._scene is None or self._camera is None:
            return
        before = bool(self._placed)
        labels = self._scene.labels
        points = places(labels, self._camera, self.width(), self.height())
        obstacles = [QRectF(rect) for rect in self.taken.values()] + self._clear
        obstacles += [one.rect for one in self.pins]
        self._placed = place_labels(labels, points, QSizeF(self.size()), obstacles)
        if before or self._placed or self._measured or self.handles or self._pin_cards:
            self.update()

    @property
    def _measured(self) -> tuple[Measured, ...]:
        return (*(self._scene.measured if self._scene is not None else ()), *self._pending)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw the labels, where any stands in the part to paint, and what is measured."""
        if self._scene is None or self._camera is None:
            return
        region = QRectF(event.rect())
        shown = [one for one in self._placed if region.intersects(_around(one))]
        if not (shown or self._measured or self._marks or self.handles or self.pins):
            return
        look, camera, size = worn(self._scene.theme), self._camera, (self.width(), self.height())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_labels(painter, shown, look, writer=self._stamps.write)

        def project(points: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
            return cameras.project(points, camera, size)

        draw_measures(painter, self._measured, project, look)
        if self._marks:
            draw_marks(painter, project(np.array(self._marks)), look)
        draw_frame(painter, self._frame, project, look)
        draw_handles(painter, self.handles, project, look)
        draw_leads(painter, self.pins, look)
        painter.end()


def _around(placed: Placed) -> QRectF:
    """Return what a label covers, its dot and line included."""
    dot = QRectF(placed.anchor.x() - 4, placed.anchor.y() - 4, 8, 8)
    return placed.rect.united(dot).adjusted(-4, -4, 4, 4)


def places(
    labels: tuple[Label, ...], camera: Camera, width: int, height: int
) -> npt.NDArray[np.float64]:
    """Return where labels stand in logical pixels, shape (n, 2); NaN behind the eye."""
    if not labels:
        return np.empty((0, 2))
    points = np.array([label.place for label in labels], dtype=float)
    seen = cameras.project(points, camera, (width, height))
    seen[seen[:, 2] <= 0] = np.nan
    return seen[:, :2]
