"""Where the power of the selection comes from and goes to: bands as wide as what flows in them."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from twinview.energy.shares import Origin
from twinview.gui.sources import ink_of
from twinview.gui.style import SMALL, look_now, text_font
from twinview.i18n import _
from twinview.scene.numbers import number
from twinview.session.bands import Band, Bands
from twinview.session.origins import words

_ENTER = Qt.Key.Key_Return, Qt.Key.Key_Enter
_BAR, _GAP, _SLOT, _ROOM = 9.0, 8.0, 30.0, 220.0
"""Width of a node, room between nodes, least height of one, and height of all bands together."""


@dataclass(frozen=True)
class Node:
    """A source or a use.

    Parameters
    ----------
    name
        Id of the kind of source, or what a reader sees of the use.
    energy, carbon
        Of all its bands.
    top, high
        Where it stands, and how high it is, logical pixels.
    """

    name: str
    energy: float
    carbon: float
    top: float
    high: float


def nodes(items: Sequence[Band], side: str, room: float = _ROOM) -> tuple[Node, ...]:
    """Return the nodes of one side, the largest first, below each other.

    Parameters
    ----------
    items
        All bands.
    side
        ``source`` or ``use``.
    room
        Height of all bands together.
    """
    sums: dict[str, list[float]] = {}
    for one in items:
        total = sums.setdefault(getattr(one, side), [0.0, 0.0])
        total[0] += one.energy
        total[1] += one.carbon
    whole = sum(energy for energy, _carbon in sums.values()) or 1.0
    made, top = [], 0.0
    for name, (energy, carbon) in sorted(sums.items(), key=lambda item: -item[1][0]):
        high = energy / whole * room
        made.append(Node(name, energy, carbon, top, high))
        top += max(high, _SLOT) + _GAP
    return tuple(made)


class Sankey(QWidget):
    """Draws bands between sources on the left and uses on the right.

    Signals
    -------
    asked
        ``(source, use)``: what a band is made of is wanted; one of them is empty for all bands of
        the other. By click, or with the arrows and Return.
    """

    asked = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bands: Bands | None = None
        self._sources: tuple[Node, ...] = ()
        self._uses: tuple[Node, ...] = ()
        self._marked = -1
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return a size that fits a dock."""
        return QSize(260, self.height())

    def show_bands(self, found: Bands | None) -> None:
        """Show other bands."""
        self.bands, self._marked = found, -1
        items = found.items if found is not None else ()
        self._sources, self._uses = nodes(items, "source"), nodes(items, "use")
        ends = [one.top + max(one.high, _SLOT) for one in (*self._sources, *self._uses)]
        self.setFixedHeight(round(max(ends, default=0.0)) + 4)
        self.setAccessibleName(_("Sources and uses of the selection"))
        self.setAccessibleDescription("; ".join(" ".join(line) for line in self.lines()))
        self.update()

    def lines(self) -> list[tuple[str, ...]]:
        """Return source, use, energy and carbon of each band as texts, the largest first."""
        if self.bands is None:
            return []
        units = ("kWh", "kg") if self.bands.span else ("kW", "kg/h")
        return [
            (source_title(one.source), one.use, number(one.energy, 3, units[0]),
             number(one.carbon, 3, units[1]))
            for one in sorted(self.bands.items, key=lambda item: -item.energy)
        ]  # fmt: skip

    def text_of(self, source: str, use: str) -> str:
        """Return what is said of a band, or of all bands of a source or a use."""
        if self.bands is None:
            return ""
        units = ("kWh", "kg") if self.bands.span else ("kW", "kg/h")
        some = [one for one in self.bands.items
                if source in {"", one.source} and use in {"", one.use}]  # fmt: skip
        title = " → ".join(filter(None, (source and source_title(source), use)))
        sums = (sum(one.energy for one in some), sum(one.carbon for one in some))
        said = (number(one, 3, unit) for one, unit in zip(sums, units, strict=True))
        return " · ".join([title, *said])

    # --------------------------------------------------------------------------- the mouse and keys
    def flow_at(self, place: QPointF) -> tuple[str, str] | None:
        """Return source and use of what stands at a place; a node has only one of them."""
        for left, some in ((True, self._sources), (False, self._uses)):
            for one in some:
                title = source_title(one.name) if left else one.name
                if self._node_rect(one, title, left).contains(place):
                    return (one.name, "") if left else ("", one.name)
        found = (ends for ends, path in self._ribbons() if path.contains(place))
        return next(found, None)

    def _node_rect(self, node: Node, title: str, left: bool) -> QRectF:
        """Return where the bar of a node and the words beside it stand."""
        wide = QFontMetricsF(text_font(SMALL - 0.5, bold=True)).horizontalAdvance(title)
        wide = min(wide, self.width() / 2 - _BAR - 8) + _BAR + 5
        x = 0.0 if left else self.width() - wide
        return QRectF(x, node.top, wide, _SLOT)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Show what can be asked about."""
        found = self.flow_at(event.position())
        hand, plain = Qt.CursorShape.PointingHandCursor, Qt.CursorShape.ArrowCursor
        self.setCursor(plain if found is None else hand)
        self.setToolTip("" if found is None else self.text_of(*found))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Ask about what was clicked."""
        found = self.flow_at(event.position())
        if found is not None and event.button() == Qt.MouseButton.LeftButton:
            self.asked.emit(*found)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Go from band to band with the arrows, ask with Return."""
        some = self._ribbons()
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is not None and some:
            self._marked = min(max(self._marked + step, 0), len(some) - 1)
            self.update()
        elif event.key() in _ENTER and 0 <= self._marked < len(some):
            self.asked.emit(*some[self._marked][0])
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Keep the keys of the picture from the window's shortcuts while it has the focus."""
        keys = (Qt.Key.Key_Up, Qt.Key.Key_Down, *_ENTER)
        asks = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride
        if asks and event.key() in keys:  # type: ignore[attr-defined]
            event.accept()
            return True
        return super().event(event)

    # ------------------------------------------------------------------------------------ drawing
    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw the bands, then nodes and their words over them."""
        if self.bands is None or not self.bands.items:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_bands(painter)
        right = self.width() - _BAR
        for node in self._sources:
            painter.fillRect(
                QRectF(0, node.top, _BAR, max(node.high, 1)), QColor(ink_of(node.name))
            )
            self._write(painter, node, source_title(node.name), left=True)
        for node in self._uses:
            bar = QRectF(right, node.top, _BAR, max(node.high, 1))
            painter.fillRect(bar, QColor(look_now().text_soft))
            self._write(painter, node, node.name, left=False)
        painter.end()

    def _draw_bands(self, painter: QPainter) -> None:
        for k, ((source, _use), path) in enumerate(self._ribbons()):
            ink = QColor(ink_of(source))
            ink.setAlphaF(0.45)
            painter.fillPath(path, ink)
            if self.hasFocus() and k == self._marked:
                painter.strokePath(path, QPen(QColor(look_now().accent), 1.5))

    def _ribbons(self) -> list[tuple[tuple[str, str], QPainterPath]]:
        """Return source, use and shape of each band, from top to bottom."""
        if self.bands is None:
            return []
        whole = self.bands.energy or 1.0
        left = {one.name: one.top for one in self._sources}
        right = {one.name: one.top for one in self._uses}
        found = {(one.source, one.use): one for one in self.bands.items}
        made = []
        for source in self._sources:
            for use in self._uses:
                one = found.get((source.name, use.name))
                if one is None:
                    continue
                high = one.energy / whole * _ROOM
                path = self._ribbon(left[source.name], right[use.name], high)
                made.append(((source.name, use.name), path))
                left[source.name] += high
                right[use.name] += high
        return made

    def _ribbon(self, a: float, b: float, high: float) -> QPainterPath:
        x0, x1 = _BAR, self.width() - _BAR
        middle = (x0 + x1) / 2
        path = QPainterPath(QPointF(x0, a))
        path.cubicTo(QPointF(middle, a), QPointF(middle, b), QPointF(x1, b))
        path.lineTo(x1, b + high)
        path.cubicTo(QPointF(middle, b + high), QPointF(middle, a + high), QPointF(x0, a + high))
        path.closeSubpath()
        return path

    def _write(self, painter: QPainter, node: Node, title: str, left: bool) -> None:
        """Write name and numbers of a node beside it."""
        assert self.bands is not None
        units = ("kWh", "kg") if self.bands.span else ("kW", "kg/h")
        wide = self.width() / 2 - _BAR - 8
        x = _BAR + 5 if left else self.width() / 2 + 3
        side = Qt.AlignmentFlag.AlignLeft if left else Qt.AlignmentFlag.AlignRight
        numbers = f"{number(node.energy, 3, units[0])} · {number(node.carbon, 3, units[1])}"
        painter.setPen(QColor(look_now().text))
        for k, (text, bold) in enumerate(((title, True), (numbers, False))):
            painter.setFont(text_font(SMALL - 0.5, bold=bold, tabular=True))
            metrics = painter.fontMetrics()
            said = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(wide))
            painter.drawText(QRectF(x, node.top + 14 * k, wide, 15), int(side), said)


def source_title(kind: str) -> str:
    """Return what a reader sees of a kind of source."""
    return words([Origin(kind, 0.0, 0.0)])[0]
