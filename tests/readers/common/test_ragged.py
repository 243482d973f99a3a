"""Polygons out of well-known binary: the same as through shape objects, or left to them."""

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from twinview.readers.common import ragged, shapes, wkb


def column(found: list[object], **how: object) -> pa.ChunkedArray:
    """Return shapes as a binary column in two pieces."""
    blobs = [
        one if one is None or isinstance(one, bytes) else shapely.to_wkb(one, **how)
        for one in found
    ]
    return pa.chunked_array([pa.array(blobs[:1], pa.binary()), pa.array(blobs[1:], pa.binary())])


BOX, COURT = shapely.box(0, 0, 4, 4), shapely.box(0, 0, 9, 9) - shapely.box(2, 2, 5, 5)
APART = shapely.MultiPolygon([BOX, shapely.box(6, 0, 8, 2)])


@pytest.mark.parametrize("flavor", ["iso", "extended"])
@pytest.mark.parametrize("tall", [False, True])
def test_sound_polygons_come_as_through_objects(flavor: str, tall: bool) -> None:
    found = [BOX, COURT, APART, BOX.reverse()]
    found = [shapely.force_3d(one, 7.0) for one in found] if tall else found
    ready = ragged.polygons(column(found, flavor=flavor))
    assert ready is not None
    assert ready.known.all()
    expected = shapes.to_geometry(np.array(found, dtype=object), "polygon")
    for name in ("coords", "rings", "parts", "elements"):
        assert np.array_equal(getattr(ready.geometry, name), getattr(expected, name))


def test_all_that_is_doubtful_is_left_to_the_library() -> None:
    touching = shapely.Polygon(BOX.exterior, [[(0, 0), (1, 2), (2, 1)]])
    doubtful = [
        shapely.Polygon([(0, 0), (4, 4), (4, 0), (0, 4)]),
        shapely.Polygon([(0, 0), (4, 0), (4, 0), (4, 4)]),
        shapely.Polygon([(0, 0), (4, 0), (8, 0)]),
        shapely.Polygon(BOX.exterior, [shapely.box(6, 6, 7, 7).exterior]),
        shapely.MultiPolygon([BOX, shapely.box(1, 1, 2, 2)]),
        touching, None, shapely.Point(1, 1), shapely.Polygon(),
        shapely.to_wkb(BOX)[:-3], shapely.to_wkb(BOX) + b"x", shapely.to_wkb(BOX, byte_order=0),
        b"", b"\x01\x03\x00\x00\x00\xff\xff\xff\xff",
    ]  # fmt: skip
    ready = ragged.polygons(column([BOX, *doubtful]))
    assert ready is not None
    assert ready.known.tolist() == [True, *[False] * len(doubtful)]
    assert len(ready.geometry) == 1


coordinates = st.tuples(st.integers(0, 5), st.integers(0, 5))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(coordinates, min_size=3, max_size=8), min_size=1, max_size=5))
def test_nothing_invalid_is_taken_for_sound(rings: list[list[tuple[int, int]]]) -> None:
    found = [shapely.Polygon(ring) for ring in rings]
    ready = ragged.polygons(column(found))
    known = np.zeros(len(found), dtype=bool) if ready is None else ready.known
    assert shapely.is_valid(np.array(found, dtype=object))[known].all()


@settings(max_examples=100, deadline=None)
@given(st.lists(st.binary(max_size=120), min_size=1, max_size=4))
def test_any_bytes_are_borne(blobs: list[bytes]) -> None:
    headed = [b"\x01\x03\x00\x00\x00" + blob for blob in blobs]
    ragged.polygons(column([*blobs, *headed]))


def test_rows_keep_their_order_among_those_that_need_an_object() -> None:
    crossed = shapely.Polygon([(20, 0), (24, 4), (24, 0), (20, 4)])
    found = [crossed, BOX, crossed, COURT]
    table = pa.table({"g": column(found)})
    drawn, reasons, ready = wkb.read(table, "g")
    assert ready is not None
    assert [one is None for one in drawn] == [False, True, False, True]
    assert set(reasons) == {""}
    rest = shapes.to_geometry(drawn[~ready.known], "polygon")
    both = ragged.merged(ready, rest, np.arange(4))
    expected = shapes.to_geometry(np.array(found, dtype=object), "polygon")
    for name in ("coords", "rings", "parts", "elements"):
        assert np.array_equal(getattr(both, name), getattr(expected, name))
    assert [one.equals(BOX) for one in ready.shapes(np.array([1]))] == [True]
