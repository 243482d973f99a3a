"""Everything that the computation of one electrical network needs, as arrays, once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import scipy  # its parts load when they are first asked for

from twinview.energy.arrays import Bools, Floats, Ints
from twinview.energy.chargers import COMPONENT, fleet_of
from twinview.energy.components import control_of, make_grid, node_rows, table
from twinview.energy.fleet import Fleet
from twinview.energy.grid import Grid
from twinview.energy.voltage import Control
from twinview.model.series import Series
from twinview.model.time import TimeAxis
from twinview.model.twin import Layer, Network, Twin

SIGNALS = ("price", "marginal_intensity")
"""Quantities of sources that stores may follow."""


@dataclass(frozen=True, eq=False)
class Devices:
    """Loads, generators, stores or sources of a network.

    Parameters
    ----------
    layer
        Their layer; None where the network has none.
    bus
        Node row of each. Shape [d].
    site
        Number of the site (a building at a node) each belongs to, -1 for none. Shape [d].
    power
        Their power over time in kW; None where it is not given.
    reactive_power
        Their reactive power over time in kvar; None where it is not given.
    tangent
        Reactive over active power of each, for what has no reactive power over time. Shape [d].
    fixed_q
        Reactive power in kvar of those that have no active power (condensers). Shape [d].
    """

    layer: Layer | None
    bus: Ints
    site: Ints
    power: Series | None
    reactive_power: Series | None
    tangent: Floats
    fixed_q: Floats

    def reactive(self, active: Floats, steps: range) -> Floats:
        """Return the reactive power in kvar: as given, else by the active one. [T, d].

        Parameters
        ----------
        active
            Active power in kW. Shape [T, d].
        steps
            Steps of the district's axis.
        """
        followed = active * self.tangent + self.fixed_q
        if self.reactive_power is None:
            return followed
        given = over(self.reactive_power, steps)
        return np.where(np.isnan(given), followed, given)

    def __len__(self) -> int:
        """Return their number."""
        return self.bus.size


@dataclass(frozen=True, eq=False)
class StoreTable:
    """Data of the stores, each of shape [s]; kWh and kW."""

    energy: Floats
    power: Floats
    eta_charge: Floats
    eta_discharge: Floats
    standing_loss: Floats
    soc0: Floats


@dataclass(frozen=True, eq=False)
class District:
    """A network ready to be computed.

    Parameters
    ----------
    network, grid
        What it is made of.
    time
        Steps of its powers.
    loads, gens, stores, sources
        The devices. The grid's loads are `loads` and behind them `stores`.
    store_table
        Data of the stores.
    zone
        Voltage zone (part of the grid between transformers) of each node. Shape [n].
    place
        Number of the place of each node: closed links make nodes one for tracing, since the flow
        through a ring of them is undefined. Shape [n].
    sites
        Node row of each site. Shape [b].
    building
        Building layer that the sites belong to; None where no device names a building.
    building_row
        Row of each site's building. Shape [b].
    control
        Generators that hold a voltage; None where none does.
    import_intensity
        Of each source over time in g/kWh; None where it is not known.
    gen_intensity
        Of each generator in g/kWh. Shape [g], or [T, g] where machines set it.
    signals
        What stores may look at besides, of each source over time, by quantity: `price`,
        `marginal_intensity`.
    fleet
        The chargers among the stores; None where there are none.
    """

    network: Network
    grid: Grid
    time: TimeAxis
    loads: Devices
    gens: Devices
    stores: Devices
    sources: Devices
    store_table: StoreTable
    zone: Ints
    place: Ints
    sites: Ints
    building: Layer | None
    building_row: Ints
    control: Control | None
    import_intensity: Series | None
    gen_intensity: Floats
    signals: Mapping[str, Series] = field(default_factory=dict)
    fleet: Fleet | None = None

    @property
    def fixed(self) -> Bools:
        """Which stores stay where they are, and run by a rule; the others are chargers. [s]."""
        if self.fleet is None:
            return np.ones(len(self.stores), dtype=np.bool_)
        return ~self.fleet.charger

    @property
    def hours(self) -> float:
        """Length of a step in hours; 1 for a static network, so that kW read as kWh per hour."""
        return self.time.step / 3600 if not self.time.static else 1.0

    @cached_property
    def active(self) -> Bools:
        """Whether a site makes or stores something of its own. Shape [b]."""
        found = np.zeros(self.sites.size, dtype=np.bool_)
        for devices in (self.gens, self.stores):
            found[devices.site[devices.site >= 0]] = True
        return found


def make_district(twin: Twin, network: Network) -> District:
    """Gather the arrays of one electrical network of a twin.

    Parameters
    ----------
    twin
        The district with all series joined.
    network
        One of its electrical networks.

    Raises
    ------
    ValueError
        It has no nodes, or the stays of its vehicles make no sense.
    """
    nodes = table(twin, network, "node")
    if nodes is None:
        raise ValueError(f"the network '{network.title}' has no nodes")
    building = _building_layer(twin, network)
    layers = {
        name: table(twin, network, name) for name in ("sym_load", "sym_gen", "storage", "source")
    }
    placed = {name: _placed(twin, layer, nodes, building) for name, layer in layers.items()}
    keys = np.concatenate([pairs for _devices, pairs in placed.values()])
    sites, numbers = np.unique(keys[keys[:, 0] >= 0], axis=0, return_inverse=True)
    devices = _with_sites(
        {name: d for name, (d, _p) in placed.items()}, [p for _d, p in placed.values()], numbers
    )
    grid = make_grid(twin, network)
    fleet = fleet_of(layers["storage"], table(twin, network, COMPONENT))
    return District(
        network=network,
        grid=grid,
        time=_axis(twin, [devices["sym_load"].power, devices["sym_gen"].power], fleet),
        loads=devices["sym_load"],
        gens=devices["sym_gen"],
        stores=devices["storage"],
        sources=devices["source"],
        store_table=store_table(layers["storage"]),
        zone=_zones(grid),
        place=grid.one_place,
        sites=sites[:, 1].astype(np.int64),
        building=building,
        building_row=sites[:, 0].astype(np.int64),
        control=control_of(layers["sym_gen"], grid, devices["sym_gen"].reactive_power is not None),
        import_intensity=_import_intensity(twin, layers["source"]),
        gen_intensity=_gen_intensity(layers["sym_gen"]),
        signals=_signals(twin, layers["source"]),
        fleet=fleet,
    )


def _building_layer(twin: Twin, network: Network) -> Layer | None:
    """Return the building layer that most devices name."""
    best, most = None, 0
    for layer in twin.of_kind("building"):
        named = 0
        for component in ("sym_load", "sym_gen", "storage"):
            device = table(twin, network, component)
            if device is not None and device.has("building"):
                named += int((layer.rows(device.column("building")) >= 0).sum())
        if named > most:
            best, most = layer, named
    return best


def _placed(
    twin: Twin, layer: Layer | None, nodes: Layer, building: Layer | None
) -> tuple[Devices, Ints]:
    """Return devices without sites yet, and (building row or -1, node row) of each."""
    if layer is None:
        empty = np.zeros(0, dtype=np.int64)
        none = np.zeros(0)
        return Devices(None, empty, empty, None, None, none, none), np.zeros((0, 2), dtype=np.int64)
    bus = node_rows(layer, nodes)
    named = building is not None and layer.has("building")
    row = (
        building.rows(layer.column("building"))
        if named and building is not None
        else np.full(len(layer), -1)
    )
    sites = np.full(len(layer), -1)
    given = (_given(twin, layer, "power"), _given(twin, layer, "reactive_power"))
    devices = Devices(layer, bus, sites, *given, _tangent(layer), _fixed_q(layer))
    return devices, np.column_stack([row, bus]).astype(np.int64)


def _given(twin: Twin, layer: Layer, quantity: str) -> Series | None:
    """Return a series of devices, unless an earlier computation made it."""
    found = twin.find(layer.id, quantity)
    return None if found is None or found.meaning.origin == "computed" else found


def over(series: Series, steps: range) -> Floats:
    """Return the values of some steps in float64; a static series stands still. [T, n].

    Parameters
    ----------
    series
        Any series.
    steps
        Steps of its axis.
    """
    if series.time.static:
        return np.tile(series.at(0).astype(np.float64), (len(steps), 1))
    return series.window(steps.start, steps.stop).astype(np.float64)


def _with_sites(
    devices: dict[str, Devices], pairs: Sequence[Ints], numbers: Ints
) -> dict[str, Devices]:
    """Give each device the number of its site."""
    numbers = numbers.ravel()
    start = 0
    result = {}
    for (name, one), pair in zip(devices.items(), pairs, strict=True):
        owned = pair[:, 0] >= 0
        site = np.full(len(one), -1, dtype=np.int64)
        site[owned] = numbers[start : start + int(owned.sum())]
        start += int(owned.sum())
        result[name] = replace(one, site=site)
    return result


def _tangent(layer: Layer) -> Floats:
    """Return reactive over active power: of the specified powers, else of `cos_phi`, else 0."""
    cosine = np.clip(layer.numbers("cos_phi", 1.0), 0.05, 1.0)
    active, reactive = layer.numbers("p_specified"), layer.numbers("q_specified")
    with np.errstate(divide="ignore", invalid="ignore"):
        said = reactive / active
    return np.where(np.isfinite(said), said, np.tan(np.arccos(cosine)))


def _fixed_q(layer: Layer) -> Floats:
    """Return the reactive power in kvar of devices whose active power is specified as zero."""
    silent = layer.numbers("p_specified") == 0
    return np.where(silent, layer.numbers("q_specified", 0.0) * 1e-3, 0.0)


def _axis(twin: Twin, powers: Sequence[Series | None], fleet: Fleet | None) -> TimeAxis:
    """Return the axis of the computation: the clock where anything moves, else one instant."""
    moving = any(power is not None and not power.time.static for power in powers)
    moving |= fleet is not None
    return twin.time if moving else TimeAxis(0, 0, 1, twin.time.tz)


def store_table(layer: Layer | None) -> StoreTable:
    """Return the data of a layer of stores, empty where there is none."""

    def numbers(name: str, default: float, scale: float = 1.0) -> Floats:
        return np.zeros(0) if layer is None else layer.numbers(name, default) * scale

    return StoreTable(
        energy=numbers("energy_wh", 0.0, 1e-3),
        power=numbers("power_w", 0.0, 1e-3),
        eta_charge=numbers("eta_charge", 1.0),
        eta_discharge=numbers("eta_discharge", 1.0),
        standing_loss=numbers("standing_loss_per_hour", 0.0),
        soc0=numbers("soc0", 0.5),
    )


def _zones(grid: Grid) -> Ints:
    """Number the parts of the grid that hang together without transformers. [n]."""
    nodes = grid.ids("node").size
    kinds = np.concatenate(
        [
            np.full(grid.ids(name).size, name == "transformer")
            for name in ("line", "transformer", "link", "generic_branch")
        ]
    )
    joined = grid.closed & ~kinds.astype(bool) & (grid.from_bus >= 0) & (grid.to_bus >= 0)
    ends = (grid.from_bus[joined], grid.to_bus[joined])
    graph = scipy.sparse.coo_array((np.ones(ends[0].size), ends), shape=(nodes, nodes))
    _count, labels = scipy.sparse.csgraph.connected_components(graph, directed=False)
    return np.asarray(labels, dtype=np.int64)


def _import_intensity(twin: Twin, source: Layer | None) -> Series | None:
    return None if source is None else twin.find(source.id, "carbon_intensity")


def _signals(twin: Twin, source: Layer | None) -> dict[str, Series]:
    found = {} if source is None else {name: twin.find(source.id, name) for name in SIGNALS}
    return {name: series for name, series in found.items() if series is not None}


def _gen_intensity(layer: Layer | None) -> Floats:
    return np.zeros(0) if layer is None else layer.numbers("intensity_g_per_kwh", 0.0)


def summing(groups: npt.NDArray[np.integer], size: int) -> "scipy.sparse.csr_array":
    """Return the matrix that adds up devices by group: [size, devices]; -1 belongs to none."""
    rows = np.flatnonzero(groups >= 0)
    ones = np.ones(rows.size)
    return scipy.sparse.csr_array((ones, (groups[rows], rows)), shape=(size, groups.size))
