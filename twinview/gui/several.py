"""The inspector's numbers of several selected elements: sums and means with their units."""

from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QVBoxLayout, QWidget

from twinview.gui.cards import empty, text_label
from twinview.gui.style import Translated
from twinview.gui.subject import layer_title
from twinview.gui.value import Value
from twinview.i18n import _
from twinview.scene.numbers import number
from twinview.scene.selecting import rows_of
from twinview.scene.sifting import SELECTED
from twinview.scene.summary import HOWS, Summary, counted, summaries
from twinview.scene.words import listed, named, quantity_title, value_text
from twinview.session.selected import Chosen, chosen
from twinview.session.store import State


class Several(Translated, QWidget):
    """Shown in place of one element's numbers while more than one is selected.

    Signals
    -------
    opened
        ``(panel)``: more of it is wanted, ``table`` or ``selection``.
    asked
        ``(layer, element, quantity)``: where a number comes from is wanted.
    """

    opened = Signal(str)
    asked = Signal(str, str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.values: dict[tuple[str, str], Value] = {}
        self.summaries: tuple[Summary, ...] = ()
        self._state: State | None = None
        self.left_out = text_label(role="small", wrap=True)
        """What of the selection does not count, and why."""
        self._grid = QGridLayout()
        self._grid.setColumnStretch(0, 1)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(2)
        self.table, self.more = QPushButton(), QPushButton()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.left_out)
        column.addLayout(self._grid)
        for button, panel in ((self.table, "table"), (self.more, "selection")):
            button.setProperty("link", True)
            button.clicked.connect(lambda _on=False, panel=panel: self.opened.emit(panel))
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        self.retranslate()
        self.hide()

    def retranslate(self) -> None:
        """Write the texts anew."""
        self.table.setText(_("Show them in the table"))
        self.more.setText(_("Statistics, curves and sources"))
        if self._state is not None and not self.isHidden():
            self.show_state(self._state)

    def show_state(self, state: State) -> bool:
        """Show the selection; tell whether there is more than one element in it."""
        rows = rows_of(state.twin.layers, state.view.selection)
        several = sum(map(len, rows.values())) > 1
        self._state = state if several else None
        self.setVisible(several)
        empty(self._grid)
        self.values = {}
        if several:
            counts = self._count(state)
            for one in self.summaries:
                self._line(one, len(counts.rows) > 1)
        return several

    def title(self) -> tuple[str, str]:
        """Return how many there are, and of which layers."""
        assert self._state is not None
        layers = self._state.twin.layers
        rows = rows_of(layers, self._state.view.selection)
        parts = [f"{number(len(some))} {layer_title(layers[one])}" for one, some in rows.items()]
        count = number(sum(map(len, rows.values())))
        return _("{count} selected", count=count), " · ".join(parts)

    def show_time(self, index: int) -> None:
        """Follow the clock."""
        if self._state is None:
            return
        view = replace(self._state.view, time=index)
        self._state = replace(self._state, view=view)
        self._count(self._state)
        for one in self.summaries:
            label = self.values.get((one.layer, one.quantity))
            if label is not None:
                label.setText(_value(one))
                label.setToolTip(counted(one))

    def _count(self, state: State) -> Chosen:
        """Sum up what of the selection is seen, and say what is not."""
        counts = chosen(state)
        self.summaries = summaries(state.twin, state.view, counts.rows, state.beside)
        said = listed(counts.words)
        self.left_out.setText(_("{left_out}: not counted", left_out=said) if said else "")
        self.left_out.setVisible(bool(said))
        return counts

    def _line(self, one: Summary, titled: bool) -> None:
        assert self._state is not None
        at = self._grid.rowCount()
        what = f"{quantity_title(one.quantity)} · {_(HOWS[one.how]).lower()}"
        if titled:
            what = named(layer_title(self._state.twin.layers[one.layer]), what)
        value = Value(what, bold=True)
        value.setText(_value(one))
        value.asked.connect(partial(self.asked.emit, one.layer, SELECTED, one.quantity))
        value.setToolTip(counted(one))
        title = text_label(what, role="soft", wrap=True)
        self._grid.addWidget(title, at, 0)
        self._grid.addWidget(value, at, 1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        shown: list[QWidget] = [title, value]
        if one.known < one.count:
            shown.append(text_label(counted(one), role="small", wrap=True))
            self._grid.addWidget(shown[-1], at + 1, 0, 1, 2)
        for widget in shown:
            widget.show()
        self.values[one.layer, one.quantity] = value


def _value(one: Summary) -> str:
    if one.pending:
        return _("Not computed")
    if not one.known and one.withheld:
        return _("Withheld")
    text = value_text(one.quantity, one.value, one.unit)
    return f"≈ {text}" if one.about and one.known else text
