"""The dialog of a picture: how large, and whether there is a sky behind it."""

from collections.abc import Callable

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from twinview.gui.cards import text_label
from twinview.gui.dialogs import ask_save
from twinview.gui.doing import folder_of
from twinview.gui.style import NumberBox, Translated
from twinview.i18n import N_, _
from twinview.session.store import Session

SIZES = {
    "1920x1080": N_("Screen, 1920 × 1080"), "3840x2160": N_("Large screen, 3840 × 2160"),
    "3508x2480": N_("Page A4 at 300 dpi, 3508 × 2480"), "1200x1200": N_("Square, 1200 × 1200"),
}  # fmt: skip
LEAST, MOST = 64, 8192


class PictureWindow(Translated, QDialog):
    """Asks for a size and a background, then for the file; what was chosen last stays.

    Parameters
    ----------
    session
        The store.
    ask
        Runs a command of the table.
    live
        Tells whether the view follows the present.
    parent
        The window it belongs to.
    """

    def __init__(
        self,
        session: Session,
        ask: Callable[..., object],
        live: Callable[[], bool],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._ask, self._live = session, ask, live
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
        self.transparent = QCheckBox()
        self.leave, self.write = QPushButton(), QPushButton()
        self.write.setProperty("primary", True)
        self.write.setDefault(True)
        self.leave.setAutoDefault(False)
        self.leave.clicked.connect(self.close)
        self.write.clicked.connect(self._write)
        self._labels = {name: text_label(role="soft") for name in ("size", "wide", "high")}
        self._about = text_label(role="small", wrap=True)
        self._lay_out()
        self.retranslate()

    def _lay_out(self) -> None:
        grid, foot = QGridLayout(), QHBoxLayout()
        grid.setHorizontalSpacing(10)
        grid.setColumnStretch(1, 1)
        for line, (name, part) in enumerate(
            (("size", self.size_), ("wide", self.wide), ("high", self.high))
        ):
            self._labels[name].setBuddy(part)
            grid.addWidget(self._labels[name], line, 0)
            grid.addWidget(part, line, 1)
        grid.addWidget(self.transparent, 3, 1)
        grid.addWidget(self._about, 4, 1)
        foot.addStretch(1)
        foot.addWidget(self.leave)
        foot.addWidget(self.write)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(14)
        column.addLayout(grid)
        column.addLayout(foot)
        self.setMinimumWidth(420)

    def retranslate(self) -> None:
        """Write the texts anew."""
        self.setWindowTitle(_("Picture"))
        titles = {"size": _("Size"), "wide": _("Width"), "high": _("Height")}
        for name, part in (("size", self.size_), ("wide", self.wide), ("high", self.high)):
            self._labels[name].setText(titles[name])
            part.setAccessibleName(titles[name])
        for k, title in enumerate([*SIZES.values(), N_("Another size")]):
            self.size_.setItemText(k, _(title))
        self.transparent.setText(_("Without background"))
        self._about.setText(
            _("Sky and plain are left out, so that other things can be put behind the picture.")
        )
        self.leave.setText(_("Close"))
        self.write.setText(_("Write..."))

    def _chosen(self, _k: int) -> None:
        key = str(self.size_.currentData() or "")
        if key:
            wide, high = (int(one) for one in key.split("x"))
            self.wide.setValue(wide)
            self.high.setValue(high)

    def _typed(self) -> None:
        key = f"{self.wide.value()}x{self.high.value()}"
        self.size_.setCurrentIndex(self.size_.findData(key if key in SIZES else ""))

    def _write(self) -> None:
        state = self._session.state
        stem = state.project.name or _("Unnamed")
        path = ask_save(self, _("Picture"), str(folder_of(state.path) / stem), ("png",))
        if path is not None:
            self.close()
            size = (self.wide.value(), self.high.value())
            wishes = (self.transparent.isChecked(), self._live())
            self._ask("export.picture", path, *size, *wishes)
