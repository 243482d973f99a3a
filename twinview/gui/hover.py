"""The card beside the mouse: name, value with unit, time."""

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from twinview.gui.cards import text_label
from twinview.gui.style import text_font

_AWAY = 14


class HoverCard(QFrame):
    """Stands beside the mouse and never takes it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.title = text_label()
        self.title.setFont(text_font(bold=True))
        self.lines = text_label(role="soft")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(2)
        column.addWidget(self.title)
        column.addWidget(self.lines)
        self.hide()

    def say(
        self, text: tuple[str, list[str]] | None, at: QPointF, within: QRect | None = None
    ) -> None:
        """Show a title and lines beside a place of the parent, within a part of it, or hide."""
        if text is None:
            self.hide()
            return
        title, lines = text
        self.title.setText(title)
        self.lines.setText("\n".join(lines))
        self.lines.setVisible(bool(lines))
        self.adjustSize()
        parent = self.parentWidget()
        if parent is None:
            return
        room = parent.rect() if within is None else within
        x, y = at.x() + _AWAY, at.y() + _AWAY
        if x + self.width() > room.right() - 7:
            x = at.x() - _AWAY - self.width()
        if y + self.height() > room.bottom() - 7:
            y = at.y() - _AWAY - self.height()
        self.move(round(max(room.left(), x)), round(max(room.top(), y)))
        self.show()
        self.raise_()
