"""Where the power of the selected element comes from: a bar of shares, and the numbers below it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from twinview.gui.asking import Asker
from twinview.gui.cards import empty, text_label
from twinview.gui.jobs import Jobs
from twinview.gui.style import Translated, text_font
from twinview.gui.underway import computing_text
from twinview.i18n import _
from twinview.model.problem import CommandError
from twinview.model.twin import Layer
from twinview.scene.numbers import number, percent
from twinview.scene.words import listed
from twinview.session.store import State

if TYPE_CHECKING:
    from twinview.energy.shares import Origin
    from twinview.session.origins import Origins, Tracer

ASKED = frozenset({"building", "load", "storage", "node"})
"""Kinds of layers whose elements draw power."""
INKS = {
    "pv": "#d9a520", "solar": "#d9a520", "wind": "#4d9ad4", "chp": "#c9622e", "storage": "#7a6fc0",
    "import": "#8a94a0", "returned": "#a8a39a", "hydro": "#2f8f8f", "biomass": "#6f9a45",
}  # fmt: skip
"""Colours by the first word of a kind."""
OTHERS = ("#6f9a45", "#2f8f8f", "#b06a8f", "#c9622e")
_HIGH, _GAP, _SWATCH = 12, 1, 8


def ink_of(kind: str) -> str:
    """Return the colour of a kind of source, the same in every district."""
    first = kind.lower().replace("_", " ").split(" ")[0]
    return INKS.get(first) or OTHERS[sum(map(ord, kind)) % len(OTHERS)]


class ShareBar(QWidget):
    """Parts of a whole as one bar."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.parts: tuple[tuple[str, float], ...] = ()
        self.setFixedHeight(_HIGH)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_parts(self, parts: tuple[tuple[str, float], ...]) -> None:
        """Show parts as (colour, share)."""
        self.parts = parts
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return a size that fits a dock."""
        return QSize(200, _HIGH)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw the parts one behind the other."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room, left = float(self.width()), 0.0
        for ink, share in self.parts:
            wide = share * room
            part = QRectF(left, 0, max(wide - _GAP, 0.5), _HIGH)
            painter.fillRect(part, QColor(ink))
            left += wide
        painter.end()


class Swatch(QWidget):
    """A small square of a colour."""

    def __init__(self, ink: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ink = ink
        self.setFixedSize(_SWATCH, _SWATCH)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Fill it."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._ink))
        painter.end()


class Sources(Translated, QWidget):
    """Asks where the power of an element comes from once the clock rests, and shows it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.asker = Asker(self)
        self.asker.answered.connect(self._answered)
        self.origins: Origins | None = None
        self._state: State | None = None
        self._tracer: tuple[State, Tracer] | None = None
        self._element: tuple[str, int] | None = None
        self._step = -1
        self._jobs: Jobs | None = None
        self.title = text_label(role="soft", wrap=True)
        self.bar = ShareBar()
        self.about = text_label(role="small", wrap=True)
        self._lines = QGridLayout()
        self._lines.setColumnStretch(1, 1)
        self._lines.setHorizontalSpacing(8)
        self._lines.setVerticalSpacing(2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 4)
        column.setSpacing(6)
        column.addWidget(self.title)
        column.addWidget(self.bar)
        column.addLayout(self._lines)
        column.addWidget(self.about)
        self.retranslate()
        self.hide()

    def retranslate(self) -> None:
        """Write the texts anew."""
        self.title.setText(_("Where the power comes from, now"))
        self.bar.setAccessibleName(_("Where the power comes from, now"))
        self._show(self.origins)

    def show_element(self, state: State, layer: Layer | None, row: int) -> None:
        """Ask about another element; None is the district, about which nothing is asked."""
        self._state = state
        able = layer is not None and layer.kind in ASKED and _computed(state)
        self._element = (layer.id, row) if layer is not None and able else None
        self._step = -1
        self._show(None)
        self.setVisible(self._element is not None)
        if self._element is None:
            self.asker.drop()

    def show_time(self, step: int) -> None:
        """Follow the clock; while it runs, the last answer goes pale."""
        if step == self._step or self._element is None:
            return
        self._step = step
        self.bar.setEnabled(False)
        state, element = self._state, self._element
        assert state is not None
        key = self._key(state, element, step)
        self.asker.ask(key, lambda: self._origins(state, element, step))
        self._say_waiting()

    @staticmethod
    def _key(state: State, element: tuple[str, int] | None, step: int) -> tuple[object, ...]:
        return state.twin.digest, state.twin.changes, element, step

    def watch(self, jobs: Jobs) -> None:
        """Say how far a computation is while there is no answer."""
        self._jobs = jobs
        jobs.changed.connect(self._say_waiting)

    def _say_waiting(self) -> None:
        """Say that an answer is on its way, where none stands there yet."""
        if self.origins is not None or self._element is None or not self.asker.busy:
            return
        text = computing_text(self._jobs) or _("Tracing where it comes from…")
        self.about.setText(text)
        self.about.show()

    def close_down(self) -> None:
        """End what is under way."""
        self.asker.close()

    def _origins(self, state: State, element: tuple[str, int], step: int) -> "Origins":
        """Return the answer (in a thread); the tracer of the last district is kept."""
        kept = self._tracer
        if kept is None or not _same_case(kept[0], state):
            from twinview.session.origins import Tracer  # with all solvers, so not at the start

            tracer = Tracer(state.twin, state.project)
            kept = self._tracer = (state, tracer)
        return kept[1].at(*element, step)

    def _answered(self, key: object, answer: object) -> None:
        state = self._state
        if state is None or key != self._key(state, self._element, self._step):
            return
        if isinstance(answer, CommandError):
            self._show(None)
            self.about.setText(str(answer))
            self.about.show()
        elif answer is not None:
            self._show(cast("Origins", answer))

    def _show(self, origins: "Origins | None") -> None:
        self.origins = origins
        empty(self._lines)
        self.bar.setEnabled(True)
        self.about.setText("")
        items = origins.items if origins is not None else ()
        shares = origins.shares if origins is not None else ()
        self.bar.show_parts(tuple((ink_of(one.kind), share) for one, share in
                                  zip(items, shares, strict=True)))  # fmt: skip
        idle = origins is not None and origins.total <= 0
        units = ["%"] if idle else ["%", "kW", "kg/h"]
        for column, unit in enumerate(units if items else [], 2):
            head = text_label(unit, role="small")
            self._lines.addWidget(head, 0, column, Qt.AlignmentFlag.AlignRight)
        for k, (name, share, one) in enumerate(zip(_names(items), shares, items, strict=True), 1):
            self._lines.addWidget(Swatch(ink_of(one.kind)), k, 0)
            self._lines.addWidget(text_label(name, role="small", wrap=True), k, 1)
            values = [share * 100, one.power, one.carbon][: len(units)]
            for column, amount in enumerate(values, 2):
                value = text_label(_short(amount))
                value.setFont(text_font(9.0, tabular=True))
                self._lines.addWidget(value, k, column, Qt.AlignmentFlag.AlignRight)
        if origins is not None and not items:
            self.about.setText(_("No power of known origin reaches it."))
        elif idle:
            self.about.setText(_("It draws nothing; these are the parts of what it would get."))
        self.about.setVisible(bool(self.about.text()))
        self.setAccessibleDescription(
            listed(f"{name} {percent(share, 3)}" for name, share in
                   zip(_names(items), shares, strict=True))
        )  # fmt: skip


def _short(value: float) -> str:
    """Return a number in little room: traces need no digits."""
    return "< 0.01" if 0 < value < 0.005 else number(value, 3)  # noqa: PLR2004


def _names(items: "Sequence[Origin]") -> Sequence[str]:
    """Return what sources are called."""
    if not items:
        return ()
    from twinview.session.origins import words

    return words(items)


def _same_case(one: State, other: State) -> bool:
    """Tell whether two states ask the same results under the same settings."""
    same = one.twin is other.twin and one.project is other.project
    return same and one.view.scenario == other.view.scenario


def _computed(state: State) -> bool:
    """Tell whether the district's grid has results."""
    return any(one.meaning.origin == "computed" for one in state.twin.series.values())
