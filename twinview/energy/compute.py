"""The first complete pass: powers, stores, power flow, tracing, balance, run after run of steps."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from twinview.energy.arrays import Bools, Floats
from twinview.energy.balance import Balance, balance_of
from twinview.energy.district import District, summing
from twinview.energy.given import Assumptions, import_intensity, powers
from twinview.energy.given import steering as steering_for
from twinview.energy.netting import Devices as Placed
from twinview.energy.netting import Netted, net_buildings
from twinview.energy.powerflow import BRANCHES, Flow, Injections, solve
from twinview.energy.residuals import node_residual
from twinview.energy.steering import Steering, Storing, by_rule, start_energy
from twinview.energy.storage import loss_per_step
from twinview.energy.tracing import Stores, Tracing, trace
from twinview.i18n import _

RUN_STEPS = 24 * 14
"""Steps computed at a time: two weeks of hours keep the arrays of a village near 100 MB."""


EMPTY = 1e-6
"""kW or kWh below which there is nothing that an intensity could be of."""


@dataclass(frozen=True, eq=False)
class Beside:
    """Results of the other carriers in a run of steps.

    Parameters
    ----------
    balances
        Of each network, by its id.
    imbalance
        Largest imbalance of power at each node of a network in any of the steps, kW. Shape [n].
    whole
        Carbon of all carriers together.
    district
        Numbers of the whole district by quantity. Shape [T].
    beyond
        Steps in which suppliers gave more than their rating, by (network, name).
    unfed
        Ids of loads that no supplier reaches, by the id of the network.
    tepid
        Ids of loads at which water arrives that is no better than what they return.
    """

    balances: Mapping[str, Balance]
    imbalance: Mapping[str, Floats]
    whole: Balance
    district: Mapping[str, Floats]
    beyond: Mapping[tuple[str, str], int]
    unfed: Mapping[str, tuple[str, ...]]
    tepid: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, eq=False)
class Run:
    """Results of a run of steps.

    Parameters
    ----------
    start, stop
        Steps of the district's axis.
    fields
        Arrays [T, n] by (layer id, quantity), in the quantities' own units.
    balance
        Terms of each step.
    converged
        Shape [T].
    imbalance
        Largest imbalance of power at each node in any of the steps, kW. Shape [n].
    load_carbon
        kg that each load drew. Shape [T, l].
    beside
        Results of the carriers beside electricity, where there are any.
    """

    start: int
    stop: int
    fields: Mapping[tuple[str, str], Floats]
    balance: Balance
    converged: Bools
    imbalance: Floats
    load_carbon: Floats
    beside: Beside | None = None


def compute(district: District, steps: range, assumptions: Assumptions) -> Iterator[Run]:
    """Compute a span, run after run, so that memory stays bounded and the caller can stop between.

    Parameters
    ----------
    district
        The network.
    steps
        Steps of `district.time`.
    assumptions
        Choices.

    Raises
    ------
    ValueError
        A power is missing or the network cannot be solved; the sentence names the element.
    """
    energy = start_energy(district)
    carbon = energy * assumptions.store_intensity
    steering = steering_for(district, assumptions)
    for start in range(steps.start, steps.stop, RUN_STEPS):
        stop = min(start + RUN_STEPS, steps.stop)
        run, energy, carbon = compute_run(
            district, range(start, stop), assumptions, (energy, carbon), steering
        )
        yield run


def compute_run(
    district: District,
    steps: range,
    assumptions: Assumptions,
    inside: tuple[Floats, Floats],
    steering: Steering,
) -> tuple[Run, Floats, Floats]:
    """Compute one run of steps; return it with the content of the stores at its end.

    Parameters
    ----------
    district
        The network.
    steps
        Of `district.time`.
    assumptions
        Choices.
    inside
        Energy (kWh) and carbon (g) in the stores at the start. Shape [s] each.
    steering
        What runs the stores.

    Raises
    ------
    ValueError
        A power is missing or the network cannot be solved; the sentence names the element.
    """
    energy, carbon = inside
    load = powers(district.loads, steps, _("loads"))
    gen = powers(district.gens, steps, _("generators"))
    if steering.rule == "given":
        steering = steering.planned(powers(district.stores, steps, _("stores")))
    storing = by_rule(district, load, gen, energy, steering.cut(steps))
    known = _follow(district, steps, load, gen, storing, assumptions, carbon)
    flow, netted, traced = known.flow, known.netted, known.traced
    closed = _closed(district, flow, traced)
    fields = {**_grid_fields(district, flow, traced), **_store_fields(district, storing, traced)}
    fields |= _user_fields(district, netted, traced) | _held_fields(district, flow)
    imbalance = _imbalance(district, traced)
    drawn = traced.load_carbon[:, : len(district.loads)] * 1e-3
    run = Run(steps.start, steps.stop, fields, closed, flow.converged, imbalance, drawn)
    return run, storing.energy[-1], traced.store_carbon[-1]


@dataclass(frozen=True, eq=False)
class Followed:
    """Flows of a run of steps and where their carbon goes; what `Run` is made from."""

    flow: Flow
    netted: Netted
    traced: Tracing


def follow_step(
    district: District, step: int, storing: Storing, assumptions: Assumptions, carbon: Floats
) -> Followed:
    """Compute one step again, to show what its results are made of.

    Parameters
    ----------
    district
        The network.
    step
        Of `district.time`.
    storing
        What the stores did in it, and their content before and after. Shapes [1, s], [2, s].
    assumptions
        Choices of the computation.
    carbon
        In the stores before it, g. Shape [s].
    """
    steps = range(step, step + 1)
    load = powers(district.loads, steps, _("loads"))
    gen = powers(district.gens, steps, _("generators"))
    return _follow(district, steps, load, gen, storing, assumptions, carbon)


def _follow(
    district: District,
    steps: range,
    load: Floats,
    gen: Floats,
    storing: Storing,
    assumptions: Assumptions,
    carbon: Floats,
) -> Followed:
    flow = _solved(district, steps, load, gen, storing)
    netted = _netted(district, flow, assumptions.netting)
    traced = _traced(district, steps, flow, netted, storing, assumptions, carbon)
    return Followed(flow, netted, traced)


def _solved(district: District, steps: range, load: Floats, gen: Floats, storing: Storing) -> Flow:
    consumers = np.concatenate([load, storing.power], axis=1)
    drawn = district.loads.reactive(load, steps)
    reactive = np.concatenate([drawn, np.zeros_like(storing.power)], axis=1)
    injections = Injections(consumers, reactive, gen, district.gens.reactive(gen, steps))
    return solve(district.grid, injections, control=district.control, threads=0)


def _netted(district: District, flow: Flow, netting: bool) -> Netted:
    """Put each building behind a bus of its own, so that its own power serves it first."""
    grid, at, many = district.grid, district.place, len(district.loads)
    real = ~grid.is_link | ~grid.closed
    return net_buildings(
        int(at.max(initial=-1)) + 1,
        (at[grid.from_bus[real]], at[grid.to_bus[real]], flow.p_from[:, real], flow.p_to[:, real]),
        at[district.sites],
        Placed(at[district.gens.bus], flow.gen_p, district.gens.site),
        Placed(at[district.loads.bus], flow.load_p[:, :many], district.loads.site),
        Placed(at[district.stores.bus], flow.load_p[:, many:], district.stores.site),
        rule="netted" if netting else "mixed",
    )


def _traced(
    district: District,
    steps: range,
    flow: Flow,
    netted: Netted,
    storing: Storing,
    assumptions: Assumptions,
    carbon: Floats,
) -> Tracing:
    """Trace; a load that gives counts as a free injection, a generator that takes as a load."""
    many = len(district.loads)
    load, gen = flow.load_p[:, :many], flow.gen_p
    table, sources = district.store_table, district.place[district.sources.bus]
    given = [import_intensity(district, steps, assumptions)]
    given += [np.broadcast_to(district.gen_intensity, gen.shape), np.zeros_like(load)]
    injected, drawn = (flow.source_p, gen, -load), (load, -gen, -flow.source_p)
    return trace(
        netted.n_bus,
        netted.from_bus,
        netted.to_bus,
        netted.p_from,
        netted.p_to,
        np.concatenate([sources, netted.gen_bus, netted.load_bus]),
        np.maximum(np.concatenate(injected, axis=1), 0.0),
        np.concatenate(given, axis=1),
        np.concatenate([netted.load_bus, netted.gen_bus, sources]),
        np.maximum(np.concatenate(drawn, axis=1), 0.0),
        stores=Stores(
            netted.store_bus,
            flow.load_p[:, many:],
            storing.energy[0],
            carbon,
            table.eta_charge,
            table.eta_discharge,
            loss_per_step(table.standing_loss, district.hours),
            assumptions.policy,
        ),
        losses=assumptions.losses,
        step_hours=district.hours,
    )


def _closed(district: District, flow: Flow, traced: Tracing) -> Balance:
    gens = traced.case.gen_bus.size
    loads = traced.case.load_bus.size
    sources = len(district.sources)
    return balance_of(
        traced, np.arange(gens) < sources, np.arange(loads) >= loads - sources, district.hours
    )


def _imbalance(district: District, traced: Tracing) -> Floats:
    """Return the largest imbalance at each node; that of a site counts at its node. [n]."""
    places = int(district.place.max(initial=-1)) + 1
    largest = np.nan_to_num(np.abs(node_residual(traced))).max(axis=0)
    real: Floats = largest[district.place]
    if largest.size > places:
        np.maximum.at(real, district.sites, largest[places:])
    return real


def _grid_fields(district: District, flow: Flow, traced: Tracing) -> dict[tuple[str, str], Floats]:
    tables = district.network.tables
    dark = ~flow.energized
    voltage = np.where(dark, np.nan, flow.voltage)
    fields = {
        (tables["node"], "voltage"): voltage,
        (tables["node"], "carbon_intensity"): traced.intensity[:, district.place],
    }
    first = 0
    for name in BRANCHES:
        count = district.grid.ids(name).size
        if count and name in tables:
            rows = slice(first, first + count)
            fields[tables[name], "power"] = flow.p_from[:, rows]
            fields[tables[name], "loading"] = flow.loading[:, rows] * 100.0
        first += count
    return fields


def _held_fields(district: District, flow: Flow) -> dict[tuple[str, str], Floats]:
    """Return the reactive power of generators where some of them had theirs sought."""
    if district.control is None or district.gens.layer is None:
        return {}
    return {(district.gens.layer.id, "reactive_power"): flow.gen_q}


def _store_fields(
    district: District, storing: Storing, traced: Tracing
) -> dict[tuple[str, str], Floats]:
    if district.stores.layer is None:
        return {}
    name = district.stores.layer.id
    inside, content = traced.store_energy[1:], traced.store_carbon[1:]
    capacity = np.where(district.store_table.energy > 0, district.store_table.energy, np.nan)
    return {
        (name, "power"): traced.case.store_power,
        (name, "energy"): inside,
        (name, "soc"): inside / capacity,
        (name, "carbon_intensity"): np.divide(
            content, inside, out=np.full_like(content, np.nan), where=inside > EMPTY
        ),
    }


def _user_fields(
    district: District, netted: Netted, traced: Tracing
) -> dict[tuple[str, str], Floats]:
    """Return the intensity of buildings, or of the loads where no building is known."""
    many = len(district.loads)
    at_load = traced.intensity[:, netted.load_bus]
    if district.building is None:
        layer = district.loads.layer
        return {} if layer is None else {(layer.id, "carbon_intensity"): at_load}
    used = np.nan_to_num(traced.case.load_power[:, :many])
    rows = np.where(district.loads.site >= 0, district.building_row[district.loads.site], -1)
    adding = summing(rows, len(district.building)).T
    carbon, energy = (used * np.nan_to_num(at_load)) @ adding, used @ adding
    intensity = np.full(energy.shape, np.nan)
    intensity[:, district.building_row] = _idle(district, netted, traced)
    np.divide(carbon, energy, out=intensity, where=energy > EMPTY)
    intensity[np.isnan(traced.residual)] = np.nan
    return {(district.building.id, "carbon_intensity"): intensity}


def _idle(district: District, netted: Netted, traced: Tracing) -> Floats:
    """Return what each site would get: its own bus's intensity, or that of the grid beside it."""
    own = traced.intensity[:, netted.building_bus]
    beside = traced.intensity[:, district.place[district.sites]]
    return np.where(np.isnan(own), beside, own)
