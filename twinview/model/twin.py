"""The district as loaded: layers, networks, series. Changed by `replace`, arrays shared."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from twinview.model.geometry import Geometry
from twinview.model.grouped import Groups
from twinview.model.problem import Problem
from twinview.model.series import Series
from twinview.model.time import STATIC, TimeAxis

if TYPE_CHECKING:
    from weakref import ref

BASE = "base"
PIPED = ("heat", "cooling", "gas")
"""Carriers that flow in pipes."""
DISTRICT = "district"
ORIGIN = b"twinview.origin"
"""Key of a table's metadata under which stands where its numbers come from, as the user said."""
_FEW_IDS, _SEARCHES = 20_000, 64
"""In so many ids at most nothing is searched for; elsewhere so often before a table is made."""


class _RowOf(Mapping[str, int]):
    """Rows by id: a few are searched for, for more a table is made.

    A table of a million ids takes longer than a window may wait, and most of the time one of them
    is asked for: the one that was clicked.
    """

    def __init__(self, ids: pa.ChunkedArray) -> None:
        self._ids = ids
        self._left = _SEARCHES if len(ids) > _FEW_IDS else 0
        self._table: dict[str, int] | None = None

    def __getitem__(self, key: str) -> int:
        if self._table is not None or self._left <= 0 or not isinstance(key, str):
            return self._all()[key]
        self._left -= 1
        wanted = pc.IndexOptions(pa.scalar(key, self._ids.type))
        row = int(pc.call_function("index", [self._ids], wanted).as_py())
        if row < 0:
            raise KeyError(key)
        return row

    def __len__(self) -> int:
        return len(self._all())

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def _all(self) -> dict[str, int]:
        if self._table is None:
            self._table = {str(one): row for row, one in enumerate(self._ids.to_pylist())}
        return self._table


