"""How stores are run: home batteries for their house, community batteries for their zone."""

from dataclasses import dataclass

import numpy as np

from twinview.energy.arrays import Bools, Floats, Ints
from twinview.energy.district import District, summing
from twinview.energy.storage import loss_per_step, self_consumption


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


def by_rule(district: District, load: Floats, gen: Floats, energy: Floats) -> Storing:
    """Run the stores by the rule of self-consumption.

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
    """
    power = np.zeros((len(load), len(district.stores)))
    if district.time.static:  # one instant has no before and after: the stores rest
        return Storing(power, np.tile(energy, (len(load) + 1, 1)))
    content = np.tile(energy, (len(load) + 1, 1))
    own = district.stores.site >= 0
    net = _net(district.loads.site, district.gens.site, district.sites.size, load, gen)
    _run(district, own, net[:, district.stores.site[own]], power, content)
    zones = int(district.zone.max()) + 1 if district.zone.size else 0
    zone_of = district.zone[district.stores.bus]
    around = _net(
        district.zone[district.loads.bus], district.zone[district.gens.bus], zones, load, gen
    )
    around = around + power @ summing(zone_of, zones).T
    rating = district.store_table.power
    together = summing(np.where(own, -1, zone_of), zones) @ rating
    share = np.divide(
        rating, together[zone_of], out=np.zeros_like(rating), where=together[zone_of] > 0
    )
    _run(district, ~own, around[:, zone_of[~own]] * share[~own], power, content)
    return Storing(power, content)


def _net(load_group: Ints, gen_group: Ints, size: int, load: Floats, gen: Floats) -> Floats:
    """Return consumption less generation by group. [T, size]."""
    return np.asarray(load @ summing(load_group, size).T - gen @ summing(gen_group, size).T)


def _run(district: District, chosen: Bools, net: Floats, power: Floats, content: Floats) -> None:
    """Run the chosen stores and write what they do into `power` and `content`."""
    if not chosen.any():
        return
    table = district.store_table
    moved, held = self_consumption(
        net,
        table.energy[chosen],
        table.power[chosen],
        table.eta_charge[chosen],
        table.eta_discharge[chosen],
        loss_per_step(table.standing_loss[chosen], district.hours),
        content[0, chosen],
        district.hours,
    )
    power[:, chosen], content[:, chosen] = moved, held
