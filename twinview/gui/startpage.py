"""What is seen while nothing is open: the demo, opening, recent files, a place to drop files on."""

from collections.abc import Sequence
from pathlib import Path

import qtawesome
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from twinview import __version__
from twinview.gui.cards import text_label
from twinview.gui.style import Translated, look_now, on_accent, place
from twinview.i18n import _, language

_SHOWN = 5
_WIDE = 520


class StartPage(Translated, QWidget):
    """Covers the canvas.

    Signals
    -------
    asked
        ``(command)``: ``file.demo``, ``file.open`` or ``view.language``.
    opened
        ``(path)``: a recent file was chosen.
    """

    asked = Signal(str)
    opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("start")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.title = text_label("twinview", role="display")
        self.claim = text_label(role="soft", wrap=True)
        self.demo = self._button("file.demo", "fa6s.city", primary=True)
        self.demo.setMinimumHeight(52)
        self.open = self._button("file.open", "fa6s.folder-open")
        self.language = self._button("view.language", "fa6s.language")
        self.drop = QFrame()
        self.drop.setObjectName("drop")
        self._hint = text_label(role="soft", wrap=True)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._recent_title = text_label(role="small")
        self._recent = QVBoxLayout()
        self._recent.setSpacing(0)
        self._foot = text_label(role="small")
        self._lay_out()
        self.retranslate()

    def _button(self, command: str, sign: str, primary: bool = False) -> QPushButton:
        button = QPushButton()
        button.setProperty("primary", primary)
        button.setProperty("sign", sign)
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.clicked.connect(lambda: self.asked.emit(command))
        return button

    def _lay_out(self) -> None:
        inside = QVBoxLayout(self.drop)
        inside.setContentsMargins(24, 20, 24, 20)
        inside.addWidget(self._hint)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.open, 1)
        row.addWidget(self.language, 1)
        box = QWidget()
        box.setFixedWidth(_WIDE)
        column = QVBoxLayout(box)
        column.setSpacing(12)
        column.addWidget(self.title)
        column.addWidget(self.claim)
        column.addSpacing(12)
        column.addWidget(self.demo)
        column.addLayout(row)
        column.addWidget(self.drop)
        column.addWidget(self._recent_title)
        column.addLayout(self._recent)
        whole = QVBoxLayout(self)
        whole.addStretch(2)
        whole.addWidget(box, 0, Qt.AlignmentFlag.AlignHCenter)
        whole.addStretch(3)
        whole.addWidget(self._foot, 0, Qt.AlignmentFlag.AlignHCenter)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Draw the signs in the theme's colours."""
        if event.type() == QEvent.Type.PaletteChange:
            self.restyle()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Write the texts anew."""
        self.claim.setText(_("A digital twin of a city's energy and carbon"))
        self.demo.setText("  " + _("Open the demo district"))
        self.open.setText("  " + _("Open a file..."))
        self.language.setText("  " + ("English" if language() == "zh_CN" else "简体中文"))
        self._hint.setText(
            _("Or drop files here: a .twin project, building footprints, a grid, time series")
        )
        self._recent_title.setText(_("Recent"))
        self._foot.setText(_("Version {version} · works offline", version=__version__))
        self.restyle()

    def restyle(self) -> None:
        """Take the theme's colours."""
        look = look_now()
        for button in (self.demo, self.open, self.language):
            name = str(button.property("sign"))
            ink = on_accent(look) if button.property("primary") else look.text
            button.setIcon(qtawesome.icon(name, color=ink))

    def show_recent(self, files: Sequence[str]) -> None:
        """List the recent files; none is touched, for a stalled share would stop the window."""
        while (item := self._recent.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for name in files[:_SHOWN]:
            path = Path(name)
            button = QPushButton(f"{path.stem}   ·   {path.parent}")
            button.setProperty("flat", True)
            button.setToolTip(name)
            button.clicked.connect(lambda _on=False, path=path: self.opened.emit(path))
            self._recent.addWidget(button)
        self._recent_title.setVisible(bool(files))

    def show_over(self, on: bool) -> None:
        """Mark the place where files are dropped."""
        self.drop.setProperty("over", on)
        place(self.drop)
