"""A value that can be asked where it comes from: by click, by key, or by its context menu."""

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractScrollArea, QGridLayout, QMenu, QPushButton, QWidget

from twinview.gui.cards import empty, text_label
from twinview.gui.style import text_font
from twinview.i18n import _
from twinview.scene.words import named

Place = tuple[Callable[[], object] | None, str]
"""What a context menu leads to, if anything, and the text that it copies."""


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


class Lines(QGridLayout):
    """Names and their values, one below the other.

    Parameters
    ----------
    ask
        Called with a key when somebody asks where its value comes from.
    bold
        As of numbers at the instant.
    """

    def __init__(self, ask: Callable[[str], object], bold: bool = False) -> None:
        super().__init__()
        self._ask, self._bold = ask, bold
        self._names: list[tuple[str, str]] = []
        self.values: dict[str, Value] = {}
        self.setColumnStretch(0, 1)  # names wrap where they are too long
        self.setHorizontalSpacing(12)
        self.setVerticalSpacing(4)

    def show(self, wanted: Iterable[tuple[str, str, str]]) -> None:
        """Show values, each with its key and its name; what has the same names only changes."""
        wanted = list(wanted)
        names = [(key, name) for key, name, _text in wanted]
        if names != self._names:
            self._names, self.values = names, {}
            empty(self)
            for row, (key, name) in enumerate(names):
                self._add(row, key, name)
        for key, _name, text in wanted:
            self.values[key].setText(text)

    def _add(self, row: int, key: str, name: str) -> None:
        value = self.values[key] = Value(name, self._bold)
        value.asked.connect(partial(self._ask, key))
        label = text_label(name, role="soft", wrap=True)
        self.addWidget(label, row, 0)
        self.addWidget(value, row, 1, Qt.AlignmentFlag.AlignRight)
        for one in (label, value):
            one.show()


def offer_why(
    widget: QWidget, act: Callable[[], object], text: Callable[[], str] | None = None
) -> None:
    """Give a widget a context menu with the way to the derivation, and to copy its text."""
    offer_why_at(widget, lambda _place: (act, "" if text is None else text()))


def offer_why_at(widget: QWidget, found: Callable[[QPoint], Place | None]) -> None:
    """Give a widget that shows many numbers such a context menu at each of them.

    Parameters
    ----------
    widget
        A table gives places of its viewport.
    found
        Returns what stands at a place; None for nothing.
    """
    shown = widget.viewport() if isinstance(widget, QAbstractScrollArea) else widget

    def menu(at: QPoint) -> None:
        place = found(at)
        if place is None:
            return
        act, text = place
        made = QMenu(widget)
        made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if act is not None:
            made.addAction(_("Why this number"), act)
        if text:
            made.addAction(_("Copy"), lambda: QGuiApplication.clipboard().setText(text))
        made.popup(shown.mapToGlobal(at))

    widget.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
    widget.customContextMenuRequested.connect(menu)
