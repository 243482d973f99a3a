"""The panel that shows what a number is made of, follows the clock, and leads on to its inputs."""

from PySide6.QtCore import QEvent, QTimer, QUrl, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QTextBrowser, QVBoxLayout, QWidget

from twinview.gui.cards import text_label
from twinview.gui.style import IconButton, Translated, look_now
from twinview.i18n import _
from twinview.model.problem import CommandError
from twinview.scene.sifting import EVERY, SELECTED
from twinview.scene.view import View
from twinview.session.store import State
from twinview.session.why import Derivation, Key, explained

PATIENCE_MS = 120
"""The clock may run; the derivation is written anew when it has rested this long."""


class WhyPanel(Translated, QWidget):
    """Value, formula, inputs, settings and sources of one number.

    Signals
    -------
    helped
        ``(place)``: the way to the method was taken.
    """

    helped = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shown: Derivation | None = None
        self._state: State | None = None
        self._trail: list[Key] = []
        self.back = IconButton("fa6s.arrow-left", size=14)
        self.back.clicked.connect(self._go_back)
        self.title = text_label(role="title", wrap=True)
        self.copy = IconButton("fa6s.copy", size=14)
        self.copy.clicked.connect(self._copy)
        self.over = text_label(role="small", wrap=True)
        self.over.setContentsMargins(14, 0, 12, 4)
        self.text = QTextBrowser()
        self.text.setOpenLinks(False)
        self.text.anchorClicked.connect(self._followed)
        self.method = QPushButton()
        self.method.setProperty("flat", True)
        self.method.clicked.connect(self._to_method)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PATIENCE_MS)
        self._timer.timeout.connect(self._again)
        self.over.hide()
        self._lay_out()
        self.retranslate()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(12, 0, 8, 0)
        head.setSpacing(4)
        head.addWidget(self.back)
        head.addWidget(self.title, 1)
        head.addWidget(self.copy)
        foot = QHBoxLayout()
        foot.setContentsMargins(8, 0, 8, 8)
        foot.addWidget(self.method)
        foot.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(4)
        whole.addLayout(head)
        whole.addWidget(self.over)
        whole.addWidget(self.text, 1)
        whole.addLayout(foot)
        self.text.document().setDocumentMargin(14)
        self.setMinimumWidth(248)
        self.setFocusProxy(self.text)

    def retranslate(self) -> None:
        """Write the texts anew."""
        self.back.describe(_("Back to the number before"))
        self.copy.describe(_("Copy as text"))
        self.method.setText(_("How this is computed"))
        self._again()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Take the theme's colours."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._write()

    def changed(self, old: State, new: State) -> None:
        """Follow clock, scenario, data and settings."""
        self._state = new
        if new.twin.layers is not old.twin.layers:
            self.shown, self._trail = None, []
            self._write()
        elif (
            seen_of(new.view) != seen_of(old.view)
            or new.twin is not old.twin
            or new.project.settings != old.project.settings
            or (self._together and counting(new) != counting(old))
        ):
            self._timer.start()

    @property
    def _together(self) -> bool:
        """Whether the number is that of several elements."""
        return self.shown is not None and self.shown.key.element in {SELECTED, EVERY}

    def _say_pinned(self) -> None:
        """Say of a number at a step of its own that it stays there."""
        shown = self.shown
        pinned = shown is not None and shown.key.stays
        if shown is not None:
            self.over.setText(_("{when}. It stays while the clock moves.", when=shown.when))
        self.over.setVisible(pinned)

    def showEvent(self, event: object) -> None:  # noqa: N802
        """Catch up with the clock."""
        super().showEvent(event)  # type: ignore[arg-type]
        self._again()

    def show_derivation(self, found: Derivation) -> None:
        """Show a derivation; the one before can be gone back to."""
        if self.shown is not None and self.shown.key != found.key:
            self._trail.append(self.shown.key)
        self.shown = found
        self._write()

    def _again(self) -> None:
        """Ask once more for what is shown: at another instant, in another language."""
        if self.shown is None or self._state is None or not self.isVisible():
            return
        found = self._asked(self.shown.key)
        if found is not None:
            self.shown = found
        elif self._together:
            self.shown = None
        self._write()

    def _asked(self, key: Key) -> Derivation | None:
        assert self._state is not None
        try:
            return explained(self._state, key)
        except CommandError:  # put away with the results it belonged to
            return None

    def _followed(self, address: QUrl) -> None:
        from twinview.gui.richtext import key_of

        key = key_of(address.toString())
        found = None if key is None else self._asked(key)
        if found is not None:
            self.show_derivation(found)
            self.text.setFocus()

    def _go_back(self) -> None:
        while self._trail:
            found = self._asked(self._trail.pop())
            if found is not None:
                self.shown = found
                break
        self._write()

    def _copy(self) -> None:
        if self.shown is not None:
            QGuiApplication.clipboard().setText(self.shown.as_text())

    def _to_method(self) -> None:
        if self.shown is not None:
            self.helped.emit(self.shown.parts.place)

    def _write(self) -> None:
        shown = self.shown
        self._say_pinned()
        self.back.setEnabled(bool(self._trail))
        self.copy.setEnabled(shown is not None)
        self.method.setVisible(shown is not None)
        if shown is None:
            self.title.setText("")
            self.text.setPlainText(_("Click a number to see what it is made of."))
            return
        from twinview.gui.richtext import derivation  # with a reader of Markdown

        self.title.setText(shown.title)
        place = self.text.verticalScrollBar().value()
        self.text.setHtml(derivation(shown, look_now()))
        self.text.verticalScrollBar().setValue(place)


def counting(state: State) -> tuple[object, ...]:
    """Return what decides which elements a number of several ones is made of."""
    return state.view.selection, state.view.hidden, state.project.layers


def seen_of(view: View) -> tuple[object, ...]:
    """Return what of a view decides which number is seen of an element."""
    return view.time, view.scenario, view.window, view.overlay, view.against
