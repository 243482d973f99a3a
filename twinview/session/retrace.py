"""One step of the electrical network computed again, with all that the kept results leave out.

Kept are the powers, contents and intensities of every step; which source reaches which bus, both
ends of the branches and the carbon inside the stores are not. They follow from the data, from what
the stores held before the step, and from what machines of other carriers took and gave in it.
"""

from collections import OrderedDict
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from twinview.energy.arrays import Floats
from twinview.energy.carrier_run import CarrierRun, Stocks, run_of, start_stocks
from twinview.energy.carriers import Carriers
from twinview.energy.compute import Followed, follow_steps
from twinview.energy.district import District, store_table
from twinview.energy.heat_rules import steerings
from twinview.energy.machines import Machine
from twinview.energy.reservoir import Policy
from twinview.energy.steering import Steering, Storing, start_energy, visiting_of
from twinview.energy.storage import loss_per_step
from twinview.i18n import _
from twinview.model.ahead import assumed
from twinview.model.lacking import lacks
from twinview.model.problem import CommandError
from twinview.model.series import Series
from twinview.model.twin import Twin
from twinview.session import cache
from twinview.session.project import Project
from twinview.session.results import inputs
from twinview.session.tasks import Prepared, prepare

KEPT = 2
_prepared: OrderedDict[str, Prepared] = OrderedDict()
_steerings = lru_cache(maxsize=KEPT)(steerings)


@dataclass(frozen=True, eq=False)
class Retraced:
    """A step, or a few, with everything in it.

    Parameters
    ----------
    ready
        The networks, and the choices of their computation.
    district
        The electrical network; its last loads and generators are machines of other carriers.
    followed
        Flows and carbon; all arrays have a row for each step.
    """

    ready: Prepared
    district: District
    followed: Followed

    def machine(self, component: str, row: int) -> Machine | None:
        """Return the machine behind a row of ``sym_load`` or ``sym_gen``; None for a device."""
        tied = None if self.ready.carriers is None else self.ready.carriers.linked
        if tied is None or component not in {"sym_load", "sym_gen"}:
            return None
        own, behind = {"sym_load": (tied.loads, tied.takers), "sym_gen": (tied.gens, tied.givers)}[
            component
        ]
        return behind[row - own] if row >= own else None


def prepared(twin: Twin, project: Project) -> Prepared:
    """Return networks and choices of a case, kept for the next question about it.

    Parameters
    ----------
    twin, project
        The case that is shown, and its settings.

    Raises
    ------
    CommandError
        There is nothing to compute, or it cannot be computed.
    """
    name = cache.key(twin.digest, twin.changes, *inputs(project))
    found = _prepared.get(name) if twin.digest else None
    if found is None:
        found = prepare(twin.exact, project)
        if twin.digest:
            _prepared[name] = found
        while len(_prepared) > KEPT:
            _prepared.popitem(last=False)
    return found


def retrace(ready: Prepared, twin: Twin, step: int) -> Retraced:
    """Compute a step of the electrical network again.

    Parameters
    ----------
    ready
        Networks and choices of the case, as `prepared` gives them.
    twin
        The case with its results.
    step
        Of the clock.

    Raises
    ------
    CommandError
        The step is not computed, what it began with is not kept, or there is no such network.
    """
    return retrace_span(ready, twin, range(step, step + 1))


