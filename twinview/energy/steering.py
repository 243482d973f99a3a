"""How stores are run: home batteries for their house, community batteries for their zone."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from twinview.energy.arrays import Bools, Floats, Ints
from twinview.energy.district import District, summing
from twinview.energy.fleet import Visiting
from twinview.energy.storage import (
    Limits,
    Thresholds,
    by_signal,
    given_power,
    loss_per_step,
    peak_shaving,
)

StorageRule = Literal["self_consumption", "peak_shaving", "price", "carbon", "given"]


@dataclass(frozen=True, eq=False)
class Storing:
    """Power and content of the stores in a run of steps.

    Parameters
    ----------
    power
        kW at the terminals, positive when charging. Shape [T, s].
    energy
        kWh that stays inside, from start to end. Shape [T + 1, s].
    visiting
        What chargers do; None where there are none.
    """

    power: Floats
    energy: Floats
    visiting: Visiting | None = None


def start_energy(district: District, step: int = 0) -> Floats:
    """Return the content at the start of a step, kWh. [s].

    That of stores is an assumption of the data; that of vehicles follows from their stays.

    Parameters
    ----------
    district
        The network.
    step
        Of its axis.
    """
    table = district.store_table
    assumed = table.energy * np.clip(table.soc0, 0, 1)
    there = visiting_of(district, range(step - 1, step)) if step > 0 else None
    inside = 0.0 if there is None else np.where(there.leaving, 0.0, there.content)[0]
    return np.where(district.fixed, assumed, inside)


@dataclass(frozen=True, eq=False)
class Steering:
    """What runs the stores in a run of steps.

    Parameters
    ----------
    rule
        ``self_consumption``: charge with what would be exported, discharge for what would be
        imported. ``peak_shaving``: keep what is drawn below a limit. ``price``, ``carbon``: charge
        in the quarter of each day with the lowest signal, discharge in the highest, for own needs
        only. ``given``: follow `plan` as far as the limits let.
    plan
        Wanted power in kW, positive when charging, for ``given``. Shape [T, s].
    signal
        Price of the import, or its carbon intensity in g/kWh. Shape [T].
    levels
        When it is low and when it is high.
    limit
        Most that is to be drawn around each store in kW, for ``peak_shaving``. Shape [s].
    resting
        Steps in which nothing is charged or discharged, whatever the rule says; None for none.
        Shape [T].
    """

    rule: StorageRule = "self_consumption"
    plan: Floats | None = None
    signal: Floats | None = None
    levels: Thresholds | None = None
    limit: Floats | None = None
    resting: Bools | None = None

    def cut(self, steps: range) -> "Steering":
        """Return what runs the stores in some of the steps."""
        if self.signal is None or self.levels is None:
            return self
        rows = slice(steps.start, steps.stop)
        levels = Thresholds(self.levels.low[rows], self.levels.high[rows])
        return replace(self, signal=self.signal[rows], levels=levels)

    def planned(self, plan: Floats) -> "Steering":
        """Return it with the plan that is to be followed. [T, s]."""
        return replace(self, plan=plan)

    def follow(
        self, chosen: Bools, net: Floats, limits: Limits, hours: float
    ) -> tuple[Floats, Floats]:
        """Return power and content of the chosen stores whose surroundings draw `net`, [T, s]."""
        if self.plan is not None:
            return given_power(self.plan[:, chosen], limits, hours)
        if self.signal is not None and self.levels is not None:
            return by_signal(self.signal, self.levels, limits, net_power=net, step_hours=hours)
        if self.limit is not None:
            return peak_shaving(net, self.limit[chosen], limits, step_hours=hours)
        return given_power(-net, limits, hours)


def by_rule(
    district: District,
    load: Floats,
    gen: Floats,
    energy: Floats,
    steering: Steering,
    visiting: Visiting | None = None,
) -> Storing:
    """Run the stores by a rule; those that are switched off or without supply rest.

    Vehicles charge by their own plans, and stores see them as they see loads. Stores of a building
    look at that building's net power one after the other, in the order of the table: each sees what
    those before it have left. Then the others look at what is left in their own voltage zone, all
    stores of a zone sharing it by their power.

    Parameters
    ----------
    district
        The network.
    load, gen
        Power of loads and generators in kW. Shapes [T, l], [T, g].
    energy
        Content at the start in kWh. Shape [s].
    steering
        The rule.
    visiting
        What chargers do.
    """
    power = np.zeros((len(load), len(district.stores)))
    content = np.tile(energy, (len(load) + 1, 1))
    if district.time.static:  # one instant has no before and after: the stores rest
        return Storing(power, content)
    if visiting is not None and district.fleet is not None:
        at = district.fleet.charger
        power[:, at] = visiting.power[:, at]
        content[1:, at] = np.where(visiting.leaving, 0.0, visiting.content)[:, at]
    able = connected(district) & district.fixed
    own = able & (district.stores.site >= 0)
    shared = able & ~own
    net = net_power(district.loads.site, district.gens.site, district.sites.size, load, gen)
    turn = _turns(district.stores.site, own)
    for k in range(int(turn.max(initial=-1)) + 1):
        now = turn == k
        taken = power @ summing(district.stores.site, district.sites.size).T
        _run(district, steering, now, (net + taken)[:, district.stores.site[now]], power, content)
    around = _around(district, load, gen, power, shared)
    _run(district, steering, shared, around[:, shared], power, content)
    return Storing(power, content, visiting)


def _turns(site: Ints, chosen: Bools) -> Ints:
    """Return how many chosen stores of the same site stand before each; -1 for others. [s]."""
    rows = np.flatnonzero(chosen)
    turn = np.full(site.size, -1, dtype=np.int64)
    _sites, begin, which = np.unique(site[rows], return_index=True, return_inverse=True)
    order = np.argsort(which, kind="stable")
    first = np.searchsorted(which[order], np.arange(begin.size))
    turn[rows[order]] = np.arange(rows.size) - first[which[order]]
    return turn


def visiting_of(district: District, steps: range) -> Visiting | None:
    """Return what the chargers of a network do in some steps; None where there are none.

    Parameters
    ----------
    district
        The network.
    steps
        Of its axis.
    """
    if district.fleet is None or district.time.static:
        return None
    return district.fleet.window(district.time, steps, connected(district))


def connected(district: District) -> Bools:
    """Tell which stores are switched on at a node with supply; their loads stand last. [s].

    Parameters
    ----------
    district
        The network.
    """
    on = district.grid.rows("sym_load")["status"][len(district.loads) :] == 1
    return np.asarray(on & district.grid.energized[district.stores.bus], dtype=np.bool_)


def _around(district: District, load: Floats, gen: Floats, power: Floats, chosen: Bools) -> Floats:
    """Return each chosen store's share of what its voltage zone draws, home stores included."""
    zones = int(district.zone.max()) + 1 if district.zone.size else 0
    zone_of = district.zone[district.stores.bus]
    places = (district.zone[district.loads.bus], district.zone[district.gens.bus])
    around = net_power(*places, zones, load, gen) + power @ summing(zone_of, zones).T
    return np.asarray(around[:, zone_of] * zone_shares(district, chosen))


