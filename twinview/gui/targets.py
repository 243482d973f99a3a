"""Places over the writing on the view that can be clicked: numbers, legend, north arrow, map."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, QPointF, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from twinview.draw.ink import colour
from twinview.draw.pins import PlacedPin, cross_place, why_place
from twinview.gui.hud import Hud
from twinview.gui.style import look_now
from twinview.i18n import _
from twinview.model.twin import DISTRICT
from twinview.scene.words import named

_AROUND = 6
_ROUND = 6.0


class Target(QAbstractButton):
    """A clear button; it shows itself under the mouse and with the focus."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.hide()

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802
        """Show that it can be clicked."""
        super().enterEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw a veil under the mouse and a rim around the focus."""
        if not (self.underMouse() or self.hasFocus()):
            return
        look = look_now()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(colour(look.text, 0.08))
        rim = QPen(QColor(look.accent), 1.2) if self.hasFocus() else QPen(Qt.PenStyle.NoPen)
        painter.setPen(rim)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.6, 0.6, -0.6, -0.6), _ROUND, _ROUND)
        painter.end()


class LegendTarget(Target):
    """Tells a click from a double click: a single one waits until no second one comes.

    Signals
    -------
    asked
        It was clicked once, or pressed with a key.
    opened
        It was double-clicked.
    """

    asked = Signal()
    opened = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._wait = QTimer(self, singleShot=True)
        self._wait.timeout.connect(self.asked)
        self._mouse = False
        self.clicked.connect(self._clicked)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Note that the mouse presses it."""
        self._mouse = True
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Open what the second click means, instead of what the first one does."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._wait.stop()
            self.opened.emit()

    def _clicked(self) -> None:
        mouse, self._mouse = self._mouse, False
        if mouse:
            self._wait.start(QApplication.doubleClickInterval())
        else:
            self.asked.emit()


class MapTarget(Target):
    """Tells where on it was clicked; a key means its middle.

    Signals
    -------
    chosen
        ``(share of the width, share of the height)``, from the upper left corner.
    """

    chosen = Signal(float, float)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._at = QPointF()
        self.clicked.connect(self._choose)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Note the place."""
        self._at = event.position()
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Mean the middle."""
        self._at = QPointF(self.rect().center())
        super().keyPressEvent(event)

    def _choose(self) -> None:
        self.chosen.emit(self._at.x() / max(1, self.width()), self._at.y() / max(1, self.height()))


class Targets(QObject):
    """The clickable places of a view.

    Parameters
    ----------
    hud
        What is written.
    stage
        Holds the places; they lie over the writing.

    Signals
    -------
    asked
        ``(layer, element, quantity)``: where a number comes from is wanted.
    unpinned
        ``(layer, element)``: the cross of a pinned card was clicked.
    legend_asked
        The legend was clicked.
    spread_asked
        How the values that the legend stands for are spread is wanted.
    north_asked
        The north arrow was clicked.
    place_asked
        ``(east, north)``: a place on the map was clicked, local metres.
    """

    asked = Signal(str, str, str)
    unpinned = Signal(str, str)
    legend_asked = Signal()
    spread_asked = Signal()
    north_asked = Signal()
    place_asked = Signal(float, float)

    def __init__(self, hud: Hud, stage: QWidget) -> None:
        super().__init__(stage)
        self._hud, self._stage = hud, stage
        self.numbers: dict[str, Target] = {}
        self.crosses: list[Target] = []
        self.whys: list[Target] = []
        self.legend = LegendTarget(stage)
        self.legend.asked.connect(self.legend_asked)
        self.north, self.map = Target(stage), MapTarget(stage)
        self.north.clicked.connect(self.north_asked)
        self.map.chosen.connect(self._map_chosen)
        hud.written.connect(self.place)

    def place(self) -> None:
        """Follow what is written."""
        seen = not self._hud.isHidden()
        places = self._hud.readout_places() if seen else {}
        for quantity in places.keys() - self.numbers.keys():
            self.numbers[quantity] = self._number(quantity)
        for quantity, target in self.numbers.items():
            self._put(target, places.get(quantity), _AROUND)
        self._place_pins(self._hud.pins if seen else [])
        self._put(self.legend, self._hud.taken.get("legend") if seen else None, 0)
        self._put(self.north, self._hud.needle_place() if seen else None, 0)
        self._put(self.map, self._hud.map_place() if seen else None, 0)
        self._describe()

    def _put(self, target: Target, place: QRect | None, around: int) -> None:
        """Lay a target over a place of the writing."""
        if place is not None:
            there = place.adjusted(-around, -around, around, around)
            target.setGeometry(there.translated(self._hud.pos()))
        if target.isVisible() != (place is not None):
            target.setVisible(place is not None)

    def _place_pins(self, pins: Sequence[PlacedPin]) -> None:
        """Lay targets over cross and way to the number of each pinned card."""
        while len(self.crosses) < len(pins):
            k = len(self.crosses)
            self.crosses.append(self._pin_target(partial(self._unpin, k)))
            self.whys.append(self._pin_target(partial(self._ask, k)))
        for k, (cross, why) in enumerate(zip(self.crosses, self.whys, strict=True)):
            one = pins[k] if k < len(pins) else None
            told = one is not None and bool(one.pinned.quantity)
            self._put(cross, None if one is None else cross_place(one.rect).toAlignedRect(), 2)
            self._put(why, why_place(one.rect).toAlignedRect() if one and told else None, 2)
            if one is not None:
                cross.setToolTip(_("Unpin"))
                cross.setAccessibleName(named(_("Unpin"), one.pinned.title))
                why.setToolTip(_("Why this number"))
                said = " · ".join((one.pinned.title, *one.pinned.lines))
                why.setAccessibleName(named(_("Why this number"), said))

    def _pin_target(self, act: Callable[[], None]) -> Target:
        target = Target(self._stage)
        target.clicked.connect(lambda _on=False: act())
        return target

    def _unpin(self, k: int) -> None:
        one = self._hud.pins[k].pinned
        self.unpinned.emit(one.layer, one.element)

    def _ask(self, k: int) -> None:
        one = self._hud.pins[k].pinned
        self.asked.emit(one.layer, one.element, one.quantity)

    def _map_chosen(self, across: float, down: float) -> None:
        sketch = None if self._hud.scene is None else self._hud.scene.sketch
        if sketch is not None:
            self.place_asked.emit(*sketch.place(across * sketch.size[0], down * sketch.size[1]))

    def _number(self, quantity: str) -> Target:
        target = Target(self._stage)
        target.clicked.connect(lambda: self.asked.emit(DISTRICT, DISTRICT, quantity))
        return target

    def _describe(self) -> None:
        """Say in tooltips and to screen readers what a click does."""
        scene = self._hud.scene
        if scene is None:
            return
        for one in scene.readouts:
            if one.id in self.numbers:
                said = named(one.label, f"{one.text} {one.unit}")
                self.numbers[one.id].setAccessibleName(said)
                self.numbers[one.id].setToolTip(_("Why this number"))
        self.legend.setAccessibleName(scene.legend.title)
        self.legend.setToolTip(_("What this shows; double-click for the style"))
        for target, text in ((self.north, _("North up")), (self.map, _("Look at a place"))):
            target.setAccessibleName(text)
            target.setToolTip(text)
