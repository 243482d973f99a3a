"""How stores are run: home batteries for their house, community batteries for their zone."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from twinview.energy.arrays import Bools, Floats, Ints
from twinview.energy.district import District, summing
from twinview.energy.storage import Limits, by_signal, day_thresholds, given_power, loss_per_step

StorageRule = Literal["self_consumption", "carbon", "given"]


@dataclass(frozen=True, eq=False)
class Storing:
    """Power and content of the stores in a run of steps.

    Parameters
    ----------
    power
        kW at the terminals, positive when charging. Shape [T, s].
    energy
        kWh inside, from start to end. Shape [T + 1, s].
    """

    power: Floats
    energy: Floats


def start_energy(district: District) -> Floats:
    """Return the content at the very start, an assumption of the data. [s]."""
    return district.store_table.energy * np.clip(district.store_table.soc0, 0, 1)


@dataclass(frozen=True, eq=False)
class Steering:
    """What runs the stores in a run of steps.

    Parameters
    ----------
    rule
        ``self_consumption``: charge with what would be exported, discharge for what would be
        imported. ``carbon``: charge in the quarter of each day with the cleanest import, discharge
        in the dirtiest, for own needs only. ``given``: follow `plan` as far as the limits let.
    plan
        Wanted power in kW, positive when charging, for ``given``. Shape [T, s].
    signal
        Carbon intensity of the import in g/kWh, for ``carbon``. Shape [T].
    day
        A number for each step that is the same within a local day, for ``carbon``. Shape [T].
    """

    rule: StorageRule = "self_consumption"
    plan: Floats | None = None
    signal: Floats | None = None
    day: Ints | None = None

    def follow(
        self, chosen: Bools, net: Floats, limits: Limits, hours: float
    ) -> tuple[Floats, Floats]:
        """Return power and content of the chosen stores whose surroundings draw `net`, [T, s]."""
        if self.plan is not None:
            return given_power(self.plan[:, chosen], limits, hours)
        if self.signal is not None and self.day is not None:
            levels = day_thresholds(self.signal, self.day)
            return by_signal(self.signal, levels, limits, net_power=net, step_hours=hours)
        return given_power(-net, limits, hours)


def by_rule(
    district: District, load: Floats, gen: Floats, energy: Floats, steering: Steering
) -> Storing:
    """Run the stores by a rule.

    Stores of a building look at that building's net power. Then the others look at what is left in
    their own voltage zone, all stores of a zone sharing it by their power.

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
    """
    power = np.zeros((len(load), len(district.stores)))
    content = np.tile(energy, (len(load) + 1, 1))
    if district.time.static:  # one instant has no before and after: the stores rest
        return Storing(power, content)
    own = district.stores.site >= 0
    net = _net(district.loads.site, district.gens.site, district.sites.size, load, gen)
    _run(district, steering, own, net[:, district.stores.site[own]], power, content)
    around = _around(district, load, gen, power, ~own)
    _run(district, steering, ~own, around[:, ~own], power, content)
    return Storing(power, content)


def _around(district: District, load: Floats, gen: Floats, power: Floats, chosen: Bools) -> Floats:
    """Return each chosen store's share of what its voltage zone draws, home stores included."""
    zones = int(district.zone.max()) + 1 if district.zone.size else 0
    zone_of = district.zone[district.stores.bus]
    places = (district.zone[district.loads.bus], district.zone[district.gens.bus])
    around = _net(*places, zones, load, gen) + power @ summing(zone_of, zones).T
    rating = district.store_table.power
    together = (summing(np.where(chosen, zone_of, -1), zones) @ rating)[zone_of]
    share = np.divide(rating, together, out=np.zeros_like(rating), where=together > 0)
    return np.asarray(around[:, zone_of] * share)


def _net(load_group: Ints, gen_group: Ints, size: int, load: Floats, gen: Floats) -> Floats:
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
    )
    moved, held = steering.follow(chosen, net, limits, district.hours)
    power[:, chosen], content[:, chosen] = moved, held