def retrace_span(ready: Prepared, twin: Twin, steps: range) -> Retraced:
    """Compute steps of the electrical network again, together; arrays have a row for each.

    Parameters
    ----------
    ready
        Networks and choices of the case, as `prepared` gives them.
    twin
        The case with its results.
    steps
        Of the clock; several only where that is the axis of the computation, and where none of
        them lacks a value.

    Raises
    ------
    CommandError
        As of `retrace`.
    """
    if ready.grid is None:
        raise CommandError(_("There is no electrical grid and no building with a consumption."))
    twin = twin.exact
    first = ready.time.step_at(twin.time, steps.start)
    if first is None:
        raise CommandError(_("The grid has no values at this instant."))
    rows = range(first, first + len(steps))
    try:
        district = _fed(ready, twin, rows, steps)
        storing, carbon = _storing(ready, district, twin, (rows, steps))
        followed = follow_steps(district, rows, storing, ready.choices.grid, carbon)
    except ValueError as error:
        raise CommandError(_("The grid cannot be computed: {why}.", why=error)) from error
    return Retraced(ready, district, followed)


def retrace_carriers(ready: Prepared, twin: Twin, step: int) -> CarrierRun:
    """Compute a step of the networks of heat, cooling and gas again; all arrays have one row.

    Parameters
    ----------
    ready
        Networks and choices of the case, as `prepared` gives them.
    twin
        The case with its results.
    step
        Of the clock.

    Raises
    ------
    CommandError
        The step is not computed, what it began with is not kept, or there is no such network.
    """
    twin = twin.exact
    i = ready.time.step_at(twin.time, step)
    if ready.carriers is None or i is None:
        raise CommandError(_("There is no network of heat, cooling or gas at this instant."))
    try:
        return _run_again(ready, ready.carriers, twin, range(i, i + 1), range(step, step + 1))
    except ValueError as error:
        raise CommandError(_("The networks cannot be computed: {why}.", why=error)) from error


def held_before(
    twin: Twin, layer: str, step: int, policy: Policy = "pass_on"
) -> tuple[Floats, Floats] | None:
    """Return energy (kWh) and carbon (g) in the stores of a layer before a step, as kept.

    Parameters
    ----------
    twin
        The case that is shown, with its results.
    layer
        Id of a layer of stores.
    step
        Of the clock.
    policy
        Who bears the losses of stores.

    Returns
    -------
    tuple or None
        None at the very start of the data, where an assumption stands in. Shapes [s].

    Raises
    ------
    CommandError
        The step is not computed, or the step before it is not among the results.
    """
    energy, content = (_kept(twin, layer, name) for name in ("energy", "carbon_intensity"))
    now = energy.time.step_at(twin.time, step)
    if now is None or not energy.ready(now):
        raise CommandError(_("This instant has not been computed yet."))
    if now == 0 and (energy.time.static or energy.time.start <= twin.time.start):
        return None
    if now == 0 or assumed(energy, now) or not energy.ready(now - 1):
        raise CommandError(
            _(
                "What the storage held before this instant is not among the results; compute a "
                "span that begins earlier."
            )
        )
    last = _last_computed(energy, now - 1)
    hours = energy.time.step / 3600
    lost = loss_per_step(store_table(twin.layers[layer]).standing_loss, hours)
    kept = (1.0 - lost) ** (now - 1 - last)
    held = energy.at(last).astype(np.float64)
    carbon = held * np.nan_to_num(content.at(last).astype(np.float64))
    return held * kept, carbon * kept if policy == "owner" else carbon


def _last_computed(series: Series, step: int) -> int:
    """Return the last step up to one whose results are kept: where a value is missing none are.

    Raises
    ------
    CommandError
        There is none.
    """
    while step >= 0 and lacks(series, step):
        step -= 1
    if step < 0:
        raise CommandError(_("What the storage held before this instant is not kept."))
    return step


def _kept(twin: Twin, layer: str, quantity: str) -> Series:
    series = twin.find(layer, quantity)
    if series is None or series.meaning.origin != "computed":
        raise CommandError(_("Nothing has been computed yet; choose Compute first."))
    return series


def _fed(ready: Prepared, twin: Twin, rows: range, steps: range) -> District:
    """Return the electrical network with what machines take and give in some steps."""
    if ready.carriers is None:
        assert ready.grid is not None
        return ready.grid
    run = _run_again(ready, ready.carriers, twin, rows, steps)
    assert run.fed is not None
    return run.fed


