"""The cases of a project: the base and every scenario, each a twin with the results kept for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from twinview.i18n import _
from twinview.model.problem import CommandError, worst_first
from twinview.model.scenario import Scenario, chain, find, usable
from twinview.model.twin import BASE, Twin
from twinview.model.variant import apply, without_results
from twinview.session import cache
from twinview.session.assumptions import imports_of
from twinview.session.project import Project
from twinview.session.results import attach, inputs, of_data


@dataclass(frozen=True, eq=False)
class Cases:
    """All cases of an open project.

    Parameters
    ----------
    loaded
        The base as loaded, without results.
    twins
        The twin of each case by the scenario's id, the base's among them.
    """

    loaded: Twin
    twins: Mapping[str, Twin]

    def of(self, scenario: str) -> Twin:
        """Return the twin of a scenario; the base's where there is no such one."""
        return self.twins.get(scenario) or self.twins[BASE]

    def taken(self, twin: Twin) -> "Cases":
        """Return the cases with a twin that was computed; one of changes that are gone is left."""
        now = self.twins.get(twin.scenario)
        if now is None or now.changes != twin.changes:
            return self
        return replace(self, twins={**self.twins, twin.scenario: twin})


def cases_of_base(base: Twin) -> Cases:
    """Return the cases of a district without scenarios."""
    loaded = without_results(base)
    known = of_data(base)
    if known != base.problems:
        loaded = replace(loaded, problems=known)
    return Cases(loaded, {BASE: base})


def make_cases(loaded: Twin, project: Project, path: Path | None) -> Cases:
    """Return all cases of a project with the results that the cache holds for each."""
    twins = {BASE: attach(loaded, project, path)}
    for one in usable(project.scenarios):
        twins[one.id] = _case(loaded, project, one.id, path)
    return Cases(loaded, twins)


def follow(cases: Cases, old: Project, new: Project, path: Path | None) -> Cases:
    """Return the cases after an edit; those that it does not touch stay, with their results."""
    if inputs(new) != inputs(old):
        return make_cases(cases.loaded, new, path)
    if new.scenarios == old.scenarios:
        return cases
    twins = {BASE: cases.twins[BASE]}
    for one in usable(new.scenarios):
        same = chain(old.scenarios, one.id) == chain(new.scenarios, one.id)
        known = cases.twins.get(one.id) if same else None
        twins[one.id] = known or _case(cases.loaded, new, one.id, path)
    return replace(cases, twins=twins)


def _case(loaded: Twin, project: Project, scenario: str, path: Path | None) -> Twin:
    steps, problems = chain(project.scenarios, scenario)
    twin = apply(loaded, steps, imports_of(project, loaded.time))
    twin = replace(twin, changes=changes_key(steps))
    if problems:
        twin = replace(twin, problems=worst_first([*twin.problems, *problems]))
    return attach(twin, project, path)


def changes_key(steps: Sequence[Scenario]) -> str:
    """Return a hash of what a chain of scenarios changes; titles do not count."""
    return cache.key([(one.id, [c.model_dump(mode="json") for c in one.changes]) for one in steps])


def relatives(twin: Twin, project: Project) -> list[Twin]:
    """Return the cases that a twin's scenario stands on, nearest first, as far as their keys go."""
    steps, _problems = chain(project.scenarios, twin.scenario)
    found = [
        replace(twin, scenario=steps[k - 1].id, changes=changes_key(steps[:k]))
        for k in range(len(steps) - 1, 0, -1)
    ]
    return [*found, replace(twin, scenario=BASE, changes="")] if steps else []


def check_scenario(project: Project, scenario: str) -> str:
    """Return the id of a scenario of a project, or raise CommandError that names those it has."""
    if scenario == BASE or find(usable(project.scenarios), scenario) is not None:
        return scenario
    known = ", ".join(f"'{one}'" for one in (BASE, *(s.id for s in usable(project.scenarios))))
    raise CommandError(
        _("There is no scenario '{id}'; there are {known}.", id=scenario, known=known)
        if project.scenarios
        else _("There is no scenario '{id}'; there is only 'base'.", id=scenario)
    )
