"""What is mapped from disk is what was made, byte for byte; anything else is made anew."""

import io
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from tests.render.conftest import box, layer, polygons, twin, village
from twinview.model.twin import Layer
from twinview.render import maker, making, shelf
from twinview.render.meshes.boxes import Boxes
from twinview.render.meshes.mesh import Mesh
from twinview.scene.view import Camera

EYE = Camera((0.0, -400.0, 300.0), (0.0, 0.0, 0.0))


def houses() -> Layer:
    """Return buildings of several roofs, one of them with a hole."""
    ring = box(200.0, 200.0, 30.0, 30.0)[0]
    court = box(200.0, 200.0, 8.0, 8.0)[0][::-1]
    shapes = [*(box(20.0 * k, 0.0) for k in range(4)), [ring, court]]
    return layer(
        "building", polygons(shapes), height_m=[8.0, 9.0, 7.0, None, 20.0],
        ridge_m=[11.0, 12.0, 10.0, 9.0, None], roof=["gable", "hip", "shed", None, "flat"],
    )  # fmt: skip


def same(one: object, two: object) -> None:
    """Hold that all arrays of two meshes, boxes or maps are the same to the byte."""
    for name in vars(one):
        a, b = getattr(one, name), getattr(two, name)
        if isinstance(a, np.ndarray):
            assert (a.dtype, a.shape) == (b.dtype, b.shape), name
            assert a.tobytes() == b.tobytes(), name


def written(folder: Path, one: Layer) -> list[making.Part]:
    """Make the parts of a layer and write them."""
    made = [part.boxed() for part in making.parts(one, making.shadows(twin(one)))]
    writer = shelf.Writer(folder)
    for part in made:
        writer.part(part)
    writer.close(whole=True)
    return made


def mapped(folder: Path, one: Layer) -> list[making.Part]:
    known = shelf.listed(folder)
    assert known is not None
    return [shelf.load_part(folder, said, len(one)) for said in known]


@pytest.mark.parametrize("one", [houses(), village(1200)], ids=["houses", "village"])
def test_mapped_parts_are_the_made_ones(tmp_path: Path, one: Layer) -> None:
    made = written(tmp_path / "a", one)
    found = mapped(tmp_path / "a", one)
    assert len(found) == len(made)
    for a, b in zip(made, found, strict=True):
        assert (a.role, a.rank) == (b.role, b.rank)
        same(a.mesh, b.mesh)
        assert isinstance(a.boxes, Boxes)
        assert isinstance(b.boxes, Boxes)
        same(a.boxes, b.boxes)
        assert (a.rows == b.rows).all()
        assert (a.low == b.low).all()


def test_the_mapped_chart_is_the_made_one(tmp_path: Path) -> None:
    chart = making.shadows(twin(houses()))
    assert chart is not None
    writer = shelf.Writer(tmp_path)
    said = writer.chart(chart)
    writer.close(whole=True)
    found = shelf.load_chart(tmp_path, said)
    assert (found.x0, found.y0, found.cell) == (chart.x0, chart.y0, chart.cell)
    same(chart, found)


def test_parts_together_are_the_whole(tmp_path: Path) -> None:
    del tmp_path
    one = village(1200)
    parts = list(making.parts(one, None, EYE))
    assert len(parts) == 4
    assert making.size(one) == 4
    rows = np.concatenate([part.rows for part in parts])
    assert sorted(rows.tolist()) == list(range(1200))
    # A box of 10 m and 8 m above its foot: roof and walls.
    assert sum(_area(part.mesh) for part in parts) == pytest.approx(
        1200 * (100 + 4 * 10 * 8.05), rel=1e-5
    )
    # The eye is in the south.
    middles = [float(part.low[1] + part.high[1]) for part in parts]
    assert max(middles[:2]) < 0 < min(middles[2:])


def _area(mesh: Mesh) -> float:
    a, b, c = (mesh.points[mesh.triangles[:, k]].astype(float) for k in range(3))
    return float(np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2)


