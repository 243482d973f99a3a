"""Roofs of hand-made houses."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twinview.energy.roofs import Placement, footprints, place_modules, roof_faces
from twinview.model.geometry import SEMANTICS, Geometry, lines, offsets
from twinview.progress import drain
from twinview.readers.guard import Options
from twinview.readers.registry import choose

ROOF, WALL, GROUND = (SEMANTICS.index(name) for name in ("roof", "wall", "ground"))


def body(faces: list[list[list[float]]], names: list[int] | None = None) -> Geometry:
    """Make one building of faces without holes."""
    rings = offsets([len(face) for face in faces])
    parts = np.arange(len(faces) + 1, dtype=np.int32)
    return Geometry(
        "surface", np.concatenate([np.array(face, float) for face in faces]), rings, parts,
        np.array([0, len(faces)], dtype=np.int32),
        None if names is None else np.array(names, dtype=np.uint8),
    )  # fmt: skip


# A gable house, 10 m from west to east, 8 m deep; the ridge is 3 m above the eaves, in the middle.
SOUTH = [[0, 0, 5], [10, 0, 5], [10, 4, 8], [0, 4, 8]]
NORTH = [[0, 4, 8], [10, 4, 8], [10, 8, 5], [0, 8, 5]]
FRONT = [[0, 0, 0], [10, 0, 0], [10, 0, 5], [0, 0, 5]]
FLOOR = [[0, 0, 0], [0, 8, 0], [10, 8, 0], [10, 0, 0]]


def test_a_gable_roof_by_hand() -> None:
    found = roof_faces(body([SOUTH, NORTH, FRONT, FLOOR], [ROOF, ROOF, WALL, GROUND]))
    assert found.part.tolist() == [0, 1]
    assert found.element.tolist() == [0, 0]
    # 3-4-5: each side is 10 m by 5 m, tilted by atan(3/4).
    assert found.area == pytest.approx([50.0, 50.0])
    assert found.tilt == pytest.approx([36.8699, 36.8699], abs=1e-3)
    assert found.azimuth == pytest.approx([180.0, 0.0])
    assert not found.assumed.any()


def test_faces_without_names_are_roofs_if_they_look_up() -> None:
    found = roof_faces(body([SOUTH, NORTH, FRONT, FLOOR]))
    assert found.part.tolist() == [0, 1]
    assert found.assumed.all()


def test_the_order_of_points_does_not_turn_a_named_roof() -> None:
    found = roof_faces(body([SOUTH[::-1]], [ROOF]))
    assert found.azimuth == pytest.approx([180.0])


@given(st.floats(0, 359), st.floats(6, 70), st.floats(1e5, 1e6))
def test_any_plane_is_found_again(azimuth, tilt, far) -> None:
    facing, slope = np.radians(azimuth), np.radians(tilt)
    along = np.array([np.cos(facing), -np.sin(facing), 0.0])
    down = np.array(
        [np.sin(facing) * np.cos(slope), np.cos(facing) * np.cos(slope), -np.sin(slope)]
    )
    corners = [np.zeros(3), 4 * along, 4 * along + 3 * down, 3 * down]
    face = [list(corner + np.array([far, -far, 50.0])) for corner in corners]
    found = roof_faces(body([face], [ROOF]))
    assert found.area[0] == pytest.approx(12.0, rel=1e-6)
    assert found.tilt[0] == pytest.approx(tilt, abs=1e-4)
    assert (found.azimuth[0] - azimuth + 180) % 360 - 180 == pytest.approx(0, abs=1e-3)


def test_a_footprint_has_a_flat_roof_less_its_courtyard() -> None:
    outline = [[0, 0, 0], [10, 0, 0], [10, 10, 0], [0, 10, 0]]
    yard = [[2, 2, 0], [4, 2, 0], [4, 4, 0], [2, 4, 0]]
    footprint = Geometry(
        "polygon", np.array(outline + yard, float), offsets([4, 4]),
        np.array([0, 2], np.int32), np.array([0, 1], np.int32),
    )  # fmt: skip
    found = roof_faces(footprint)
    assert found.area.tolist() == [96.0]
    assert (found.tilt[0], found.azimuth[0], found.assumed[0]) == (0.0, 180.0, True)
    with pytest.raises(ValueError, match="only footprints and bodies"):
        roof_faces(lines([np.zeros((2, 2))]))


def test_where_modules_go() -> None:
    found = roof_faces(
        body([SOUTH, NORTH, [[0, 0, 9], [9, 0, 9], [9, 5, 9], [0, 5, 9]]], [ROOF] * 3)
    )
    plants = place_modules(found)
    assert plants.peak == pytest.approx([50 * 0.7 * 0.2, 0.0, 45 * 0.5 * 0.2])
    assert plants.tilt == pytest.approx([36.87, 36.87, 10.0], abs=0.01)
    assert plants.azimuth[2] == 180.0
    southern = place_modules(found, Placement(southern=True))
    assert southern.peak == pytest.approx([0.0, 50 * 0.7 * 0.2, 45 * 0.5 * 0.2])
    assert southern.azimuth[2] == 0.0
    assert place_modules(found, Placement(smallest=60.0)).peak.tolist() == [0.0, 0.0, 0.0]


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("cityjson-rotterdam-delfshaven/3-20-DELFSHAVEN.city.json", {}),
        ("cityjson-vienna-seq/vienna.jsonl", {"crs": "EPSG:31256"}),
    ],
)
def test_real_roofs_cover_the_ground(shared: Path, file, said) -> None:
    """Seen from above, the roofs of closed bodies are as large as their ground faces."""
    path = shared / "data" / file
    part = drain(choose(path).read(path, Options(**said)))
    geometry = part.layers[0].geometry
    found = roof_faces(geometry)
    ground = replace(geometry, semantics=np.where(geometry.semantics == GROUND, ROOF, WALL))
    seen = (found.area * np.cos(np.radians(found.tilt))).sum()
    assert seen == pytest.approx(roof_faces(ground).area.sum(), rel=1e-3)


def test_footprints_by_hand() -> None:
    house = [SOUTH, NORTH, FRONT, FLOOR]
    named = footprints(body(house, [ROOF, ROOF, WALL, GROUND]))
    assert named == pytest.approx([80.0])
    # Without a ground the roofs count as seen from above: 2 x 10 m x 4 m.
    assert footprints(body(house[:3], [ROOF, ROOF, WALL])) == pytest.approx([80.0])
    assert np.isnan(footprints(body([FRONT], [WALL]))).all()
    square = np.array([[0.0, 0, 0], [4, 0, 0], [4, 4, 0], [0, 4, 0]])
    one = np.arange(2, dtype=np.int32)
    assert footprints(Geometry("polygon", square, offsets([4]), one, one)) == pytest.approx([16.0])
