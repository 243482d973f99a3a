"""From parts and joins to a twin: one plane in metres, one clock, series on elements."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from twinview.i18n import N_, _
from twinview.model.collecting import Collected, collect
from twinview.model.entries import Entries
from twinview.model.gathered import Gathered
from twinview.model.geometry import Geometry
from twinview.model.join import Join, apply, guess
from twinview.model.orders import WORTH
from twinview.model.part import Part, Table
from twinview.model.problem import Problem, worst_first
from twinview.model.series import Dense, Meaning, Profiled, Series
from twinview.model.time import STATIC, TimeAxis
from twinview.model.twin import DISTRICT, Layer, Network, Twin
from twinview.model.whole import of_whole

Reproject = Callable[[npt.NDArray[np.float64], str, str], npt.NDArray[np.float64]]


UNEVEN = 0.5
"""Metres between the feet of buildings from which flat ground would leave gaps."""


@dataclass(frozen=True, eq=False)
class Assembly:
    """What came out of assembling: the twin, and the joins that were used."""

    twin: Twin
    joins: tuple[Join, ...]


def assemble(
    name: str,
    parts: Mapping[str, Part],
    joins: Sequence[Join] | None,
    crs: str,
    reproject: Reproject,
    fresh: Collection[str] = (),
) -> Assembly:
    """Make a twin of parts.

    Parameters
    ----------
    name
        Name of the district.
    parts
        By source id, in drawing order.
    joins
        The project's joins; None guesses them from names and says so.
    crs
        Projected system in metres for the district; empty keeps coordinates as they are.
    reproject
        Turns coordinates from one system into another.
    fresh
        Sources that have just been added: joins are guessed for what they hold, beside `joins`.
    """
    found = collect(parts)
    problems = list(found.problems)
    placed, origin = _place(
        found.layers, {i: part.crs for i, part in parts.items()}, crs, reproject
    )
    placed, levelled = _levelled(placed)
    problems += levelled
    chosen, series, said = _served(found, placed, joins, fresh)
    problems += said
    twin = Twin(
        name=name,
        crs=crs,
        origin=origin,
        layers={layer.id: layer for layer in placed},
        networks={network.id: network for network in found.networks},
        series={(s.meaning.layer, s.meaning.quantity, s.meaning.scenario): s for s in series},
        time=clock([s.time for s in series]),
        about=_about([part.about for part in parts.values()]),
    )
    twin = twin.with_series(*static_power(twin))
    summed_up = of_buildings(twin)
    problems += _unused(chosen, found.tables, summed_up)
    twin = twin.with_series(*summed_up)
    return Assembly(replace(twin, problems=worst_first(problems)), tuple(chosen))


def _about(texts: Sequence[str]) -> str:
    """Join what the files say of themselves, without what another one says too."""
    unique = list(dict.fromkeys(text for text in texts if text))
    return " ".join(t for t in unique if not any(t in other for other in unique if other != t))


def _served(
    found: Collected,
    layers: Sequence[Layer],
    joins: Sequence[Join] | None,
    fresh: Collection[str],
) -> tuple[list[Join], list[Series], list[Problem]]:
    """Return the joins, guessed ones among them, the series they make, and what there is to say."""
    by_id, tables = {layer.id: layer for layer in layers}, found.tables
    guessed = _guessed(found, layers, joins, fresh)
    chosen = [*(joins or ()), *guessed]
    series, problems = _join(chosen, tables, by_id)
    whole, said = of_whole(list(tables.values()), chosen)
    shown = [_shown(join, tables, by_id) for join in guessed]
    return chosen, [*series, *whole], [*shown, *problems, *said]


def _guessed(
    found: Collected,
    layers: Sequence[Layer],
    joins: Sequence[Join] | None,
    fresh: Collection[str],
) -> list[Join]:
    """Return the joins that names suggest: all where there are none, else only those of new files.

    What the user has joined, or parted, stays as it is when files are added.
    """
    loose = [table for table in found.tables.values() if table.layer != DISTRICT]
    if joins is None:
        return [join for table in loose for join in guess(table, layers)]
    new = [layer for layer in layers if layer.source in fresh]
    known = {(join.layer, join.quantity) for join in joins}
    suggested = [
        join
        for table in loose
        for join in guess(table, layers if found.owners[table.id] in fresh else new)
    ]
    return [join for join in suggested if (join.layer, join.quantity) not in known]


def _place(
    layers: Sequence[Layer], crs_of: Mapping[str, str], crs: str, reproject: Reproject
) -> tuple[list[Layer], tuple[float, float, float]]:
    """Bring all layers into the district's system and move the origin into the middle of them."""
    projected: list[tuple[Layer, npt.NDArray[np.float64]]] = []
    for layer in layers:
        if layer.geometry is None or not len(layer.geometry.coords):
            continue
        own = crs_of.get(layer.source, "")
        coords = layer.geometry.coords
        projected.append(
            (layer, reproject(coords, own, crs) if own and crs and own != crs else coords)
        )
    if not projected:
        return list(layers), (0.0, 0.0, 0.0)
    origin = _origin(
        [c for layer, c in projected if layer.kind == "building"] or [c for _l, c in projected]
    )
    moved = {
        layer.id: replace(layer, geometry=_local(layer.geometry, coords, origin))
        for layer, coords in projected
        if layer.geometry is not None
    }
    return [moved.get(layer.id, layer) for layer in layers], origin


