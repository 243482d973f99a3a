"""Tables whose rows are elements: picked by mouse and keys, and pointed at.

Qt's own selection is not used: it keeps a range for every run of rows, and a hundred thousand
elements of a sorted table make as many runs.
"""

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from twinview.gui.style import look_now

_ENTER = Qt.Key.Key_Return, Qt.Key.Key_Enter
_OWN = frozenset({
    Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home,
    Qt.Key.Key_End, Qt.Key.Key_Space, *_ENTER, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown,
})  # fmt: skip
"""Keys that mean the table while it has the focus, and not the clock."""
Modifier = Qt.KeyboardModifier


class Frame(QWidget):
    """A line around what is pointed at; it never takes the mouse."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.hide()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(look_now().accent), 1.5))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.75, 0.75, -0.75, -0.75), 3, 3)
        painter.end()


class ElementRows(QTableView):
    """A table whose picked rows become the selection.

    Signals
    -------
    picked
        ``(how, first, last)``: rows of the table from first to last shall be selected; how is
        only, add or toggle.
    opened
        ``(row)``: fly there.
    all_wanted
        All rows shall be selected.
    copied
        The rows shall be copied.
    pointed
        ``(row)``: the pointer is on another row; -1 for none.
    """

    picked = Signal(str, int, int)
    opened = Signal(int)
    all_wanted = Signal()
    copied = Signal()
    pointed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._anchor, self._pointed, self._framed = 0, -1, -1
        self._mouse = QPoint()
        self.frame = Frame(self.viewport())
        self.viewport().setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.verticalHeader().hide()

    # ------------------------------------------------------------------------------------- picking
    def ticks(self, _index: QModelIndex, _x: float) -> bool:
        """Tell whether a place of a row ticks it."""
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Pick a row: alone, with Ctrl or its box besides others, with Shift a whole range."""
        index = self.indexAt(event.position().toPoint())
        if event.button() != Qt.MouseButton.LeftButton or not index.isValid():
            super().mousePressEvent(event)
            return
        self.setCurrentIndex(index)
        ctrl = bool(event.modifiers() & Modifier.ControlModifier)
        ticked = ctrl or self.ticks(index, event.position().x())
        self._pick(index.row(), bool(event.modifiers() & Modifier.ShiftModifier), ticked)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Drag over rows to pick them all; point at one otherwise."""
        self._mouse = event.position().toPoint()
        index = self.indexAt(self._mouse)
        dragged = bool(event.buttons() & Qt.MouseButton.LeftButton) and index.isValid()
        if dragged and index.row() != self.currentIndex().row():
            self.setCurrentIndex(index)
            self._pick(index.row(), True, False)
        self._point(index.row())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Fly to an element."""
        index = self.indexAt(event.position().toPoint())
        if index.isValid():
            self.opened.emit(index.row())

    def _pick(self, row: int, ranged: bool, ticked: bool) -> None:
        if not ranged:
            self._anchor = row
            self.picked.emit("toggle" if ticked else "only", row, row)
            return
        first, last = sorted((min(self._anchor, self.model().rowCount() - 1), row))
        self.picked.emit("add" if ticked else "only", first, last)

    def event(self, event: QEvent) -> bool:
        """Keep keys that a table has of its own from the window's shortcuts."""
        if event.type() == QEvent.Type.ShortcutOverride:
            assert isinstance(event, QKeyEvent)
            ours = event.key() in _OWN or event.matches(QKeySequence.StandardKey.Copy)
            if ours or event.matches(QKeySequence.StandardKey.SelectAll):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Tick with Space, extend with Shift, fly with Return, copy and take all as everywhere."""
        row = self.currentIndex().row()
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copied.emit()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.all_wanted.emit()
        elif event.key() == Qt.Key.Key_Space and row >= 0:
            self._pick(row, False, True)
        elif event.key() in _ENTER and row >= 0:
            self.opened.emit(row)
        else:
            super().keyPressEvent(event)
            moved = self.currentIndex().row()
            if moved != row and event.modifiers() & Modifier.ShiftModifier:
                self._pick(moved, True, False)
            elif moved != row:
                self._anchor = moved

    # ------------------------------------------------------------------------------------ pointing
    def frame_row(self, row: int) -> None:
        """Frame the row of what is pointed at, where it is in sight; -1 frames none."""
        self._framed = row
        self._place()

    def viewportEvent(self, event: QEvent) -> bool:  # noqa: N802
        """Point at nothing once the pointer has left."""
        if event.type() == QEvent.Type.Leave:
            self._point(-1)
        return super().viewportEvent(event)

    def scrollContentsBy(self, dx: int, dy: int) -> None:  # noqa: N802
        """Keep the frame at its row, and point at what has come under the pointer."""
        super().scrollContentsBy(dx, dy)
        if self._pointed >= 0:
            self._point(self.rowAt(self._mouse.y()))
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Keep the frame as wide as the row."""
        super().resizeEvent(event)
        self._place()

    def _point(self, row: int) -> None:
        if row != self._pointed:
            self._pointed = row
            self.pointed.emit(row)

    def _place(self) -> None:
        inside = 0 <= self._framed < self.model().rowCount() if self.model() else False
        if inside:
            top, high = self.rowViewportPosition(self._framed), self.rowHeight(self._framed)
            place = QRect(0, top, self.viewport().width(), high)
            self.frame.setGeometry(place)
            inside = place.intersects(self.viewport().rect())
        self.frame.setVisible(inside)
