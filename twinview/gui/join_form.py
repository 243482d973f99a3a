"""The form of a join: what the user has said, and beside it what was guessed, marked as such."""

from collections.abc import Mapping, Sequence
from dataclasses import fields

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QWidget

from twinview.gui.cards import text_label
from twinview.gui.style import Translated
from twinview.i18n import N_, _
from twinview.model.join import SEVERAL
from twinview.readers.common.origins import SAYABLE
from twinview.scene.words import ORIGINS
from twinview.session.joining import READING, Wish, said_of

Options = Sequence[tuple[str, str]]
"""Values of a field and what stands for each."""

GROUPS: Mapping[str, Mapping[str, str]] = {
    N_("Table"): {
        "source": N_("Source"), "time": N_("Time column"), "form": N_("Form"),
        "key": N_("Element column"), "table": N_("Values"), "tz": N_("Time zone"),
    },
    N_("Elements"): {
        "layer": N_("Layer"), "column": N_("Key column"), "scale": N_("Scale"),
        "pattern": N_("Column for a key"), "several": N_("Several for one"),
    },
    N_("Meaning"): {
        "quantity": N_("Quantity"), "unit": N_("Unit"), "origin": N_("Origin"),
    },
}  # fmt: skip
TIPS = {
    "source": N_("A file of the project, or another one"),
    "time": N_("Column of the file that holds the instants"),
    "form": N_("Wide: a column for each element. Long: a row for each instant and element."),
    "key": N_("Column of a long table that names the element of each row"),
    "table": N_("Which values are taken of a file that holds several"),
    "tz": N_("Zone of times without an offset, such as Europe/Berlin"),
    "layer": N_("Whose elements get the values"),
    "column": N_("Column of the layer that holds the keys; a cell may list several, m1;m2"),
    "scale": N_("Column of the layer that each value is multiplied with, as profiles need it"),
    "pattern": N_("Name of the table's column for a key: {id} stands for it, * for any text"),
    "several": N_("What becomes of several columns, or rows, of one element"),
    "quantity": N_("What the values are"),
    "unit": N_("Unit of the values in the table"),
    "origin": N_("Where the values come from; metered ones of dwellings are shown in groups only"),
}
FORMS = {"wide": N_("Wide: columns are elements"), "long": N_("Long: rows are elements")}
HOWS = {"sum": N_("Sum"), "mean": N_("Mean"), "max": N_("Maximum"), "min": N_("Minimum")}
OPEN = frozenset({"pattern", "unit", "tz"})
"""Fields with suggestions that also take other texts."""
UNSAID = frozenset({"several", "tz", "key", "origin"})
"""Fields that a join can do without."""
OTHER = "\0other"
"""Stands for a file that is still to be chosen."""


