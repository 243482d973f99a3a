"""Results of all carriers as fields of layers, in the form of a run of the electrical network."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from typing import Literal

import numpy as np

from twinview.energy.ahead import Crew, Threads, Workers
from twinview.energy.arrays import Floats, Ints
from twinview.energy.balance import Balance
from twinview.energy.carrier_run import CarrierRun, run_of, start_stocks
from twinview.energy.carriers import Carriers, Choices
from twinview.energy.compute import EMPTY, RUN_BYTES, Beside, Run, cut, run_length
from twinview.energy.district import summing
from twinview.energy.gaps import blank_balance, blanked
from twinview.energy.given import steering as steering_for
from twinview.energy.heat_rules import steerings
from twinview.energy.piping import PipeNet
from twinview.energy.serving import Served
from twinview.model.twin import Layer

Fields = dict[tuple[str, str], Floats]

RUN_STEPS = 24 * 14
"""Steps computed at a time: two weeks of hours keep the arrays of a village near 100 MB."""


def compute_carriers(
    carriers: Carriers, steps: range, choices: Choices, workers: Workers | None = None
) -> Iterator[Run]:
    """Compute a span over all carriers, run after run, so that memory stays bounded.

    Where anything is stored, the runs before the span come first: what is in a store depends on all
    that went before.

    Parameters
    ----------
    carriers
        The networks, whose axis the steps are of.
    steps, choices, workers
        As in `compute.compute`, which also says what is raised.
    """
    stocks = start_stocks(carriers, choices)
    tied = carriers.linked
    steering = dict(steerings(carriers, choices.grid))
    if tied is not None:
        steering[""] = steering_for(tied.alone, choices.grid)
    length = _run_length(carriers)
    stored = any(energy.size for energy in stocks.energy.values())
    with _engaged(carriers, workers) as crew:
        before = range(0 if stored else steps.start, steps.start)
        for rows in (*cut(before, length), *cut(steps, length)):
            run, stocks = run_of(carriers, rows, choices, stocks, steering, crew)
            yield as_run(carriers, run)


def _run_length(carriers: Carriers) -> int:
    """Return how many steps are computed at a time: few where networks are large."""
    numbers = sum(16 * net.pipes.heads.size + 6 * len(net.nodes) + 12 * len(net.loads)
                  for net in carriers.nets)  # fmt: skip
    piped = RUN_BYTES // (8 * max(numbers, 1))
    grid = RUN_STEPS if carriers.linked is None else run_length(carriers.linked.district)
    return max(1, min(RUN_STEPS, piped, grid))


def _engaged(carriers: Carriers, workers: Workers | None) -> AbstractContextManager[Crew | None]:
    """Engage whoever solves the electrical network, each run of steps in parts."""
    if carriers.linked is None:
        return nullcontext()
    district = carriers.linked.district
    return (workers or Threads()).engage(district.grid, district.control, RUN_STEPS)


def as_run(carriers: Carriers, run: CarrierRun) -> Run:
    """Return the results of all carriers as one run.

    Parameters
    ----------
    carriers, run
        The networks and their results in some steps.
    """
    fields, known = _fields(carriers, run), run.known
    beside = Beside(
        balances={name: blank_balance(one, known) for name, one in run.booked.balances.items()},
        imbalance={n.network.id: np.abs(run.powers.served[n.network.id].flow.residual()).max(axis=0)
                   for n in carriers.nets},
        whole=blank_balance(run.booked.whole, known),
        bought={name: (blanked(energy, known), np.where(run.booked.failed, np.nan, carbon))
                for name, (energy, carbon) in run.booked.outside.items() if name},
        district={name: blanked(one, known) for name, one in _district(carriers, run).items()},
        beyond=dict(_beyond(carriers, run)),
        unfed=_loads_that(carriers, run, "unfed"),
        tepid=_loads_that(carriers, run, "tepid"),
    )  # fmt: skip
    if run.grid is not None:
        return replace(run.grid, fields=fields, beside=beside, gaps=run.gaps)
    none = np.zeros((len(run.rows), 0))
    return Run(
        run.rows.start,
        run.rows.stop,
        fields,
        Balance({}),
        known,
        np.zeros(0),
        none,
        np.zeros(0),
        beside,
        run.gaps,
    )


def _fields(carriers: Carriers, run: CarrierRun) -> Fields:
    """Return the fields of all layers; NaN in steps that were not computed."""
    users = _Users(carriers)
    fields = _electrical(carriers, run, users)
    for net in carriers.nets:
        fields |= _network(carriers, net, run, users)
    fields |= _machines(carriers, run)
    fields |= users.fields()
    return {key: blanked(values, run.known) for key, values in fields.items()}


class _Users:
    """Energy and carbon of buildings by carrier, added up over networks."""

    def __init__(self, carriers: Carriers) -> None:
        self._layers = carriers.twin.of_kind("building")
        self._sums: dict[tuple[str, str], tuple[Floats, Floats]] = {}

    def add(self, layer: Layer | None, carrier: str, energy: Floats, carbon: Floats) -> bool:
        """Add kW and kg/h of loads to the buildings they name; tell whether any does."""
        if layer is None or not layer.has("building"):
            return False
        found = False
        for building in self._layers:
            rows = building.rows(layer.column("building"))
            if (rows >= 0).any():
                found = True
                self._take(building, carrier, rows, energy, carbon)
        return found

    def _take(
        self, building: Layer, carrier: str, rows: Ints, energy: Floats, carbon: Floats
    ) -> None:
        adding = summing(rows, len(building)).T
        none = np.bincount(rows[rows >= 0], minlength=len(building)) == 0
        sums = [np.asarray(one @ adding) for one in (energy, carbon)]
        for one in sums:
            one[:, none] = np.nan
        if (building.id, carrier) in self._sums:
            old = self._sums[building.id, carrier]
            sums = [_plus(a, b) for a, b in zip(old, sums, strict=True)]
        self._sums[building.id, carrier] = sums[0], sums[1]

    def fields(self) -> Fields:
        """Return intensity and emission of the buildings by carrier, and the emission of all."""
        found: Fields = {}
        for (name, carrier), (energy, carbon) in self._sums.items():
            found[name, f"{carrier}_emission"] = carbon
            before = found.get((name, "emission"))
            found[name, "emission"] = carbon if before is None else _plus(before, carbon)
            if carrier != "electricity":
                found[name, f"{carrier}_intensity"] = _per_kwh(carbon, energy)
        return found


def _plus(a: Floats, b: Floats) -> Floats:
    """Add what is known; NaN where neither is."""
    both = np.nan_to_num(a) + np.nan_to_num(b)
    return np.where(np.isnan(a) & np.isnan(b), np.nan, both)


def _per_kwh(carbon: Floats, energy: Floats) -> Floats:
    """Return g/kWh of kg/h and kW, NaN where nothing is used."""
    rate = np.full_like(energy, np.nan)
    np.divide(carbon * 1e3, energy, out=rate, where=energy > EMPTY)
    return rate


def _electrical(carriers: Carriers, run: CarrierRun, users: _Users) -> Fields:
    """Return the fields of the electrical network, without those of machines behind its devices."""
    tied = carriers.linked
    if tied is None or run.grid is None:
        return {}
    layers = carriers.twin.layers
    fields = {
        key: values[:, : len(layers[key[0]])]
        for key, values in run.grid.fields.items()
        if key[0] in layers
    }
    layer = layers.get(tied.district.network.tables.get("sym_load", ""))
    carbon = (run.grid.load_carbon[:, : tied.loads] - run.booked.moved) / carriers.hours
    users.add(layer, "electricity", np.zeros_like(carbon), carbon)
    return fields


def _network(carriers: Carriers, net: PipeNet, run: CarrierRun, users: _Users) -> Fields:
    """Return the fields of one network of pipes."""
    name = net.network.id
    served, traced = run.powers.served[name], run.booked.traced[name]
    unknown = np.where(run.booked.failed, np.nan, 0.0)[:, None]
    intensity = traced.intensity + unknown
    fields = {(net.nodes.id, f"{net.carrier}_intensity"): intensity}
    if served.temperature is not None:
        fields[net.nodes.id, "supply_temperature"] = served.temperature
    fields |= _pipe_fields(net, served)
    fields |= _store_fields(net, run)
    count = int(net.loads.on.sum())
    power = served.flow.load_power[:, :count]
    rate = np.where(served.unfed[:count], np.nan, intensity[:, net.loads.node[net.loads.on]])
    if net.loads.layer is not None:
        energy, grams = (_whole(net, one) for one in (power, power * rate))
        if not users.add(net.loads.layer, net.carrier, energy, grams * 1e-3):
            fields[net.loads.layer.id, f"{net.carrier}_intensity"] = _whole(net, rate)
            fields[net.loads.layer.id, "emission"] = grams * 1e-3
    return fields


def _whole(net: PipeNet, values: Floats) -> Floats:
    """Return values of the loads in service as those of all loads, NaN for the others."""
    found = np.full((values.shape[0], len(net.loads)), np.nan)
    found[:, net.loads.on] = values
    return found


def _pipe_fields(net: PipeNet, served: Served) -> Fields:
    """Return power, loading and velocity of the pipes; NaN where they are closed."""
    fields: Fields = {}
    with np.errstate(divide="ignore", invalid="ignore"):
        loading = np.abs(served.flow.p_from) / net.pipes.rated * 100.0
    found = {"power": served.flow.p_from, "loading": loading, "velocity": served.velocity}
    first = 0
    for layer, rows in net.pipes.rows:
        part = slice(first, first + rows.size)
        first += rows.size
        for quantity, values in found.items():
            if values is None or (quantity != "power" and np.isnan(values[:, part]).all()):
                continue
            table = np.full((values.shape[0], len(layer)), np.nan)
            table[:, rows] = values[:, part]
            fields[layer.id, quantity] = table
    return fields


def _store_fields(net: PipeNet, run: CarrierRun) -> Fields:
    if net.stores.layer is None:
        return {}
    served, traced = run.powers.served[net.network.id], run.booked.traced[net.network.id]
    layer, inside = net.stores.layer.id, traced.store_energy[1:]
    capacity = np.where(net.store_table.energy > 0, net.store_table.energy, np.nan)
    return {
        (layer, "power"): served.flow.store_power,
        (layer, "energy"): inside,
        (layer, "soc"): inside / capacity,
        (layer, "carbon_intensity"): _per_kwh(traced.store_carbon[1:] * 1e-3, inside),
    }


def _machines(carriers: Carriers, run: CarrierRun) -> Fields:
    """Return what machines give: kW, and g/kWh by the carrier of what they give."""
    fields: Fields = {}
    steps = len(run.rows)
    unknown = np.where(run.booked.failed, np.nan, 0.0)
    for layer in carriers.twin.of_kind("converter"):
        own = [one for one in carriers.machines if layer.row_of.get(one.id, -1) == one.row]
        for one in own:
            rate = np.where(run.powers.output[one.id] > EMPTY, run.booked.given[one.id], np.nan)
            carrier = carriers.twin.networks[one.sink.network].carrier
            for quantity, values in (
                ("power", run.powers.output[one.id]),
                (f"{carrier}_intensity", rate + unknown),
            ):
                table = fields.setdefault(
                    (layer.id, quantity), np.full((steps, len(layer)), np.nan)
                )
                table[:, one.row] = values
    return fields


def _district(carriers: Carriers, run: CarrierRun) -> Mapping[str, Floats]:
    """Return consumption by carrier, without what machines take, and the emission of all."""
    found: dict[str, Floats] = {"emission": run.booked.whole.carbon["load"] / carriers.hours}
    for net in carriers.nets:
        name = f"{net.carrier}_consumption"
        count = int(net.loads.on.sum())
        used = run.powers.served[net.network.id].flow.load_power[:, :count].sum(axis=1)
        found[name] = found.get(name, 0.0) + used
    return found


def _beyond(carriers: Carriers, run: CarrierRun) -> Iterator[tuple[tuple[str, str], int]]:
    for net in carriers.nets:
        layer, served = net.sources.layer, run.powers.served[net.network.id]
        names = [] if layer is None else [str(one) for one in layer.ids[net.sources.on]]
        names += [one.id for one in carriers.givers(net)]
        for name, count in zip(names, served.beyond.tolist(), strict=True):
            if count:
                yield (net.network.id, name), count


def _loads_that(
    carriers: Carriers, run: CarrierRun, flag: Literal["unfed", "tepid"]
) -> dict[str, tuple[str, ...]]:
    """Return the ids of the loads that a flag of their network is raised for."""
    found = {}
    for net in carriers.nets:
        raised = getattr(run.powers.served[net.network.id], flag)[: int(net.loads.on.sum())]
        if raised.any() and net.loads.layer is not None:
            ids = net.loads.layer.ids[net.loads.on][raised]
            found[net.network.id] = tuple(str(one) for one in ids)
    return found
