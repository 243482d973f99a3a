"""The panel of the selection: statistics, curves and sources, one at a time."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from twinview.gui.compare import ComparePanel
from twinview.gui.hands import Pick
from twinview.gui.statistics import Segments, StatisticsPanel
from twinview.gui.style import Translated
from twinview.gui.supply import SupplyPanel
from twinview.i18n import N_
from twinview.session.store import State

PAGES = {"statistics": N_("Statistics"), "curves": N_("Curves"), "sources": N_("Supply")}
Page = StatisticsPanel | ComparePanel | SupplyPanel


class SelectionPanel(Translated, QWidget):
    """Holds the pages about the selection.

    Signals
    -------
    asked
        ``(command, arguments)``.
    chosen
        ``(step)``: another instant is wanted.
    said
        ``(text)``.
    pointed
        ``(pick or None)``: the pointer is on a row or a curve.
    """

    asked = Signal(str, tuple)
    chosen = Signal(int)
    said = Signal(str)
    pointed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.statistics, self.curves = StatisticsPanel(), ComparePanel()
        self.sources = SupplyPanel()
        self.pages: dict[str, Page] = {
            "statistics": self.statistics, "curves": self.curves, "sources": self.sources,
        }  # fmt: skip
        self.choice = Segments(PAGES)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(16, 4, 16, 12)
        column.setSpacing(8)
        column.addWidget(self.choice)
        for one in self.pages.values():
            column.addWidget(one)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scroll)
        self.setMinimumWidth(300)
        self.choice.chosen.connect(self._turn)
        for page in (self.statistics, self.curves):
            page.asked.connect(self.asked)
            page.pointed.connect(self.pointed)
        self.curves.chosen.connect(self.chosen)
        self.curves.said.connect(self.said)
        self.sources.said.connect(self.said)
        self.sources.wondered.connect(self.asked)
        self._turn("statistics")

    def retranslate(self) -> None:
        """Write the texts anew."""
        self.choice.retranslate()

    def _turn(self, name: str) -> None:
        for key, page in self.pages.items():
            page.setVisible(key == name)

    def changed(self, old: State, new: State) -> None:
        """Follow the session."""
        for page in self.pages.values():
            page.changed(old, new)

    def point_out(self, found: Pick | None) -> None:
        """Mark what is pointed at."""
        self.statistics.point_out(found)
        self.curves.point_out(found)

    def show_time(self, index: int, shown: range) -> None:
        """Follow the clock and the stretch of the time bar."""
        self.statistics.show_time(shown)
        self.curves.show_time(index, shown)
        self.sources.show_time(index, shown)

    def close_down(self) -> None:
        """End what is under way."""
        for page in self.pages.values():
            page.close_down()
