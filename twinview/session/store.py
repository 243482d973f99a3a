"""One store, one signal: the session holds three frozen values and tells who listens."""

import shlex
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from twinview.i18n import _
from twinview.model.problem import CommandError
from twinview.model.twin import BASE, Twin
from twinview.progress import Job, drain
from twinview.render.clearing import Frame
from twinview.scene.painting import Beside
from twinview.scene.private import veiled
from twinview.scene.view import View
from twinview.session.cases import Cases, cases_of_base, follow
from twinview.session.command import Command, find, parse, typed
from twinview.session.following import NO_NAMES, Names, taken_too, turned, view_following
from twinview.session.project import Project
from twinview.session.results import inputs
from twinview.session.told import Told, unheard
from twinview.session.trail import Trails

LOGGED = 10_000
"""Commands that are remembered at least: a day of scrubbing must not fill the memory."""
EMPTY = Twin(name="", crs="", origin=(0.0, 0.0, 0.0))


@dataclass(frozen=True, eq=False)
class Understood:
    """How a source was read.

    Parameters
    ----------
    crs, crs_reason
        Coordinate system of the source, and how it is known (`twinview.model.part.Part`).
    rows
        Rows in the file and rows kept, by the layer's id in the file.
    """

    crs: str
    crs_reason: str
    rows: Mapping[str, tuple[int, int]]


@dataclass(frozen=True, eq=False)
class State:
    """What is open.

    Parameters
    ----------
    twin
        The district in the case that the view shows, without values of single dwellings that the
        project keeps back (`twinview.scene.private.veiled`).
    project
        What the user decided.
    view
        What the user wants to see.
    path
        Where the project is kept; None until it is saved.
    saved
        The project as on disk, to know whether there is anything to save.
    understood
        By source id, for those that could be read.
    cases
        The base and all scenarios; None where there is only the base.
    """

    twin: Twin = EMPTY
    project: Project = field(default_factory=Project)
    view: View = field(default_factory=View)
    path: Path | None = None
    saved: Project | None = None
    understood: Mapping[str, Understood] = field(default_factory=dict)
    cases: Cases | None = None

    def __post_init__(self) -> None:
        """Take in only what may be shown: nobody who looks at it can forget to ask."""
        object.__setattr__(self, "twin", self._veiled(self.twin))

    def _veiled(self, twin: Twin) -> Twin:
        base = None if self.cases is None else self.cases.twins[BASE]
        return veiled(twin, self.project.private_group, base)

    @property
    def base(self) -> Twin:
        """The district in the base case, with the values of single elements."""
        return self.twin.exact if self.cases is None else self.cases.twins[BASE]

    @property
    def beside(self) -> Beside:
        """What decides the picture beside twin and view."""
        cases = {} if self.cases is None else self.cases.twins
        twins = {key: self._veiled(one) for key, one in cases.items()} or {BASE: self.twin}
        titles = {one.id: one.name for one in self.project.scenarios}
        project = self.project
        return Beside(project.styles, twins, titles, project.layers, project.order)

    def showing(self, scenario: str) -> "State":
        """Return the state with a case shown; the base where there is no such scenario."""
        twin = self.twin if self.cases is None else self.cases.of(scenario)
        return replace(self, twin=twin, view=replace(self.view, scenario=twin.scenario))

    @property
    def dirty(self) -> bool:
        """True where edits, or a project that was never saved, are not on disk."""
        return self.project != self.saved if self.saved else bool(self.project.sources)


@dataclass(frozen=True, eq=False)
class Edited:
    """An edit that changes more than the project: what a command returns to have it replaced.

    Parameters
    ----------
    project
        The project after it.
    twin
        The base case after it; None where it is left alone.
    scenario
        The scenario to show; None leaves that.
    understood
        How sources were read that it reads; None where it reads none.
    names
        Ids that layers have after it, by those that they had: the view follows them.
    """

    project: Project
    twin: Twin | None = None
    scenario: str | None = None
    understood: Mapping[str, Understood] | None = None
    names: Names = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Reread:
    """Files that changed on disk, read again: data are replaced, decisions and view stay.

    Parameters
    ----------
    made
        What its sources hold now.
    project
        The project it was read for.
    """

    made: State
    project: Project


