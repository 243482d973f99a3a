"""Well-known binary is looked at before the geometry library gets it."""

import struct

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from twinview.readers.common import wkb

LARGE = shapely.Point(0, 0).buffer(1, quad_segs=2000)


def nested(depth: int, kind: int = 7) -> bytes:
    inner = b"\x01" + struct.pack("<Idd", 1, 1.0, 2.0)
    return (b"\x01" + struct.pack("<II", kind, 1)) * depth + inner


@pytest.mark.parametrize("kind", [4, 5, 6, 7])
def test_deep_nesting_is_left_out(kind):
    blobs = np.array([nested(20_000, kind), shapely.Point(1, 2).wkb, None, b"junk"], dtype=object)
    shapes, reasons = wkb.parse(blobs)
    assert reasons.tolist() == ["nested", "", "", "damaged"]
    assert [shape is None for shape in shapes] == [True, False, True, True]


@pytest.mark.parametrize(
    "shape",
    [
        LARGE,
        shapely.MultiPolygon([LARGE, shapely.box(5, 5, 6, 6)]),
        shapely.GeometryCollection(
            [LARGE, shapely.Point(1, 1), shapely.LineString([(0, 0), (1, 1)])]
        ),
        shapely.force_3d(LARGE),
    ],
)
@pytest.mark.parametrize("form", [{}, {"flavor": "iso"}, {"byte_order": 0}, {"include_srid": True}])
def test_genuine_shapes_pass(shape, form):
    assert wkb.shallow(shapely.to_wkb(shapely.set_srid(shape, 4326), **form))


@given(st.binary(max_size=60))
def test_any_bytes_are_judged_without_an_exception(raw):
    assert wkb.shallow(raw) in {True, False}
