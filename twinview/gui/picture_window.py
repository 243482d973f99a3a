"""The dialog of a picture: how large, and whether there is a sky behind it."""

from collections.abc import Callable

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLineEdit,
    QWidget,
)

from twinview.gui.cards import text_label
from twinview.gui.shooting import Choices, Shooting
from twinview.gui.style import NumberBox
from twinview.gui.writing import WritingDialog
from twinview.i18n import N_, _

SIZES = {
    "1920x1080": N_("Screen, 1920 × 1080"), "3840x2160": N_("Large screen, 3840 × 2160"),
    "3508x2480": N_("Page A4 at 300 dpi, 3508 × 2480"), "1200x1200": N_("Square, 1200 × 1200"),
}  # fmt: skip
LEAST, MOST = 64, 8192
PARTS = {"size": N_("Size"), "wide": N_("Width"), "high": N_("Height"), "title": N_("Title")}


class PictureWindow(WritingDialog):
    """Asks how a picture is to be made, then for the file; what was chosen last stays.

    Parameters
    ----------
    shooting
        Makes it, and remembers the choices.
    ask
        Runs a command of the table.
    parent
        The window it belongs to.
    """

    def __init__(
        self, shooting: Shooting, ask: Callable[..., object], parent: QWidget | None = None
    ) -> None:
        super().__init__(ask, self._write, parent)
        self._shooting = shooting
        self.size_ = QComboBox()
        for key in SIZES:
            self.size_.addItem("", key)
        self.size_.addItem("", "")
        self.size_.activated.connect(self._chosen)
        self.wide, self.high = NumberBox(), NumberBox()
        for spin, value in ((self.wide, 1920), (self.high, 1080)):
            spin.setRange(LEAST, MOST)
            spin.setValue(value)
            spin.setSuffix(" px")
            spin.valueChanged.connect(self._typed)
        self.transparent, self.written = QCheckBox(), QCheckBox()
        self.written.setChecked(True)
        self.title = QLineEdit()
        self.written.toggled.connect(self.title.setEnabled)
        self._about = text_label(role="small", wrap=True)
        fields = (self.size_, self.wide, self.high, self.title)
        below = (self.written, self.transparent, self._about)
        self.lay_out(PARTS, fields, below, (N_("Picture"), "picture"))
        self.setMinimumWidth(420)
        self.retranslate()

    def retranslate(self) -> None:
        """Write the texts anew."""
        super().retranslate()
        self.setWindowTitle(_("Picture"))
        self.title.setPlaceholderText(_("The usual title"))
        self.written.setText(_("Legend, cards and title on it"))
        for k, title in enumerate([*SIZES.values(), N_("Another size")]):
            self.size_.setItemText(k, _(title))
        self.transparent.setText(_("Without background"))
        self._about.setText(
            _("Sky and plain are left out, so that other things can be put behind the picture.")
        )

    def _chosen(self, _k: int) -> None:
        key = str(self.size_.currentData() or "")
        if key:
            wide, high = (int(one) for one in key.split("x"))
            self.wide.setValue(wide)
            self.high.setValue(high)

    def _typed(self) -> None:
        key = f"{self.wide.value()}x{self.high.value()}"
        self.size_.setCurrentIndex(self.size_.findData(key if key in SIZES else ""))

    def begin(self) -> None:
        """Show what was chosen last."""
        last = self._shooting.choices
        self.wide.setValue(last.width)
        self.high.setValue(last.height)
        self.transparent.setChecked(last.transparent)
        self.written.setChecked(not last.bare)
        self.title.setText(last.title)
        self.show()
        self.activateWindow()

    def _write(self) -> None:
        size = (self.wide.value(), self.high.value())
        bare, title = not self.written.isChecked(), self.title.text().strip()
        if self._shooting.write(Choices(*size, self.transparent.isChecked(), bare, title)):
            self.close()
