"""A twin under a scenario: the changes made one after another; what none touches is shared."""

from collections.abc import Sequence
from dataclasses import replace

from twinview.i18n import _
from twinview.model import adding, changing, charging
from twinview.model.assemble import of_buildings
from twinview.model.changing import Done, Imports, finding
from twinview.model.problem import Problem, worst_first
from twinview.model.saying import sentence
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
    Unread,
    why_unread,
)
from twinview.model.twin import Twin


def without_results(twin: Twin) -> Twin:
    """Return a twin without computed series."""
    kept = {key: one for key, one in twin.series.items() if one.meaning.origin != "computed"}
    return twin if len(kept) == len(twin.series) else replace(twin, series=kept)


def apply(twin: Twin, chain: Sequence[Scenario], imports: Imports) -> Twin:
    """Return a twin under a scenario; layers, series and arrays without a change are shared.

    Series that a change touches stand under the id of the scenario, beside those of the base. What
    cannot be changed becomes a problem of the twin; the other changes are made.

    Parameters
    ----------
    twin
        The base case.
    chain
        The scenario and those it stands on, the lowest first.
    imports
        What is known of imports besides series.
    """
    case = replace(without_results(twin), scenario=chain[-1].id)
    found: list[Problem] = []
    for scenario in chain:
        for k, change in enumerate(scenario.changes, 1):
            case, problems = _changed(case, change, f"{scenario.id}~{k}", imports)
            found += [_named(problem, scenario, sentence(change, case)) for problem in problems]
    if any(scenario == case.scenario for _layer, _quantity, scenario in case.series):
        fresh = of_buildings(case)
        case = case.with_series(*(one for one in fresh if one.meaning.scenario == case.scenario))
    return replace(case, problems=worst_first([*twin.problems, *found])) if found else case


def _changed(twin: Twin, change: Change, stem: str, imports: Imports) -> Done:
    made: Done
    match change:
        case AddPv() | AddStorage() | AddCharger():
            made = _added(twin, change, stem)
        case Scale():
            made = changing.scale(twin, change)
        case Factor():
            made = changing.factor(twin, change, imports)
        case Switch():
            made = changing.switch(twin, change)
        case Set():
            made = changing.set_attribute(twin, change)
        case Unread():
            text = _("it is kept but not made: {why}", why=why_unread(change))
            made = twin, [finding("unread", text, _("Mend it in the project file."))]
    return made


def _added(twin: Twin, change: AddPv | AddStorage | AddCharger, stem: str) -> Done:
    match change:
        case AddPv():
            return adding.add_pv(twin, change, stem)
        case AddStorage():
            return adding.add_storage(twin, change, stem)
        case AddCharger():
            return charging.add_charger(twin, change, stem)


def _named(problem: Problem, scenario: Scenario, change: str) -> Problem:
    """Return a problem with the scenario and the change that it came from."""
    text = _(
        "Scenario '{name}', {change}: {what}.",
        name=scenario.name,
        change=change,
        what=problem.message,
    )
    return replace(problem, message=text)
