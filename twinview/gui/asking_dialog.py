"""A dialog that looks things up in a thread, says how far it is, and follows the session."""

import threading
from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QWidget

from twinview.gui.asking import Asker, Work
from twinview.gui.style import Translated
from twinview.model.problem import CommandError
from twinview.session.store import Session, State


class AskingDialog(Translated, QDialog):
    """A dialog whose answers come from a thread; doing runs a command, so it can be undone.

    Parameters
    ----------
    session
        The store.
    ask
        Runs a command of the table.
    parent
        The window it belongs to.
    """

    _news = Signal(object, object)
    _told = Signal(str)

    def __init__(
        self, session: Session, ask: Callable[..., object], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._ask = session, ask
        self._ended = threading.Event()
        self._asked = 0
        self.asker = Asker(self)
        self.asker.answered.connect(self._heard)
        self._news.connect(self._changed)
        self._unlisten = session.listen(self._news.emit)

    def look_up(self, work: Work) -> None:
        """Have something looked up in a thread; only the latest answer is taken."""
        self._asked += 1
        self.asker.ask(self._asked, work)

    def close_down(self) -> None:
        """End what is under way and hear no more news."""
        self._ended.set()
        self._unlisten()
        self.asker.close()

    def _tell(self, text: str) -> None:
        """Say how far it is, from the thread; a dialog that is gone ends the work."""
        if self._ended.is_set():
            raise CommandError("")
        if text:
            self._told.emit(text)

    def _heard(self, key: object, answer: object) -> None:
        if key == self._asked:
            self._answered(answer)

    def _answered(self, answer: object) -> None:
        """Take what was looked up, or the CommandError or None that came instead."""
        raise NotImplementedError

    def _changed(self, old: State, new: State) -> None:
        """Follow the session."""
        raise NotImplementedError
