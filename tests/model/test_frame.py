"""Layers as GeoDataFrames: shapes, holes, coordinates and attributes survive."""

import numpy as np
import pyarrow as pa
import shapely

from twinview.model.frame import frame
from twinview.model.geometry import Geometry, lines, offsets, points
from twinview.model.twin import Layer, Twin


def twin_of(geometry: Geometry | None, count: int) -> tuple[Twin, Layer]:
    table = pa.table({"id": [f"e{k}" for k in range(count)], "storeys": list(range(count))})
    layer = Layer("things", "Things", "building", table, geometry)
    return Twin("here", "EPSG:25832", (1000.0, 2000.0, 5.0), {"things": layer}), layer


def test_a_house_with_a_courtyard_keeps_its_area() -> None:
    outer = np.array([[0, 0, 0], [10, 0, 0], [10, 10, 0], [0, 10, 0]], dtype=float)
    hole = np.array([[4, 4, 0], [4, 6, 0], [6, 6, 0], [6, 4, 0]], dtype=float)
    shed = outer[:3] + 20
    geometry = Geometry(
        "polygon",
        np.concatenate([outer, hole, shed]),
        offsets([4, 4, 3]),
        offsets([2, 1]),
        offsets([1, 1]),
    )
    table = frame(*twin_of(geometry, 2))
    assert table.crs.to_epsg() == 25832
    assert list(table.index) == ["e0", "e1"]
    np.testing.assert_allclose(table.area, [96, 50])
    assert table.geometry.iloc[0].bounds == (1000, 2000, 1010, 2010)


def test_lines_and_points_move_to_their_coordinates() -> None:
    way = lines([np.array([[0.0, 0], [3, 4]]), np.array([[1.0, 1], [1, 2], [2, 2]])])
    np.testing.assert_allclose(frame(*twin_of(way, 2)).length, [5, 2])
    masts = frame(*twin_of(points(np.array([[1.0, 2.0], [3.0, 4.0]])), 2))
    np.testing.assert_allclose(
        shapely.get_coordinates(masts.geometry), [[1001, 2002], [1003, 2004]]
    )


def test_a_table_without_shapes_has_empty_geometry() -> None:
    table = frame(*twin_of(None, 3))
    assert table.geometry.isna().all()
    assert list(table.storeys) == [0, 1, 2]