class JoinForm(Translated, QWidget):
    """Asks for everything that makes a join; what is left open shows the guess.

    Signals
    -------
    changed
        Something was said, or left open again.
    file_wanted
        Another file is to be chosen.
    """

    changed = Signal()
    file_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.said: dict[str, str] = {}
        self.boxes: dict[str, QComboBox] = {}
        self.marks: dict[str, QLabel] = {}
        self._labels: dict[str, QLabel] = {}
        self._heads: dict[str, QLabel] = {}
        self._options: dict[str, Options] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(1, 1)
        for group, names in GROUPS.items():
            self._heads[group] = text_label(role="title")
            grid.addWidget(self._heads[group], grid.rowCount(), 0, 1, 3)
            for name in names:
                self._add(grid, name)
        grid.setRowStretch(grid.rowCount(), 1)
        for name in self.boxes:
            self.offer(name, [])
        self.retranslate()

    def _add(self, grid: QGridLayout, name: str) -> None:
        box = QComboBox()
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(14)
        box.activated.connect(lambda _k: self._chosen(name))
        edit = None
        if name in OPEN:
            box.setEditable(True)
            box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
            edit = box.lineEdit()
        if edit is not None:
            edit.editingFinished.connect(lambda: self._typed(name))
        self.boxes[name] = box
        self._labels[name] = text_label(role="soft")
        self._labels[name].setBuddy(box)
        self.marks[name] = text_label(role="small")
        line = grid.rowCount()
        grid.addWidget(self._labels[name], line, 0)
        grid.addWidget(box, line, 1)
        grid.addWidget(self.marks[name], line, 2)

    def retranslate(self) -> None:
        """Write the texts anew."""
        for group, names in GROUPS.items():
            self._heads[group].setText(_(group))
            for name, title in names.items():
                self._labels[name].setText(_(title))
                self.boxes[name].setAccessibleName(_(title))
                for one in (self._labels[name], self.boxes[name]):
                    one.setToolTip(_(TIPS[name]))
        self.offer("form", [(key, _(title)) for key, title in FORMS.items()])
        self.offer("origin", [(one, _(ORIGINS[one])) for one in SAYABLE])
        self.offer("several", [(key, _(HOWS[key])) for key in SEVERAL])

    # --------------------------------------------------------------------------------------- wish
    def wish(self, number: int) -> Wish:
        """Return what was said, as a wish for a join of a number."""
        return said_of(Wish(number=number), self.said)

    def start(self, wish: Wish) -> None:
        """Begin with a wish, all of which counts as said."""
        told = {one.name: getattr(wish, one.name) for one in fields(Wish)}
        names = [name for names in GROUPS.values() for name in names]
        self.said = {name: str(told[name]) for name in names if told.get(name)}
        self.said |= {name: text for name, text in wish.reading.items() if text}
        for name in self.boxes:
            self._show(name, self.said.get(name, ""), guessed=False)
        self.boxes["source"].setEnabled(not wish.number)

    def offer(self, name: str, options: Options) -> None:
        """Offer values for a field; what it shows stays."""
        box, now = self.boxes[name], self.value(name)
        self._options[name] = list(options)
        box.blockSignals(True)
        box.clear()
        if name != "source":
            box.addItem(_("Not said") if name in UNSAID else _("Guess"), "")
        for value, title in options:
            box.addItem(title, value)
        box.blockSignals(False)
        self._write(name, now)

    def show_guesses(self, values: Mapping[str, str]) -> None:
        """Show what was guessed for the fields of which nothing was said."""
        for name in self.boxes:
            if name not in self.said:
                self._show(name, values.get(name, ""), guessed=bool(values.get(name)))

    def value(self, name: str) -> str:
        """Return what a field shows, as a value."""
        box = self.boxes[name]
        if name in OPEN and box.currentText() != box.itemText(box.currentIndex()):
            return box.currentText().strip()
        return str(box.currentData() or "")

    def _show(self, name: str, value: str, guessed: bool) -> None:
        self._write(name, value)
        self.marks[name].setText(_("guess") if guessed else "")

    def _write(self, name: str, value: str) -> None:
        box = self.boxes[name]
        box.blockSignals(True)
        place = box.findData(value)
        if place < 0 and value and name not in OPEN:
            box.addItem(value, value)
            place = box.count() - 1
        box.setCurrentIndex(max(place, 0 if name != "source" else -1))
        if name in OPEN and place < 0 and value:
            box.setEditText(value)
        box.blockSignals(False)

    def _chosen(self, name: str) -> None:
        value = str(self.boxes[name].currentData() or "")
        if value == OTHER:
            self._write(name, self.said.get(name, ""))
            self.file_wanted.emit()
            return
        self.say(name, value)

    def _typed(self, name: str) -> None:
        if self.value(name) != self.said.get(name, "") and not self._as_guessed(name):
            self.say(name, self.value(name))

    def _as_guessed(self, name: str) -> bool:
        """Tell whether a text is a guess that nobody has touched."""
        edit = self.boxes[name].lineEdit()
        return name not in self.said and edit is not None and not edit.isModified()

    def say(self, name: str, value: str) -> None:
        """Say a value, or leave it open with an empty one; what hangs on it is left open too."""
        if value == self.said.get(name, ""):
            return
        self.said.pop(name, None)
        if value:
            self.said[name] = value
        for other in HANGING.get(name, ()):
            self.said.pop(other, None)
        if name in self.said:
            self.marks[name].setText("")
        self.changed.emit()


HANGING = {
    "source": (*READING, "table", "pattern", "unit", "quantity"),
    "layer": ("column", "scale"), "column": ("scale",),
    "quantity": ("unit",), "form": ("table", "key"),
}  # fmt: skip
"""Fields that are open again when another one is said anew."""
