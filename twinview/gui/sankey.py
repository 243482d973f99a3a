"""Where the power of the selection comes from and goes to: bands as wide as what flows in them."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from twinview.energy.shares import Origin
from twinview.gui.sources import ink_of
from twinview.gui.style import SMALL, look_now, text_font
from twinview.i18n import _
from twinview.scene.numbers import number
from twinview.session.bands import Band, Bands
from twinview.session.origins import words

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
    """Draws bands between sources on the left and uses on the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bands: Bands | None = None
        self._sources: tuple[Node, ...] = ()
        self._uses: tuple[Node, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return a size that fits a dock."""
        return QSize(260, self.height())

    def show_bands(self, found: Bands | None) -> None:
        """Show other bands."""
        self.bands = found
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
        assert self.bands is not None
        whole = self.bands.energy or 1.0
        left = {one.name: one.top for one in self._sources}
        right = {one.name: one.top for one in self._uses}
        found = {(one.source, one.use): one for one in self.bands.items}
        for source in self._sources:
            for use in self._uses:
                one = found.get((source.name, use.name))
                if one is None:
                    continue
                high = one.energy / whole * _ROOM
                ink = QColor(ink_of(source.name))
                ink.setAlphaF(0.45)
                painter.fillPath(self._ribbon(left[source.name], right[use.name], high), ink)
                left[source.name] += high
                right[use.name] += high

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
