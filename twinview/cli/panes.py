"""Pictures side by side without a window: which panes are wished for, and what they need."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from twinview.cli import pictures
from twinview.cli.output import follow
from twinview.cli.wishes import Beside
from twinview.i18n import _
from twinview.model.problem import CommandError
from twinview.scene.painting import shifted
from twinview.scene.panes import MOST, Shown, panes_of
from twinview.scene.panetotals import totals
from twinview.scene.stale import aged
from twinview.scene.view import Pane, View
from twinview.session.cases import check_scenario
from twinview.session.offsets import hours_of
from twinview.session.provenance import provenance
from twinview.session.store import State

DIFFERENCE = "difference"


def wished(state: State, wish: Beside) -> View:
    """Return the view with the panes that are wished for; as last seen if nothing is said.

    Raises
    ------
    CommandError
        For what cannot stand side by side.
    """
    if wish.compare is None and wish.offset is None:
        return state.view
    shown = state.view.scenario
    offsets = [] if wish.offset is None else [one.strip() for one in wish.offset.split(",")]
    if wish.compare is None:
        names, offsets = [shown, shown], [*offsets, "0"] if len(offsets) == 1 else offsets
    else:
        names = [one.strip() for one in wish.compare.split(",")]
    if not 2 <= len(names) <= MOST or names[0] == DIFFERENCE:
        raise CommandError(
            _("--compare names two to four panes, such as base,SCENARIO,difference; the first one "
              "is what the others are compared with.")
        )  # fmt: skip
    values = [one for one in names if one != DIFFERENCE]
    if len(values) < 2:
        raise CommandError(
            _("A difference is of two cases or instants: name two before it, such as "
              "base,SCENARIO,difference, or base,base,difference with --offset=-7d,0.")
        )  # fmt: skip
    if len(offsets) > len(values):
        raise CommandError(
            _("--offset has one offset for each case, in their order; there are {count}.",
              count=len(values))
        )  # fmt: skip
    hours = iter([*(hours_of(one) for one in offsets), *[0.0] * len(names)])
    panes = tuple(
        Pane(difference=True)
        if one == DIFFERENCE
        else Pane(check_scenario(state.project, one), next(hours))
        for one in names
    )
    return replace(state.view, panes=panes, swipe=None)


def with_results(state: State, insist: bool, whole: bool = False) -> State:
    """Return the state with what all its panes need computed, from the cache or now.

    Parameters
    ----------
    state, insist, whole
        As for `twinview.cli.pictures.with_results`.
    """
    panes = [one for one in state.view.panes if not one.difference]
    for scenario in dict.fromkeys(one.scenario or state.twin.scenario for one in panes):
        case = state.showing(scenario)
        axis = case.twin.time
        i = min(max(state.view.time, 0), axis.count - 1)
        found = [shifted(axis, i, one.hours) for one in panes
                 if (one.scenario or state.twin.scenario) == scenario]  # fmt: skip
        steps = [one for one in found if one is not None] or [i]
        span = range(min(steps), max(steps) + 1)
        made = pictures.with_results(case, insist, whole=whole, steps=span).twin
        if made is not case.twin:
            state = _taken(state, made.scenario, made)
    return state


def _taken(state: State, scenario: str, made: Any) -> State:
    """Return the state with a case that was computed."""
    cases = None if state.cases is None else state.cases.taken(made)
    twin = made if state.twin.scenario == scenario else state.twin
    return replace(state, twin=twin, cases=cases)


def shoot(
    state: State, output: Path, size: tuple[int, int], age: str = "", title: str = ""
) -> tuple[Shown, ...]:
    """Write the picture of a state's panes, so old, and return what they show."""
    pictures.check_graphics()
    from twinview.exporters.panes import panes_job

    panes = tuple(aged(one, age) for one in shown(state))
    # The name of the project alone: each pane says which case it shows.
    name, meta, stock = title or state.project.name, provenance(state), pictures.stock_of(state)
    follow(panes_job(panes, output, size, title=name, meta=meta, stock=stock))
    return panes


def shown(state: State) -> tuple[Shown, ...]:
    """Return what a state's panes show.

    Raises
    ------
    CommandError
        Where none of them has anything to show.
    """
    panes = panes_of(state.twin, state.view, state.beside)
    if all(one.scene is None for one in panes):
        raise CommandError(" ".join(dict.fromkeys(one.why for one in panes)))
    return panes


def told(panes: Sequence[Shown]) -> list[dict[str, Any]]:
    """Return what ``snapshot --json`` says of each pane: case, instant, limits and numbers."""
    rows = totals(panes)
    return [
        {
            **_pane_told(one),
            "instant": one.instant,
            "why": one.why,
            "totals": {
                row.label: {"value": _finite(row.values[k]), "change": _finite(row.changes[k]),
                            "unit": row.unit,
                            **({"left_out": row.left[k]} if any(row.left) else {})}
                for row in rows
            },
        }
        for k, one in enumerate(panes)
    ]  # fmt: skip


def ends_told(first: Sequence[Shown], last: Sequence[Shown]) -> list[dict[str, Any]]:
    """Return what ``animate --json`` says of each pane, from the first frame and the last."""
    return [
        {**_pane_told(a if a.scene is not None else z), "first": a.instant, "last": z.instant}
        for a, z in zip(first, last, strict=True)
    ]


def _pane_told(one: Shown) -> dict[str, Any]:
    return {
        "title": one.title,
        "scenario": one.twin.scenario,
        "difference": one.pane.difference,
        "limits": None if one.scene is None else list(one.scene.legend.limits),
    }


def _finite(value: float) -> float | None:
    return value if abs(value) < float("inf") else None
