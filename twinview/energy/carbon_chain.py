"""Carbon through networks and machines: what goes into a machine comes out of it.

    import + generation = load + loss + storage_delta + export + residual        (kg, all carriers)

Import is what sources of all networks bring and what machines buy outside, generation that of the
electrical network's own plants. What machines take is no load and what they give is no generation
of the whole: the two cancel, and the residual shows it if they do not.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

import numpy as np

from twinview.energy.arrays import Bools, Floats
from twinview.energy.balance import ARRIVED, CARBON_IN, CARBON_OUT, LEFT, Balance, balance_of
from twinview.energy.compute import Run
from twinview.energy.converters import Rule, WasteRule, chp, waste_heat
from twinview.energy.given import Assumptions
from twinview.energy.linking import Linked
from twinview.energy.machines import Machine
from twinview.energy.pipes import trace_pipes
from twinview.energy.piping import DEFAULTS, PipeNet
from twinview.energy.reservoir import Stores
from twinview.energy.serving import Served
from twinview.energy.storage import loss_per_step
from twinview.energy.tracing import Tracing

KG = 1e-3
"""kg in a gram, the tracing's unit."""


@dataclass(frozen=True, eq=False)
class Chain:
    """What the carbon of a run of steps follows from.

    Parameters
    ----------
    nets, served
        Networks of pipes and their balances of power, by id.
    machines
        What links them.
    linked
        The electrical network, if there is one.
    flows
        Output, bought input and waste heat of each machine in kW, by its id. Shape [T] each.
    sources
        g/kWh of the sources of each network. Shape [T, s].
    outside
        g/kWh of what machines buy outside, by carrier.
    stocks
        g in the stores of each network at the start. Shape [s].
    load_power
        kW of the electrical network's own loads. Shape [T, l].
    choices
        Who bears losses.
    hours
        Length of a step.
    known
        Which steps are computed. Shape [T].
    """

    nets: Mapping[str, PipeNet]
    machines: Sequence[Machine]
    linked: Linked | None
    served: Mapping[str, Served]
    flows: Mapping[str, tuple[Floats, Floats, Floats]]
    sources: Mapping[str, Floats]
    outside: Mapping[str, float]
    stocks: Mapping[str, Floats]
    load_power: Floats
    choices: Assumptions
    hours: float
    known: Bools


@dataclass(eq=False)
class Booked:
    """Carbon of a run of steps.

    Parameters
    ----------
    traced
        Tracing of each network of pipes, by id.
    failed
        Steps whose carbon is not known: not computed, or without a power flow. Shape [T].
    balances
        Balance of each network of pipes.
    whole
        Carbon of all networks together.
    given
        g/kWh of what each machine gives, by its id. Shape [T].
    power
        g/kWh of the power of combined plants, by their id. Shape [T].
    moved
        kg that left each electrical load with its waste heat. Shape [T, l].
    inside, sold
        kg that machines took from networks, and of power that combined plants sold outside. Shape
        [T] for each machine.
    outside
        kWh and kg that machines bought outside of all networks, by carrier. Shape [T] each.
    """

    failed: Bools
    moved: Floats
    traced: dict[str, Tracing] = field(default_factory=dict)
    balances: dict[str, Balance] = field(default_factory=dict)
    whole: Balance = field(default_factory=lambda: Balance({}))
    given: dict[str, Floats] = field(default_factory=dict)
    power: dict[str, Floats] = field(default_factory=dict)
    inside: list[Floats] = field(default_factory=list)
    outside: dict[str, tuple[Floats, Floats]] = field(default_factory=dict)
    sold: list[Floats] = field(default_factory=list)


def book_chain(
    chain: Chain, order: Sequence[str], electrical: Callable[[Floats, Floats], Run], steps: int
) -> tuple[Booked, Run | None]:
    """Trace all networks in their order.

    Parameters
    ----------
    chain
        What there is.
    order
        Ids of the networks, those that feed others first.
    electrical
        Computes the electrical network, from the power and intensity that machines feed in,
        [T, givers] each.
    steps
        Number of steps.
    """
    booked = Booked(~chain.known, np.zeros_like(chain.load_power))
    grid: Run | None = None
    for name in order:
        if name not in chain.nets:
            _burn(chain, booked, grid)
            grid = electrical(*_fed_in(chain, booked, steps))
            booked.failed |= ~grid.converged
            continue
        _give(chain, booked, grid, name)
        _trace(chain, booked, name)
    _burn(chain, booked, grid)
    booked.whole = _whole(chain, booked, grid, steps)
    return booked, grid


