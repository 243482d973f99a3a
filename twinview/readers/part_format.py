"""How a `Part` is handed from the child process to the app: flat arrays in a folder, no parsing.

``part.json`` names everything; attribute tables are Arrow IPC files and arrays are ``.npy`` files,
both mapped into memory on loading. The manifest is written last and renamed into place, so a folder
that was left half written has none and is never taken for whole.
"""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from twinview.i18n import _
from twinview.model import orders
from twinview.model.geometry import SEMANTICS, Geometry
from twinview.model.orders import Facts
from twinview.model.part import Part, Table
from twinview.model.problem import from_keep, to_keep
from twinview.model.time import TimeAxis
from twinview.model.twin import Layer, Network
from twinview.progress import drain
from twinview.readers.registry import ReadError

MANIFEST = "part.json"
_FORMAT = 4
_KINDS = ("point", "line", "polygon", "surface")
Array = npt.NDArray[Any]


def write_part(part: Part, folder: Path) -> None:
    """Check a part in full and write it into a folder.

    Parameters
    ----------
    part
        What a reader returned.
    folder
        An existing folder.

    Raises
    ------
    ValueError
        For a part with broken offsets, coordinates that are not numbers, tables that do not fit.
    """
    for layer in part.layers:
        layer.attributes.validate(full=True)
        check_layer(layer, full=True)
    for table in part.tables:
        check_table(table)
    manifest = {
        "format": _FORMAT,
        "crs": part.crs,
        "crs_reason": part.crs_reason,
        "about": part.about,
        "problems": [to_keep(problem) for problem in part.problems],
        "rows": {key: [int(a), int(b)] for key, (a, b) in part.rows.items()},
        "layers": [
            _write_layer(layer, folder, f"layer-{k}") for k, layer in enumerate(part.layers)
        ],
        "networks": [{**asdict(n), "tables": dict(n.tables)} for n in part.networks],
        "tables": [
            _write_table(table, folder, f"table-{k}") for k, table in enumerate(part.tables)
        ],
    }
    fresh = folder / (MANIFEST + ".new")
    with fresh.open("w", encoding="utf-8") as file:
        json.dump(manifest, file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(folder / MANIFEST)


def load_part(folder: Path) -> Part:
    """Return the part in a folder, its arrays mapped from the files.

    Raises
    ------
    ReadError
        Where the folder holds no whole part.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        if manifest["format"] != _FORMAT:
            raise ValueError(f"format {manifest['format']}")
        part = Part(
            crs=manifest["crs"],
            crs_reason=manifest["crs_reason"],
            layers=tuple(_load_layer(one, folder) for one in manifest["layers"]),
            networks=tuple(Network(**one) for one in manifest["networks"]),
            tables=tuple(_load_table(one, folder) for one in manifest["tables"]),
            problems=tuple(from_keep(one) for one in manifest["problems"]),
            rows={key: (a, b) for key, (a, b) in manifest["rows"].items()},
            about=manifest["about"],
        )
        for layer in part.layers:
            check_layer(layer, full=False)
    except (OSError, EOFError, ValueError, KeyError, TypeError, pa.ArrowException) as error:
        raise ReadError(
            _("The stored copy of a file is damaged ({reason}); read the file again.", reason=error)
        ) from error
    return part


def is_whole(folder: Path) -> bool:
    """Tell whether a folder holds a part that was written to its end."""
    return (folder / MANIFEST).is_file()


def check_layer(layer: Layer, *, full: bool) -> None:
    """Raise ValueError for a layer whose arrays do not fit each other.

    Parameters
    ----------
    layer
        The layer.
    full
        True to look at each id and coordinate as well.
    """
    names = layer.attributes.column_names
    if "id" not in names or not pa.types.is_string(layer.attributes["id"].type):
        raise ValueError(f"{layer.id}: no text column 'id'")
    if full:
        ids = layer.attributes["id"]
        if ids.null_count or len(ids.unique()) != len(ids):
            raise ValueError(f"{layer.id}: the ids are not unique")
        if len(set(names)) != len(names):
            raise ValueError(f"{layer.id}: a column name comes twice")
    if layer.geometry is not None:
        check_geometry(layer.geometry, layer.id, full=full)
        if len(layer.geometry) != len(layer):
            raise ValueError(f"{layer.id}: {len(layer.geometry)} shapes for {len(layer)} rows")


def check_geometry(shape: Geometry, name: str, *, full: bool) -> None:
    """Raise ValueError for offsets out of bounds and, in full, coordinates that are no numbers."""
    if shape.kind not in _KINDS or shape.coords.ndim != 2 or shape.coords.shape[1] != 3:
        raise ValueError(f"{name}: no coordinates of a known shape")
    levels = {"elements": shape.parts, "parts": shape.rings, "rings": None}
    for level, below in levels.items():
        offsets = getattr(shape, level)
        length = len(shape.coords) if below is None else len(below) - 1
        if not len(offsets) or offsets[0] != 0 or offsets[-1] != length:
            raise ValueError(f"{name}: offsets of {level} do not end at {length}")
        if len(offsets) > 1 and int(np.diff(offsets).min()) < 0:
            raise ValueError(f"{name}: offsets of {level} run backwards")
    if full and not np.isfinite(shape.coords).all():
        raise ValueError(f"{name}: a coordinate is not a number")
    if shape.semantics is not None and (
        len(shape.semantics) != len(shape.parts) - 1
        or (len(shape.semantics) and shape.semantics.max() >= len(SEMANTICS))
    ):
        raise ValueError(f"{name}: the surface meanings do not fit the surfaces")


def check_table(table: Table) -> None:
    """Raise ValueError for a table whose numbers do not fit its axis and columns."""
    shape = (table.time.count, len(table.columns))
    if table.values.shape != shape or len(table.units) != len(table.columns):
        raise ValueError(f"{table.id}: {table.values.shape} values for {shape}")
    if len(set(table.columns)) != len(table.columns):
        raise ValueError(f"{table.id}: a column name comes twice")
    if table.facts is None and np.isinf(table.values).any():
        raise ValueError(f"{table.id}: a value is infinite")


def _write_layer(layer: Layer, folder: Path, stem: str) -> dict[str, Any]:
    table = layer.attributes.combine_chunks()
    with (
        pa.OSFile(str(folder / f"{stem}.arrow"), "wb") as sink,
        pa.ipc.new_file(sink, table.schema) as writer,
    ):
        writer.write_table(table)
    return {
        "id": layer.id,
        "title": layer.title,
        "kind": layer.kind,
        "source": layer.source,
        "table": f"{stem}.arrow",
        "geometry": None if layer.geometry is None else _write_shapes(layer.geometry, folder, stem),
    }


def _write_shapes(shape: Geometry, folder: Path, stem: str) -> dict[str, Any]:
    def write(name: str, array: Array, kind: type[np.generic]) -> dict[str, Any]:
        return _write_array(np.ascontiguousarray(array, dtype=kind), folder, f"{stem}-{name}.npy")

    return {
        "kind": shape.kind,
        "coords": write("coords", shape.coords, np.float64),
        "rings": write("rings", shape.rings, np.int32),
        "parts": write("parts", shape.parts, np.int32),
        "elements": write("elements", shape.elements, np.int32),
        "semantics": None
        if shape.semantics is None
        else write("semantics", shape.semantics, np.uint8),
    }


def _write_array(array: Array, folder: Path, name: str) -> dict[str, Any]:
    made = getattr(array, "filename", None)
    if made is not None and folder in Path(made).parents:  # a reader's own file: taken as it is
        Path(made).replace(folder / name)
    else:
        np.save(folder / name, array, allow_pickle=False)
    return {"file": name, "shape": list(array.shape), "type": array.dtype.str}


def _write_table(table: Table, folder: Path, stem: str) -> dict[str, Any]:
    said = _write_array(_floats(table.values), folder, f"{stem}.npy")
    return {
        "id": table.id,
        "title": table.title,
        "time": asdict(table.time),
        "columns": list(table.columns),
        "units": list(table.units),
        "quantity": table.quantity,
        "origin": table.origin,
        "layer": table.layer,
        "values": said,
        **_write_order(table, folder, said["file"]),
    }


def _floats(values: Array) -> Array:
    """Return numbers as they are stored; a map of a file that fits stays one."""
    fits = values.dtype == np.float32 and values.flags.c_contiguous
    return values if fits else np.ascontiguousarray(values, dtype=np.float32)


def _write_order(table: Table, folder: Path, name: str) -> dict[str, Any]:
    """Write a large table in its other order as well, and say what is known of its numbers."""
    facts, across = table.facts, table.across
    place = orders.other_name(name)
    if across is not None:
        said: dict[str, Any] | None = _write_array(across, folder, place)
    elif table.values.size * 4 >= orders.WORTH:
        facts = drain(orders.turn(folder / name, folder / place))
        said = {"file": place, "shape": list(table.values.shape[::-1]), "type": "<f4"}
    else:
        said = None
    return {"across": said, "facts": None if facts is None else _write_facts(facts, folder, name)}


def _write_facts(facts: Facts, folder: Path, name: str) -> dict[str, Any]:
    known = np.isfinite(facts.low)
    return {
        "limits": [facts.low, facts.high] if known else None,
        "sums": _write_array(facts.sums, folder, f"{name.removesuffix('.npy')}.sums.npy"),
    }


def _inside(folder: Path, name: str) -> Path:
    if Path(name).name != name:
        raise ValueError(f"'{name}' is not a file of the folder")
    return folder / name


def _load_array(said: Mapping[str, Any], folder: Path) -> Array:
    shape = tuple(said["shape"])
    if 0 in shape:  # an empty file cannot be mapped
        return np.empty(shape, dtype=said["type"])
    array = np.load(_inside(folder, said["file"]), mmap_mode="r", allow_pickle=False)
    if array.shape != shape or array.dtype.str != said["type"]:
        raise ValueError(f"{said['file']} is not {said['type']} {shape}")
    return np.asarray(array)


def _load_layer(said: Mapping[str, Any], folder: Path) -> Layer:
    path = _inside(folder, said["table"])
    with pa.memory_map(str(path)) as source:
        table = pa.ipc.open_file(source).read_all()
    shape = None if said["geometry"] is None else _load_shapes(said["geometry"], folder)
    return Layer(said["id"], said["title"], said["kind"], table, shape, said["source"])


def _load_shapes(said: Mapping[str, Any], folder: Path) -> Geometry:
    load: Callable[[str], Array] = lambda name: _load_array(said[name], folder)  # noqa: E731
    meanings = None if said["semantics"] is None else load("semantics")
    return Geometry(
        said["kind"], load("coords"), load("rings"), load("parts"), load("elements"), meanings
    )


def _load_table(said: Mapping[str, Any], folder: Path) -> Table:
    table = Table(
        id=said["id"],
        title=said["title"],
        time=TimeAxis(**said["time"]),
        columns=tuple(said["columns"]),
        values=_load_array(said["values"], folder),
        units=tuple(said["units"]),
        quantity=said["quantity"],
        origin=said["origin"],
        layer=said["layer"],
        across=None if said["across"] is None else _load_array(said["across"], folder),
        facts=None if said["facts"] is None else _load_facts(said["facts"], folder),
    )
    if table.across is not None and not orders.agree(table.values, table.across):
        raise ValueError(f"{table.id}: the two orders do not hold the same values")
    if table.values.shape != (table.time.count, len(table.columns)):
        raise ValueError(f"{table.id}: the values do not fit")
    return table


def _load_facts(said: Mapping[str, Any], folder: Path) -> Facts:
    low, high = said["limits"] or (np.nan, np.nan)
    return Facts(low, high, _load_array(said["sums"], folder))
