"""Unsaved work of a window: kept soon after an edit and before long jobs, offered again later."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from twinview.gui.arriving import PARTS
from twinview.gui.asking import Asker
from twinview.gui.paneshapes import SHAPES
from twinview.gui.pictures import small
from twinview.i18n import _
from twinview.model.problem import CommandError
from twinview.session import recovery
from twinview.session.store import State

if TYPE_CHECKING:
    from twinview.gui.window import MainWindow
    from twinview.session.project import Project

AFTER_MS = 3000
"""From the first edit that is not kept until it is: well within the ten seconds promised."""


class Keeping(QObject):
    """Keeps what a window has not saved, and brings back what an earlier one lost.

    Parameters
    ----------
    window
        Whose work it is.
    """

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self.keeper = recovery.Keeper()
        self._kept: Project | None = None
        self._coming: recovery.Lost | None = None
        self._asker = Asker(self, rest=0)
        self._asker.answered.connect(self._settled)
        self._timer = QTimer(self, singleShot=True, interval=AFTER_MS)
        self._timer.timeout.connect(self._keep)

    def connect_all(self) -> None:
        """Follow the window, once it is put together."""
        window = self._window
        window.jobs.changed.connect(self._before_work)
        window.jobs.failed.connect(self._failed)
        window.stage.start.recovered.connect(self.recover)
        window.stage.start.forgotten.connect(self.forget)
        self.show_lost()

    def show_lost(self) -> None:
        """Have the start page offer what was lost."""
        self._window.stage.start.show_lost(recovery.lost())

    def changed(self, state: State, opened: bool) -> None:
        """Follow the session: an edit is kept soon, what is saved needs not be kept.

        Parameters
        ----------
        state
            What is open now.
        opened
            Whether it has just been opened.
        """
        if not state.dirty:
            self._drop()
        elif state.project is not self._kept and not self._timer.isActive():
            self._timer.start()
        if opened:
            self._take_over(state)

    def _take_over(self, state: State) -> None:
        """Keep what has come back under the window's own name before the old one goes away."""
        coming, self._coming = self._coming, None
        if coming is not None and state.project.name == coming.name:
            if state.dirty and not self._keep():
                return
            recovery.forget(coming.key)

    def offer(self) -> None:
        """Ask about work on the project that was just opened, lost at another time."""
        path = self._window.session.state.path
        home = path.resolve() if path is not None else None
        found = next((one for one in recovery.lost() if one.home == home), None)
        if home is None or found is None:
            return
        self._window.stage.message.choice(
            _("Work on {name} of {when} was not saved.", name=found.name, when=when_text(found)),
            [
                (_("Recover"), lambda: self.recover(found.key)),
                (_("Forget it"), lambda: self.forget(found.key)),
            ],
        )

    def recover(self, key: str) -> None:
        """Bring lost work back."""
        if not self._window.may_lose():
            return
        try:
            self._coming = recovery.find(key)
        except CommandError as error:
            self._window.stage.message.error(str(error))
            return
        self._window.run("file.recover", self._coming.key)

    def forget(self, key: str) -> None:
        """Delete lost work."""
        if self._window.run("file.forget", key):
            self.show_lost()

    def _failed(self, *_what: object) -> None:
        self._coming = None

    # ------------------------------------------------------------------------------------- keeping
    def _before_work(self) -> None:
        """Keep what is not kept yet before a job begins; its thread starts after this.

        Those that draw do all of their work in a child, and there is no picture yet to keep.
        """
        running = self._window.jobs.running.values()
        begun = [one for one in running if one.command not in (PARTS, SHAPES)]
        if self._timer.isActive() and begun:
            self._keep()

    def _keep(self) -> bool:
        """Keep what is open; the disk is waited for, and a picture written, out of the way."""
        self._timer.stop()
        state, keeper = self._window.session.state, self.keeper
        if state.project is self._kept:
            return True
        try:
            keeper.keep(state)
        except CommandError as error:
            self._window.stage.message.error(
                _("Unsaved work cannot be kept for recovery: {why}", why=error)
            )
            return False
        self._kept = state.project
        picture = small(self._window.canvas)

        def settle() -> None:
            picture.save(str(keeper.picture))
            keeper.settle()

        self._asker.ask(state.project, settle)
        return True

    def _settled(self, *_what: object) -> None:
        if self._kept is None:
            self.keeper.forget()  # saved meanwhile

    def _drop(self) -> None:
        self._timer.stop()
        if self._kept is not None:
            self._kept = None
            self.keeper.forget()

    def close(self) -> None:
        """Take away what was kept: the window was closed by its user, who was asked."""
        self._timer.stop()
        self._asker.close()
        self.keeper.forget()


def when_text(work: recovery.Lost) -> str:
    """Return when lost work was kept, to the minute."""
    return f"{work.when:%Y-%m-%d %H:%M}"
