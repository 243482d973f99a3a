"""Behind the meter first: buildings use their own power before they share the bus.

Several buildings hang at one bus. Tracing mixes whatever meets at a bus, so a neighbour would get
the solar power that a building uses itself. With the rule "netted" each building becomes a virtual
bus at the end of a lossless branch that carries what the building draws or feeds in; with "mixed"
nothing changes. Which of them was used belongs on every figure made from the result.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from twinview.energy.arrays import Bools, Floats, Ints, as_places, as_series

Rule = Literal["netted", "mixed"]


@dataclass(frozen=True, eq=False)
class Devices:
    """Loads, injections or stores, and whose they are.

    Parameters
    ----------
    bus
        Bus of each. Shape [d].
    power
        In kW, as `trace` takes it; stores positive when charging. Shape [T, d].
    building
        Number of the building each belongs to, -1 for none. Shape [d].
    """

    bus: ArrayLike
    power: ArrayLike
    building: ArrayLike


@dataclass(frozen=True, eq=False)
class Netted:
    """The grid that `trace` shall see.

    Parameters
    ----------
    n_bus, from_bus, to_bus, p_from, p_to
        Grid with virtual buses and branches after the real ones.
    gen_bus, load_bus, store_bus
        New bus of each device.
    building_bus
        Bus whose intensity is that of each building. Shape [b].
    rule
        What was done.
    """

    n_bus: int
    from_bus: Ints
    to_bus: Ints
    p_from: Floats
    p_to: Floats
    gen_bus: Ints
    load_bus: Ints
    store_bus: Ints
    building_bus: Ints
    rule: Rule


def net_buildings(
    n_bus: int,
    branches: tuple[ArrayLike, ArrayLike, ArrayLike, ArrayLike],
    building_bus: ArrayLike,
    gens: Devices,
    loads: Devices,
    stores: Devices | None = None,
    *,
    rule: Rule = "netted",
    apart: ArrayLike | None = None,
) -> Netted:
    """Give each building its virtual bus.

    Parameters
    ----------
    n_bus
        Number of real buses.
    branches
        `from_bus`, `to_bus` of shape [k], `p_from`, `p_to` of shape [T, k].
    building_bus
        Real bus of each building. Shape [b].
    gens, loads, stores
        The devices.
    rule
        "netted" or "mixed".
    apart
        Whether each building gets a bus, [b]; None for all. One that only draws needs none.

    Raises
    ------
    ValueError
        A device of a building hangs at another bus than its building, or a number is out of range.
    """
    if rule not in ("netted", "mixed"):
        raise ValueError(f"rule must be netted or mixed, not {rule!r}")
    homes = as_places(building_bus, "building_bus", n_bus)
    steps = np.asarray(loads.power).shape[0]
    heads, tails = (as_places(branches[i], "a branch end", n_bus) for i in (0, 1))
    p_from, p_to = (as_series(branches[i], "branch power", heads.size, steps) for i in (2, 3))
    kinds = (gens, loads, stores or Devices([], np.zeros((steps, 0)), []))
    named = zip(("gens", "loads", "stores"), kinds, strict=True)
    placed = [_place(name, kind, homes, n_bus) for name, kind in named]
    gen_bus, load_bus, store_bus = (bus for bus, _ in placed)
    ends, at = (heads, tails, p_from, p_to), (gen_bus, load_bus, store_bus)
    mixed = Netted(n_bus, *ends, *at, homes, rule)
    if rule == "mixed" or not homes.size:
        return mixed
    owners = tuple(owner for _, owner in placed)
    some = np.ones(homes.size, dtype=np.bool_) if apart is None else np.asarray(apart)
    return _with_virtual_buses(mixed, _drawn(kinds, owners, steps, homes.size), owners, some)


def _with_virtual_buses(
    grid: Netted, drawn: Floats, owners: tuple[Ints, ...], apart: Bools
) -> Netted:
    """Hang a bus on that of each building set apart, and move what it owns there."""
    n_bus, homes = grid.n_bus, grid.building_bus[apart]
    virtual = np.arange(homes.size) + n_bus
    bus_of = grid.building_bus.copy()
    bus_of[apart] = virtual
    real = (grid.gen_bus, grid.load_bus, grid.store_bus)
    gen_bus, load_bus, store_bus = (
        np.where(owner >= 0, bus_of[owner], bus) for bus, owner in zip(real, owners, strict=True)
    )
    return Netted(
        n_bus + homes.size,
        np.concatenate([grid.from_bus, homes]),
        np.concatenate([grid.to_bus, virtual]),
        np.concatenate([grid.p_from, drawn[:, apart]], axis=1),
        np.concatenate([grid.p_to, -drawn[:, apart]], axis=1),
        gen_bus,
        load_bus,
        store_bus,
        bus_of,
        grid.rule,
    )


def _place(name: str, devices: Devices, homes: Ints, n_bus: int) -> tuple[Ints, Ints]:
    """Check and return bus and building of each device."""
    bus = as_places(devices.bus, f"{name}.bus", n_bus)
    owner = np.asarray(devices.building, dtype=np.int64)
    if owner.size != bus.size or ((owner < -1) | (owner >= homes.size)).any():
        raise ValueError(f"{name}.building must give each device a building's number or -1")
    owned = owner >= 0
    astray = np.flatnonzero(owned)[bus[owned] != homes[owner[owned]]]
    if astray.size:
        first = int(astray[0])
        raise ValueError(
            f"{name}[{first}] hangs at bus {bus[first]}, but its building {owner[first]} at bus "
            f"{homes[owner[first]]}"
        )
    return bus, owner


def _drawn(kinds: tuple[Devices, ...], owners: tuple[Ints, ...], steps: int, count: int) -> Floats:
    """Return what each building draws from the grid: less what its generators give. [T, b]."""
    drawn = np.zeros((steps, count))
    for kind, owner, sign in zip(kinds, owners, (-1.0, 1.0, 1.0), strict=True):
        drawn += sign * _by_building(kind, owner, steps, count)
    return drawn


def _by_building(devices: Devices, owner: Ints, steps: int, count: int) -> Floats:
    """Add up the power of each building's devices. [T, b]."""
    power = as_series(devices.power, "power of devices", owner.size, steps)
    owned = np.flatnonzero(owner >= 0)
    order = owned[np.argsort(owner[owned], kind="stable")]
    total = np.zeros((steps, count))
    if order.size:
        owners, offsets = np.unique(owner[order], return_index=True)
        total[:, owners] = np.add.reduceat(power[:, order], offsets, axis=1)
    return total