def _levelled(layers: Sequence[Layer]) -> tuple[list[Layer], list[Problem]]:
    """Set bodies of different heights above the sea on flat ground, where there is no terrain."""
    result, problems = list(layers), []
    for k, layer in enumerate(result):
        geometry = layer.geometry
        bodies = geometry is not None and geometry.kind == "surface" and layer.kind == "building"
        if geometry is None or not bodies or (np.diff(geometry.points_of) == 0).any():
            continue
        foot = np.minimum.reduceat(geometry.coords[:, 2], geometry.points_of[:-1])
        if np.ptp(foot) < UNEVEN:
            continue
        coords = geometry.coords.copy()
        coords[:, 2] -= foot[geometry.element_of_point]
        result[k] = replace(layer, geometry=geometry.moved(coords))
        problems.append(
            Problem(
                "info",
                "terrain.missing",
                _(
                    "The {count} buildings of '{layer}' stand up to {spread:.0f} m higher than one "
                    "another; there is no terrain, so they are drawn on flat ground.",
                    count=len(layer),
                    layer=_(layer.title),
                    spread=float(np.ptp(foot)),
                ),
                layer=layer.id,
            )
        )
    return result, problems


def _local(
    geometry: Geometry, coords: npt.NDArray[np.float64], origin: tuple[float, float, float]
) -> Geometry:
    return geometry.moved(coords - np.array(origin))


def _origin(clouds: Sequence[npt.NDArray[np.float64]]) -> tuple[float, float, float]:
    """Return the middle of all points, rounded to 10 m, at the height of the lowest ones."""
    low = np.min([c.min(axis=0) for c in clouds], axis=0)
    high = np.max([c.max(axis=0) for c in clouds], axis=0)
    ground = min(float(np.percentile(c[:, 2], 2)) for c in clouds)
    x, y = np.round((low[:2] + high[:2]) / 2, -1)
    return float(x), float(y), float(np.floor(ground))


def _join(
    joins: Sequence[Join], tables: Mapping[str, Table], layers: Mapping[str, Layer]
) -> tuple[list[Series], list[Problem]]:
    series: list[Series] = []
    problems: list[Problem] = []
    for join in joins:
        if join.table not in tables or join.layer not in layers:
            problems.append(_dangling(join))
            continue
        try:
            made, found = apply(join, tables[join.table], layers[join.layer])
        except ValueError as error:
            problems.append(
                Problem(
                    "error",
                    "join.unit",
                    str(error),
                    _("Name the unit in the join."),
                    layer=join.layer,
                )
            )
            continue
        series.append(made)
        problems += found
    return series, problems


def _unused(
    joins: Sequence[Join], tables: Mapping[str, Table], made: Sequence[Series]
) -> list[Problem]:
    """Name the joins to buildings whose devices in a grid say the same, and count instead."""
    keys = {(one.meaning.layer, one.meaning.quantity) for one in made}
    return [
        Problem(
            "warning",
            "join.unused",
            _(
                "'{table}' is not used for {quantity} of '{layer}': the devices of the grid that "
                "name its elements say it already.",
                table=tables[join.table].title,
                quantity=join.quantity,
                layer=join.layer,
            ),
            _("Join the table to the layer of the devices, or part the join."),
            layer=join.layer,
        )
        for join in joins
        if join.table in tables and (join.layer, join.quantity) in keys
    ]


def _dangling(join: Join) -> Problem:
    return Problem(
        "error",
        "join.dangling",
        _(
            "The series '{table}' or the layer '{layer}' is not there; they were not joined.",
            table=join.table,
            layer=join.layer,
        ),
        _("Add the file again, or remove the join."),
        layer=join.layer,
    )