@dataclass(frozen=True, eq=False)
class Layer:
    """A table of elements with geometry.

    Parameters
    ----------
    id, title
        Unique id within the twin, and what a reader sees.
    kind
        What the elements are: ``building``, ``annex`` (a building without energy of its own),
        ``line``, ``pipe``, ``node``, ``transformer``, ``converter`` (a machine between networks),
        ``storage``, ``road``, ``place``, ``tree``, ``site``, ``load``, ``generator``, ``source``,
        ``weather`` (a station), ``other``.
    attributes
        Arrow table with a string column ``id`` (unique); a field's metadata may hold ``unit``.
    geometry
        Shapes, one element per row; None for tables without a place.
    source
        Id of the project's source it was read from.
    """

    id: str
    title: str
    kind: str
    attributes: pa.Table
    geometry: Geometry | None = None
    source: str = ""

    def __getstate__(self) -> dict[str, Any]:
        """Return what another process needs to have the layer, without what follows from it."""
        return _given(self)

    def __len__(self) -> int:
        """Return the number of elements."""
        return int(self.attributes.num_rows)

    @cached_property
    def ids(self) -> npt.NDArray[np.object_]:
        """Ids of the elements, shape (n,)."""
        return np.asarray(self.attributes["id"].to_numpy(zero_copy_only=False), dtype=object)

    @cached_property
    def row_of(self) -> Mapping[str, int]:
        """Row of each id."""
        return _RowOf(self.attributes["id"])

    def id_at(self, row: int) -> str:
        """Return the id of one element; unlike `ids` it makes no array of all."""
        return str(self.attributes["id"][row].as_py())

    def rows(self, ids: npt.NDArray[np.object_]) -> npt.NDArray[np.int64]:
        """Return the row of each id in an array, -1 where there is none (or the id is null)."""
        try:
            wanted = pa.array(ids, pa.string())
        except (pa.ArrowInvalid, pa.ArrowTypeError):  # not all of them are text
            return self._looked_up(ids)
        found = pc.call_function(
            "index_in", [wanted], pc.SetLookupOptions(self.attributes["id"].combine_chunks())
        )
        return np.asarray(found.fill_null(-1).to_numpy(zero_copy_only=False), dtype=np.int64)

    def _looked_up(self, ids: npt.NDArray[np.object_]) -> npt.NDArray[np.int64]:
        lookup = self.row_of
        return np.fromiter((lookup.get(one, -1) for one in ids), dtype=np.int64, count=len(ids))

    def has(self, column: str) -> bool:
        """Tell whether the table has a column."""
        return column in self.attributes.column_names

    def column(self, name: str) -> npt.NDArray[np.object_]:
        """Return a column as objects (text), None where null, shape (n,)."""
        column = self.attributes[name]
        if pa.types.is_string(column.type):
            return np.asarray(column.to_numpy(zero_copy_only=False), dtype=object)
        return np.asarray(column.to_pylist(), dtype=object)

    def numbers(self, name: str, default: float = np.nan) -> npt.NDArray[np.float64]:
        """Return a column as float64, `default` where null or not a number, shape (n,)."""
        if not self.has(name):
            return np.full(len(self), default)
        column = self.attributes[name]
        if not (
            pa.types.is_floating(column.type)
            or pa.types.is_integer(column.type)
            or pa.types.is_boolean(column.type)
        ):
            return np.full(len(self), default)
        values = np.asarray(
            column.cast(pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64
        )
        return values if np.isnan(default) else np.where(np.isnan(values), default, values)

    def unit(self, column: str) -> str:
        """Return the unit of a column, empty where unknown."""
        metadata = self.attributes.schema.field(column).metadata or {}
        return str(metadata.get(b"unit", b"").decode())

    @property
    def origin(self) -> str:
        """Where its numbers come from, as the user said; empty where nobody did."""
        return str((self.attributes.schema.metadata or {}).get(ORIGIN, b"").decode())


@dataclass(frozen=True)
class Network:
    """Nodes, edges and devices of one carrier; each table is a layer of the twin.

    Parameters
    ----------
    id, title
        Unique id, and what a reader sees.
    carrier
        ``electricity``, ``heat``, ``cooling`` or ``gas``.
    tables
        Layer id of each component; components are named as in power-grid-model (``node``, ``line``,
        ``link``, ``transformer``, ``source``, ``sym_load``, ``sym_gen``, ``shunt``) plus
        ``storage``. Networks of pipes have ``node``, ``pipe``, ``return_pipe``, ``valve``,
        ``source``, ``load`` and ``storage``. Rows refer to nodes by id (``from_node``, ``to_node``,
        ``node``); SI units, temperatures in °C.
    """

    id: str
    title: str
    carrier: str
    tables: Mapping[str, str]


@dataclass(frozen=True, eq=False)
class Twin:
    """A district as loaded.

    Parameters
    ----------
    name
        Name of the district.
    crs
        Projected coordinate system in metres, such as ``EPSG:25832``; empty where unknown.
    origin
        Coordinates of the local origin in `crs`, metres; layers' geometry is relative to it.
    layers, networks
        By id, in drawing order.
    series
        By (layer id, quantity id, scenario id).
    time
        The clock's axis.
    problems
        What was found while loading, worst first.
    about
        One or two sentences on what is real and what is not.
    digest
        Hash of everything the twin was made from.
    loaded
        The twin as it was before anything was modelled; None where nothing was.
    scenario
        Id of the scenario that the twin shows: the base, or changes over it.
    changes
        Hash of those changes; empty for the base.
    holidays
        Days that are no workdays, as the project names them.
    taken
        Layers and quantities that were once taken for metered (`twinview.scene.metered`).
    groups
        Elements that are shown only together, by layer (`twinview.scene.private.veiled`).
    shown_for
        The twin with the values of single elements, where this one is made to be shown.
    """

    name: str
    crs: str
    origin: tuple[float, float, float]
    layers: Mapping[str, Layer] = field(default_factory=dict)
    networks: Mapping[str, Network] = field(default_factory=dict)
    series: Mapping[tuple[str, str, str], Series] = field(default_factory=dict)
    time: TimeAxis = STATIC
    problems: tuple[Problem, ...] = ()
    about: str = ""
    digest: str = ""
    loaded: "Twin | None" = None
    scenario: str = BASE
    changes: str = ""
    holidays: tuple[date, ...] = ()
    taken: frozenset[tuple[str, str]] = frozenset()
    groups: Mapping[str, Groups] = field(default_factory=dict)
    shown_for: "Twin | None" = None

    def __getstate__(self) -> dict[str, Any]:
        """Return what another process needs to have the twin, without what was made of it."""
        return _given(self)

    @property
    def exact(self) -> "Twin":
        """The twin with the values of single elements: what computations start from."""
        return self.shown_for or self

    @cached_property
    def veils(self) -> "dict[int | None, tuple[ref[Twin], Twin | None]]":
        """What `twinview.scene.private.veiled` made of it, by the size of groups."""
        return {}

    def find(self, layer: str, quantity: str, scenario: str = "") -> Series | None:
        """Return a series, that of the base case where the scenario has none of its own.

        Parameters
        ----------
        layer, quantity
            What it is of.
        scenario
            Id of the scenario; empty for the one that the twin shows.
        """
        own = self.series.get((layer, quantity, scenario or self.scenario))
        return own if own is not None else self.series.get((layer, quantity, BASE))

    def of_kind(self, kind: str) -> list[Layer]:
        """Return the layers of a kind, in drawing order."""
        return [layer for layer in self.layers.values() if layer.kind == kind]

    def with_series(self, *added: Series) -> "Twin":
        """Return the twin with more series; those of the same key are replaced."""
        fresh = {(s.meaning.layer, s.meaning.quantity, s.meaning.scenario): s for s in added}
        return replace(self, series={**self.series, **fresh})

    @cached_property
    def bounds(self) -> tuple[float, float, float, float, float, float]:
        """Extent (x0, x1, y0, y1, z0, z1) of all layers in metres; a small box without any."""
        boxes = [
            layer.geometry.bounds
            for layer in self.layers.values()
            if layer.geometry is not None and len(layer.geometry.coords)
        ]
        if not boxes:
            return (-50.0, 50.0, -50.0, 50.0, 0.0, 10.0)
        low, high = np.min(boxes, axis=0), np.max(boxes, axis=0)
        return (
            float(low[0]),
            float(high[1]),
            float(low[2]),
            float(high[3]),
            float(low[4]),
            float(high[5]),
        )


def _given(one: "Layer | Twin") -> dict[str, Any]:
    return {field.name: getattr(one, field.name) for field in fields(one)}


def consumers(twin: Twin) -> list[Layer]:
    """Return the layers whose elements use energy: buildings, else the loads of the networks."""
    return twin.of_kind("building") or twin.of_kind("load")


def has_pipes(twin: Twin) -> bool:
    """Tell whether there is a network of heat, cooling or gas to compute."""
    return any(
        network.carrier in PIPED and {"node", "load"} <= set(network.tables)
        for network in twin.networks.values()
    )


def power_grid(twin: Twin) -> Network | None:
    """Return the electrical network that is computed, the first one with nodes; None without."""
    return next(
        (
            network
            for network in twin.networks.values()
            if network.carrier == "electricity" and network.tables.get("node") in twin.layers
        ),
        None,
    )
