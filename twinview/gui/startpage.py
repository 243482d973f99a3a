"""What is seen while nothing is open: the sample, lost work, recent projects, a place for files."""

from collections.abc import Sequence
from pathlib import Path

import qtawesome
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from twinview import __version__
from twinview.draw.ink import dark
from twinview.gui.cards import empty, text_label
from twinview.gui.recent import LostCard, Picture, RecentList
from twinview.gui.style import IconButton, Translated, look_now, on_accent, place
from twinview.i18n import _, language
from twinview.paths import assets_folder
from twinview.session.recovery import Lost

_WIDE, _GAP = 960, 24
_NARROW = 860
"""Width below which buttons stand under what is said beside them, logical pixels."""
_LOW, _PICTURE, _LEAST = 480, 120, 48
"""Height of the page below which its picture shrinks, and the picture's usual and least one."""
_MOST_LOST = 2


class StartPage(Translated, QWidget):
    """Covers the canvas.

    Signals
    -------
    asked
        ``(command)``: ``file.demo``, ``file.open``, ``theme`` or ``view.language``.
    opened
        ``(path)``: a recent project was chosen.
    removed
        ``(path)``: a project shall not be listed any more.
    recovered, forgotten
        ``(key)``: what becomes of lost work.
    """

    asked = Signal(str)
    opened = Signal(object)
    removed = Signal(object)
    recovered = Signal(str)
    forgotten = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("start")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.title = text_label("twinview", role="display")
        self.claim = text_label(role="soft", wrap=True)
        self.picture = Picture()
        self.picture.clicked.connect(lambda: self.asked.emit("file.demo"))
        self.about = text_label(role="soft", wrap=True)
        self.demo = self._button("file.demo", "fa6s.city", primary=True)
        self.demo.setMinimumHeight(44)
        self.open = self._button("file.open", "fa6s.folder-open")
        self.language = self._button("view.language", "fa6s.language")
        self.theme = IconButton("fa6s.circle-half-stroke", size=15)
        self.theme.clicked.connect(lambda: self.asked.emit("theme"))
        self.drop = QFrame()
        self.drop.setObjectName("drop")
        self._hint = text_label(role="soft", wrap=True)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.recent = RecentList()
        self.recent.opened.connect(self.opened)
        self.recent.removed.connect(self.removed)
        self._works: Sequence[Lost] = ()
        self.lost = QVBoxLayout()
        self.lost.setSpacing(8)
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
        box = QWidget()
        box.setMaximumWidth(_WIDE)
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addLayout(self._head())
        column.addLayout(self.lost)
        parts = QHBoxLayout()
        parts.setSpacing(_GAP)
        parts.addLayout(self._left(), 4)
        parts.addWidget(self.recent, 3)
        column.addLayout(parts, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(32, 24, 32, 12)
        whole.addStretch(1)
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(box, 100)
        across.addStretch(1)
        whole.addLayout(across, 100)
        whole.addStretch(1)
        whole.addWidget(self._foot, 0, Qt.AlignmentFlag.AlignHCenter)

    def _head(self) -> QHBoxLayout:
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(self.title)
        names.addWidget(self.claim)
        row = QHBoxLayout()
        row.addLayout(names, 1)
        row.addWidget(self.theme)
        row.addWidget(self.language)
        return row

    def _left(self) -> QVBoxLayout:
        inside = QVBoxLayout(self.drop)
        inside.setContentsMargins(16, 10, 16, 10)
        inside.addWidget(self._hint)
        card = QFrame()
        card.setObjectName("card")
        sample = QVBoxLayout(card)
        sample.setContentsMargins(1, 1, 1, 12)
        sample.setSpacing(10)
        sample.addWidget(self.picture, 1)
        said = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        said.setContentsMargins(16, 0, 16, 0)
        said.setSpacing(16)
        said.addWidget(self.about, 1)
        said.addWidget(self.demo)
        sample.addLayout(said)
        own = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._rows = said, own
        own.setSpacing(12)
        own.addWidget(self.open)
        own.addWidget(self.drop, 1)
        column = QVBoxLayout()
        column.setSpacing(16)
        column.addWidget(card, 1)
        column.addLayout(own)
        return column

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Put buttons beside what is said of them, or below where there is little room."""
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        low = self.height() < _LOW
        below = self.width() < _NARROW and not low
        self.picture.setMinimumHeight(_LEAST if low else _PICTURE)
        self.picture.setVisible(not (low and self._works))
        direction = QBoxLayout.Direction.TopToBottom if below else QBoxLayout.Direction.LeftToRight
        for row in self._rows:
            row.setDirection(direction)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Draw the signs in the theme's colours."""
        if event.type() == QEvent.Type.PaletteChange:
            self.restyle()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Write the texts anew."""
        self.claim.setText(_("A digital twin of a city's energy and carbon"))
        self.about.setText(
            _("A village with its grid, storage and a year of hours. Nothing is downloaded.")
        )
        self.picture.setAccessibleName(_("Open the demo district"))
        self.demo.setText("  " + _("Open the demo district"))
        self.open.setText("  " + _("Open a file..."))
        self.language.setText("  " + ("English" if language() == "zh_CN" else "简体中文"))
        self.theme.describe(_("Light or dark"))
        self._hint.setText(
            _("Or drop files here: a .twin project, building footprints, a grid, time series")
        )
        said = _("Version {version} · works offline", version=__version__)
        self._foot.setText(" · ".join([said, _("Ctrl+K finds everything"), _("? shows all keys")]))
        self.restyle()
        self.show_lost(self._works)

    def restyle(self) -> None:
        """Take the theme's colours."""
        look = look_now()
        for button in (self.demo, self.open, self.language):
            name = str(button.property("sign"))
            ink = on_accent(look) if button.property("primary") else look.text
            button.setIcon(qtawesome.icon(name, color=ink))
        name = "demo-dark.jpg" if dark(look) else "demo-light.jpg"
        self.picture.show_file(assets_folder() / "start" / name)

    def show_recent(self, files: Sequence[str]) -> None:
        """List the recent projects."""
        self.recent.show_files([Path(name) for name in files])

    def show_lost(self, works: Sequence[Lost]) -> None:
        """Offer what was lost, newest first."""
        self._works = works
        empty(self.lost)
        for work in works[:_MOST_LOST]:
            card = LostCard(work)
            card.recovered.connect(self.recovered)
            card.forgotten.connect(self.forgotten)
            self.lost.addWidget(card)
        self._fold()

    def show_over(self, on: bool) -> None:
        """Mark the place where files are dropped."""
        self.drop.setProperty("over", on)
        place(self.drop)
