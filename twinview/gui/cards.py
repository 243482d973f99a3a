"""Small cards over the view: what went wrong, a question, a notice. No dialogs."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import pairwise

from PySide6.QtCore import QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QCompleter,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from twinview.gui.style import IconButton, Translated, place
from twinview.i18n import _

NOTICE_MS = 6000
_WIDE = 560
_MOST_ANSWERS = 4
_LONG = 24
"""Letters of a button's text from which on buttons stand below one another."""

Choice = tuple[str, Callable[[], object]]
"""Text of a button and what it does."""


def text_label(text: str = "", role: str = "", wrap: bool = False) -> QLabel:
    """Return a label that shows its text as it is, never as HTML."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(wrap)
    if role:
        label.setProperty("role", role)
    return label


def beside(
    part: QWidget | QLayout, before: QWidget | None = None, after: QWidget | None = None
) -> QHBoxLayout:
    """Return a row of a list: what it says, and at its top a sign before it or a button after it.

    Parameters
    ----------
    part
        What takes all the room.
    before, after
        What stands beside it.
    """
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8 if before is not None else 4)
    if before is not None:
        row.addWidget(before, 0, Qt.AlignmentFlag.AlignTop)
    if isinstance(part, QLayout):
        row.addLayout(part, 1)
    else:
        row.addWidget(part, 1)
    if after is not None:
        row.addWidget(after, 0, Qt.AlignmentFlag.AlignTop)
    return row


def empty(layout: QLayout) -> None:
    """Take everything out of a layout and away."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
        elif (inner := item.layout()) is not None:
            empty(inner)


