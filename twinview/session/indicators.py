"""Indicators of a district and a span, made of results, settings and accounts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from twinview.energy.account_lines import (
    Grounds,
    carbon_lines,
    equivalent_lines,
    intensity_lines,
    market_words,
    own_use_lines,
    power_lines,
)
from twinview.energy.account_terms import SIZES, Flows, Indicator, Size
from twinview.energy.arrays import Floats
from twinview.energy.balance import CARBON_IN, CARBON_OUT, ENERGY_IN, ENERGY_OUT, Balance
from twinview.energy.building_accounts import parts, window_of
from twinview.energy.scopes import Statement
from twinview.i18n import _
from twinview.model.problem import CommandError, Problem
from twinview.model.series import Series
from twinview.model.time import TimeAxis, format_instant
from twinview.model.twin import Layer, Twin, consumers
from twinview.scene.numbers import fixed
from twinview.session.market import Market, account_losses, market_of, offsets
from twinview.session.other_carriers import (
    bought_words,
    burnt,
    burnt_words,
    electrical_ones,
    other_flows,
)
from twinview.session.project import Project
from twinview.session.results import Results
from twinview.session.used_factors import annotated

YEAR_HOURS = 8760.0


@dataclass(frozen=True)
class Indicators:
    """What a planner reads of a span.

    Parameters
    ----------
    items
        In the order in which they are shown.
    problems
        What is doubtful about them.
    """

    items: tuple[Indicator, ...]
    problems: tuple[Problem, ...] = ()

    def __getitem__(self, id_: str) -> Indicator:
        """Return an indicator by its id."""
        return next(one for one in self.items if one.id == id_)

    def as_dict(self) -> dict[str, Any]:
        """Return the numbers by id with unit, derivation and source, JSON-able."""
        return {
            one.id: {
                "value": one.value if np.isfinite(one.value) else None,
                "unit": one.unit,
                "why": one.why,
                "source": one.source,
                **({"note": one.note} if one.note else {}),
            }
            for one in self.items
        }


class Accountant:
    """Makes the indicators of any stretch of some results; what is common is looked up once.

    Parameters
    ----------
    results
        Of a computation.
    project
        Whose settings and accounts count.
    """

    def __init__(self, results: Results, project: Project) -> None:
        self._axis, self._twin = results.axis, results.twin
        self._said = electrical_ones(results)
        self._grid = bool(results.balance.energy)
        self._flows = flows_of(results, project)
        self._sizes = sizes_of(results.twin)
        self._project = project
        whole = self._flows.known()
        imported, average = _imported(whole)
        year = min(1.0, self._axis.count * self._flows.hours / YEAR_HOURS)
        self._market: Market = market_of(project, results.twin.time, imported, average, year)

    def of(self, window: range | None = None) -> Indicators:
        """Return the indicators of some steps of the results.

        Parameters
        ----------
        window
            Steps of the results' axis; None for all.
        """
        rows = window if window is not None else range(self._axis.count)
        part = _cut(self._flows, rows)
        good = np.isfinite(part.energy["load"])
        flows = part.known()
        steps = np.flatnonzero(good) + rows.start
        statement, grounds = self._statement(flows)
        named = _Instants(self._axis, steps)
        emitted = statement.emitted("location")
        items = [
            *carbon_lines(statement, flows, grounds),
            *intensity_lines(flows, emitted, self._sizes),
            *(own_use_lines(flows) if self._grid else ()),
            *(power_lines(flows, named) if self._grid else ()),
            *equivalent_lines(emitted),
        ]
        said = annotated(items, self._twin, self._project, self._market)
        lacking = _left_out(int((~good).sum()), len(rows))
        return Indicators(said, (*lacking, *self._market.problems, *self._said))

    def rows_of(self, clock: TimeAxis, steps: range) -> range:
        """Return the steps of the results that lie in steps of the twin's clock.

        Parameters
        ----------
        clock
            The twin's axis.
        steps
            Of it.
        """
        if self._axis.static or clock.static:
            return range(self._axis.count)
        shift = (clock.start - self._axis.start) // self._axis.step
        begin = min(max(steps.start + shift, 0), self._axis.count)
        return range(begin, max(begin, min(steps.stop + shift, self._axis.count)))

    def _statement(self, flows: Flows) -> tuple[Statement, Grounds]:
        imported, average = _imported(flows)
        market = self._market.within(imported, average)
        losses, how, source = account_losses(self._project, imported, average)
        heat = flows.other("heat")
        statement = Statement(
            scope1=burnt(flows),
            scope2_location=float(flows.carbon["import"].sum()) + flows.other("power") + heat,
            scope2_market=(imported * market.factor if imported > 0 else 0.0) + heat,
            scope3_losses=losses,
            avoided=float((flows.energy["export"] * flows.import_intensity).sum()) / 1000,
            offsets=offsets(self._project),
        )
        location = _(
            "{energy} kWh imported × the average of the grid in each step ({mean:.4g} g/kWh in "
            "the mean of the import); exports take nothing off.",
            energy=fixed(imported, 0),
            mean=average * 1000,
        )
        covered = _(
            "The import × {factor:.4g} kg/kWh; of what was bought for the year, the part that "
            "falls to it by its share of the import: {lines}",
            factor=market.factor,
            lines=market_words(market.lines),
        )
        sources = (self._market.average_source, self._market.source)
        more = bought_words(flows)
        return statement, Grounds(
            location + more, sources[0], covered + more, sources[1], how, source, burnt_words(flows)
        )


def with_indicators(results: Results, project: Project, window: range | None) -> dict[str, Any]:
    """Return span, balance and indicators of results in the form of ``compute --json``."""
    found = indicators_of(results, project, window)
    return {
        **results.as_dict(window),
        "indicators": found.as_dict(),
        "indicator_problems": [problem.as_dict() for problem in found.problems],
    }


def indicators_of(results: Results, project: Project, window: range | None = None) -> Indicators:
    """Return the indicators of some steps of results; see `Accountant`."""
    return Accountant(results, project).of(window)


def _left_out(count: int, steps: int) -> tuple[Problem, ...]:
    """Say how many steps of a span have no results."""
    if not count:
        return ()
    message = _(
        "{count} of {steps} steps of the span have no results; they are in none of these numbers.",
        count=count,
        steps=steps,
    )
    return (Problem("warning", "indicators.steps_missing", message),)


class _Instants(Mapping[int, str]):
    """Writes the k-th of some steps as an instant, when it is asked for."""

    def __init__(self, axis: TimeAxis, steps: np.ndarray) -> None:
        self._axis, self._steps = axis, steps

    def __getitem__(self, k: int) -> str:
        if self._axis.static:
            return ""
        return format_instant(self._axis.seconds(int(self._steps[k])), self._axis.tz)

    def __iter__(self) -> Any:
        return iter(range(len(self)))

    def __len__(self) -> int:
        return len(self._steps)


def flows_of(results: Results, project: Project) -> Flows:
    """Return the flows of all steps of results."""
    twin, axis, balance = results.twin, results.axis, results.balance
    hours = _hours(axis)
    sources = twin.of_kind("source")
    free, offered = _generated(twin, axis, balance)
    return Flows(
        hours,
        balance.energy or {name: np.zeros(axis.count) for name in (*ENERGY_IN, *ENERGY_OUT)},
        balance.carbon or {name: np.zeros(axis.count) for name in (*CARBON_IN, *CARBON_OUT)},
        _grid_average(twin, axis, balance, project),
        free,
        offered,
        next((_mean(twin, one, "marginal_intensity", axis) for one in sources
              if twin.find(one.id, "marginal_intensity") is not None), None),
        other_flows(results),
    )  # fmt: skip


def _grid_average(twin: Twin, axis: TimeAxis, balance: Balance, project: Project) -> Floats:
    """Return g/kWh of what the grid delivers in each step; the import's own where it is known."""
    for layer in twin.of_kind("source"):
        if twin.find(layer.id, "carbon_intensity") is not None:
            values = _mean(twin, layer, "carbon_intensity", axis)
            mean = float(np.nanmean(values)) if np.isfinite(values).any() else np.nan
            return np.asarray(np.nan_to_num(values, nan=mean))
    if not balance.energy:
        return np.zeros(axis.count)
    energy, carbon = np.nansum(balance.energy["import"]), np.nansum(balance.carbon["import"])
    constant = carbon / energy * 1000 if energy > 0 else project.settings.import_intensity
    return np.full(axis.count, np.nan if constant is None else constant)


