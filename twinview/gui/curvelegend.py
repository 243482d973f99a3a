"""The legend of curves: one entry each, with number, dashes and colour, name and value."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from twinview.gui.cards import empty, text_label
from twinview.gui.plotlines import pen_of
from twinview.gui.rows import Frame
from twinview.gui.style import text_font
from twinview.gui.value import offer_why
from twinview.scene.words import named

_KEYS = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space})


class Sample(QWidget):
    """A short piece of a line, as it is plotted."""

    def __init__(self, k: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._k = k
        self.setFixedSize(28, 10)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw it."""
        painter = QPainter(self)
        painter.setPen(pen_of(self._k))
        painter.drawLine(0, 5, 28, 5)
        painter.end()


class Entry(QWidget):
    """One curve: pointed at, clicked, or reached by Tab and pressed.

    Signals
    -------
    pointed
        ``(on)``: the pointer has come or gone.
    picked
        ``(add)``: the element shall be selected, or added or taken out.
    asked
        Where its number comes from is wanted.
    """

    pointed = Signal(bool)
    picked = Signal(bool)
    asked = Signal()

    def __init__(self, k: int, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._on = name, False
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(name)
        place, self.value = text_label(str(k + 1)), text_label()
        place.setFont(text_font(bold=True, tabular=True))
        place.setFixedWidth(place.fontMetrics().horizontalAdvance("00"))
        self.value.setFont(text_font(tabular=True))
        title = text_label(name, role="soft")
        title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self)
        row.setContentsMargins(5, 2, 5, 2)
        row.setSpacing(8)
        row.addWidget(place)
        row.addWidget(Sample(k))
        row.addWidget(title, 1)
        row.addWidget(self.value)
        self.frame = Frame(self)
        offer_why(self, self.asked.emit, self.accessibleName)

    def say(self, text: str) -> None:
        """Write the value at the instant."""
        self.value.setText(text)
        self.setAccessibleName(named(self._name, text))

    def show_frame(self, on: bool) -> None:
        """Frame the entry, or no longer."""
        self._on = on
        self.frame.setGeometry(self.rect())
        self.frame.setVisible(on or self.hasFocus())

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802
        """Say that the pointer has come."""
        super().enterEvent(event)
        self.pointed.emit(True)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """Say that the pointer has gone."""
        super().leaveEvent(event)
        self.pointed.emit(False)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Select."""
        inside = self.rect().contains(event.position().toPoint())
        if inside and event.button() == Qt.MouseButton.LeftButton:
            self.picked.emit(bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))

    def event(self, event: QEvent) -> bool:
        """Keep the keys that press it from the window's shortcuts."""
        if event.type() == QEvent.Type.ShortcutOverride:
            assert isinstance(event, QKeyEvent)
            if event.key() in _KEYS:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Select by Return or Space; with Ctrl besides others."""
        if event.key() in _KEYS:
            self.picked.emit(bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Show where the focus is."""
        super().focusInEvent(event)
        self.show_frame(self._on)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Show that the focus has gone."""
        super().focusOutEvent(event)
        self.show_frame(self._on)


class CurveLegend(QVBoxLayout):
    """All entries, below each other.

    Signals
    -------
    pointed
        ``(k)``: the pointer is on another entry; -1 for none.
    picked
        ``(k, add)``: an entry was clicked.
    asked
        ``(k)``: where the number of an entry comes from is wanted.
    """

    pointed = Signal(int)
    picked = Signal(int, bool)
    asked = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setSpacing(0)
        self.setContentsMargins(0, 0, 0, 0)
        self.entries: list[Entry] = []

    def name_lines(self, names: Sequence[str]) -> None:
        """Have one entry for each name."""
        empty(self)
        self.entries = []
        for k, name in enumerate(names):
            made = Entry(k, name)
            made.pointed.connect(lambda on, k=k: self.pointed.emit(k if on else -1))
            made.picked.connect(lambda add, k=k: self.picked.emit(k, add))
            made.asked.connect(partial(self.asked.emit, k))
            self.entries.append(made)
            self.addWidget(made)
            made.show()

    def point_out(self, k: int) -> None:
        """Frame one entry; -1 frames none."""
        for at, entry in enumerate(self.entries):
            entry.show_frame(at == k)