def _burn(chain: Chain, booked: Booked, grid: Run | None) -> None:
    """Share the carbon of combined plants whose fuel is traced, before others need their power."""
    for one in chain.machines:
        ready = one.source is None or one.source.network in booked.traced
        if one.kind == "chp" and one.id not in booked.given and ready:
            _products(chain, booked, grid, one)


def _give(chain: Chain, booked: Booked, grid: Run | None, name: str) -> None:
    for one in chain.machines:
        if one.sink.network == name and one.id not in booked.given:
            _products(chain, booked, grid, one)


def _fed_in(chain: Chain, booked: Booked, steps: int) -> tuple[Floats, Floats]:
    """Return power and intensity of the combined plants at the electrical network."""
    givers = () if chain.linked is None else chain.linked.givers
    power = [chain.flows[one.id][0] * one.power_share for one in givers]
    rates = [booked.power[one.id] for one in givers]
    empty = np.zeros((steps, 0))
    return (np.column_stack(power), np.column_stack(rates)) if givers else (empty, empty)


def _products(chain: Chain, booked: Booked, grid: Run | None, one: Machine) -> None:
    """Work out what a machine's products carry, and book where it came from."""
    output, bought, waste = chain.flows[one.id]
    rate = _input_rate(chain, booked, grid, one)
    carbon = bought * rate + waste * _waste_rate(chain, booked, grid, one, waste)
    if one.kind == "chp":
        booked.power[one.id], booked.given[one.id] = _shared(chain, one, rate)
    else:
        booked.given[one.id] = _per(carbon, output)
    amount = bought * rate * chain.hours * KG
    outside = one.source is None or one.source.network not in {*chain.nets, _grid_id(chain)}
    if outside:
        none = np.zeros_like(bought)
        energy, carbon = booked.outside.get(one.carrier, (none, none))
        booked.outside[one.carrier] = energy + bought * chain.hours, carbon + amount
    else:
        booked.inside.append(amount)
    if one.power_out is not None and one.power_out.network != _grid_id(chain):
        sold = output * one.power_share * booked.power[one.id]
        booked.sold.append(sold * chain.hours * KG)


def _shared(chain: Chain, one: Machine, rate: Floats) -> tuple[Floats, Floats]:
    """Return g/kWh of power and heat of a combined plant, from that of its fuel. [T] each."""
    back = DEFAULTS[chain.nets[one.sink.network].carrier][1]
    rule = cast("Rule", one.rule)
    power, heat = one.yield_ * one.power_share, one.yield_
    return chp(rate, power, heat, rule, supply=one.supply, back=back)


def _grid_id(chain: Chain) -> str:
    return "" if chain.linked is None else chain.linked.district.network.id


def _per(amount: Floats, power: Floats) -> Floats:
    return np.divide(amount, power, out=np.zeros_like(amount), where=power > 0)


def _input_rate(chain: Chain, booked: Booked, grid: Run | None, one: Machine) -> Floats:
    """Return g/kWh of what a machine buys. [T]."""
    steps = len(chain.flows[one.id][0])
    place = None if one.source is None else one.source.network
    if place in booked.traced and one.source is not None:
        return _known(booked, booked.traced[str(place)].intensity[:, one.source.node])
    if place and grid is not None and chain.linked is not None and place == _grid_id(chain):
        row = chain.linked.loads + chain.linked.takers.index(one)
        drawn = chain.flows[one.id][1] * chain.hours * KG
        return _known(booked, _per(grid.load_carbon[:, row], drawn))
    fixed = chain.outside.get(one.carrier, 0.0) if np.isnan(one.intensity) else one.intensity
    return np.full(steps, fixed)


