"""The keys and how they are changed: one list, one field, and a word where a key is taken."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from twinview.gui.cards import text_label
from twinview.gui.localkeys import warning
from twinview.gui.style import Translated
from twinview.i18n import _
from twinview.session.matching import score

if TYPE_CHECKING:
    from twinview.gui.desk import Desk

_NAME = Qt.ItemDataRole.UserRole
_KEYS_WIDE = 170


class KeysPage(Translated, QWidget):
    """Everything that can have a key.

    Parameters
    ----------
    desk
        Keeps the keys.
    """

    def __init__(self, desk: "Desk") -> None:
        super().__init__()
        self._desk = desk
        self.search = QLineEdit()
        self.list = QTreeWidget()
        self.field = QKeySequenceEdit()
        self.note = text_label(role="small", wrap=True)
        self.take = QPushButton()
        self.none = QPushButton()
        self.reset = QPushButton()
        self.reset_all = QPushButton()
        self._lay_out()
        self._connect()
        self.retranslate()

    def _lay_out(self) -> None:
        self.search.setClearButtonEnabled(True)
        self.list.setColumnCount(2)
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        header = self.list.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Interactive)
        header.resizeSection(1, _KEYS_WIDE)
        self.field.setMaximumSequenceLength(1)
        self.field.setClearButtonEnabled(True)
        row = QHBoxLayout()
        row.addWidget(self.field, 1)
        for button in (self.take, self.none, self.reset):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.search)
        column.addWidget(self.list, 1)
        column.addWidget(self.note)
        column.addLayout(row)
        column.addWidget(self.reset_all, 0, Qt.AlignmentFlag.AlignRight)

    def _connect(self) -> None:
        self.search.textChanged.connect(self.fill)
        self.list.currentItemChanged.connect(lambda *_items: self._look())
        self.field.keySequenceChanged.connect(lambda _keys: self._look())
        self.take.clicked.connect(self._set)
        self.none.clicked.connect(lambda: self._bind([]))
        self.reset.clicked.connect(lambda: self._bind(None))
        self.reset_all.clicked.connect(self._reset_all)

    def retranslate(self) -> None:
        """Write the texts anew."""
        self.search.setPlaceholderText(_("Search the keys"))
        self.search.setAccessibleName(_("Search the keys"))
        self.list.setAccessibleName(_("Keys"))
        self.list.setHeaderLabels([_("What it does"), _("Keys")])
        self.field.setAccessibleName(_("New key"))
        self.none.setText(_("No key"))
        self.reset.setText(_("As delivered"))
        self.reset_all.setText(_("All keys as delivered"))
        self.fill()

    @property
    def _name(self) -> str:
        item = self.list.currentItem()
        return "" if item is None else str(item.data(0, _NAME))

    def fill(self) -> None:
        """List what fits the search."""
        marked, words = self._name, self.search.text()
        self.list.clear()
        for name, title, keys in self._desk.bindings():
            texts = [(title, 1.0), (keys, 1.0)]
            if words.strip() and score(words, texts) is None:
                continue
            item = QTreeWidgetItem([title, keys])
            item.setData(0, _NAME, name)
            self.list.addTopLevelItem(item)
            if name == marked:
                self.list.setCurrentItem(item)
        self._look()

    def _look(self) -> None:
        """Say whose key was pressed, and what the button would do."""
        name, keys = self._name, self.field.keySequence().toString()
        other = self._desk.owner_of(keys) if keys else ""
        taken = bool(other) and other != name
        self.take.setText(_("Take it") if taken else _("Set"))
        for button in (self.none, self.reset):
            button.setEnabled(bool(name))
        self.take.setEnabled(bool(name and keys) and other != name)
        if not name:
            said = _("Choose a line, then press the new key in the field.")
        elif taken:
            said = _("{key} is already the key of '{title}'; it would lose it.", key=keys,
                     title=self._desk.title_of(other))  # fmt: skip
        else:
            said = _(
                "Press the new key of '{title}' in the field.", title=self._desk.title_of(name)
            )
        self.note.setText(" ".join(filter(None, (said, warning(keys) if name else ""))))

    def _set(self) -> None:
        keys, name = self.field.keySequence().toString(), self._name
        other = self._desk.owner_of(keys)
        if other and other != name:
            kept = [one for one in self._desk.keys_of(other) if one != keys]
            self._desk.bind(other, kept)
        self._bind([keys])

    def _bind(self, keys: list[str] | None) -> None:
        if self._name:
            self._desk.bind(self._name, keys)
        self.field.setKeySequence(QKeySequence())
        self.fill()

    def _reset_all(self) -> None:
        self._desk.reset_keys()
        self.fill()
