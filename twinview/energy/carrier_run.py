"""A run of steps over all carriers: first all powers, then all carbon."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from twinview.energy.ahead import Crew
from twinview.energy.arrays import Bools, Floats
from twinview.energy.carbon_chain import Booked, Chain, book_chain
from twinview.energy.carrier_gaps import gaps_of
from twinview.energy.carriers import Carriers, Choices
from twinview.energy.compute import Run, compute_run
from twinview.energy.district import District
from twinview.energy.gaps import Gap, lacking
from twinview.energy.machines import Machine
from twinview.energy.piping import DEFAULTS, PipeNet, Placed, values_of
from twinview.energy.serving import Demand, Offers, Served, Storing, serve
from twinview.energy.steering import Steering, start_energy

LAST = 100.0
"""Priority of sources that name none: after the machines, so that they balance."""


@dataclass(frozen=True, eq=False)
class Stocks:
    """Content of the stores of each network by its id: kWh and g, shape [s] each."""

    energy: Mapping[str, Floats]
    carbon: Mapping[str, Floats]


@dataclass(frozen=True, eq=False)
class Powers:
    """Powers of a run of steps.

    Parameters
    ----------
    served
        Networks of pipes in balance, by id.
    output, bought, waste
        kW that each machine gives, buys, and takes up as waste heat, by its id. Shape [T].
    """

    served: dict[str, Served] = field(default_factory=dict)
    output: dict[str, Floats] = field(default_factory=dict)
    bought: dict[str, Floats] = field(default_factory=dict)
    waste: dict[str, Floats] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class CarrierRun:
    """Results of a run of steps over all carriers.

    Parameters
    ----------
    rows
        The steps.
    grid
        Results of the electrical network; None without any.
    powers
        Powers of the other networks.
    booked
        Carbon of all of them.
    fed
        The electrical network with the powers of its machines in these steps; None without any.
    known
        Which steps lack nothing; the others are not computed. Shape [T].
    gaps
        What they lack.
    """

    rows: range
    grid: Run | None
    powers: Powers
    booked: Booked
    fed: District | None
    known: Bools
    gaps: tuple[Gap, ...]


def start_stocks(carriers: Carriers, choices: Choices) -> Stocks:
    """Return what stands in the stores at the very start."""
    energy, carbon = {}, {}
    for net in carriers.nets:
        table, name = net.store_table, net.network.id
        energy[name] = table.energy * np.clip(table.soc0, 0, 1)
        carbon[name] = energy[name] * net.stores.numbers(
            "start_intensity_g_per_kwh", choices.stores.get(name, 0.0)
        )
    if carriers.linked is not None:
        energy[""] = start_energy(carriers.linked.district)
        carbon[""] = energy[""] * choices.grid.store_intensity
    return Stocks(energy, carbon)


def run_of(
    carriers: Carriers, rows: range, choices: Choices, stocks: Stocks,
    steerings: Mapping[str, Steering], crew: Crew | None = None,
) -> tuple[CarrierRun, Stocks]:  # fmt: skip
    """Compute a run of steps; return it with what stands in the stores at its end.

    Where any network lacks a value, machines leave the step of all unknown: its rows mean nothing.

    Parameters
    ----------
    carriers
        The networks.
    rows
        Steps of `carriers.time`.
    choices
        Choices.
    stocks
        What stands in the stores at the start.
    steerings
        What runs the stores of each network by its id, the electrical ones under the empty one.
    crew
        Who solves the power flow; this thread where nobody is named.

    Raises
    ------
    ValueError
        A network cannot be solved; the sentence names the element.
    """
    gaps = gaps_of(carriers, rows, choices.grid)
    known = ~lacking(gaps, len(rows))
    powers = served_of(carriers, rows, stocks, steerings, known)
    energy = {name: one.energy[-1] for name, one in powers.served.items()}
    left: dict[str, list[Floats]] = {}
    fed: list[District] = []

    def electrical(given: Floats, intensity: Floats) -> Run:
        assert carriers.linked is not None
        fed.append(carriers.linked.fed(rows, taken_of(carriers, powers, rows), given, intensity))
        start = stocks.energy[""], stocks.carbon[""]
        rule = steerings.get("", Steering())
        run, *left[""] = compute_run(fed[0], rows, choices.grid, start, rule, crew, known)
        return run

    chain = _chain(carriers, rows, choices, stocks, powers, known)
    booked, grid = book_chain(chain, carriers.carbon_order, electrical, len(rows))
    carbon = {name: one.store_carbon[-1] for name, one in booked.traced.items()}
    if "" in left:
        energy[""], carbon[""] = left[""]
    found = CarrierRun(rows, grid, powers, booked, fed[0] if fed else None, known, gaps)
    return found, Stocks(energy, carbon)


def taken_of(carriers: Carriers, powers: Powers, rows: range) -> Floats:
    """Return kW that machines draw from the electrical network. [T, takers].

    Parameters
    ----------
    carriers, powers, rows
        The networks, their powers in some steps, and which.
    """
    takers = () if carriers.linked is None else carriers.linked.takers
    return _columns([powers.bought[one.id] for one in takers], len(rows))


def served_of(
    carriers: Carriers, rows: range, stocks: Stocks, steerings: Mapping[str, Steering], known: Bools
) -> Powers:
    """Balance all networks of pipes, those that others need first.

    Parameters
    ----------
    carriers
        The networks.
    rows
        Steps of `carriers.time`.
    stocks
        What stands in the stores at the start.
    steerings
        What runs the stores of each network, by its id.
    known
        Which steps lack nothing. Shape [T].
    """
    powers = Powers()
    for net in carriers.nets:
        name = net.network.id
        stored = stocks.energy[name], steerings.get(name, Steering()).cut(rows)
        _serve(carriers, net, rows, powers, stored, known)
    return powers


def _chain(
    carriers: Carriers, rows: range, choices: Choices, stocks: Stocks, powers: Powers, known: Bools
) -> Chain:
    """Gather what the carbon of a run of steps follows from."""
    return Chain(
        nets={net.network.id: net for net in carriers.nets},
        machines=carriers.machines,
        linked=carriers.linked,
        served=powers.served,
        flows={one.id: (powers.output[one.id], powers.bought[one.id], powers.waste[one.id])
               for one in carriers.machines},
        sources={net.network.id: _source_intensity(carriers, net, rows, choices)
                 for net in carriers.nets},
        outside=choices.outside,
        stocks=stocks.carbon,
        load_power=_electric_loads(carriers, rows),
        choices=choices.grid,
        hours=carriers.hours,
        known=known,
    )  # fmt: skip


def _columns(parts: list[Floats], steps: int) -> Floats:
    return np.column_stack(parts) if parts else np.zeros((steps, 0))


def _electric_loads(carriers: Carriers, rows: range) -> Floats:
    """Return the power of the electrical network's own loads, [T, l]."""
    if carriers.linked is None:
        return np.zeros((len(rows), 0))
    loads = carriers.linked.district.loads
    return values_of(loads.power, carriers.time, rows, carriers.linked.loads)


