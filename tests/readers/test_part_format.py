"""Parts in folders: the same out as in, and nothing broken gets through."""

import json
import time
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from twinview.model.geometry import Geometry, lines, points
from twinview.model.part import Part, Table
from twinview.model.problem import Problem
from twinview.model.time import TimeAxis
from twinview.model.twin import Layer, Network
from twinview.readers.part_format import MANIFEST, is_whole, load_part, write_part
from twinview.readers.registry import ReadError


def attributes(count: int = 2) -> pa.Table:
    field = pa.field("height", pa.float64(), metadata={b"unit": b"m"})
    schema = pa.schema([pa.field("id", pa.string()), field])
    return pa.table([[f"b{k}" for k in range(count)], [1.0] * count], schema=schema)


@pytest.fixture
def part() -> Part:
    shape = Geometry(
        "surface",
        np.arange(18.0).reshape(6, 3),
        np.array([0, 3, 6], np.int32),
        np.array([0, 1, 2], np.int32),
        np.array([0, 1, 2], np.int32),
        np.array([1, 3], np.uint8),
    )
    layers = (
        Layer("a", "A", "building", attributes(), shape, "src"),
        Layer("b", "B", "node", attributes(), points(np.ones((2, 2)))),
        Layer("none", "None", "other", attributes(0), lines([])),
        Layer("c", "C", "other", attributes(3)),
    )
    values = np.array([[1, np.nan], [3, 4], [5, 6]], np.float32)
    table = Table("t", "T", TimeAxis(0, 3600, 3, "Europe/Berlin"), ("x", "y"), values, ("kW", ""))
    return Part(
        crs="EPSG:25832",
        crs_reason="file",
        layers=layers,
        networks=(Network("n", "N", "electricity", {"node": "b"}),),
        tables=(table, replace(table, id="empty", columns=(), values=values[:, :0], units=())),
        problems=(Problem("error", "x.y", "m", "f", "s", "a", ("b0", "b1")),),
        rows={"a": (3, 2)},
        about="word",
    )


def test_round_trip(part, tmp_path):
    write_part(part, tmp_path)
    assert is_whole(tmp_path)
    back = load_part(tmp_path)
    assert back.crs == part.crs
    assert back.problems == part.problems
    assert back.rows == part.rows
    assert back.networks == part.networks
    for old, new in zip(part.layers, back.layers, strict=True):
        assert new.attributes.equals(old.attributes)
        assert (new.id, new.title, new.kind, new.source) == (
            old.id,
            old.title,
            old.kind,
            old.source,
        )
        assert (new.geometry is None) == (old.geometry is None)
        if new.geometry is not None:
            for name in ("coords", "rings", "parts", "elements", "semantics"):
                np.testing.assert_array_equal(
                    getattr(new.geometry, name), getattr(old.geometry, name)
                )
    assert back.layers[0].unit("height") == "m"
    for old, new in zip(part.tables, back.tables, strict=True):
        np.testing.assert_array_equal(new.values, old.values)
        assert (new.time, new.columns, new.units) == (old.time, old.columns, old.units)


def test_without_its_manifest_a_folder_is_no_part(part, tmp_path):
    write_part(part, tmp_path)
    (tmp_path / MANIFEST).unlink()
    assert not is_whole(tmp_path)
    with pytest.raises(ReadError):
        load_part(tmp_path)


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("layer-0-coords.npy", b"\x93NUMPY"),
        ("layer-0.arrow", b"ARROW1"),
        ("table-0.npy", b""),
        (MANIFEST, b"{"),
        (MANIFEST, b"{}"),
    ],
)
def test_damage_is_a_sentence(part, tmp_path, name, damage):
    write_part(part, tmp_path)
    (tmp_path / name).write_bytes(damage)
    with pytest.raises(ReadError, match="read the file again"):
        load_part(tmp_path)


def test_a_manifest_names_only_its_own_folder(part, tmp_path):
    write_part(part, tmp_path)
    said = json.loads((tmp_path / MANIFEST).read_text("utf-8"))
    said["layers"][0]["table"] = "../layer-0.arrow"
    (tmp_path / MANIFEST).write_text(json.dumps(said), "utf-8")
    with pytest.raises(ReadError):
        load_part(tmp_path)


def broken(**changes) -> Geometry:
    whole = {
        "kind": "line",
        "coords": np.zeros((4, 3)),
        "rings": np.array([0, 2, 4], np.int32),
        "parts": np.array([0, 1, 2], np.int32),
        "elements": np.array([0, 1, 2], np.int32),
    }
    return Geometry(**{**whole, **changes})


@pytest.mark.parametrize(
    "changes",
    [
        {"rings": np.array([0, 2, 5], np.int32)},
        {"rings": np.array([0, 5, 4], np.int32)},
        {"rings": np.array([1, 2, 4], np.int32)},
        {"parts": np.array([0, 1, 3], np.int32)},
        {"elements": np.array([0, 1], np.int32)},
        {"coords": np.full((4, 3), np.nan)},
        {"coords": np.zeros((4, 2))},
        {"kind": "solid"},
        {"semantics": np.array([1], np.uint8)},
        {"semantics": np.array([1, 9], np.uint8)},
    ],
)
def test_broken_shapes_are_not_written(tmp_path, changes):
    layer = Layer("a", "A", "line", attributes(), broken(**changes))
    with pytest.raises(ValueError, match="a: "):
        write_part(Part(layers=(layer,)), tmp_path)
    assert not is_whole(tmp_path)


@pytest.mark.parametrize(
    "table",
    [
        pa.table({"id": ["a", "a"]}),
        pa.table({"id": ["a", None]}),
        pa.table({"id": [1, 2]}),
        pa.table({"name": ["a", "b"]}),
        pa.table([["a", "b"], ["c", "d"], ["e", "f"]], names=["id", "x", "x"]),
    ],
)
def test_broken_ids_are_not_written(tmp_path, table):
    with pytest.raises(ValueError, match="a: "):
        write_part(Part(layers=(Layer("a", "A", "other", table),)), tmp_path)


def test_broken_tables_are_not_written(tmp_path, part):
    good = part.tables[0]
    for bad in (
        replace(good, values=good.values[:2]),
        replace(good, units=("kW",)),
        replace(good, columns=("x", "x")),
        replace(good, values=np.full((3, 2), np.inf, np.float32)),
    ):
        with pytest.raises(ValueError, match="t: "):
            write_part(Part(tables=(bad,)), tmp_path)


def test_loading_maps_and_does_not_copy(tmp_path):
    count = 200_000
    layer = Layer(
        "a", "A", "node", attributes(count), points(np.random.default_rng(1).random((count, 2)))
    )
    write_part(Part(layers=(layer,)), tmp_path)
    load_part(tmp_path)
    begin = time.perf_counter()
    back = load_part(tmp_path)
    assert time.perf_counter() - begin < 0.5
    assert not back.layers[0].geometry.coords.flags.writeable
