"""Questions that take a moment: answered in a thread, the latest one wins, the window goes on."""

import logging
import threading
from collections.abc import Callable, Hashable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from twinview.gui.style import Translated
from twinview.model.problem import CommandError

log = logging.getLogger(__name__)

PATIENCE = 3.0
"""Seconds that closing waits for a question under way."""

Work = Callable[[], Any]


class Asker(QObject):
    """Answers one question at a time; while one is under way, only the latest other one waits.

    Parameters
    ----------
    rest
        Milliseconds without a newer question before work begins.

    Signals
    -------
    answered
        ``(key, answer)``: answer is what the work returned, or a CommandError that it raised.
    """

    answered = Signal(object, object)
    _done = Signal(object, object)

    def __init__(self, parent: QObject | None = None, rest: int = 200) -> None:
        super().__init__(parent)
        self._wanted: tuple[Hashable, Work] | None = None
        self._thread: threading.Thread | None = None
        self._closed = False
        self._timer = QTimer(self, singleShot=True, interval=rest)
        self._timer.timeout.connect(self._begin)
        self._done.connect(self._on_done)

    @property
    def busy(self) -> bool:
        """Whether a question waits or is under way."""
        return self._wanted is not None or self._thread is not None

    def ask(self, key: Hashable, work: Work) -> None:
        """Have a question answered, unless a newer one comes first.

        Parameters
        ----------
        key
            Comes back with the answer, so that a late one can be told.
        work
            Touches neither Qt nor VTK.
        """
        self._wanted = (key, work)
        self._timer.start()

    def drop(self) -> None:
        """Forget the question that waits; the answer of one under way still comes."""
        self._timer.stop()
        self._wanted = None

    def close(self) -> None:
        """Ask nothing any more, and wait for what is under way."""
        self._closed = True
        self.drop()
        if self._thread is not None:
            self._thread.join(PATIENCE)

    def _begin(self) -> None:
        if self._wanted is None or self._thread is not None or self._closed:
            return
        (key, work), self._wanted = self._wanted, None
        self._thread = threading.Thread(
            target=self._work, args=(key, work), name="question", daemon=True
        )
        self._thread.start()

    def _work(self, key: Hashable, work: Work) -> None:
        try:
            answer = work()
        except CommandError as error:
            answer = error
        except Exception as error:  # noqa: BLE001  (border: the panel says less, the log says why)
            log.error("a question of the window failed", exc_info=error)
            answer = None
        try:
            self._done.emit(key, answer)
        except RuntimeError:  # the window is gone
            log.debug("an answer came after the window was closed")

    def _on_done(self, key: object, answer: object) -> None:
        if self._thread is not None:
            self._thread.join()
        self._thread = None
        if not self._closed:
            self.answered.emit(key, answer)
            if self._wanted is not None:
                self._timer.start()


class AskingPanel(Translated, QWidget):
    """A panel whose numbers are made in a thread, asked for once a turn however much has changed.

    Whoever derives from it says what to ask in `_ask` and shows what comes in `_answered`; starting
    `_timer` asks anew. What happens while it is hidden is caught up with when it is shown.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.asker = Asker(self)
        self.asker.answered.connect(self._answered)
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._ask)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Catch up with what happened while it was hidden."""
        super().showEvent(event)
        self._timer.start()

    def close_down(self) -> None:
        """End what is under way."""
        self.asker.close()

    def _ask(self) -> None:
        raise NotImplementedError

    def _answered(self, key: object, answer: object) -> None:
        raise NotImplementedError