class MessageCard(Translated, QFrame):
    """One message at a time, with buttons; hidden when there is none.

    Signals
    -------
    left
        It goes and had the focus, which would fall to whatever comes next to it.
    """

    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.text = text_label(wrap=True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.entry = QLineEdit()
        self._buttons = QHBoxLayout()
        self._close = IconButton("fa6s.xmark", size=12)
        self._close.clicked.connect(self.hide)
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addWidget(self.text)
        column.addWidget(self.entry)
        column.addLayout(self._buttons)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 12, 8, 12)
        row.addLayout(column, 1)
        row.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        self._answer: Callable[[str], None] | None = None
        self._column = column
        self._picker: QWidget | None = None
        self.entry.returnPressed.connect(self.accept)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.hide)
        self.setMaximumWidth(_WIDE)
        self.clear = 0
        """Height at the top of the view that others need, logical pixels."""
        self.retranslate()
        self.hide()

    def retranslate(self) -> None:
        """Write the texts anew; what was said in passing stays in no other language."""
        if self.property("kind") in {"notice", "error"}:
            self.hide()
        self._close.describe(_("Close this message"))
        self.entry.setAccessibleName(_("Answer"))

    def error(self, text: str, choices: Sequence[Choice] = ()) -> None:
        """Say what could not be done and what to do."""
        self._show("error", text, choices)

    def notice(self, text: str, choices: Sequence[Choice] = ()) -> None:
        """Say something for a few seconds."""
        self._show("notice", text, choices)
        self._timer.start(NOTICE_MS)

    def choice(self, text: str, choices: Sequence[Choice]) -> None:
        """Ask something that only the buttons answer."""
        self._show("question", text, choices)

    def add(self, text: str) -> None:
        """Say one more thing on the card that is shown, or on one of its own; either stays."""
        if self.isHidden():
            self.choice(text, [])
            return
        self._timer.stop()
        self.text.setText(f"{self.text.text()}\n{text}")
        self.place_in()

    def question(
        self,
        text: str,
        answers: Mapping[str, str],
        answer: Callable[[str], None],
        suggestion: str = "",
        completions: Sequence[str] = (),
        picker: QWidget | None = None,
    ) -> None:
        """Ask something; the answer is one of the buttons (answer: caption) or free text.

        Parameters
        ----------
        text
            The question.
        answers
            Answers, and what stands on their buttons.
        answer
            Takes the one that is given.
        suggestion, completions
            What stands in the field at first, and what may complete what is typed.
        picker
            Stands below the field and writes into it, where the view is high enough for it.
        """
        first = list(answers.items())[:_MOST_ANSWERS]
        choices: list[Choice] = [(said, partial(answer, one)) for one, said in first]
        self._show("question", text, [*choices, (_("OK"), lambda: answer(self.entry.text()))])
        self._answer = answer
        self.entry.setPlaceholderText(next(iter(answers), ""))
        self.entry.setText(suggestion)
        if completions:
            self.entry.setCompleter(_completer(completions, self.entry))
        if picker is not None:
            self._picker = picker
            self._column.insertWidget(self._column.indexOf(self._buttons), picker)
            parts = picker.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
            for before, after in pairwise([self.entry, *parts]):
                QWidget.setTabOrder(before, after)
        self.entry.selectAll()
        self.entry.show()
        self.entry.setFocus()
        self._fit()

    def setVisible(self, visible: bool) -> None:  # noqa: N802
        """Give the focus away while it is still known who has it."""
        focused = QApplication.focusWidget()
        if not visible and focused is not None and self.isAncestorOf(focused):
            self.left.emit()
        super().setVisible(visible)

    def accept(self) -> None:
        """Take what stands in the field as the answer."""
        answer, self._answer = self._answer, None
        self.hide()
        if answer is not None:
            answer(self.entry.text())

    @property
    def waiting(self) -> bool:
        """True while an error or a question stands there; a notice goes away by itself."""
        return self.isVisible() and self.property("kind") != "notice"

    def _show(self, kind: str, text: str, choices: Sequence[Choice]) -> None:
        self._timer.stop()
        self._answer = None
        self.setProperty("kind", kind)
        place(self)
        self.text.setText(text)
        self.setAccessibleName(text)
        self.entry.setCompleter(None)  # type: ignore[arg-type]  # None takes it away
        self.entry.hide()
        if self._picker is not None:
            self._picker.hide()
            self._picker.deleteLater()
            self._picker = None
        while (item := self._buttons.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        long = any(len(caption) > _LONG for caption, _act in choices)
        direction = QBoxLayout.Direction
        self._buttons.setDirection(direction.TopToBottom if long else direction.LeftToRight)
        for caption, act in choices:
            button = QPushButton(caption)
            button.clicked.connect(self.hide)
            button.clicked.connect(lambda _on=False, act=act: act())
            self._buttons.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
            # On a card that stands already, the layout would count it only a turn later.
            button.show()
        if not long:
            self._buttons.addStretch(1)
        self.show()
        self.raise_()
        self._fit()

    def _fit(self) -> None:
        parent = self.parentWidget()
        room = parent.width() if parent is not None else _WIDE
        wide = min(_WIDE, room - 32)
        self.setFixedWidth(wide)
        if self._picker is not None:
            self._picker.show()
            low = parent is not None and self._high(wide) > parent.height() - 16 - self.clear
            self._picker.setVisible(not low)
        self.resize(wide, self._high(wide))
        self.move((room - wide) // 2, 16 + self.clear)

    def _high(self, wide: int) -> int:
        layout = self.layout()
        if layout is not None:
            layout.activate()
        return max(self.heightForWidth(wide), self.minimumSizeHint().height())

    def place_in(self) -> None:
        """Stand at the top of the view, in its middle."""
        if self.isVisible():
            self._fit()


def _completer(words: Sequence[str], entry: QLineEdit) -> QCompleter:
    """Return what offers words that hold what was typed."""
    made = QCompleter(list(words), entry)
    made.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    made.setFilterMode(Qt.MatchFlag.MatchContains)
    return made


def free_place(size: QSize, room: QRect, obstacles: Sequence[QRect]) -> QPoint | None:
    """Return the lowest place for a card that is clear of others, in the middle if it can be."""
    middle = room.left() + (room.width() - size.width()) // 2
    lefts = (middle, room.right() + 1 - size.width(), room.left())
    bottoms = {room.bottom() + 1, *(one.top() - 8 for one in obstacles)}
    for bottom in sorted(bottoms, reverse=True):
        for left in lefts:
            place = QRect(QPoint(left, bottom - size.height()), size)
            near = place.adjusted(-8, -8, 8, 8)
            if room.contains(place) and not any(near.intersects(one) for one in obstacles):
                return place.topLeft()
    return None
