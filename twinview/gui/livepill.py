"""The pill of the time bar: whether the view follows the present, and how far it is behind."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QToolButton, QVBoxLayout, QWidget

from twinview.gui.cards import text_label
from twinview.gui.style import Translated, place, text_font
from twinview.i18n import _
from twinview.session.live import Standing, age, behind_text

LONGEST = 7199
"""Seconds whose text is the widest."""


def clock_labels() -> tuple[QLabel, QLabel, QLabel]:
    """Return the labels of the clock: date, time, zone."""
    labels = QLabel(), QLabel(), QLabel()
    for label, role in zip(labels, ("soft", "huge", "small"), strict=True):
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setProperty("role", role)
        label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        label.setFont(text_font(tabular=True))
    return labels


class LivePill(Translated, QWidget):
    """A button that begins and ends following the present, and the age of what is shown.

    Signals
    -------
    asked
        ``(on)``: it was pressed.
    """

    asked = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._found: tuple[Standing, str, str] | None = None
        self._low = False
        self.button = QToolButton()
        self.button.clicked.connect(lambda: self.asked.emit(self._found is None))
        self.behind = text_label(role="small")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.behind, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        self.retranslate()

    def fold(self, low: bool) -> None:
        """Say the age in the button itself, or below it again."""
        self._low = low
        self.behind.setVisible(not low)
        self.retranslate()

    def show_off(self) -> None:
        """Offer to follow the present."""
        self._found = None
        self.retranslate()

    def show_standing(self, found: Standing, last: str, failure: str) -> None:
        """Show how the data stand to the present.

        Parameters
        ----------
        found
            How they stand.
        last
            When the last value is of.
        failure
            Why a changed file could not be read; empty where all is well.
        """
        if (found, last, failure) != self._found:
            self._found = found, last, failure
            self.retranslate()

    @property
    def state(self) -> str:
        """``off``, ``good``, ``old``, ``none`` or ``error``."""
        if self._found is None:
            return "off"
        return "error" if self._found[2] else self._found[0].state

    def retranslate(self) -> None:
        """Write the texts anew."""
        texts = (
            ("", "", "") if self._found is None else (behind_text(self._found[0]), *self._found[1:])
        )
        behind, last, failure = texts
        if self._found is None:
            self.button.setText(_("Go live"))
            tip = _("Follow the present and files that change (N)")
        else:
            self.button.setText(_("LIVE"))
            tip = "\n".join(filter(None, (failure, last, behind, _("Press to stay here."))))
        self.button.setToolTip(tip)
        self.button.setAccessibleName(" ".join(filter(None, (self.button.text(), behind))))
        self.button.setProperty("live", self.state)
        place(self.button)
        said = _("not readable") if failure else behind
        self.behind.setText(said)
        if self._low and said:
            self.button.setText(f"{self.button.text()} · {said}")
        self.behind.setToolTip(tip)
        self.behind.setProperty("role", "warning" if failure else "small")
        place(self.behind)
        # The track beside it keeps its width, whatever stands here.
        longest = _("behind by {age}", age=age(LONGEST))
        least = self.behind.fontMetrics().horizontalAdvance(longest)
        self.setMinimumWidth(0 if self._low and self._found is None else least)
