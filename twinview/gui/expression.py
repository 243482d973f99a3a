"""A field for expressions: names are completed where they are typed, what is wrong is marked."""

import re
from collections.abc import Sequence

from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QCompleter, QLineEdit, QWidget

from twinview.gui.style import place

_WORD = re.compile(r"[^\W\d][\w.]*$")
_LEAST = 1
"""Letters of a name from which on it is completed by itself."""
_PLAIN = re.compile(r"[^\W\d][\w.:]*")


class ExpressionEdit(QLineEdit):
    """One line of text; Ctrl+Space lists all names that may stand in it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names = QStringListModel(self)
        self.completion = QCompleter(self._names, self)
        self.completion.setWidget(self)
        self.completion.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.completion.setFilterMode(Qt.MatchFlag.MatchContains)
        self.completion.activated.connect(self._take)
        self.textEdited.connect(lambda _text: self._complete())
        self.setClearButtonEnabled(True)

    @property
    def popup(self) -> QAbstractItemView:
        """The list of names that fit."""
        found = self.completion.popup()
        assert found is not None
        return found

    def offer(self, names: Sequence[str]) -> None:
        """Complete these names from now on."""
        if list(names) != self._names.stringList():
            self._names.setStringList(list(names))

    def mark(self, wrong: bool) -> None:
        """Show that what stands there cannot be used, or can again."""
        if bool(self.property("wrong")) != wrong:
            self.setProperty("wrong", wrong)
            place(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """List the names on request; while they are listed, Enter takes one."""
        listed = self.popup.isVisible()
        if listed and event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab}:
            event.ignore()
            return
        held = event.modifiers() == Qt.KeyboardModifier.ControlModifier
        if event.key() == Qt.Key.Key_Space and held:
            self._complete(asked=True)
            return
        super().keyPressEvent(event)

    def _begun(self) -> str:
        """Return the name that is being typed; nothing inside quotes."""
        before = self.text()[: self.cursorPosition()]
        if before.count('"') % 2 or before.count("'") % 2:
            return ""
        found = _WORD.search(before)
        return found.group() if found else ""

    def _complete(self, asked: bool = False) -> None:
        begun = self._begun()
        names = self._names.stringList()
        if not asked and (len(begun) < _LEAST or begun in names):
            self.popup.hide()
            return
        self.completion.setCompletionPrefix(begun)
        self.popup.setCurrentIndex(self.completion.completionModel().index(0, 0))
        self.completion.complete()

    def _take(self, name: str) -> None:
        """Put a name in the place of what was typed of it."""
        begun, at = self._begun(), self.cursorPosition()
        written = name if _PLAIN.fullmatch(name) else f"`{name}`"
        self.setText(self.text()[: at - len(begun)] + written + self.text()[at:])
        self.setCursorPosition(at - len(begun) + len(written))
        self.textEdited.emit(self.text())
