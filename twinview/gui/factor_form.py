"""The form of one emission factor: every column of the book, checked before it is kept."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QWidget,
)

from twinview.energy.factors import COLUMNS, KINDS, SCOPES, VERIFIED, Factor, as_row, make_factor
from twinview.gui.cards import text_label
from twinview.gui.style import Translated
from twinview.i18n import N_, _

TITLES = {
    "value": N_("Value"), "unit": N_("Unit"), "carrier": N_("Carrier"), "scope": N_("Scope"),
    "region": N_("Region"), "valid_from": N_("Valid from"), "valid_to": N_("Valid to"),
    "kind": N_("Kind"), "source": N_("Source"), "published": N_("Published"),
    "verified": N_("Verified"),
}  # fmt: skip
PLACES = (
    ("value", "unit"), ("carrier", "scope"), ("region", "kind"), ("valid_from", "valid_to"),
    ("published", "verified"), ("source",),
)  # fmt: skip
"""Fields by line of the form."""
CHOICES: Mapping[str, tuple[str, ...]] = {
    "scope": tuple(str(one) for one in SCOPES), "kind": tuple(KINDS), "verified": VERIFIED,
    "unit": ("kgCO2/kWh", "gCO2/kWh", "kgCO2e/kWh", "tCO2/MWh", "kgCO2/GJ"),
    "carrier": ("electricity", "heat", "natural_gas"),
}  # fmt: skip
OPEN = frozenset({"unit", "carrier"})
"""Fields with suggestions that also take other texts."""
DAY = "2024-12-31"
NEW = {"unit": "kgCO2/kWh", "carrier": "electricity", "scope": "2", "kind": "grid_average",
       "verified": "no"}  # fmt: skip


class FactorForm(Translated, QFrame):
    """Asks for the columns of a factor and says at once what does not fit.

    Signals
    -------
    saved
        ``(number, row)``: texts by column; the number of the own row that changes, 0 for a new one.
    """

    saved = Signal(int, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._number = 0
        self.fields: dict[str, QLineEdit | QComboBox] = {}
        self._labels = {name: text_label(role="soft") for name in COLUMNS}
        grid = QGridLayout(self)
        grid.setContentsMargins(16, 12, 16, 12)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(6)
        for line, names in enumerate(PLACES):
            for place, name in enumerate(names):
                field = self._field(name)
                self.fields[name] = field
                grid.addWidget(self._labels[name], line, place * 2)
                grid.addWidget(field, line, place * 2 + 1, 1, 1 if len(names) > 1 else 3)
        for column in (1, 3):
            grid.setColumnStretch(column, 1)
        self.fault = text_label(role="small", wrap=True)
        self.save, self.leave = QPushButton(), QPushButton()
        self.save.setProperty("primary", True)
        self.save.clicked.connect(self._save)
        self.leave.clicked.connect(self.hide)
        row = QHBoxLayout()
        row.addWidget(self.fault, 1)
        row.addWidget(self.leave)
        row.addWidget(self.save)
        grid.addLayout(row, len(PLACES), 0, 1, 4)
        self.retranslate()
        self.hide()

    def _field(self, name: str) -> QLineEdit | QComboBox:
        if name not in CHOICES:
            edit = QLineEdit()
            edit.textChanged.connect(self._check)
            if name in {"valid_from", "valid_to", "published"}:
                edit.setPlaceholderText(DAY)
            return edit
        box = QComboBox()
        box.setEditable(name in OPEN)
        box.addItems(list(CHOICES[name]))
        box.currentTextChanged.connect(self._check)
        if name == "kind":
            for k, kind in enumerate(CHOICES[name]):
                box.setItemData(k, _(KINDS[kind]), Qt.ItemDataRole.ToolTipRole)
        return box

    def retranslate(self) -> None:
        """Write the texts anew."""
        for name, label in self._labels.items():
            label.setText(_(TITLES[name]))
            if name in self.fields:
                self.fields[name].setAccessibleName(_(TITLES[name]))
        self.save.setText(_("Keep"))
        self.leave.setText(_("Cancel"))

    def ask(self, factor: Factor | None, number: int) -> None:
        """Show a row to be changed (or copied, where the number is 0), or an empty one."""
        self._number = number
        row = NEW if factor is None else as_row(factor)
        for name, field in self.fields.items():
            text = row.get(name, "")
            if isinstance(field, QLineEdit):
                field.setText(text)
            else:
                field.setCurrentText(text)
        self.show()
        self._check()
        self.fields["value"].setFocus()

    @property
    def row(self) -> dict[str, str]:
        """What is written, as texts by column."""
        return {
            name: (field.text() if isinstance(field, QLineEdit) else field.currentText()).strip()
            for name, field in self.fields.items()
        }

    def _check(self) -> None:
        """Say what does not fit; an empty value is only not there yet."""
        row = self.row if len(self.fields) == len(COLUMNS) else {}
        fault = ""
        if not row.get("value") or not row.get("source") or not row.get("region"):
            fault = _("A factor needs a value, a region and a source.")
        else:
            try:
                make_factor(row, _("This factor"))
            except ValueError as error:
                fault = f"{error}."
        if len(self.fields) == len(COLUMNS):
            self.fault.setText(fault)
            self.save.setEnabled(not fault)

    def _save(self) -> None:
        self.hide()
        self.saved.emit(self._number, self.row)