def _mean(twin: Twin, layer: Layer, quantity: str, axis: TimeAxis) -> Floats:
    series = twin.find(layer.id, quantity)
    assert series is not None
    return np.asarray(_on(series, axis).mean(axis=1), dtype=np.float64)


def _on(series: Series, axis: TimeAxis) -> Floats:
    return window_of(series, axis, range(axis.count))


def _hours(axis: TimeAxis) -> float:
    return axis.step / 3600 if not axis.static else 1.0


def _generated(twin: Twin, axis: TimeAxis, balance: Balance) -> tuple[Floats | None, Floats | None]:
    """Return kWh of own generation free of carbon, and of what sun and wind offered. [T] each."""
    generators = twin.of_kind("generator")
    if not balance.energy:  # heat or gas alone
        return np.zeros(axis.count), None
    if not generators:
        # Buildings alone generate, as where there is no grid: the balance has what they made.
        return np.where(balance.carbon["generation"] > 0, 0.0, balance.energy["generation"]), None
    free, hours = np.zeros(axis.count), _hours(axis)
    offered: Floats | None = None
    for layer in generators:
        power, available = twin.find(layer.id, "power"), twin.find(layer.id, "available")
        if power is None:
            return None, None
        clean = layer.numbers("intensity_g_per_kwh", 0.0) == 0
        for part in parts(range(axis.count), len(layer)):
            made = np.maximum(window_of(power, axis, part)[:, clean], 0.0)
            free[part.start : part.stop] += made.sum(axis=1) * hours
        if available is not None:
            extra = np.nansum(_on(available, axis), axis=1) * hours
            offered = extra if offered is None else offered + extra
    return free, offered


