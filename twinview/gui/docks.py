"""Docks without frames: a title, and small buttons for help, to float and to close."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtWidgets import QApplication, QDockWidget, QHBoxLayout, QWidget

from twinview.gui.cards import text_label
from twinview.gui.style import IconButton, Translated
from twinview.i18n import N_, _
from twinview.session.manual import PANELS

TABS = {"why": N_("Why")}
"""Shorter names of docks for their tabs, of which four have to stand side by side."""


class DockTitle(Translated, QWidget):
    """The head of a dock.

    Parameters
    ----------
    title
        Marked for translation.
    dock
        Whose head it is.

    Signals
    -------
    helped
        ``(place)``: the page of the manual about this panel is wanted.
    """

    helped = Signal(str)

    def __init__(self, title: str, dock: QDockWidget) -> None:
        super().__init__(dock)
        self._title, self._dock = title, dock
        self._hold = QPoint()
        self._label = text_label(role="title")
        self.topic = PANELS[dock.objectName()]
        self.help = IconButton("fa6s.question", size=11)
        self.help.clicked.connect(lambda: self.helped.emit(self.topic))
        self._float = IconButton("fa6s.up-right-from-square", size=11)
        self._close = IconButton("fa6s.xmark", size=12)
        self._float.clicked.connect(lambda: dock.setFloating(not dock.isFloating()))
        self._close.clicked.connect(dock.close)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 8, 4)
        row.setSpacing(0)
        row.addWidget(self._label, 1)
        row.addWidget(self.help)
        row.addWidget(self._float)
        row.addWidget(self._close)
        self.retranslate()

    def _afloat(self, event: QMouseEvent) -> bool:
        """Tell whether this is about moving a panel that only Wayland itself can move."""
        left = bool(event.buttons() & Qt.MouseButton.LeftButton)
        return left and self._dock.isFloating() and QGuiApplication.platformName() == "wayland"

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Take hold of a panel that floats where no program may place its own windows."""
        self._hold = event.position().toPoint()
        if not self._afloat(event):
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Have it moved; a double click, which brings it back, may tremble a little."""
        way = (event.position().toPoint() - self._hold).manhattanLength()
        if not self._afloat(event):
            super().mouseMoveEvent(event)
        elif way >= QApplication.startDragDistance():
            self._dock.windowHandle().startSystemMove()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Leave it to the dock: by itself, Qt would make a press of it, which is held above."""
        event.ignore()

    def retranslate(self) -> None:
        """Write the texts anew."""
        self._label.setText(_(self._title))
        self._dock.setWindowTitle(_(TABS.get(self._dock.objectName(), self._title)))
        self.help.describe(_("Help on {panel}", panel=_(self._title)), "F1")
        self._float.describe(_("Float or dock"))
        self._close.describe(_("Close {panel}", panel=_(self._title)))


def seen(dock: QDockWidget) -> bool:
    """Tell whether a dock is there to be seen: not hidden, and not behind another one's tab."""
    return dock.isVisible() and not dock.visibleRegion().isEmpty()


def make_dock(name: str, title: str, widget: QWidget, parent: QWidget) -> QDockWidget:
    """Return a dock that holds a panel.

    Parameters
    ----------
    name
        Under which its place is remembered.
    title
        Marked for translation.
    widget
        The panel.
    parent
        The window.
    """
    dock = QDockWidget(parent)
    dock.setObjectName(name)
    dock.setWidget(widget)
    dock.setTitleBarWidget(DockTitle(title, dock))
    return dock
