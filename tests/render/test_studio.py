"""Pictures without a window or a display."""

import numpy as np
import pytest

from tests.render.conftest import OBLIQUE, box, layer, paint, polygons, scene, twin, village
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


@pytest.mark.usefixtures("no_vtk_leak")
def test_a_picture_without_sky_and_plain_looks_right_before_anything() -> None:
    """Put before grey it is what is drawn before a grey sky: edges have no rim of another one."""
    one = village(9)
    made = studio.Studio((200, 120))
    drain(made.show(twin(one), "light"))
    shown = scene(paint(one), camera=OBLIQUE)
    usual = made.shoot(shown).image
    bare = made.shoot(shown, transparent=True).image.astype(float)
    cover = bare[..., 3:] / 255
    assert tuple(bare[0, 0]) == (0, 0, 0, 0)
    assert ((cover > 0.1) & (cover < 0.9)).any()
    x, y, _depth = made.shoot(shown).project(np.array([[0.0, 0.0, 8.0]]))[0]
    assert cover[int(y), int(x)] == 1
    grey = 0.5
    for role, actor in made.painter.actors():
        if role == "ground":
            actor.VisibilityOff()
    made.painter.wear_sky((grey,) * 3, (grey,) * 3)
    before_grey = studio._reduced(made._rendered(), made._fine)[..., :3].astype(float)
    put = bare[..., :3] * cover + 255 * grey * (1 - cover)
    assert np.abs(put - before_grey).max() <= 3
    for role, actor in made.painter.actors():
        if role == "ground":
            actor.VisibilityOn()
    made.painter.wear_sky(*studio.style.sky("light"))
    again = made.shoot(shown).image
    made.close()
    np.testing.assert_array_equal(again, usual)


def test_the_plain_is_cut_down_to_the_land_that_is_shown() -> None:
    """Land of 40 m by 40 m under a house: a plate, which the corner of the picture is beside."""
    field = layer("place", polygons([box(0, 0, 40, 40)]), kind=["field"])
    one = village(1)
    whole = twin(one, field)
    bare = drain(
        studio.picture(whole, scene(paint(one), camera=OBLIQUE), (200, 120), transparent=True)
    )
    hidden = scene(paint(one), camera=OBLIQUE, hidden=frozenset({"place"}))
    none = drain(studio.picture(whole, hidden, (200, 120), transparent=True))
    for x, y, here, there in ((16.0, 0.0, 255, 0), (26.0, 0.0, 0, 0)):
        column, row, _depth = bare.project(np.array([[x, y, 0.0]]))[0]
        assert bare.image[int(row), int(column), 3] == here
        assert none.image[int(row), int(column), 3] == there


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