def sizes_of(twin: Twin) -> dict[str, Size]:
    """Return what emissions can be divided by: sums over the elements that use energy."""
    found = {}
    for key, (columns, _unit) in SIZES.items():
        count, known, total, named = 0, 0, 0.0, ""
        for layer in consumers(twin):
            column = next((one for one in columns if layer.has(one)), "")
            values = layer.numbers(column) if column else np.full(len(layer), np.nan)
            named = named or column
            count, known = count + len(layer), known + int(np.isfinite(values).sum())
            total += float(np.nansum(values))
        found[key] = Size(named, total, known, count)
    return found


def _imported(flows: Flows) -> tuple[float, float]:
    """Return kWh of electricity from outside, and its mean in kg/kWh; NaN without any."""
    energy = float(flows.energy["import"].sum()) + flows.other("power_kwh")
    carbon = float(flows.carbon["import"].sum()) + flows.other("power")
    return energy, carbon / energy if energy > 0 else np.nan


def _cut(flows: Flows, rows: range) -> Flows:
    return flows.of(np.arange(rows.start, rows.stop))


def span_of(results: Results, begin: int, end: int) -> range:
    """Return the steps of results between two instants in seconds; all of a static network.

    Raises
    ------
    CommandError
        No step of the results lies there.
    """
    if results.axis.static:
        return range(1)
    found = results.axis.window(begin, end)
    if not len(found):
        raise CommandError(_("No computed step lies in that span; compute it first."))
    return found