def _serve(
    carriers: Carriers,
    net: PipeNet,
    rows: range,
    powers: Powers,
    stored: tuple[Floats, Steering],
    known: Bools,
) -> None:
    """Balance one network and write down what its machines give and take.

    Of its stores the content at the start is known, and what runs them.
    """
    givers, takers = carriers.givers(net), carriers.takers(net)
    demand = _demand(carriers, net, takers, rows, powers, known)
    energy, steering = stored
    if net.stores.power is not None:
        plan = values_of(net.stores.power, carriers.time, rows, len(net.stores))
        steering = Steering("given", plan=np.where(known[:, None], plan, 0.0))
    storing = Storing(energy, steering, carriers.hours, carriers.time.static, known)
    served = serve(net, demand, _offers(carriers, net, givers, rows, known), storing)
    powers.served[net.network.id] = served
    first = int(net.sources.on.sum())
    for place, one in enumerate(givers, first):
        output = np.maximum(served.flow.source_power[:, place], 0.0)
        ratio = one.output_per_input(carriers.time, rows)
        powers.output[one.id] = output
        powers.bought[one.id], powers.waste[one.id] = one.taken(output, ratio)


def _demand(
    carriers: Carriers, net: PipeNet, takers: list[Machine], rows: range, powers: Powers,
    known: Bools,
) -> Demand:  # fmt: skip
    """Return what loads in service and machines draw from a network; loads in known steps only."""
    on = net.loads.on
    places = [one.source.node for one in takers if one.source]
    drawn = _columns([powers.bought[one.id] for one in takers], len(rows))
    usual = np.full(len(takers), DEFAULTS[net.carrier][1])
    power = values_of(net.loads.power, carriers.time, rows, len(net.loads))[:, on]
    power[~known] = 0.0
    return Demand(
        node=np.concatenate([net.loads.node[on], places]).astype(np.int64),
        power=np.concatenate([power, drawn], axis=1),
        back=np.concatenate([net.back[on], usual]),
    )