def zone_shares(district: District, chosen: Bools) -> Floats:
    """Return each store's part in the power of the chosen stores of its voltage zone. [s].

    Parameters
    ----------
    district
        The network.
    chosen
        The stores that share. Shape [s].
    """
    zones = int(district.zone.max()) + 1 if district.zone.size else 0
    zone_of = district.zone[district.stores.bus]
    rating = district.store_table.power
    together = (summing(np.where(chosen, zone_of, -1), zones) @ rating)[zone_of]
    share = np.divide(rating, together, out=np.zeros_like(rating), where=together > 0)
    return np.asarray(share, dtype=np.float64)


def net_power(load_group: Ints, gen_group: Ints, size: int, load: Floats, gen: Floats) -> Floats:
    """Return consumption less generation by group. [T, size]."""
    return np.asarray(load @ summing(load_group, size).T - gen @ summing(gen_group, size).T)


def _run(
    district: District,
    steering: Steering,
    chosen: Bools,
    net: Floats,
    power: Floats,
    content: Floats,
) -> None:
    """Run the chosen stores and write what they do into `power` and `content`."""
    if not chosen.any():
        return
    table = district.store_table
    limits = Limits(
        capacity=table.energy[chosen],
        power=table.power[chosen],
        eta_c=table.eta_charge[chosen],
        eta_d=table.eta_discharge[chosen],
        standing_loss=loss_per_step(table.standing_loss[chosen], district.hours),
        energy0=content[0, chosen],
        resting=steering.resting,
    )
    moved, held = steering.follow(chosen, net, limits, district.hours)
    power[:, chosen], content[:, chosen] = moved, held
