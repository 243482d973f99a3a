"""What the verbs do that open, tell, compute and write numbers."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from twinview import paths
from twinview.cli import DONE, FOUND_ERRORS
from twinview.cli.app import Reading
from twinview.cli.balance import say_balance, say_comparison, told
from twinview.cli.facts import facts, say_facts
from twinview.cli.indicators import export_indicators, say_indicators
from twinview.cli.output import (
    check_place,
    complain,
    counted,
    follow,
    has_errors,
    say,
    say_json,
    say_problems,
)
from twinview.exporters.maps import SUFFIXES, map_job
from twinview.exporters.tables import table_job
from twinview.i18n import _
from twinview.model.problem import CommandError, Problem, worst_first
from twinview.model.time import TimeAxis
from twinview.model.twin import BASE, Twin
from twinview.model.window import Window
from twinview.progress import Job
from twinview.readers.registry import Options
from twinview.scene.view import View
from twinview.session.cases import check_scenario
from twinview.session.comparing import beside_base
from twinview.session.handover import SUFFIX as HANDED
from twinview.session.handover import taken
from twinview.session.opening import open_files, open_project
from twinview.session.project import SUFFIX, save
from twinview.session.sheets import sheets
from twinview.session.store import State

Span = tuple[str | None, str | None]


def options(reading: Reading) -> Options:
    """Return the answers given on the command line as readers take them."""
    return Options.from_dict(vars(reading))


def meant(path: Path) -> Path:
    """Return the project that is meant: ``demo`` is the built-in one, as for the window."""
    return paths.demo_file() if path == Path("demo") and not path.exists() else path


def opened(path: Path) -> State:
    """Open a project, or what a window hands over, with progress."""
    path = meant(path)
    if path.suffix.lower() == HANDED:
        return follow(taken(path))
    if path.suffix.lower() != SUFFIX:
        raise CommandError(
            _(
                "{path} is not a project; make one with 'twinview new NAME{suffix} --add {path}'.",
                path=path,
                suffix=SUFFIX,
            )
        )
    return follow(open_project(path))


def code_of(problems: Sequence[Problem], tell: bool = False) -> int:
    """Return the exit code for work that was done, and say on stderr that errors were found."""
    if not has_errors(problems):
        return DONE
    if tell:
        complain(_("{counts} 'twinview check' lists them.", counts=counted(problems)))
    return FOUND_ERRORS


def opened_case(path: Path, scenario: str) -> State:
    """Open a project and show one of its cases; refuse an id that it does not have."""
    state = opened(path)
    return state.showing(check_scenario(state.project, scenario))


def new(project: Path, files: Sequence[Path], reading: Reading, force: bool, as_json: bool) -> int:
    """Make a project of data files."""
    if project.suffix.lower() != SUFFIX:
        project = project.with_name(project.name + SUFFIX)
    if project.exists() and not force:
        raise CommandError(
            _("{path} exists already; choose another name, or add --force.", path=project)
        )
    state = follow(open_files(files, project, options(reading)))
    save(project, state.project, state.view)
    if as_json:
        say_json({"project": str(project), **facts(state)})
    else:
        say(_("{path} was made.", path=project))
        say()
        say_facts(facts(state))
        say_problems(state.twin.problems)
    return code_of(state.twin.problems)


def info(files: Sequence[Path], reading: Reading, as_json: bool) -> int:
    """Tell what files or a project hold."""
    if not files:
        raise CommandError(_("Name a project or data files, as in 'twinview info FILE'."))
    files = [meant(file) for file in files]
    if any(file.suffix.lower() == SUFFIX for file in files):
        if len(files) > 1:
            raise CommandError(_("Name one project, or data files, but not both."))
        state = opened(files[0])
    else:
        state = follow(open_files(files, None, options(reading)))
    state = state.showing(BASE)
    if as_json:
        say_json(facts(state))
    else:
        say_facts(facts(state))
        say_problems(state.twin.problems)
    return code_of(state.twin.problems)


def check(project: Path, as_json: bool) -> int:
    """List the problems of a project and of its scenarios."""
    problems = problems_of(opened(project))
    if as_json:
        say_json({"problems": [problem.as_dict() for problem in problems]})
    else:
        say_problems(problems)
    return code_of(problems)


def problems_of(state: State) -> Sequence[Problem]:
    """Return the problems of all cases of a project, worst first."""
    twins = [state.base] if state.cases is None else state.cases.twins.values()
    return worst_first([problem for twin in twins for problem in twin.problems])


def compute(project: Path, span: Span, scenario: str, scheduler: str | None, as_json: bool) -> int:
    """Compute a span and print its balance."""
    from twinview.energy.cluster import Cluster
    from twinview.session.computing import results_of
    from twinview.session.indicators import with_indicators

    workers = None if scheduler is None else Cluster(scheduler)
    state = opened_case(project, scenario)
    begin, end = instants(state.twin.time, span)
    window = state.twin.time.window(begin, end)
    whole = span == (None, None)
    span_of = None if whole else window
    results = follow(results_of(state.twin, state.project, state.path, span_of, workers))
    part = None if whole else results.axis.window(begin, end)
    found = with_indicators(results, state.project, part)
    beside = beside_base(results, state.base, state.project, state.path, part)
    if as_json:
        say_json(found | ({} if scenario == BASE else told(scenario, beside)))
    else:
        say_balance(found)
        say_comparison(beside)
        say_indicators(found["indicators"], found["indicator_problems"])
        if found["computed_from"] and any(map(len, results.twin.of_kind("storage"))):
            say(
                _(
                    "Storage was followed from {begin}; what it held then is assumed.",
                    begin=found["computed_from"],
                )
            )
        for problem in results.twin.problems:
            if problem.code.startswith("factor."):  # whoever quotes the sums must know them
                say(problem.message)
    failed = bool(found["not_converged"] or found["not_computed"])
    return max(code_of(results.twin.problems, tell=True), FOUND_ERRORS if failed else DONE)


def instants(time: TimeAxis, span: Span) -> tuple[int, int]:
    """Return the ends of a span given on the command line, in seconds since 1970, UTC.

    Raises
    ------
    CommandError
        For texts that are no instants, and for a span that holds no step.
    """
    begin, end = (None if text is None else _instant(time, text) for text in span)
    first = time.start if begin is None else begin
    last = time.stop if end is None else end
    if not time.static and not len(time.window(first, last)):
        raise CommandError(
            _(
                "No step of the data lies between --from {begin} and --to {end}.",
                begin=span[0] or _("the start"),
                end=span[1] or _("the end"),
            )
        )
    return first, last


def step_of(time: TimeAxis, text: str) -> int:
    """Return the step that holds an instant given on the command line."""
    try:
        return time.index_of(_instant(time, text))
    except ValueError as error:
        raise CommandError(_sentence(error)) from error


def _instant(time: TimeAxis, text: str) -> int:
    try:
        return int(time.parse(text).timestamp())
    except (ValueError, OverflowError) as error:
        raise CommandError(_sentence(error)) from error


def _sentence(error: Exception) -> str:
    text = str(error)
    return text if text.endswith(".") else f"{text}."


def export(
    project: Path,
    output: Path,
    which: tuple[Sequence[str] | None, str | None],
    when: tuple[str | None, str | None, str | None],
    scenario: str,
) -> int:
    """Write a table."""
    what, layer = which
    at, begin, end = when
    if at is not None and (begin is not None or end is not None):
        raise CommandError(_("Give --at, or --from and --to, but not both."))
    check_place(output)
    state = opened_case(project, scenario)
    steps = _steps(state.twin, at, (begin, end))
    if list(what or ()) == ["indicators"]:
        rows = export_indicators(state, output, layer, steps)
        complain(_("{count} rows were written to {path}.", count=rows, path=output))
        return code_of(state.twin.problems, tell=True)
    rows = follow(_export_job(state, output, (what, layer), steps))
    complain(_("{count} rows were written to {path}.", count=rows, path=output))
    return code_of(state.twin.problems, tell=True)


def _export_job(
    state: State,
    output: Path,
    which: tuple[Sequence[str] | None, str | None],
    steps: tuple[int, int],
) -> Job[int]:
    """Return the job that writes a map or a table, by the file's ending."""
    what, layer = which
    twin = state.twin
    if output.suffix.lower() not in SUFFIXES[:-1]:
        return table_job(
            twin, output, what=what, layer=layer, steps=range(*steps), sheets=sheets(state)
        )
    if what:
        raise CommandError(_("A map holds all quantities of a layer; leave --what out."))
    if layer is not None and layer not in twin.layers:
        known = ", ".join(twin.layers)
        raise CommandError(_("There is no layer '{id}'; there are {known}.", id=layer, known=known))
    chosen = [one for one in twin.layers.values() if layer in (None, one.id)]
    return map_job(twin, _view_over(twin, state.view, steps), output, chosen)


def _view_over(twin: Twin, view: View, steps: tuple[int, int]) -> View:
    """Return a view of one step, or of the window that several make."""
    first, stop = steps
    if twin.time.static or stop - first <= 1:
        return replace(view, time=first, window=Window())
    ends = (twin.time.seconds(first), twin.time.start + twin.time.step * stop)
    return replace(view, time=first, window=Window("range", begin=ends[0], end=ends[1]))


def _steps(twin: Twin, at: str | None, span: Span) -> tuple[int, int]:
    if at is not None:
        step = step_of(twin.time, at)
        return step, step + 1
    window = twin.time.window(*instants(twin.time, span))
    return window.start, window.stop
