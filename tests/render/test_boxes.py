"""Boxes for far views: as large as the bodies they stand for, by machine code or without it."""

import numpy as np
import pytest

from tests.render.conftest import box, layer, polygons, village
from twinview import kernels
from twinview.render import making
from twinview.render.meshes import boxes
from twinview.render.meshes.boxes import Boxes


def test_a_box_is_as_large_as_its_body() -> None:
    # 12 m by 8 m, 6 m to the eaves and 10 m to the ridge: the roof is 8 m high on average.
    one = layer("building", polygons([box(5.0, -3.0, 12.0, 8.0)]), height_m=[6.0], ridge_m=[10.0],
                eaves_m=[6.0], roof=["gable"])  # fmt: skip
    (part,) = making.parts(one, None)
    found = boxes.of_bodies(part.mesh)
    assert found.element.tolist() == [0]
    assert found.middle[0] == pytest.approx([5.0, -3.0])
    assert sorted(found.half[0]) == pytest.approx([4.0, 6.0])
    assert abs(found.along[0]).tolist() == pytest.approx([1.0, 0.0])
    assert found.area[0] == pytest.approx(96.0)
    assert found.high[0] == pytest.approx(8.0)
    assert found.low[0] == pytest.approx(-0.05)


def test_machine_code_finds_the_same(monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(kernels, "_all", [boxes.measure])
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv(kernels.SWITCH, raising=False)
    turned = polygons([box(0, 0, 9.0, 4.0), box(40, 0, 5.0, 5.0), box(80, 5, 3.0, 11.0)])
    angle = np.radians(33.0)
    turn = np.array([[np.cos(angle), np.sin(angle), 0], [-np.sin(angle), np.cos(angle), 0],
                     [0, 0, 1]])  # fmt: skip
    some = layer("building", turned.moved(turned.coords @ turn), height_m=[7.0, 12.0, 3.0],
                 ridge_m=[9.0, 12.0, 5.0], roof=["gable", "flat", "hip"])  # fmt: skip
    meshes = [next(making.parts(one, None)).mesh for one in (some, village(30))]
    plain = [boxes.of_bodies(mesh) for mesh in meshes]
    kernels.wait()
    assert boxes.measure.ready
    for mesh, expected in zip(meshes, plain, strict=True):
        found = boxes.of_bodies(mesh)
        assert isinstance(found, Boxes)
        for name, value in vars(expected).items():
            np.testing.assert_allclose(getattr(found, name), value, rtol=1e-12, atol=1e-12)
    boxes.measure._fast = None
