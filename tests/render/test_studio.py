"""Pictures without a window or a display."""

import numpy as np
import pytest

from tests.render.conftest import OBLIQUE, paint, scene, twin, village
from twinview.model.problem import CommandError
from twinview.progress import drain
from twinview.render import studio
from twinview.render.bench import scrub


def test_a_picture_comes_with_the_way_places_come_into_it() -> None:
    one = village(9)
    shot = drain(studio.picture(twin(one), scene(paint(one), camera=OBLIQUE), (200, 120)))
    assert shot.image.shape == (120, 200, 4)
    assert shot.image.dtype == np.uint8
    assert (shot.image[..., 3] == 255).all()
    x, y, depth = shot.project(np.array([[0.0, 0.0, 8.0]]))[0]
    assert depth > 0
    red, _, blue, _ = shot.image[int(y), int(x)].astype(int)
    assert red > blue + 60
    assert shot.bearing_deg == pytest.approx(20, abs=0.1)
    assert shot.metres_per_pixel > 0


def test_refining_smooths_edges_and_keeps_places() -> None:
    one = village(9)
    fast, fine = (
        drain(
            studio.picture(
                twin(one), scene(paint(one), camera=OBLIQUE), (200, 120), refined=refined
            )
        ).image
        for refined in (False, True)
    )
    assert fast.mean() == pytest.approx(fine.mean(), abs=2)
    assert len(np.unique(fine.reshape(-1, 4), axis=0)) > len(np.unique(fast.reshape(-1, 4), axis=0))


@pytest.mark.usefixtures("no_vtk_leak")
def test_one_studio_makes_many_pictures_in_both_themes() -> None:
    one = village(9)
    made = studio.Studio((120, 80))
    drain(made.show(twin(one), "light"))
    light = made.shoot(scene(paint(one))).image
    dark = made.shoot(scene(paint(one), theme="dark")).image
    again = made.shoot(scene(paint(one))).image
    made.close()
    assert dark.mean() < light.mean()
    assert np.abs(light.astype(int) - again).max() <= 2


def test_pictures_that_would_end_the_process_are_refused() -> None:
    with pytest.raises(CommandError, match="too large"):
        drain(studio.picture(twin(), scene(), (40_000, 40_000)))


def test_this_machine_passes_the_trial() -> None:
    assert studio.preflight() is None


def test_a_machine_without_driver_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(studio.sys, "executable", "/bin/false")
    assert "apt-get" in (studio.preflight() or "")


def test_the_bench_says_what_the_contract_promises(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("twinview.render.bench.SAMPLES", 3)
    found = scrub(50, (160, 100))
    assert found["buildings"] == 50
    assert found["size"] == [160, 100]
    assert set(found["ratios"]) == {
        "pyvista_in_place", "pyvista_add_mesh", "vtk_static_frame", "pyvista_msaa4",
        "copy_of_bytes",
    }  # fmt: skip
    assert found["median_ms"] > 0
