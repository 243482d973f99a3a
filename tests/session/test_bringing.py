"""What a picture without a window is drawn of: the window's own parts, the same to the pixel."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from tests.render.conftest import box, layer, paint, polygons, scene, twin
from twinview.model.twin import Layer
from twinview.progress import Job, drain
from twinview.render import making, studio
from twinview.render.studio import Studio, made_at_once
from twinview.scene.view import Camera
from twinview.session import bringing, drawing, settings
from twinview.session.bringing import brought
from twinview.session.drawing import Wish, supply

SIZE = (240, 160)
EYE = Camera((-90.0, -260.0, 200.0), (0.0, 0.0, 0.0))


def town(n: int = 1200) -> Layer:
    """Return boxes that reach into their neighbours, with roofs at one height."""
    side = int(np.ceil(np.sqrt(n)))
    at = [(k % side - side / 2, k // side - side / 2) for k in range(n)]
    shapes = [box(x * 20, y * 20, 24.0, 24.0) for x, y in at]
    return layer("building", polygons(shapes), height_m=[8.0] * n)


def pixels(one: Layer, stock: studio.Stock) -> np.ndarray:
    """Return the picture of buildings that all have another colour."""
    colour = np.random.default_rng(2).integers(0, 256, (len(one), 3))
    shown = scene(paint(one, colour), camera=EYE)
    return drain(studio.picture(twin(one), shown, SIZE, stock=stock)).image


@pytest.fixture(autouse=True)
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every district count as large."""
    monkeypatch.setattr(bringing, "AT_ONCE", 0)


@pytest.fixture
def childless(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Return what forbids from then on to start a child."""
    return lambda: monkeypatch.setattr(drawing, "_COMMAND", ["a-program-that-is-not-there"])


def test_the_picture_is_the_same_whoever_made_its_parts(tmp_path: Path, childless) -> None:
    at_once = pixels(town(), made_at_once)
    first = pixels(town(), partial(brought, cached=tmp_path / "own"))
    # A window leaves them in the order in which it wanted them: nearest first.
    behind = Camera((300.0, 400.0, 50.0), (0.0, 0.0, 0.0))
    wish = Wish(twin(town()), ("building",), tmp_path / "window", behind)
    drain(supply(wish, lambda _news: None))
    childless()
    again = pixels(town(), partial(brought, cached=tmp_path / "own"))
    of_window = pixels(town(), partial(brought, cached=tmp_path / "window"))
    unkept = pixels(town(), partial(brought, cached=tmp_path / "nothing"))
    for other in (first, again, of_window, unkept):
        np.testing.assert_array_equal(other, at_once)
    # The order counts here: neighbours' roofs lie in one plane.
    turned = pixels(town(), backwards)
    assert (turned != at_once).any()


def backwards(painter, one, theme) -> Job[None]:
    """Bring the same parts, the last one first."""
    (building,) = painter.begin(one, theme)
    painter.occlude(making.shadows(one))
    for part in reversed(list(making.parts(one.layers[building], making.shadows(one)))):
        painter.take(building, part)
    painter.whole()
    yield from ()


def test_progress_is_told_and_whoever_gives_up_ends_the_child(tmp_path: Path, monkeypatch) -> None:
    started = []
    usual = drawing.subprocess.Popen

    def start(*arguments: object, **options: object) -> object:
        started.append(usual(*arguments, **options))
        return started[-1]

    monkeypatch.setattr(drawing.subprocess, "Popen", start)
    stock = partial(brought, cached=tmp_path)
    job = studio.picture(twin(town()), scene(paint(town())), SIZE, stock=stock)
    fractions = []
    while len(set(fractions)) < 3:
        fractions.append(next(job).fraction)
    assert fractions == sorted(fractions)
    job.close()
    assert started[0].poll() is not None
    assert not list(tmp_path.glob("hand*"))


@dataclass
class Machine:
    total: int


def test_the_preference_for_memory_holds_without_a_window(tmp_path: Path, monkeypatch) -> None:
    one = twin(
        town(),
    )
    need = 430 * 4 * 1200
    monkeypatch.setattr(bringing.psutil, "virtual_memory", lambda: Machine(3 * need))
    assert bringing.preferred() == 0.5
    assert not bringing.shortage(one, bringing.preferred())
    settings.save(settings.Settings(memory="quarter"))
    assert "far buildings are drawn as boxes" in bringing.shortage(one, bringing.preferred())
    far = Camera((0.0, -9000.0, 6000.0), (0.0, 0.0, 0.0))
    drawn = {}
    for share in (0.5, 0.25):
        taken = Studio(SIZE)
        drain(taken.show(one, "light", partial(brought, cached=tmp_path, share=share)))
        shown = taken.shoot(scene(paint(town()), camera=far))
        assert (shown.image[..., :3].max(axis=2) < 250).any()
        roles = taken.painter.actors()
        drawn[share] = {role for role, actor in roles if actor.GetVisibility()}
        taken.close()
    assert "solid" in drawn[0.5]
    assert "solid" not in drawn[0.25]
    assert "coarse" in drawn[0.25]