def _offers(
    carriers: Carriers, net: PipeNet, givers: list[Machine], rows: range, known: Bools
) -> Offers:
    """Return what sources and machines can feed into a network."""
    on, steps = net.sources.on, len(rows)
    power = values_of(net.sources.power, carriers.time, rows, len(net.sources))[:, on]
    rated = np.tile(net.sources.numbers("power_w", np.inf)[on] / 1000.0, (steps, 1))
    plans = _machine_plans(carriers, givers, rows, known)
    tops = [_most(carriers, one, rows) if plan is None else plan
            for one, plan in zip(givers, plans, strict=True)]  # fmt: skip
    fixed = np.where(np.isfinite(power), power, rated)
    there = [False] * int(on.sum()) + [one.kind == "waste_heat" for one in givers]
    runs = np.concatenate(
        [np.isfinite(power[known]).all(axis=0), np.array([plan is not None for plan in plans])]
    )
    first = net.sources.numbers("priority", LAST)[on]
    return Offers(
        node=np.concatenate([net.sources.node[on], [one.sink.node for one in givers]]).astype(
            np.int64
        ),
        most=np.concatenate([fixed, _columns(tops, steps)], axis=1),
        given=runs.astype(np.bool_),
        free=np.array(there, dtype=np.bool_),
        priority=np.concatenate([first, [one.priority for one in givers]]),
        supply=np.concatenate([net.supply[on], [one.supply for one in givers]]),
    )


def _machine_plans(
    carriers: Carriers, machines: list[Machine], rows: range, known: Bools
) -> list[Floats | None]:
    """Return the output of machines that a series gives, None where none does."""
    found: list[Floats | None] = []
    layers = {one: layer for layer in carriers.twin.of_kind("converter") for one in layer.ids}
    for machine in machines:
        layer = layers[machine.id]
        series = carriers.given_output(layer)
        plan = None if series is None else values_of(series, carriers.time, rows, len(layer))
        one = None if plan is None else np.where(known, plan[:, machine.row], 0.0)
        found.append(one if one is not None and np.isfinite(one).all() else None)
    return found


def _most(carriers: Carriers, machine: Machine, rows: range) -> Floats:
    """Return the most that a machine can give, [T]: its rating, and the waste heat there is."""
    most = np.full(len(rows), machine.rated)
    if machine.load < 0:
        return most
    there = np.nan_to_num(_electric_loads(carriers, rows)[:, machine.load]) * machine.share
    ratio = machine.output_per_input(carriers.time, rows)
    needed = np.ones(len(rows)) if machine.kind == "waste_heat" else 1.0 - 1.0 / ratio
    limit = np.full(len(rows), np.inf)
    np.divide(there, needed, out=limit, where=needed > 0)
    return np.asarray(np.minimum(most, limit))


def _source_intensity(carriers: Carriers, net: PipeNet, rows: range, choices: Choices) -> Floats:
    """Return g/kWh of the sources in service: by series, column, or assumption. [T, s]."""
    sources: Placed = net.sources
    if sources.layer is None:
        return np.zeros((len(rows), 0))
    series = carriers.twin.find(sources.layer.id, "carbon_intensity")
    if series is not None and series.meaning.origin == "computed":
        series = None
    values = values_of(series, carriers.time, rows, len(sources))
    fixed = sources.numbers("intensity_g_per_kwh", choices.sources.get(net.network.id, 0.0))
    return np.asarray(np.where(np.isnan(values), fixed, values)[:, sources.on])