def _run_again(
    ready: Prepared, carriers: Carriers, twin: Twin, rows: range, steps: range
) -> CarrierRun:
    """Compute steps of all carriers again; electrical stores do what they did."""
    steering = dict(_steerings(carriers, ready.choices.grid))
    layer = None if ready.grid is None else ready.grid.stores.layer
    if layer is not None:
        steering[""] = Steering().planned(_at(_kept(twin, layer.id, "power"), twin, steps))
    stocks = _stocks(ready, carriers, twin, rows.start, steps.start)
    run, _left = run_of(carriers, rows, ready.choices, stocks, steering)
    return run


def _stocks(ready: Prepared, carriers: Carriers, twin: Twin, i: int, step: int) -> Stocks:
    """Return what stands in the stores of all networks before the step."""
    start, policy = start_stocks(carriers, ready.choices), ready.choices.grid.policy
    energy, carbon = dict(start.energy), dict(start.carbon)
    layers = {net.network.id: net.stores.layer for net in carriers.nets}
    layers[""] = None if ready.grid is None else ready.grid.stores.layer
    for name, layer in layers.items():
        held = None if layer is None else held_before(twin, layer.id, step, policy)
        if held is not None:
            energy[name], carbon[name] = (np.nan_to_num(one) for one in held)
    tied = carriers.linked
    if tied is not None and tied.district.fleet is not None:
        fixed, inside = tied.district.fixed, start_energy(tied.district, i)
        energy[""] = np.where(fixed, energy[""], inside)
        carbon[""] = np.where(fixed | (inside > 0), carbon[""], 0.0)
    return Stocks(energy, carbon)


def _storing(
    ready: Prepared, district: District, twin: Twin, which: tuple[range, range]
) -> tuple[Storing, Floats]:
    """Return what the electrical stores did in some steps, and the carbon in them before.

    Steps are those of the grid's axis, then those of the clock.
    """
    layer, (rows, steps) = district.stores.layer, which
    if layer is None:
        count = len(rows)
        return Storing(np.zeros((count, 0)), np.zeros((count + 1, 0))), np.zeros(0)
    before = held_before(twin, layer.id, steps.start, ready.choices.grid.policy)
    if before is None:
        energy = start_energy(district)
        before = energy, energy * ready.choices.grid.store_intensity
    held, carbon = before
    power, after = (_at(_kept(twin, layer.id, name), twin, steps) for name in ("power", "energy"))
    visiting = visiting_of(district, rows)
    if visiting is not None:
        fixed, inside = district.fixed, start_energy(district, rows.start)
        held = np.where(fixed, held, inside)
        after = np.where(fixed, after, np.where(visiting.leaving, 0.0, visiting.content))
        carbon = np.where(fixed | (inside > 0), np.nan_to_num(carbon), 0.0)
    content = np.concatenate([np.nan_to_num(held)[None, :], after])
    least = _given(district, power) * (True if visiting is None else district.fixed)
    content[:-1] = np.maximum(content[:-1], least)
    return Storing(power, content, visiting), carbon


def _at(series: Series, twin: Twin, steps: range) -> Floats:
    """Return the values of steps of the clock. Shape [T, n]."""
    found = []
    for step in steps:
        now = series.time.step_at(twin.time, step)
        if now is None or not series.ready(now):
            raise CommandError(_("This instant has not been computed yet."))
        found.append(series.at(now))
    return np.asarray(found, dtype=np.float64)


def _given(district: District, moved: Floats) -> Floats:
    """Return what stores must have held to give what they gave: kept results are rounded."""
    table, hours = district.store_table, district.hours
    kept = 1.0 - loss_per_step(table.standing_loss, hours)
    given = np.maximum(-moved, 0.0) * hours / table.eta_discharge
    return np.divide(given, kept, out=np.zeros_like(given), where=kept > 0)