def _shown(join: Join, tables: Mapping[str, Table], layers: Mapping[str, Layer]) -> Problem:
    how = (
        _("the layer's column '{column}' names its columns", column=join.profile)
        if join.kind == "profiles"
        else _("its columns are named '{pattern}'", pattern=join.pattern)
    )
    return Problem(
        "info",
        "join.guessed",
        _(
            "'{table}' gives {quantity} to '{layer}': {how}.",
            table=tables[join.table].title,
            quantity=join.quantity,
            layer=layers[join.layer].title,
            how=how,
        ),
        _("Change it with 'Join a table...' in the menu Data if this is wrong."),
        layer=join.layer,
    )


def clock(axes: Sequence[TimeAxis]) -> TimeAxis:
    """Return the axis that the clock follows: the one with most steps."""
    moving = [axis for axis in axes if not axis.static]
    return max(moving, key=lambda axis: (axis.count, -axis.step), default=STATIC)


def static_power(twin: Twin) -> list[Series]:
    """Return the fixed powers of devices that have no series: one instant for all time, in kW."""
    made: list[Series] = []
    for network in twin.networks.values():
        for component in ("sym_load", "sym_gen", "load", "source"):
            layer = twin.layers.get(network.tables.get(component, ""))
            if (
                layer is None
                or twin.find(layer.id, "power") is not None
                or not layer.has("p_specified")
            ):
                continue
            meaning = Meaning(
                layer.id, "power", "kW", origin=layer.origin or "given",
                source=N_("fixed power of the device"), told=bool(layer.origin),
            )  # fmt: skip
            values = (layer.numbers("p_specified") / 1000).astype(np.float32)[None, :]
            made.append(Dense(meaning, STATIC, values))
    return made


def of_buildings(twin: Twin) -> list[Series]:
    """Return consumption and generation of buildings, summed from the devices that name them.

    Loads that belong to no building layer keep their own consumption, so that a district of which
    only the grid is known can still be coloured.
    """
    made: list[Series] = []
    for network in twin.networks.values():
        for component, quantity in _uses(network):
            device = twin.layers.get(network.tables.get(component, ""))
            power = None if device is None else twin.find(device.id, "power")
            if device is None or power is None:
                continue
            targets = twin.of_kind("building") if device.has("building") else []
            known = {one.meaning.layer: one for one in made if one.meaning.quantity == quantity}
            for layer in targets:
                one, before = summed(power, device, layer, quantity), known.get(layer.id)
                made.append(one if before is None else _added(before, one))
            if not targets and component != "sym_gen":
                made.append(renamed(power, replace(power.meaning, quantity=quantity)))
    return made


def _uses(network: Network) -> tuple[tuple[str, str], ...]:
    """Return which devices of a network make which quantity of a building."""
    if network.carrier == "electricity":
        return ("sym_load", "consumption"), ("sym_gen", "generation")
    return (("load", f"{network.carrier}_consumption"),)


def _added(a: Series, b: Series) -> Series:
    """Return the sum of what two networks of one carrier give to the same buildings."""
    axis = b.time if a.time.static else a.time
    tables = []
    for one in (a, b):
        steps = [one.time.step_at(axis, i) for i in range(axis.count)]
        missing = np.full_like(one.at(0), np.nan)
        tables.append(np.array([missing if i is None else one.at(i) for i in steps]))
    none = np.isnan(tables[0]) & np.isnan(tables[1])
    values = np.where(none, np.nan, np.nan_to_num(tables[0]) + np.nan_to_num(tables[1]))
    return Dense(a.meaning, axis, values.astype(np.float32))


def renamed(series: Series, meaning: Meaning) -> Series:
    """Return the same numbers under another meaning."""
    assert isinstance(series, Dense | Profiled | Gathered)
    return replace(series, meaning=meaning)


def summed(power: Series, device: Layer, building: Layer, quantity: str) -> Series:
    """Return the power of devices summed over the buildings that they name."""
    row = building.rows(device.column("building"))
    meaning = replace(power.meaning, layer=building.id, quantity=quantity)
    if isinstance(power, Profiled):
        target = row[power.element]
        kept = target >= 0
        return Profiled(
            meaning,
            power.time,
            power.profiles,
            power.index[kept],
            power.scale[kept],
            target[kept].astype(np.int32),
            len(building),
        )
    named = np.flatnonzero(row >= 0)
    entries = Entries(
        named.astype(np.int32),
        np.ones(len(named), dtype=np.float32),
        row[named].astype(np.int32),
        len(building),
    )
    sums = Gathered(meaning, power, entries, none_is_zero=True)
    if power.time.count * power.size * 4 >= WORTH:
        return sums
    return Dense(meaning, power.time, sums.window(0, power.time.count))
