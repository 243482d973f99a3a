"""Scenarios: make them, show them, change what they change. Selected elements are meant by default.

A change is made to the scenario that is shown; the base stays as it was read.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from twinview.i18n import N_, _
from twinview.model.problem import CommandError
from twinview.model.scenario import (
    AddCharger,
    AddPv,
    AddStorage,
    Change,
    Factor,
    Scale,
    Scenario,
    Set,
    Switch,
    find,
    free_id,
)
from twinview.model.twin import BASE
from twinview.scene.view import View
from twinview.session.answers import choices_in
from twinview.session.cases import check_scenario
from twinview.session.charging import WORDS, charger_of
from twinview.session.command import Need, command
from twinview.session.guarding import check_change
from twinview.session.project import Project
from twinview.session.store import Edited, Session, State

MENU = N_("Scenario")


def _shown(session: Session) -> Scenario:
    """Return the scenario that is shown, or raise CommandError for the base."""
    shown = find(session.state.project.scenarios, session.state.view.scenario)
    if shown is None:
        raise CommandError(
            _("The base case is shown, which cannot be changed; make a scenario, or show one.")
        )
    return shown


def _places(session: Session, given: tuple[str, ...]) -> tuple[str, ...]:
    """Return the places that are named, else the selected buildings and nodes."""
    state = session.state
    layers = {one.id for kind in ("building", "node") for one in state.twin.of_kind(kind)}
    ids = given or tuple(one for layer, one in state.view.selection if layer in layers)
    if not ids:
        raise CommandError(_("Select buildings first, or name buildings or nodes."))
    able = [state.twin.layers[one] for one in layers]
    wrong = next((one for one in ids if not any(one in layer.row_of for layer in able)), None)
    if wrong is not None:
        raise CommandError(_no_place(state, wrong))
    return ids


def _no_place(state: State, id_: str) -> str:
    """Say why nothing can be put on an element, and on what it can."""
    owner = next((one for one in state.twin.layers.values() if id_ in one.row_of), None)
    if owner is None:
        return _("There is no building or node '{id}'; only to these something can be added.",
                 id=id_)  # fmt: skip
    return _("'{id}' is in '{layer}'; only to buildings and nodes something can be added.",
             id=id_, layer=owner.id)  # fmt: skip


A_SCENARIO = Need(_shown, offer="scenario.new")
A_PLACE = Need(lambda session: _places(session, ()))


@command("scenario.new", N_("New scenario..."), menu=MENU, icon="fa6s.code-branch")
def new(session: Session, title: str, parent: str = BASE) -> Edited:
    """Make a scenario over the base, or over another scenario, and show it."""
    project = session.state.project
    made = Scenario(
        id=free_id(project.scenarios, title), title=title, parent=check_scenario(project, parent)
    )
    return Edited(_with(project, (*project.scenarios, made)), scenario=made.id)


@command("scenario.copy", N_("Copy the scenario..."), menu=MENU)
def copy(session: Session, title: str) -> Edited:
    """Make a scenario with the changes of the one that is shown, and show it."""
    project, shown = session.state.project, _shown(session)
    made = shown.model_copy(update={"id": free_id(project.scenarios, title), "title": title})
    return Edited(_with(project, (*project.scenarios, made)), scenario=made.id)


@command("scenario.rename", N_("Rename the scenario..."), menu=MENU)
def rename(session: Session, title: str) -> Project:
    """Give the scenario that is shown another name."""
    return _replaced(session, _shown(session).model_copy(update={"title": title}))


@command("scenario.remove", N_("Remove the scenario"), menu=MENU)
def remove(session: Session) -> Edited:
    """Remove the scenario that is shown; those that stand on it stand on what it stood on."""
    project, gone = session.state.project, _shown(session)
    kept = (
        one.model_copy(update={"parent": gone.parent}) if one.parent == gone.id else one
        for one in project.scenarios
        if one is not gone
    )
    return Edited(_with(project, tuple(kept)), scenario=gone.parent)


@command("scenario.show", N_("Show a scenario"), menu=MENU)
def show(session: Session, scenario: str) -> View:
    """Show the district under a scenario; 'base' shows it as it was read."""
    known = check_scenario(session.state.project, scenario)
    return replace(session.state.view, scenario=known)


@command("scenario.scale", N_("Scale the loads..."), menu=MENU, needs=(A_SCENARIO,))
def scale(session: Session, by: float, layer: str = "sym_load", *ids: str) -> Project:
    """Multiply the power of the selected elements, or of all loads, by a factor such as 1.2."""
    chosen = ids or tuple(one for _layer, one in session.state.view.selection)
    return _added(session, Scale, layer=layer, ids=chosen, by=by)


@command(
    "scenario.add_pv",
    N_("Add photovoltaics..."),
    menu=MENU,
    needs=(A_SCENARIO, A_PLACE),
    icon="fa6s.solar-panel",
)
def add_pv(session: Session, kwp: float, *places: str) -> Project:
    """Put photovoltaics of so many kW on each of the selected buildings."""
    return _added(session, AddPv, at=_places(session, places), kwp=kwp)


@command(
    "scenario.add_storage",
    N_("Add storage..."),
    menu=MENU,
    needs=(A_SCENARIO, A_PLACE),
    icon="fa6s.car-battery",
)
def add_storage(session: Session, kwh: float, kw: float, *places: str) -> Project:
    """Put storage into each of the selected buildings: first its kWh, then its kW."""
    return _added(session, AddStorage, at=_places(session, places), kwh=kwh, kw=kw)


@command(
    "scenario.add_charger",
    N_("Add a charger..."),
    menu=MENU,
    icon="fa6s.charging-station",
    needs=(A_SCENARIO, A_PLACE),
)
def add_charger(
    session: Session,
    schedule: Path,
    kw: float,
    start: datetime,
    choices: str = "",
    *places: str,
) -> Project:
    """Put a charger with a schedule of vehicles (CityLearn CSV) into each of the selected
    buildings: its kW, then when the schedule begins; behind that may stand choices such as
    charging=evenly;efficiency=0.9.

    Parameters
    ----------
    session
        The store.
    schedule
        Who is plugged in when. A column charger_power_kw is the plan that vehicles follow,
        negative where they give.
    kw
        Most power of the charger.
    start
        When the first step of the schedule begins.
    choices
        Written ``charging=evenly;efficiency=0.9;...``: charging (at_once or evenly), efficiency and
        discharge_efficiency, discharge (most kW that vehicles give), standing (share of the content
        lost in an hour), intensity (g/kWh of what vehicles bring), step (hours of the schedule's
        steps).
    places
        Buildings or nodes; those that are selected where none is named.
    """
    said = choices_in(choices, (*WORDS, "step"))
    at = _places(session, places)
    return _added(session, AddCharger, at=at, kw=kw, **charger_of(schedule, start, said))


@command(
    "scenario.set_factor", N_("Carbon intensity of imports..."), menu=MENU, needs=(A_SCENARIO,)
)
def set_factor(session: Session, value: str, *generators: str) -> Project:
    """Give imports another carbon intensity: x0.5, 380 (g/kWh), or a factor DE:grid_average:2024.

    With generators named, it is theirs.
    """
    of = "generation" if generators else "import"
    return _added(session, Factor, of=of, ids=generators, **_intensity(value))


@command("scenario.switch", N_("Open or close lines..."), menu=MENU, needs=(A_SCENARIO,))
def switch(session: Session, closed: bool, *branches: str) -> Project:
    """Close the selected lines and transformers, or open them."""
    selected = (one for _layer, one in session.state.view.selection)
    ids = branches or tuple(selected)
    if not ids:
        raise CommandError(_("Select lines or transformers first, or name them."))
    return _added(session, Switch, ids=ids, closed=closed)


@command("scenario.set", N_("Set an attribute"))
def set_(session: Session, layer: str, column: str, value: str, *ids: str) -> Project:
    """Give elements of a layer another attribute; all of them where none is named."""
    return _added(session, Set, layer=layer, column=column, value=_value(value), ids=ids)


@command("scenario.drop_change", N_("Remove a change"))
def drop_change(session: Session, number: int) -> Project:
    """Take a change out of the scenario that is shown, counted from 1."""
    shown = _shown(session)
    if not 1 <= number <= len(shown.changes):
        raise CommandError(
            _(
                "Scenario '{name}' has {count} changes; there is no number {number}.",
                name=shown.name,
                count=len(shown.changes),
                number=number,
            )
        )
    kept = tuple(one for k, one in enumerate(shown.changes, 1) if k != number)
    return _replaced(session, shown.model_copy(update={"changes": kept}))


def _with(project: Project, scenarios: tuple[Scenario, ...]) -> Project:
    return project.model_copy(update={"scenarios": scenarios})


def _replaced(session: Session, new: Scenario) -> Project:
    """Return the project with the scenario that is shown replaced."""
    project, old = session.state.project, _shown(session)
    return _with(project, tuple(new if one is old else one for one in project.scenarios))


def _added(session: Session, kind: Callable[..., Change], **fields: object) -> Project:
    """Return the project with one more change in the scenario that is shown."""
    shown = _shown(session)
    try:
        change = kind(**fields)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"])
        raise CommandError(
            _("The change does not fit at '{place}': {why}.", place=place, why=first["msg"])
        ) from error
    check_change(session.state.twin, change)
    return _replaced(session, shown.model_copy(update={"changes": (*shown.changes, change)}))


def _intensity(text: str) -> dict[str, object]:
    """Return the field of a factor that a text such as x0.5, 380 or DE:grid_average:2024 fills."""
    if ":" in text:
        return {"book": text}
    name = "by" if text[:1] in {"x", "×", "*"} else "g_per_kwh"
    return {name: text.lstrip("x×* ")}


def _value(text: str) -> int | float | str:
    """Return a text as a number where it is one."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text