@pytest.mark.parametrize("harm", ["byte", "short", "gone", "index", "manifest"])
def test_damage_is_found(tmp_path: Path, harm: str) -> None:
    one = village(3)
    written(tmp_path, one)
    (data,) = tmp_path.glob("arrays-*.bin")
    raw = bytearray(data.read_bytes())
    elements = len(one)
    if harm == "byte":
        raw[len(raw) // 2] ^= 1
        data.write_bytes(raw)
    elif harm == "short":
        data.write_bytes(raw[: len(raw) // 2])
    elif harm == "gone":
        data.unlink()
    elif harm == "index":
        elements = 2
    else:
        (tmp_path / shelf.MANIFEST).write_text("{", encoding="utf-8")
    with pytest.raises(shelf.Damaged):
        mapped(tmp_path, replace(one, attributes=one.attributes.slice(0, elements)))


def test_what_is_half_written_has_no_manifest(tmp_path: Path) -> None:
    writer = shelf.Writer(tmp_path)
    writer.part(next(making.parts(village(3), None)))
    assert shelf.listed(tmp_path) is None
    writer.close(whole=False)
    assert not list(tmp_path.iterdir())


def test_what_a_dead_process_left_half_written_goes(tmp_path: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    for pid in (dead.pid, os.getppid()):
        (tmp_path / f"arrays-{pid}.bin").write_bytes(b"half")
    shelf.Writer(tmp_path).close(whole=False)
    assert [path.name for path in tmp_path.iterdir()] == [f"arrays-{os.getppid()}.bin"]


def test_keys_tell_what_parts_are_made_from() -> None:
    one = houses()
    key = shelf.content(one)
    assert shelf.content(replace(one, id="other", title="other")) == key
    more = one.attributes.append_column("owner", pa.array(["x"] * 5))
    assert shelf.content(replace(one, attributes=more)) == key
    assert one.geometry is not None
    moved = replace(one, geometry=one.geometry.moved(one.geometry.coords + 0.01))
    taller = replace(one, attributes=one.attributes.set_column(
        one.attributes.column_names.index("height_m"), "height_m",
        pa.array([8.0, 9.0, 7.0, None, 21.0])))  # fmt: skip
    roofs = replace(one, attributes=one.attributes.set_column(
        one.attributes.column_names.index("roof"), "roof",
        pa.array(["gable", "hip", "shed", "flat", None])))  # fmt: skip
    keys = {shelf.content(other) for other in (one, moved, taller, roofs)}
    assert len(keys) == 4
    assert shelf.layer_key("building", key, "a") != shelf.layer_key("building", key, "b")
    assert shelf.layer_key("road", key, "a") == shelf.layer_key("road", key, "b")


def test_no_other_column_decides_over_shapes() -> None:
    asked: set[str] = set()

    class Listening(Layer):
        def has(self, column: str) -> bool:
            asked.add(column)
            return super().has(column)

        def numbers(self, name: str, default: float = np.nan) -> np.ndarray:
            asked.add(name)
            return super().numbers(name, default)

    for kind in ("building", "site", "tree", "storage", "line", "road", "place", "other"):
        base = layer(kind, polygons([box(0, 0), box(30, 0)]), kind=["panel_row", "wind_turbine"])
        one = Listening(**vars(replace(base, kind=kind)))
        list(making.parts(one, making.shadows(twin(one))))
    assert asked - {"id"} <= set(making.SHAPING)


def test_the_child_makes_what_it_was_handed(tmp_path: Path) -> None:
    one = houses()
    shelf.hand(one, tmp_path / "hand")
    back = shelf.handed(tmp_path / "hand")
    assert shelf.content(back) == shelf.content(one)
    request = {
        "place": str(tmp_path), "layers": {"building": str(tmp_path / "hand")},
        "wanted": {"building": "parts"}, "chart": "chart",
        "camera": [EYE.position, EYE.focus, EYE.angle], "aspect": 1.6,
    }  # fmt: skip
    talk = io.StringIO()
    maker.serve(request, talk)
    said = [json.loads(line) for line in talk.getvalue().splitlines()]
    assert [sorted(one) for one in said] == [["chart", "progress"], ["layer", "part", "progress"]]
    made = written(tmp_path / "own", one)
    for a, b in zip(made, mapped(tmp_path / "parts", one), strict=True):
        same(a.mesh, b.mesh)
