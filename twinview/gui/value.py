"""A value that can be asked where it comes from: by click, by key, or by its context menu."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from twinview.gui.style import text_font
from twinview.i18n import _
from twinview.scene.words import named


class Value(QPushButton):
    """A number or text of the inspector.

    Parameters
    ----------
    title
        What it is, for screen readers.
    bold
        As of numbers at the instant.

    Signals
    -------
    asked
        Where it comes from is wanted.
    """

    asked = Signal()

    def __init__(self, title: str, bold: bool = False) -> None:
        super().__init__()
        self._title = title
        self.setProperty("value", True)
        self.setFont(text_font(bold=bold, tabular=True))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.clicked.connect(self.asked)
        offer_why(self, self.asked.emit, self.text)

    def setText(self, text: str) -> None:  # noqa: N802
        """Show a text; screen readers also hear what it is."""
        super().setText(text)
        self.setAccessibleName(named(self._title, text))


def offer_why(
    widget: QWidget, act: Callable[[], object], text: Callable[[], str] | None = None
) -> None:
    """Give a widget a context menu with the way to the derivation, and to copy its text."""

    def menu(at: QPoint) -> None:
        made = QMenu(widget)
        made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        made.addAction(_("Why this number"), act)
        if text is not None:
            made.addAction(_("Copy"), lambda: QGuiApplication.clipboard().setText(text()))
        made.popup(widget.mapToGlobal(at))

    widget.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
    widget.customContextMenuRequested.connect(menu)
