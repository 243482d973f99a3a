"""Machines of other carriers as loads and generators of the electrical network."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from twinview.energy.arrays import Floats
from twinview.energy.district import Devices, District, make_district
from twinview.energy.machines import Machine
from twinview.i18n import N_
from twinview.model.series import Meaning, Series
from twinview.model.time import TimeAxis
from twinview.model.twin import Layer, Network, Twin

_KINDS = {"sym_load": ("load", N_("Loads")), "sym_gen": ("generator", N_("Generators"))}


@dataclass(frozen=True, eq=False)
class Linked:
    """The electrical network with the machines behind its own devices.

    Parameters
    ----------
    district
        The network; its last loads and generators are machines.
    alone
        The network without them: what the rules of stores look at over the whole span.
    loads, gens
        Number of its own loads and generators.
    takers, givers
        Machines that take power from it and that feed power in, in the order of the devices.
    """

    district: District
    alone: District
    loads: int
    gens: int
    takers: tuple[Machine, ...]
    givers: tuple[Machine, ...]

    def fed(self, rows: range, taken: Floats, given: Floats, intensity: Floats) -> District:
        """Return the network with the powers of its machines in a run of steps.

        Parameters
        ----------
        rows
            The steps.
        taken, given
            kW that each taker draws and each giver feeds in. Shapes [T, takers], [T, givers].
        intensity
            g/kWh of what is fed in. Shape [T, givers].
        """
        one = self.district
        own = np.tile(one.gen_intensity[: self.gens], (len(rows), 1))
        return replace(
            one,
            loads=_with_power(one.loads, self.loads, one.time, rows, taken),
            gens=_with_power(one.gens, self.gens, one.time, rows, given),
            gen_intensity=np.concatenate([own, intensity], axis=1),
        )


@dataclass(frozen=True, eq=False)
class Appended:
    """A series of devices, and behind it powers of machines that are known in a run of steps.

    Parameters
    ----------
    meaning, time
        As of every series.
    own
        Series of the devices themselves, None where there are none.
    rows
        The run of steps.
    added
        Powers of the machines in it. Shape [T, m].
    """

    meaning: Meaning
    time: TimeAxis
    own: Series | None
    rows: range
    added: Floats

    def window(self, a: int, b: int) -> npt.NDArray[np.float64]:
        """Return the values of steps a to b (excluded), all within the run."""
        part = self.added[a - self.rows.start : b - self.rows.start]
        if self.own is None:
            return part
        steps = b - a
        still = self.own.time.static
        own = np.tile(self.own.at(0), (steps, 1)) if still else self.own.window(a, b)
        return np.concatenate([own.astype(np.float64), part], axis=1)

    def at(self, i: int) -> npt.NDArray[np.float64]:
        """Return the values of all devices at step `i`."""
        return np.asarray(self.window(i, i + 1)[0])


def _with_power(devices: Devices, own: int, time: TimeAxis, rows: range, added: Floats) -> Devices:
    if not added.shape[1] or (own and devices.power is None):
        return devices
    meaning = Meaning("", "power", "kW", origin="computed")
    series = Appended(meaning, time, devices.power if own else None, rows, added)
    # The computation reads windows and instants only; the rest of a series is never asked for.
    made = replace(devices, power=cast("Series", series))
    if devices.reactive_power is None:
        return made
    # That of machines is not known: it follows from their active power.
    unknown = np.full_like(added, np.nan)
    reactive = Appended(meaning, time, devices.reactive_power if own else None, rows, unknown)
    return replace(made, reactive_power=cast("Series", reactive))


def linked(twin: Twin, network: Network, machines: Sequence[Machine]) -> Linked:
    """Put machines behind the loads and generators of an electrical network.

    Parameters
    ----------
    twin, network
        The district and one of its electrical networks.
    machines
        All machines; those that neither take power from it nor feed in are left alone.
    """
    takers = [one for one in machines if one.source and one.source.network == network.id]
    givers = [one for one in machines if one.power_out and one.power_out.network == network.id]
    nodes = [one.source.node for one in takers if one.source]
    feeds = [one.power_out.node for one in givers if one.power_out]
    loads, gens = (_count(twin, network, name) for name in ("sym_load", "sym_gen"))
    alone = make_district(twin, network)
    twin, network = _extended(twin, network, "sym_load", takers, nodes)
    twin, network = _extended(twin, network, "sym_gen", givers, feeds)
    return Linked(make_district(twin, network), alone, loads, gens, tuple(takers), tuple(givers))


def _count(twin: Twin, network: Network, component: str) -> int:
    layer = twin.layers.get(network.tables.get(component, ""))
    return 0 if layer is None else len(layer)


def _extended(
    twin: Twin, network: Network, component: str, machines: Sequence[Machine], nodes: Sequence[int]
) -> tuple[Twin, Network]:
    """Return twin and network with rows for machines behind those of a component."""
    if not machines:
        return twin, network
    ids = twin.layers[network.tables["node"]].ids
    added: dict[str, pa.Array] = {
        "id": pa.array([f"{one.id} ({one.kind})" for one in machines], pa.string()),
        "node": pa.array([str(ids[node]) for node in nodes], pa.string()),
        "building": pa.array([one.building or None for one in machines], pa.string()),
    }
    name = network.tables.get(component, f"{network.id}.{component}")
    layer = twin.layers.get(name)
    kind, title = _KINDS[component]
    if layer is None:
        made = Layer(name, title, kind, pa.table(added))
    else:
        own = layer.attributes.schema
        fitted = {
            k: v.cast(own.field(k).type) if k in own.names else v
            for k, v in added.items()
            if k in own.names or k != "building" or any(one.building for one in machines)
        }
        joined = pa.concat_tables([layer.attributes, pa.table(fitted)], promote_options="default")
        made = replace(layer, attributes=joined, geometry=None)
    twin = replace(twin, layers={**twin.layers, name: made})
    return twin, replace(network, tables={**network.tables, component: name})
