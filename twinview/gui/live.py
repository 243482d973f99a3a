"""Following the present: the clock goes along, and files that change on disk are read again."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer

from twinview.gui.asking import Asker
from twinview.i18n import _
from twinview.scene.resolve import clock
from twinview.session.command import Command
from twinview.session.live import (
    Follow,
    Stamps,
    Standing,
    age,
    last_value,
    sentence,
    stamps,
    standing,
)
from twinview.session.opening import files_of
from twinview.session.store import State

if TYPE_CHECKING:
    from twinview.gui.window import MainWindow
    from twinview.model.twin import Twin

TICK_MS = 1000
"""Between two looks at the wall's clock; the timer itself runs by a clock that only goes on."""
REST_MS = 300
"""From a change on disk to a look at it: a program that writes does so in several goes."""
WATCHED = 500
"""So many files are watched one by one; of more, as in a Zarr folder, only the folders."""
LOOK = 10
"""Ticks between two looks at files that nobody tells about, as on some network drives."""
REREAD = "file.reread"


class Live(QObject):
    """Has a window follow the present.

    Parameters
    ----------
    window
        The window.
    """

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self.now: Callable[[], datetime] = lambda: datetime.now(UTC)
        self.on = False
        self.failure = ""
        """Why a file that changed could not be read; empty where all is well."""
        self._moving = self._again = False
        self._ticks = 0
        self._stamps: Stamps | None = None
        self._last: tuple[Twin, int, int | None] | None = None
        self._asker = Asker(self, REST_MS)
        self._asker.answered.connect(self._looked)
        self._watcher = QFileSystemWatcher(self)
        self._watcher.fileChanged.connect(self.look)
        self._watcher.directoryChanged.connect(self.look)
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self.tick)

    def connect_all(self) -> None:
        """Follow the window, once it is put together."""
        bar, jobs = self._window.timebar, self._window.jobs
        bar.player.changed.connect(lambda playing: self.leave() if playing else None)
        bar.pill.asked.connect(lambda on: self._window.run("time.live", on))
        jobs.failed.connect(self._failed)
        jobs.changed.connect(self._caught_up)

    # -------------------------------------------------------------------------------------- wishes
    def obey(self, wish: Follow) -> None:
        """Begin or end."""
        if not wish.on:
            self.leave()
            return
        self._window.timebar.player.pause()
        self.on, self.failure = True, ""
        self._window.jobs.errands.add(REREAD)
        self._timer.start()
        found = self._follow()
        if found.state != "good":
            self._window.stage.message.notice(sentence_of(self._window.session.state, found))
        self._stamps = None  # before the first reading, so that no change falls between the two
        self.look()

    def leave(self) -> None:
        """Follow the present no longer; what is shown stays."""
        if not self.on:
            return
        self.on, self._again, self.failure = False, False, ""
        self._timer.stop()
        self._window.jobs.errands.discard(REREAD)
        self._asker.drop()
        known = [*self._watcher.files(), *self._watcher.directories()]
        if known:
            self._watcher.removePaths(known)
        self._window.timebar.pill.show_off()
        self._window.tools.spread.show_age("")

    def close_down(self) -> None:
        """End what is under way."""
        self.leave()
        self._asker.close()

    # ----------------------------------------------------------------------------------- following
    def changed(self, old: State, new: State, opened: bool) -> None:
        """Follow the session: a step by hand ends it, other data are looked at anew."""
        if opened:
            self.leave()
        elif new.base.digest != old.base.digest:
            self._taken()
        elif self.on and not self._moving and _moved(old, new):
            self.leave()

    def _taken(self) -> None:
        """Take note that files were read again: what was computed of the old ones is void."""
        self.failure = ""
        self._window.jobs.supersede()
        QTimer.singleShot(0, self, self._window.unasked.compute_if_missing)
        if self.on:
            QTimer.singleShot(0, self, self._settle)

    def _settle(self) -> None:
        if self.on:
            self._follow()

    def tick(self) -> None:
        """Go along with the wall's clock."""
        self._ticks += 1
        self._follow()
        if self._ticks % LOOK == 0:
            self.look()

    def _follow(self) -> Standing:
        """Show the step of the last value, and how far it is behind."""
        state = self._window.session.state
        axis = state.twin.time
        now, step = self.now(), axis.nearest(self.now())
        if self._last is None or self._last[0] is not state.twin or self._last[1] != step:
            self._last = state.twin, step, last_value(state.twin, state.view.scenario, step)
        found = standing(axis, now, self._last[2])
        if found.step != state.view.time or state.view.between:
            self._moving = True
            try:
                self._window.session.begin("time.index", found.step)
            finally:
                self._moving = False
        self._window.timebar.pill.show_standing(found, last_text(state, found), self.failure)
        self._window.tools.spread.show_age(age(found.behind) if found.state == "old" else "")
        return found

    # --------------------------------------------------------------------------------------- files
    def look(self) -> None:
        """Look whether a file has changed, once writing rests; nothing on disk holds the window."""
        if self.on and not self._asker.busy:
            state = self._window.session.state
            self._asker.ask(state.project, lambda: stamps(files_of(state)))

    def _looked(self, project: object, answer: object) -> None:
        if not self.on or project is not self._window.session.state.project:
            return
        if isinstance(answer, dict):
            self._watch(list(answer))
            if answer != self._stamps:
                self._stamps = answer
                self._begin_reading()

    def _begin_reading(self) -> None:
        """Read again; while that is under way, once more after it."""
        if self._window.jobs.is_running(REREAD):
            self._again = True
            return
        self._again, self.failure = False, ""
        self._window.session.begin(REREAD)

    def _caught_up(self) -> None:
        if self._again and not self._window.jobs.is_running(REREAD):
            QTimer.singleShot(0, self, self._once_more)

    def _once_more(self) -> None:
        if self.on and self._again:
            self._begin_reading()

    def _watch(self, files: Sequence[Path]) -> None:
        """Watch files and their folders: many programs put a new file in the place of the old."""
        wanted = {str(file.parent) for file in files}
        if len(files) <= WATCHED:  # a folder tells of new and replaced files, not of longer ones
            wanted |= {str(file) for file in files}
        known = {*self._watcher.files(), *self._watcher.directories()}
        if known - wanted:
            self._watcher.removePaths(sorted(known - wanted))
        if wanted - known:
            self._watcher.addPaths(sorted(wanted - known))

    def _failed(self, command: Command, error: BaseException) -> None:
        """Keep showing what was read before, marked as such; the message says why."""
        if command.name == REREAD and self.on:
            self.failure = str(error)
            self._follow()


def _moved(old: State, new: State) -> bool:
    """Tell whether somebody went to another instant."""
    return (new.view.time, new.view.between) != (old.view.time, old.view.between)


def last_text(state: State, found: Standing) -> str:
    """Return when the last value is of, for the pill's tooltip; empty where there is none."""
    if found.last is None:
        return ""
    when = clock(state.twin.time, found.last)
    return _("Last value: {instant}", instant=f"{when.date} {when.time}")


def sentence_of(state: State, found: Standing) -> str:
    """Return how the data of what is open stand to the present."""
    return sentence(state.twin.time, found)