def _waste_rate(
    chain: Chain, booked: Booked, grid: Run | None, one: Machine, waste: Floats
) -> Floats:
    """Return g/kWh of the waste heat that a machine takes up, and book what it took. [T]."""
    if one.load < 0 or grid is None:
        return np.zeros_like(waste)
    power = np.nan_to_num(chain.load_power[:, one.load])
    electric = _known(booked, _per(grid.load_carbon[:, one.load], power * chain.hours * KG))
    shared = waste_heat(electric, power, np.minimum(waste, power), cast("WasteRule", one.rule))
    rate = np.nan_to_num(shared.intensity[:, 1])
    booked.moved[:, one.load] += waste * rate * chain.hours * KG
    return rate


def _known(booked: Booked, values: Floats) -> Floats:
    """Return values of steps that have a solution, 0 in the others, whose carbon is not known."""
    return np.where(booked.failed | np.isnan(values), 0.0, values)


def _trace(chain: Chain, booked: Booked, name: str) -> None:
    """Trace one network of pipes and draw up its balance."""
    net, served = chain.nets[name], chain.served[name]
    givers = [one for one in chain.machines if one.sink.network == name]
    rates = np.column_stack([chain.sources[name], *(booked.given[one.id] for one in givers)])
    table = net.store_table
    stores = Stores(
        net.stores.node,
        served.flow.store_power,
        served.energy[0],
        chain.stocks[name],
        table.eta_charge,
        table.eta_discharge,
        loss_per_step(table.standing_loss, chain.hours),
        chain.choices.policy,
    )
    traced = trace_pipes(
        served.flow,
        rates,
        stores=stores if len(net.stores) else None,
        losses=chain.choices.losses,
        step_hours=chain.hours,
    )
    sources = chain.sources[name].shape[1]
    imports = np.arange(rates.shape[1]) < sources
    exports = np.arange(traced.case.load_bus.size) >= served.flow.load_node.size
    booked.traced[name] = traced
    booked.balances[name] = _masked(
        balance_of(traced, imports, exports, chain.hours), booked.failed
    )


def _masked(found: Balance, failed: Bools) -> Balance:
    carbon = {k: np.where(failed, np.nan, v) for k, v in found.carbon.items()}
    return replace(found, carbon=carbon)


def _whole(chain: Chain, booked: Booked, grid: Run | None, steps: int) -> Balance:
    """Add up all networks; what machines pass on cancels."""
    parts = [*booked.balances.values(), *([grid.balance] if grid else [])]
    names = (*CARBON_IN, *CARBON_OUT)
    terms = {name: np.sum([np.zeros(steps), *(part.carbon[name] for part in parts)], axis=0)
             for name in names}  # fmt: skip
    nothing = np.zeros(steps)
    bought = [carbon for _energy, carbon in booked.outside.values()]
    inside, outside, sold = (
        np.sum([nothing, *one], axis=0) for one in (booked.inside, bought, booked.sold)
    )
    terms["generation"] = terms["generation"] - _made(chain, booked, steps)
    terms["import"] = terms["import"] + outside
    terms["load"] = terms["load"] - inside - booked.moved.sum(axis=1)
    terms["export"] = terms["export"] + sold
    sources: tuple[str, ...] = CARBON_IN
    uses: tuple[str, ...] = CARBON_OUT
    if grid is not None and ARRIVED in grid.balance.carbon:
        terms |= {name: grid.balance.carbon[name] for name in (ARRIVED, LEFT)}
        sources, uses = (*CARBON_IN, ARRIVED), (*CARBON_OUT, LEFT)
    came, went = (np.sum([terms[k] for k in part], axis=0) for part in (sources, uses))
    return Balance(
        {}, _masked(Balance({}, {**terms, "residual": came - went}), booked.failed).carbon
    )


def _made(chain: Chain, booked: Booked, steps: int) -> Floats:
    """Return kg that machines brought into all networks. [T]."""
    made = np.zeros(steps)
    for one in chain.machines:
        made += chain.flows[one.id][0] * booked.given[one.id] * chain.hours * KG
        if one.power_out is not None and one.power_out.network == _grid_id(chain):
            power = chain.flows[one.id][0] * one.power_share
            made += power * booked.power[one.id] * chain.hours * KG
    return made
