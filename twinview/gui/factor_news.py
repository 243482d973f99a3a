"""A change of factors: computed anew by itself, then said in a card what it did, with the list."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from twinview.gui.asking import Asker
from twinview.gui.subject import uncomputed
from twinview.i18n import _
from twinview.model.twin import Twin
from twinview.session.answer import Answer
from twinview.session.factor_effects import (
    Effect,
    changes_answer,
    effects,
    headline,
    kept_effects,
    shares_of,
)
from twinview.session.project import Project
from twinview.session.results import inputs, load
from twinview.session.store import State

if TYPE_CHECKING:
    from twinview.gui.window import MainWindow


class FactorNews(QObject):
    """Follows the factors of a district that has results."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._before: Project | None = None
        self.asker = Asker(self, rest=50)
        self.asker.answered.connect(self._answered)

    def follow(self, old: State, new: State, opened: bool) -> bool:
        """Follow the session; tell whether results that are gone are made anew without a word."""
        if opened or new.base.layers is not old.base.layers:
            self._before = None
            return True
        ended = inputs(new.project) != inputs(old.project) and self._end()
        changed = factors_of(new.project) != factors_of(old.project)
        if changed:
            if self._before is None and not uncomputed(old.twin):
                self._before = old.project
            if self._before is not None and factors_of(self._before) == factors_of(new.project):
                self._before = None  # taken back before anything was said
        if ended or (changed and self._before is not None):
            QTimer.singleShot(0, self, self._compute)
        self._compare(new)
        return ended or changed

    def close_down(self) -> None:
        """End what is under way."""
        self.asker.close()

    def _end(self) -> bool:
        """End a computation of what is no longer so; tell whether there was one."""
        jobs = self._window.jobs
        stale = [one for one in jobs.running.values() if one.command.name == "compute.run"]
        for ticket in stale:
            jobs.cancel(ticket)
        return bool(stale)

    def _compute(self) -> None:
        if uncomputed(self._window.session.state.twin):
            self._window.run("compute.run")

    def _compare(self, new: State) -> None:
        before = self._before
        running = self._window.jobs.is_running("compute.run")
        if before is not None and not running and not uncomputed(new.twin):
            twin, project, path = new.twin, new.project, new.path
            self.asker.ask((before, new), lambda: kept_effects(twin, before, project, path))

    def _answered(self, key: object, answer: object) -> None:
        assert isinstance(key, tuple)
        before: Project | None = key[0]
        if isinstance(answer, Answer):
            self._window.session.teller(answer)
        elif before is not None and before is self._before and isinstance(answer, tuple):
            self._before = None
            self._say(before, key[1], answer)

    def _say(self, before: Project, new: State, found: tuple[Effect, ...]) -> None:
        message, text = self._window.stage.message, headline(found)
        if any(one.changed for one in found):
            message.choice(text, [(_("What changed"), lambda: self._list(before, new))])
        else:
            message.notice(text)

    def _list(self, before: Project, new: State) -> None:
        """Have the list made, which reads the results of all elements, and shown."""
        twin, project, path, base = new.twin, new.project, new.path, new.base
        self.asker.ask((before, None), lambda: listed(twin, (before, project), path, base))


def factors_of(project: Project) -> tuple[object, ...]:
    """Return what of a project says which factors count."""
    return project.factors, project.settings.import_factor, project.accounts.market


def listed(
    twin: Twin, projects: tuple[Project, Project], path: Path | None, base: Twin
) -> Answer | None:
    """Return what differs between the kept results of two projects; None where some are gone.

    Parameters
    ----------
    twin
        The case that is shown.
    projects
        Before and after.
    path
        Where the project is kept.
    base
        The base case.
    """
    old, new = (load(twin, one, path) for one in projects)
    if old is None or new is None:
        return None
    shares = shares_of(old.twin, new.twin, projects[1], base)
    return changes_answer(effects(old, projects[0], new, projects[1]), shares)
