"""The preferences: language, look, how things are written and move, and the keys."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFormLayout,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from twinview.gui.cards import text_label
from twinview.gui.fitting import Sheet, fit
from twinview.gui.helping import HelpButton
from twinview.gui.keyboard import KeysPage
from twinview.gui.style import Translated
from twinview.i18n import LANGUAGES, N_, _

if TYPE_CHECKING:
    from twinview.gui.desk import Desk

LANGUAGE = {"": N_("As the system"), **LANGUAGES}
THEME = {"": N_("As the system"), "light": N_("Light"), "dark": N_("Dark")}
CONTRAST = {"": N_("As the system"), "usual": N_("Usual"), "high": N_("High")}
HOURS = {"": N_("24 hours: 18:05"), "12": N_("12 hours: 6:05 pm")}
UNITS = {
    "": N_("As in the data: kg, kW, kWh"),
    "larger": N_("Larger ones for large numbers: t, MW, MWh"),
}
DRAG = {
    "": N_("Turns the view, as in ParaView and Blender"),
    "pan": N_("Moves the view, as in QGIS and on maps"),
}
QUALITY = {
    "": N_("As the machine can"),
    "fine": N_("Always fine"),
    "quick": N_("Always quick"),
}
MEMORY = {
    "": N_("Half of this machine's memory"),
    "quarter": N_("A quarter of this machine's memory"),
    "most": N_("Nearly all of this machine's memory"),
}
WIDE, HIGH, AROUND = 560, 520, 72


class Preferences(Translated, QDialog):
    """A window beside the window; what is chosen holds at once. Closed with Esc.

    Parameters
    ----------
    desk
        Whose preferences they are.
    parent
        The window.
    """

    def __init__(self, desk: "Desk", parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.boxes: dict[str, QComboBox] = {}
        self.checks: dict[str, QCheckBox] = {}
        self._texts: list[Callable[[], None]] = []
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        self.keys = KeysPage(desk)
        # On a small screen the choices are moved through, and stay whole.
        self.tabs.addTab(Sheet(self._general(), around=AROUND), "")
        self.tabs.addTab(self.keys, "")
        self.help = HelpButton(N_("Preferences"), "preferences", desk.help, self)
        self.tabs.setCornerWidget(self.help)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.addWidget(self.tabs)
        fit(self, WIDE, HIGH)
        self.retranslate()

    def _general(self) -> QWidget:
        page = QWidget()
        self._form = QFormLayout(page)
        self._form.setContentsMargins(8, 16, 8, 8)
        self._form.setVerticalSpacing(12)
        self._form.setHorizontalSpacing(16)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._choice("language", N_("Language"), LANGUAGE)
        self._choice("theme", N_("Theme"), THEME)
        self._choice("contrast", N_("Contrast"), CONTRAST)
        self._choice("hours", N_("Times of day"), HOURS)
        self._choice("units", N_("Units"), UNITS)
        self._choice("drag", N_("Dragging with the left button"), DRAG)
        self._choice("quality", N_("Moving pictures"), QUALITY)
        self._check("reduced_motion", N_("Nothing moves by itself: no flights, no arrows"))
        note = text_label(role="small", wrap=True)
        self._texts.append(
            lambda: note.setText(
                _("Pictures that stand still, exported pictures and tables do not depend on these.")
            )
        )
        self._form.addRow(note)
        self._choice("memory", N_("For drawing large cities"), MEMORY)
        self._check("updates", N_("Ask the package index once a day for a newer version"))
        return page

    def _choice(self, name: str, title: str, table: Mapping[str, str]) -> None:
        box, label = QComboBox(), text_label()
        label.setBuddy(box)
        for key in table:
            box.addItem("", key)
        self._form.addRow(label, box)
        self.boxes[name] = box

        def say() -> None:
            label.setText(_(title))
            box.setAccessibleName(_(title))
            for k, text in enumerate(table.values()):
                box.setItemText(k, _(text))

        self._texts.append(say)
        box.setCurrentIndex(max(box.findData(getattr(self._desk.settings, name)), 0))
        box.activated.connect(lambda _k: self._desk.prefer(name, box.currentData()))

    def _check(self, name: str, title: str) -> None:
        check = QCheckBox()
        check.setChecked(bool(getattr(self._desk.settings, name)))
        check.toggled.connect(lambda on: self._desk.prefer(name, on))
        self._form.addRow(check)
        self.checks[name] = check
        self._texts.append(lambda: check.setText(_(title)))

    def retranslate(self) -> None:
        """Write the texts anew."""
        self.setWindowTitle(_("Preferences"))
        self.tabs.setTabText(0, _("General"))
        self.tabs.setTabText(1, _("Keys"))
        for say in self._texts:
            say()