@dataclass(frozen=True, eq=False)
class Late:
    """An answer that changes the twin that is open when it comes, not the one it was made for."""

    over: Callable[[Twin], Twin]


@dataclass(frozen=True)
class Edit:
    """One step of undo: what it is called, and what was there before.

    `cases` is None where the step left the base alone: results computed since then stay; also
    where files were read again since then (`outdated`), so that they must be once more. `names`
    are the ids that layers had before it, by those that it gave them.
    """

    title: str
    project: Project
    cases: Cases | None
    outdated: bool = False
    names: Names = field(default_factory=dict)


def _outdated(edits: list[Edit]) -> list[Edit]:
    """Return edits without the data that were open before their files were read again."""
    return [
        replace(one, cases=None, outdated=one.outdated or one.cases is not None) for one in edits
    ]


Listener = Callable[[State, State], None]
Driver = Callable[[Command, Job[Any], Callable[[Any], None]], None]


def inline(_command: Command, job: Job[Any], done: Callable[[Any], None]) -> None:
    """Run a job at once, to its end."""
    done(drain(job))


class Session:
    """Holds the state, runs commands, tells listeners ``(old, new)``.

    Parameters
    ----------
    state
        What is open at first.
    driver
        Runs the jobs that commands return; the window gives one that shows progress.

    Attributes
    ----------
    teller
        Takes what commands return to be read; window and command line put their own here.
    frame
        What the view is seen in; a window puts its own here.
    seen
        Whether a window shows it, which must answer whatever is computed.
    trail
        Where the camera has been, and what was selected, since the district was opened.
    """

    def __init__(self, state: State | None = None, driver: Driver = inline) -> None:
        self.state = state or State()
        self.driver = driver
        self.teller: Callable[[Told], None] = unheard
        self.frame = Frame()
        self.seen = False
        self.trail = Trails(self.state.view)
        self.log: list[str] = []
        self._listeners: list[Listener] = []
        self._undo: list[Edit] = []
        self._redo: list[Edit] = []

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call `listener(old, new)` after each change; the returned function ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def run(self, name: str, *arguments: Any) -> None:
        """Run a command by name with typed arguments."""
        command = find(name)
        self.log.append(" ".join([name, *(shlex.quote(_written(one)) for one in arguments)]))
        del self.log[: -2 * LOGGED]
        self._take(command, command.run(self, *arguments))

    def begin(self, name: str, *arguments: Any) -> None:
        """Run a command that nobody asked for, which leaves no line in the log."""
        command = find(name)
        self._take(command, command.run(self, *arguments))

    def do(self, line: str) -> None:
        """Run a command written as a line of text."""
        command, texts = parse(line)
        self.run(command.name, *typed(command, texts, self.state.twin.time.tz))

    def _take(self, command: Command, result: Any) -> None:
        if isinstance(result, Generator):
            self.driver(command, result, lambda late: self._take(command, late))
            return
        doing: dict[type, Callable[[], None]] = {
            View: lambda: self._set(replace(self.state, view=result).showing(result.scenario)),
            Project: lambda: self.edit(command.title, result),
            Edited: lambda: self._edited(command.title, result),
            Twin: lambda: self._computed(result),
            Late: lambda: self._computed(result.over(self.state.twin.exact)),
            Reread: lambda: self._reread(result),
            State: lambda: self._open(result),
            type(None): lambda: None,
            Told: lambda: self.teller(result),
        }
        act = next((one for kind, one in doing.items() if isinstance(result, kind)), None)
        if act is None:
            raise TypeError(f"{command.name} returned {type(result).__name__}")
        act()

    def _computed(self, twin: Twin) -> None:
        """Take a case with results; it is shown where it is the one that is wanted."""
        self._set(_with(self.state, self._cases.taken(twin.exact)))

    def _reread(self, found: Reread) -> None:
        """Take files that were read again; an edit made meanwhile has them read for it."""
        if found.project is not self.state.project:
            self.begin("file.reread")
            return
        self._undo, self._redo = _outdated(self._undo), _outdated(self._redo)
        cases = found.made.cases or cases_of_base(found.made.base)
        self._set(_with(replace(self.state, understood=found.made.understood), cases))

    def _open(self, state: State) -> None:
        self._undo, self._redo = [], []
        self.trail = Trails(state.view)
        self._set(state)

    def _edited(self, title: str, made: Edited) -> None:
        """Take an edit; what it read is known from now on, also when it is taken back."""
        if made.understood is not None:
            understood = {**self.state.understood, **made.understood}
            self.state = replace(self.state, understood=understood)
        self.edit(title, made.project, made.twin, made.scenario, made.names)

    def edit(
        self,
        title: str,
        project: Project,
        twin: Twin | None = None,
        scenario: str | None = None,
        names: Names = NO_NAMES,
    ) -> None:
        """Replace the project (and what else an `Edited` says) as one step of undo."""
        old, cases = self.state.project, self._cases
        if project == old and twin is None:
            return
        kept = cases if twin is not None or inputs(project) != inputs(old) else None
        self._undo.append(Edit(title, old, kept, names=turned(names)))
        self._redo.clear()
        if twin is not None:
            none = old.model_copy(update={"scenarios": ()})
            cases = follow(cases_of_base(twin.exact), none, project, self.state.path)
        else:
            cases = follow(cases, old, project, self.state.path)
        self._set(_with(self._seen(names), cases, project, scenario))

    def _seen(self, names: Names) -> State:
        """Return the state whose view follows layers to other names."""
        return replace(self.state, view=view_following(self.state.view, names))

    @property
    def _cases(self) -> Cases:
        return self.state.cases or cases_of_base(self.state.base)

    @property
    def undo_title(self) -> str:
        """Title of the edit that undo would take back; empty where there is none."""
        return self._undo[-1].title if self._undo else ""

    @property
    def redo_title(self) -> str:
        """Title of the edit that redo would bring back; empty where there is none."""
        return self._redo[-1].title if self._redo else ""

    @property
    def undo_titles(self) -> list[str]:
        """Titles of all edits that can be taken back, the last one first."""
        return [one.title for one in reversed(self._undo)]

    @property
    def redo_titles(self) -> list[str]:
        """Titles of all edits that can be brought back, the next one first."""
        return [one.title for one in reversed(self._redo)]

    def undo(self, steps: int = 1) -> None:
        """Take the last edits back."""
        self._swap_all(steps, self._undo, self._redo)

    def redo(self, steps: int = 1) -> None:
        """Bring the last edits back that were taken back."""
        self._swap_all(steps, self._redo, self._undo)

    def _swap_all(self, steps: int, source: list[Edit], target: list[Edit]) -> None:
        if not 1 <= steps <= len(source):
            raise CommandError(_nothing())
        for _k in range(steps):
            self._swap(source, target)

    def _swap(self, source: list[Edit], target: list[Edit]) -> None:
        edit = source.pop()
        old, cases = self.state.project, self._cases
        known = None if edit.cases is None else cases
        target.append(Edit(edit.title, old, known, edit.outdated, turned(edit.names)))
        cases = edit.cases or follow(cases, old, edit.project, self.state.path)
        self._set(_with(self._seen(edit.names), cases, edit.project))
        if edit.outdated:
            self.begin("file.reread")

    def mark_saved(self, path: Path, project: Project) -> None:
        """Note that `project` (the open one, with paths for its new place) is on disk at `path`."""
        self._set(replace(self.state, path=path, project=project, saved=project))

    def _set(self, new: State) -> None:
        old, self.state = self.state, new
        self.trail.follow(new.view)
        for listener in list(self._listeners):
            listener(old, new)


def _with(
    state: State, cases: Cases, project: Project | None = None, scenario: str | None = None
) -> State:
    """Return a state with other cases, and the one shown that is wanted.

    Another clock shows the same instant, or its nearest end.
    """
    project = taken_too(project or state.project, cases.twins[BASE])
    new = replace(state, cases=cases, project=project)
    new = new.showing(state.view.scenario if scenario is None else scenario)
    old, step = state.twin.time, state.view.time
    if new.twin.time == old:
        return new
    instant = old.seconds(min(step, old.count - 1))
    return replace(new, view=replace(new.view, time=new.twin.time.nearest(instant)))


def _nothing() -> str:
    return _("There is nothing to undo or redo.")


def _written(argument: Any) -> str:
    return argument.isoformat() if isinstance(argument, datetime) else str(argument)
