"""Kept views: the numbers on the keyboard that store and recall them, and the list of them."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
)

from twinview.gui.cards import text_label
from twinview.gui.doing import undoing
from twinview.gui.fitting import fit
from twinview.gui.helping import HelpButton
from twinview.i18n import N_, _
from twinview.scene.numbers import number as written
from twinview.session.store import State

if TYPE_CHECKING:
    from twinview.gui.window import MainWindow


class Viewpoints(QObject):
    """What a window does with kept views beyond the commands."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window

    def store(self, number: int) -> None:
        """Keep the view under a number, and say so."""
        window = self._window
        if window.run("bookmark.store", number):
            window.stage.message.notice(
                _("The view is kept: Ctrl+{number} comes back to it.", number=number),
                [(_("Undo"), undoing(window.session, window.run))],
            )

    def manage(self) -> None:
        """Show the list of kept views, or put it away."""
        shown = self._window.findChild(KeptViews)
        if shown is None:
            KeptViews(self._window).show()
        else:
            shown.close()


class KeptViews(QDialog):
    """The kept views, to go to, rename and remove; closed with Esc."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Kept views"))
        self.list = QTreeWidget()
        self.list.setColumnCount(2)
        self.list.setHeaderHidden(True)
        self.list.setRootIsDecorated(False)
        self.list.setAccessibleName(_("Kept views"))
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.empty = text_label(
            _("Nothing is kept yet. Ctrl+Shift+1 to 9 keep the view under a number."),
            role="soft",
            wrap=True,
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(8)
        column.addWidget(self.empty)
        column.addWidget(self.list, 1)
        column.addLayout(self._buttons())
        self.list.itemActivated.connect(self._go)
        self.list.itemChanged.connect(self._renamed)
        self.list.currentItemChanged.connect(self._enable)
        self._unlisten = window.session.listen(self._follow)
        self._fill(window.session.state)
        fit(self, 440, 320)

    def _buttons(self) -> QHBoxLayout:
        self.go = self._button(_("Go there"), self._go)
        self.rename = self._button(_("Rename"), self._rename)
        self.remove = self._button(_("Remove"), self._remove)
        self.keep = self._button(_("Keep this view"), self._keep)
        row = QHBoxLayout()
        for button in (self.go, self.rename, self.remove):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(HelpButton(N_("Kept views"), "kept", self._window.reading.help, self))
        row.addWidget(self.keep)
        return row

    def _button(self, text: str, act: Callable[[], None]) -> QPushButton:
        button = QPushButton(text)
        button.setAutoDefault(False)
        button.clicked.connect(lambda _on=False: act())
        return button

    def _follow(self, old: State, new: State) -> None:
        if new.project.bookmarks is not old.project.bookmarks:
            self._fill(new)

    def _fill(self, state: State) -> None:
        """Write the list anew, with the same row chosen."""
        current = self.list.currentItem()
        row = 0 if current is None else self.list.indexOfTopLevelItem(current)
        self.list.blockSignals(True)
        self.list.clear()
        for one in state.project.bookmarks:
            number = "" if one.number is None else written(one.number)
            item = QTreeWidgetItem([number, one.name])
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
            item.setData(0, Qt.ItemDataRole.UserRole, one.name)
            self.list.addTopLevelItem(item)
        self.list.setColumnWidth(0, 36)
        count = self.list.topLevelItemCount()
        chosen = self.list.topLevelItem(min(row, count - 1))
        if chosen is not None:
            self.list.setCurrentItem(chosen)
        self.list.blockSignals(False)
        self.empty.setVisible(not count)
        self._enable()

    def _enable(self) -> None:
        for button in (self.go, self.rename, self.remove):
            button.setEnabled(bool(self._chosen))

    @property
    def _chosen(self) -> str:
        """Name of the chosen view; empty where none is."""
        item = self.list.currentItem()
        return str(item.data(0, Qt.ItemDataRole.UserRole)) if item is not None else ""

    def _go(self) -> None:
        if self._chosen:
            self._window.run("bookmark.go", self._chosen)

    def _rename(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self.list.editItem(item, 1)

    def _renamed(self, item: QTreeWidgetItem, column: int) -> None:
        name = str(item.data(0, Qt.ItemDataRole.UserRole))
        if column == 1 and item.text(1) != name:
            done = self._window.run("bookmark.rename", name, item.text(1))
            if not done:
                self._fill(self._window.session.state)

    def _remove(self) -> None:
        if self._chosen:
            self._window.run("bookmark.remove", self._chosen)

    def _keep(self) -> None:
        self._window.run("bookmark.add", _("View"))

    def done(self, result: int) -> None:
        """Follow the session no longer."""
        self._unlisten()
        super().done(result)
