"""The palette: type what you want, in English or Chinese; Enter does it."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    QTimer,
)
from PySide6.QtGui import QColor, QCursor, QFocusEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from twinview.draw.ink import colour
from twinview.gui.cards import text_label
from twinview.gui.entries import NOTHING, Entry
from twinview.gui.style import SMALL, Translated, look_now, mixed, text_font
from twinview.i18n import _

_WIDE, _HIGH, _ROW, _TOP = 660, 420, 34, 56
_PAD = 12
_ENTRY = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex


class _Entries(QAbstractListModel):
    """The lines that fit."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.entries: Sequence[Entry] = ()

    def show(self, entries: Sequence[Entry]) -> None:
        """List other lines."""
        self.beginResetModel()
        self.entries = entries
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008
        """Return how many lines there are."""
        return 0 if parent.isValid() else len(self.entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what is read out, and the entry itself."""
        entry = self.entries[index.row()]
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return ", ".join(filter(None, (entry.title, entry.other, entry.keys, entry.hindrance)))
        return entry if role == _ENTRY else None


class _Painter(QStyledItemDelegate):
    """Draws a line: title, the other language's title, and keys, or why it cannot be done."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:  # noqa: N802
        """Return the size of a line."""
        return QSize(0, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw a line."""
        entry, look = index.data(_ENTRY), look_now()
        area: QRect = option.rect.adjusted(4, 1, -4, -1)
        state = option.state
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            painter.setPen(colour(look.accent))
            painter.setBrush(colour(mixed(look.panel, look.text, 0.12)))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.drawRoundedRect(area.adjusted(0, 0, -1, -1), 6, 6)
        inside = area.adjusted(_PAD, 0, -_PAD, 0)
        keys = entry.hindrance or entry.keys
        soft = colour(look.text_soft)
        right = self._write(painter, inside, keys or entry.group, soft, right=True, small=True)
        room = inside.adjusted(0, 0, -right - _PAD, 0)
        faint = mixed(look.panel, look.text, 0.45)
        ink = colour(faint if entry.hindrance else look.text)
        taken = self._write(painter, room, entry.title, ink)
        rest = room.adjusted(taken + _PAD, 0, 0, 0)
        if rest.width() > 2 * _PAD:
            self._write(painter, rest, entry.other, soft, small=True)
        painter.restore()

    @staticmethod
    def _write(
        painter: QPainter, area: QRect, text: str, ink: QColor, right: bool = False,
        small: bool = False,
    ) -> int:  # fmt: skip
        """Write one line of text and return its width."""
        painter.setFont(text_font(SMALL) if small else text_font())
        painter.setPen(ink)
        metrics = painter.fontMetrics()
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(area, side | Qt.AlignmentFlag.AlignVCenter, shown)
        return metrics.horizontalAdvance(shown)


class Palette(Translated, QFrame):
    """A card over the window.

    Parameters
    ----------
    find
        Returns what fits a query, best first.
    used
        Told the id of what was done.
    parent
        The window.
    """

    def __init__(
        self,
        find: Callable[[str], Sequence[Entry]],
        used: Callable[[str], None],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._find, self._used = find, used
        self._before: QWidget | None = None
        self._pointer = QCursor.pos()
        self.entry = QLineEdit()
        self.list = QListView()
        self.model = _Entries(self)
        self.about = text_label(role="small")
        self.list.setModel(self.model)
        self.list.setItemDelegate(_Painter(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setMouseTracking(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(6)
        for widget in (self.entry, self.list, self.about):
            column.addWidget(widget)
        self.entry.textChanged.connect(self._fill)
        self.entry.installEventFilter(self)
        self.list.clicked.connect(lambda _index: self.accept())
        self.list.entered.connect(self._hovered)
        self.list.selectionModel().currentChanged.connect(self._tell)
        self.retranslate()
        self.hide()

    def retranslate(self) -> None:
        """Write the texts anew."""
        self.entry.setPlaceholderText(_("What do you want to do? A command, a place, an instant"))
        self.entry.setAccessibleName(_("Find a command..."))
        self.list.setAccessibleName(_("Commands that fit"))

    @property
    def titles(self) -> list[str]:
        """What is listed."""
        return [one.title for one in self.model.entries]

    def open(self) -> None:
        """Come up with everything, what was used last on top; a second time go away."""
        if self.isVisible():
            self.dismiss()
            return
        self._before = QApplication.focusWidget()
        self._pointer = QCursor.pos()
        self._place()
        self.entry.clear()
        self._fill()
        self.show()
        self.raise_()
        self.entry.setFocus()

    def dismiss(self) -> None:
        """Go away and give the focus back."""
        if not self.isVisible():
            return
        before, self._before = self._before, None
        self.hide()
        if before is not None and before.isVisible():
            before.setFocus()

    def accept(self) -> None:
        """Do what is marked; what cannot be done now stays, with its reason."""
        entry = self.list.currentIndex().data(_ENTRY)
        if entry is None or entry.hindrance:
            return
        self.dismiss()
        if entry.id:
            self._used(entry.id)
        entry.act()

    def _place(self) -> None:
        """Stand in the middle above, as high as the lines need."""
        parent = self.parentWidget()
        if parent is not None:
            wide = min(_WIDE, parent.width() - 32)
            rest = self.entry.sizeHint().height() + self.about.sizeHint().height() + 4 * _PAD
            high = min(self.model.rowCount() * _ROW + rest, _HIGH, parent.height() - 2 * _TOP)
            self.setGeometry((parent.width() - wide) // 2, _TOP, wide, high)

    def _fill(self) -> None:
        self.model.show(self._find(self.entry.text()))
        self.list.setCurrentIndex(self.model.index(0))
        self.list.scrollToTop()
        self._tell()
        self._place()

    def _tell(self) -> None:
        """Say in a sentence what the marked line does."""
        entry = self.list.currentIndex().data(_ENTRY)
        said = _(NOTHING) if entry is None else entry.help or entry.title
        room = self.width() - 3 * _PAD
        shown = self.about.fontMetrics().elidedText(said, Qt.TextElideMode.ElideRight, room)
        self.about.setText(shown)
        self.entry.setAccessibleDescription("" if entry is None else entry.title)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Give the keys that move and choose to the list, whichever action else has them."""
        if watched is not self.entry:
            return False
        if isinstance(event, QFocusEvent) and event.type() == QEvent.Type.FocusOut:
            self._left(event.reason())
            return False
        if isinstance(event, QKeyEvent) and event.key() in _MOVES:
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
            elif event.type() == QEvent.Type.KeyPress:
                self._key(Qt.Key(event.key()))
            return True
        return False

    def _left(self, reason: Qt.FocusReason) -> None:
        """Go away where the user went elsewhere; a district that has just opened is no reason."""
        if not self.isVisible():
            return
        if reason == Qt.FocusReason.OtherFocusReason:
            QTimer.singleShot(0, self.entry, self._focus_again)
        elif reason not in {
            Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason
        }:  # fmt: skip
            self._before = None
            self.hide()

    def _focus_again(self) -> None:
        if self.isVisible():
            self.entry.setFocus()

    def _hovered(self, index: QModelIndex) -> None:
        """Mark the line that the mouse goes to; one that scrolls below it goes nowhere."""
        here = QCursor.pos()
        if here != self._pointer:
            self._pointer = here
            self.list.setCurrentIndex(index)

    def _key(self, key: Qt.Key) -> None:
        self._pointer = QCursor.pos()
        if key == Qt.Key.Key_Escape:
            self.dismiss()
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.accept()
        else:
            count = self.model.rowCount()
            row = self.list.currentIndex().row() + _MOVES[key]
            page = abs(_MOVES[key]) > 1
            row = min(max(row, 0), count - 1) if page else row % max(count, 1)
            self.list.setCurrentIndex(self.model.index(row))


_MOVES = {
    Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -8, Qt.Key.Key_PageDown: 8,
    Qt.Key.Key_Return: 0, Qt.Key.Key_Enter: 0, Qt.Key.Key_Escape: 0,
}  # fmt: skip
"""Keys of the palette, and how many lines they move by."""
