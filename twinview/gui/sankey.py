"""Where the power of the selection comes from and goes to: bands as wide as what flows in them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from twinview.energy.shares import Origin
from twinview.gui.asking import AskingPanel
from twinview.gui.cards import text_label
from twinview.gui.sources import ink_of
from twinview.gui.statistics import Segments
from twinview.gui.style import SMALL, IconButton, look_now, text_font
from twinview.i18n import N_, _
from twinview.model.problem import CommandError
from twinview.scene.numbers import number
from twinview.session.bands import Band, Bands, bands
from twinview.session.origins import words
from twinview.session.selected import chosen, layer_meant, sieve, unseen_words
from twinview.session.store import State

TIMES = {"instant": N_("Now"), "span": N_("Stretch")}
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


class SankeyPanel(AskingPanel):
    """Asks for the bands of the selection, now or over the stretch of the time bar.

    Signals
    -------
    said
        ``(text)``: something was copied.
    """

    said = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.time, self.picture = Segments(TIMES), Sankey()
        self.copy = IconButton("fa6s.copy", size=14)
        self.title = text_label(role="soft", wrap=True)
        self.note = text_label(role="small", wrap=True)
        self._state: State | None = None
        self._index, self._shown = 0, range(1)
        self._asked: object = None
        head = QHBoxLayout()
        head.addWidget(self.time, 1)
        head.addWidget(self.copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        for part in (self.title, self.picture, self.note):
            column.addWidget(part)
        self.time.chosen.connect(lambda _key: self._timer.start())
        self.copy.clicked.connect(self.copy_data)
        self.retranslate()

    def retranslate(self) -> None:
        """Write the texts anew."""
        self.time.retranslate()
        self.copy.describe(_("Copy the data of the picture"))
        self._asked = None
        self._timer.start()

    def changed(self, _old: State, new: State) -> None:
        """Follow the session."""
        self._state = new
        if self.isVisible():
            self._timer.start()

    def show_time(self, index: int, shown: range) -> None:
        """Follow the clock and the stretch of the time bar."""
        if (index, shown) != (self._index, self._shown):
            self._index, self._shown = index, shown
            if self.isVisible():
                self._timer.start()

    def _ask(self) -> None:
        state = self._state
        if state is None or not self.isVisible():
            return
        span = self.time.value == "span"
        steps = tuple(self._shown) if span else (self._index,)
        key = (id(state.twin), state.view.selection, steps, span, sieve(state))
        if key != self._asked:
            self._asked = key
            self.note.setText(_("Being traced..."))
            self.asker.ask(key, lambda: _found(state, steps, span, lambda: key == self._asked))

    def _answered(self, key: object, answer: object) -> None:
        if key != self._asked:
            return
        found = answer if isinstance(answer, Bands) and answer.items else None
        self.picture.show_bands(found)
        self.picture.setVisible(found is not None)
        self.title.setVisible(found is not None)
        self.note.setText(str(answer) if isinstance(answer, CommandError) else "")
        if found is not None:
            units = ("kWh", "kg CO₂") if found.span else ("kW", "kg CO₂/h")
            self.title.setText(
                _("{count} elements draw {energy} with {carbon}", count=number(found.count),
                  energy=number(found.energy, 3, units[0]),
                  carbon=number(found.carbon, 3, units[1]))
            )  # fmt: skip
            self.note.setText(" ".join(self._left_out(found)))
        elif not self.note.text():
            self.note.setText(_("They draw no power from the grid then."))

    def _left_out(self, found: Bands) -> list[str]:
        """Return what of the selection is not in the bands, and why."""
        said = []
        if self._state is not None:
            counts = chosen(self._state, layer_meant(self._state).id)
            said += [f"{one}." for one in counts.words]
        if found.withheld:
            said.append(
                _("{count} withheld: single dwellings are private.", count=number(found.withheld))
            )
        return said

    def copy_data(self) -> None:
        """Copy the bands as a table."""
        found = self.picture.bands
        if found is None:
            return
        units = ("kWh", "kg") if found.span else ("kW", "kg/h")
        heads = (
            _("Source"),
            _("Use"),
            f"{_('Energy')} [{units[0]}]",
            f"{_('Carbon')} [{units[1]}]",
        )
        lines = ["\t".join(heads)]
        lines += [
            f"{source_title(one.source)}\t{one.use}\t{one.energy:.6g}\t{one.carbon:.6g}"
            for one in found.items
        ]
        QGuiApplication.clipboard().setText("\n".join(lines) + "\n")
        self.said.emit(_("The data of the picture were copied."))


def _found(state: State, steps: tuple[int, ...], span: bool, going: Callable[[], bool]) -> Bands:
    """Return the bands of the selection (in a thread).

    Raises
    ------
    CommandError
        Nothing is selected, or it cannot be traced.
    """
    layer = layer_meant(state)
    counts = chosen(state, layer.id)
    if counts.words and not counts.rows:
        raise CommandError(unseen_words(counts))
    if not counts.rows:
        raise CommandError(_("Select buildings or loads to see where their power comes from."))
    return bands(state.twin, state.project, layer, counts.rows[layer.id], steps, span, going)
