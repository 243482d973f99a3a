"""The bar on top: menu, name, undo and redo, scenario, overlays, theme, language."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QMenu, QSizePolicy, QToolButton, QWidget

from twinview.gui.cards import text_label
from twinview.gui.scenario_bar import ScenarioBar
from twinview.gui.style import IconButton, Translated
from twinview.i18n import _, language
from twinview.scene.overlay import available, overlays
from twinview.scene.resolve import choose
from twinview.session.store import Session, State

if TYPE_CHECKING:
    from collections.abc import Callable


RIM, SHORT = 6, 72
"""Logical pixels above and below the buttons, and of the name where it is shortened most."""


class TopBar(Translated, QWidget):
    """One slim line.

    Signals
    -------
    asked
        ``(command, argument)``: a button was pressed.
    """

    asked = Signal(str, str)

    def __init__(self, session: Session, menu: QMenu, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pace: Callable[[], str] = str
        """Tells how finely moving pictures are drawn."""
        self._session = session
        self.menu_button = IconButton("fa6s.bars", size=16)
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu_button.setMenu(menu)
        self.name, self._called = text_label(role="title"), ""
        self.undo = IconButton("fa6s.rotate-left", size=14)
        self.redo = IconButton("fa6s.rotate-right", size=14)
        self.scenario = ScenarioBar(session)
        self.scenario.asked.connect(self.asked)
        # In the next turn: this one still gives everything on the bar its place.
        self.scenario.resized.connect(lambda: QTimer.singleShot(0, self, self._fit))
        self.search = IconButton("fa6s.magnifying-glass", size=14)
        self.theme = IconButton("fa6s.circle-half-stroke", size=15)
        self.language = QToolButton()
        self.overlays: dict[str, QToolButton] = {}
        self._group = QButtonGroup(self)
        self._pills = QHBoxLayout()
        self._pills.setSpacing(2)
        self._lay_out()
        self._make_overlays()
        self.undo.clicked.connect(lambda: self.asked.emit("edit.undo", ""))
        self.redo.clicked.connect(lambda: self.asked.emit("edit.redo", ""))
        self.theme.clicked.connect(lambda: self.asked.emit("theme", ""))
        self.language.clicked.connect(self._switch_language)
        self.retranslate()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(8, RIM, 12, RIM)
        row.setSpacing(4)
        for widget in (self.menu_button, self.name, self.undo, self.redo, self.scenario):
            row.addWidget(widget)
        row.insertSpacing(2, 8)
        row.insertSpacing(5, 8)
        row.addSpacing(16)
        row.addLayout(self._pills)
        row.addStretch(1)
        row.addWidget(self.search)
        row.addWidget(self.theme)
        row.addWidget(self.language)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def _make_overlays(self) -> None:
        for key in overlays():
            button = QToolButton()
            button.setProperty("pill", True)
            button.setCheckable(True)
            button.clicked.connect(lambda _on=False, key=key: self._choose(key))
            self._group.addButton(button)
            self._pills.addWidget(button)
            self.overlays[key] = button
        self.more = IconButton("fa6s.ellipsis", size=14)
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setMenu(QMenu(self.more))
        self._pills.addWidget(self.more)

    def fold(self, low: bool, narrow: bool) -> None:
        """Take less of a low window's height, and say less in a narrow one."""
        row, rim = self.layout(), 1 if low else RIM
        assert row is not None
        row.setContentsMargins(8, rim, 12, rim)
        self.scenario.fold(narrow)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Keep as many overlays in sight as there is room for."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Move what does not fit into the menu at the end: first what the data do not hold."""
        loaded = bool(self._session.state.twin.layers)
        self.name.setText(self._called)
        for button in self.overlays.values():
            button.setVisible(loaded)
        self.more.hide()
        menu, row = self.more.menu(), self.layout()
        assert row is not None
        menu.clear()
        for button in sorted(self.overlays.values(), key=QToolButton.isEnabled):
            self._pills.invalidate()
            row.invalidate()
            if not loaded or row.sizeHint().width() <= self.width():
                break
            if not button.isChecked():
                button.hide()
                self.more.show()
        for key, button in self.overlays.items():
            if loaded and button.isHidden():
                action = menu.addAction(button.text(), partial(self._choose, key))
                action.setEnabled(button.isEnabled())
        self._fit_name()

    def _fit_name(self) -> None:
        """Shorten the name where even then not everything fits; its tooltip has it whole."""
        row = self.layout()
        assert row is not None
        self.name.setText(self._called)
        row.invalidate()
        over = row.sizeHint().width() - self.width()
        if over > 0:
            room = max(SHORT, self.name.sizeHint().width() - over)
            dots = Qt.TextElideMode.ElideMiddle  # the end says whether it is saved
            self.name.setText(self.name.fontMetrics().elidedText(self._called, dots, room))

    def _choose(self, key: str) -> None:
        self.asked.emit("overlay.show", key)
        self.changed(self._session.state, self._session.state)

    def _switch_language(self) -> None:
        self.asked.emit("view.language", "en" if language() == "zh_CN" else "zh_CN")

    def retranslate(self) -> None:
        """Write the texts anew."""
        self.menu_button.describe(_("Menu"), "F10")
        self.search.describe(_("Find a command..."), "Ctrl+K")
        self.theme.describe(_("Light or dark"))
        self.more.describe(_("More overlays"))
        self.language.setText("EN" if language() == "zh_CN" else "中文")
        self.language.setToolTip("English" if language() == "zh_CN" else "简体中文")
        self.language.setAccessibleName(self.language.toolTip())
        for key, overlay in overlays().items():
            self.overlays[key].setText(_(overlay.title))
        self.changed(self._session.state, self._session.state)

    def changed(self, old: State, new: State) -> None:
        """Follow the session."""
        loaded = bool(new.twin.layers)
        mark = " •" if new.dirty else ""
        name = new.project.name or (_("Unnamed") if loaded else "twinview")
        self._called = name + mark
        self.name.setToolTip("\n".join(filter(None, [name, str(new.path or ""), self.pace()])))
        self._show_undo()
        self.scenario.changed(old, new)
        able = available(new.twin) if loaded else {}
        shown = choose(new.twin, new.view.overlay).id if able else ""
        for key, button in self.overlays.items():
            button.setEnabled(key in able)
            button.setChecked(key == shown)
            missing = loaded and key not in able
            hint = _("The data do not hold this yet") if missing else ""
            button.setToolTip("\n".join(filter(None, [button.text(), hint])))
        self._fit()

    def _show_undo(self) -> None:
        undo, redo = self._session.undo_title, self._session.redo_title
        self.undo.setEnabled(bool(undo))
        self.redo.setEnabled(bool(redo))
        self.undo.describe(
            _("Undo {what}", what=_(undo).rstrip(". …")) if undo else _("Undo"), "Ctrl+Z"
        )
        self.redo.describe(
            _("Redo {what}", what=_(redo).rstrip(". …")) if redo else _("Redo"), "Ctrl+Shift+Z"
        )
        for button in (self.undo, self.redo):
            button.setVisible(bool(self._session.state.twin.layers))
