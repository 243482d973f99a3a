"""What the verbs do that open, tell, compute and write numbers."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from twinview.cli import DONE, FOUND_ERRORS
from twinview.cli.app import Reading
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
    say_table,
)
from twinview.exporters.tables import table_job
from twinview.i18n import _
from twinview.model.problem import CommandError, Problem
from twinview.model.time import TimeAxis
from twinview.model.twin import BASE, Twin
from twinview.progress import Job
from twinview.readers.registry import Options
from twinview.scene.numbers import fixed
from twinview.session.command import Command
from twinview.session.opening import open_files, open_project
from twinview.session.project import SUFFIX, save
from twinview.session.store import Session, State

Span = tuple[str | None, str | None]


def options(reading: Reading) -> Options:
    """Return the answers given on the command line as readers take them."""
    return Options.from_dict(vars(reading))


def opened(path: Path) -> State:
    """Open a project, with progress."""
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


def only_base(scenario: str) -> None:
    """Refuse any scenario but the base case, which is the only one that can be computed."""
    if scenario != BASE:
        raise CommandError(_("There is no scenario '{id}'; there is only 'base'.", id=scenario))


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
    if any(file.suffix.lower() == SUFFIX for file in files):
        if len(files) > 1:
            raise CommandError(_("Name one project, or data files, but not both."))
        state = opened(files[0])
    else:
        state = follow(open_files(files, None, options(reading)))
    if as_json:
        say_json(facts(state))
    else:
        say_facts(facts(state))
        say_problems(state.twin.problems)
    return code_of(state.twin.problems)


def check(project: Path, as_json: bool) -> int:
    """List the problems of a project."""
    problems = opened(project).twin.problems
    if as_json:
        say_json({"problems": [problem.as_dict() for problem in problems]})
    else:
        say_problems(problems)
    return code_of(problems)


def compute(project: Path, span: Span, scenario: str, scheduler: str | None, as_json: bool) -> int:
    """Compute a span and print its balance."""
    from twinview.session.computing import results_of
    from twinview.session.indicators import with_indicators

    only_base(scenario)
    if scheduler is not None:
        raise CommandError(
            _("Computing on a cluster is not part of this version; leave --scheduler out.")
        )
    state = opened(project)
    begin, end = instants(state.twin.time, span)
    window = state.twin.time.window(begin, end)
    whole = span == (None, None)
    results = follow(results_of(state.twin, state.project, state.path, None if whole else window))
    part = None if whole else results.axis.window(begin, end)
    found = with_indicators(results, state.project, part)
    if as_json:
        say_json(found)
    else:
        _say_balance(found)
        say_indicators(found["indicators"], found["indicator_problems"])
        if found["computed_from"] and any(map(len, results.twin.of_kind("storage"))):
            say(
                _(
                    "Stores were followed from {begin}; what they held then is assumed.",
                    begin=found["computed_from"],
                )
            )
    failed = bool(found["not_converged"])
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


def _say_balance(found: dict[str, Any]) -> None:
    span = found["span"]
    if span["from"] is None:
        say(_("One instant; the sums are those of one hour."))
    else:
        ends = {"begin": span["from"], "end": span["to"], "steps": span["steps"]}
        say(_("{begin} to {end}, {steps} steps.", **ends))
    say()
    if found["energy_kwh"]:
        _say_terms(_("Balance"), found)
    for name, one in found.get("carriers", {}).items():
        _say_terms(_("Balance of {network}", network=name), one)
    if "all_carriers" in found:
        _say_terms(_("Carbon of all carriers"), {"energy_kwh": {}, **found["all_carriers"]})
    if found["not_converged"] and span["from"] is None:
        say(_("The power flow has no solution."))
    elif found["not_converged"]:
        say(
            _(
                "No solution in {count} of {steps} steps, first {instant}.",
                count=len(found["not_converged"]),
                steps=span["steps"],
                instant=found["not_converged"][0],
            )
        )


def _say_terms(title: str, found: Mapping[str, Any]) -> None:
    names = [*dict.fromkeys([*found["energy_kwh"], *found["carbon_kg"]])]
    rows = [
        (_word(name), *(_cell(found[table].get(name)) for table in ("energy_kwh", "carbon_kg")))
        for name in names
    ]
    say_table(title, ["", ">kWh", ">kg CO2"], rows)


def _word(name: str) -> str:
    words = {
        "import": _("import"), "export": _("export"), "generation": _("generation"),
        "load": _("load"), "storage_in": _("into stores"), "storage_out": _("out of stores"),
        "storage_delta": _("added to stores"), "loss": _("loss"), "residual": _("residual"),
    }  # fmt: skip
    return words.get(name, name)


def _cell(value: float | None) -> str:
    return "" if value is None else fixed(value, 1)


def export(
    project: Path,
    output: Path,
    which: tuple[Sequence[str] | None, str | None],
    when: tuple[str | None, str | None, str | None],
    scenario: str,
) -> int:
    """Write a table."""
    only_base(scenario)
    what, layer = which
    at, begin, end = when
    if at is not None and (begin is not None or end is not None):
        raise CommandError(_("Give --at, or --from and --to, but not both."))
    check_place(output)
    state = opened(project)
    steps = _steps(state.twin, at, (begin, end))
    if list(what or ()) == ["indicators"]:
        rows = export_indicators(state, output, layer, steps)
        complain(_("{count} rows were written to {path}.", count=rows, path=output))
        return code_of(state.twin.problems, tell=True)
    job = table_job(state.twin, output, what=what, layer=layer, at=steps, scenario=scenario)
    rows = follow(job)
    complain(_("{count} rows were written to {path}.", count=rows, path=output))
    return code_of(state.twin.problems, tell=True)


def _steps(twin: Twin, at: str | None, span: Span) -> tuple[int, int]:
    if at is not None:
        step = step_of(twin.time, at)
        return step, step + 1
    window = twin.time.window(*instants(twin.time, span))
    return window.start, window.stop


def do(project: Path, commands: Sequence[str], script: Path | None) -> int:
    """Run commands one after another on a project."""
    lines = [*_lines(script), *((_("command {k}", k=k), c) for k, c in enumerate(commands, 1))]
    if not lines:
        raise CommandError(_("Name at least one command, or a script with -f."))
    session = Session(opened(project), driver=_driver)
    session.teller = lambda told: say(told.as_text() + "\n")
    for place, line in lines:
        try:
            session.do(line)
        except CommandError as error:
            raise CommandError(
                _("{place} ({line}): {why}", place=place, line=line, why=error)
            ) from error
    return code_of(session.state.twin.problems, tell=True)


def _driver(_command: Command, job: Job[Any], done: Callable[[Any], None]) -> None:
    done(follow(job))


def _lines(script: Path | None) -> list[tuple[str, str]]:
    if script is None:
        return []
    try:
        text = script.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or error
        raise CommandError(_("{path} could not be read: {why}.", path=script, why=why)) from error
    numbered = [(k, line.strip()) for k, line in enumerate(text.splitlines(), 1)]
    return [
        (_("{path}, line {k}", path=script.name, k=k), line)
        for k, line in numbered
        if line and not line.startswith("#")
    ]
