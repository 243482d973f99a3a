"""Tiles change what a frame costs, and a picture at rest not at all."""

from collections import deque
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from tests.render.conftest import paint, scene, twin, village
from tests.render.test_still import everything, step
from twinview.model.twin import Layer
from twinview.render import camera as eyes
from twinview.render import making, portions
from twinview.render.frames import Frames
from twinview.render.pace import QUALITIES
from twinview.scene.paint import State

SIZE = (320, 220)
FAR = eyes.at(eyes.Pose((0.0, 0.0, 0.0), 20.0, 30.0, 2500.0))
AMID = eyes.at(eyes.Pose((100.0, 50.0, 0.0), 70.0, 12.0, 120.0))


@pytest.fixture
def frames() -> Iterator[Frames]:
    one = Frames(SIZE)
    yield one
    one.close()


def visible(frames: Frames, role: str) -> int:
    return sum(one.GetVisibility() for key, one in frames.painter.actors() if key == role)


def at_quality(frames: Frames, step_: int) -> None:
    frames.painter.quality = QUALITIES[step_]
    frames.resize(SIZE)


@pytest.mark.parametrize("camera", [FAR, AMID], ids=["far", "amid"])
def test_a_picture_of_tiles_is_that_of_one_mesh(frames, monkeypatch, camera):
    one = village(900)
    colours = np.random.default_rng(1).integers(0, 256, (900, 3))
    shown = scene(paint(one, colours), camera=camera)
    monkeypatch.setattr(making, "_FEWEST", 10_000)
    frames.painter.show(twin(one), "light")
    assert len(frames.painter.drawn["building"].tiles[0].level) == 1
    frames.painter.draw(shown)
    whole = frames.frame().copy()
    monkeypatch.setattr(making, "_FEWEST", 20)
    frames.painter.show(twin(replace(one, title="again")), "light")
    assert len(frames.painter.drawn["building"].tiles[0].level) > 30
    frames.painter.draw(shown)
    assert (frames.frame() == whole).all()
    if camera is AMID:
        assert 0 < visible(frames, "solid") < len(frames.painter.drawn["building"].tiles[0].level)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_picture_in_portions_is_the_picture(frames, monkeypatch, theme):
    monkeypatch.setattr(portions, "PORTION", 60)
    one = everything()
    frames.painter.show(one, theme)
    frames.painter.draw(step(one, 3, camera=AMID, theme=theme))
    whole = frames.frame().copy()
    parts = list(frames.portions())
    assert len(parts) > 4
    assert (parts[-1] == whole).all()
    assert all(part is None for part in parts[:-1])


def test_a_large_picture_in_portions_is_the_picture(frames, monkeypatch):
    """Its sky comes first, and the ground, which covers much of it, for itself."""
    one = everything()
    frames.painter.show(one, "light")
    frames.painter.draw(step(one, 3, camera=AMID))
    whole = frames.frame().copy()
    small = portions.portions(frames.painter)
    monkeypatch.setattr(portions, "AREA", 1000)
    large = portions.portions(frames.painter)
    assert len(large) > len(small)
    (ground,) = (body for role, body in frames.painter.actors() if role == "ground")
    assert [ground] in large
    assert [ground] not in small
    parts = list(frames.portions())
    assert len(parts) == 1 + len(large) + 1
    assert (parts[-1] == whole).all()


def test_portions_may_be_dropped(frames, monkeypatch):
    monkeypatch.setattr(portions, "PORTION", 60)
    one = everything()
    frames.painter.show(one, "light")
    frames.painter.draw(step(one, 3, camera=AMID))
    whole = frames.frame().copy()
    parts = frames.portions()
    next(parts)
    parts.close()
    assert (frames.frame() == whole).all()


def test_a_frame_between_portions_is_whole_and_ends_them(frames, monkeypatch):
    monkeypatch.setattr(portions, "PORTION", 60)
    one = everything()
    frames.painter.show(one, "light")
    frames.painter.draw(step(one, 3, camera=AMID))
    whole = frames.frame().copy()
    parts = frames.portions()
    next(parts)
    assert (frames.frame() == whole).all()
    (last,) = parts
    assert (last == whole).all()


def far_blocks(frames: Frames, one: Layer, shown) -> np.ndarray:
    frames.painter.show(twin(one), "light")
    at_quality(frames, 1)
    frames.painter.draw(shown)
    deque(frames.painter.ready(), maxlen=0)
    frames.painter.draw(shown)
    return frames.frame()[..., 2::-1].astype(int).copy()


def test_far_bodies_are_blocks_of_the_mean_colour(frames):
    one = village(900)
    colours = np.zeros((900, 3), np.uint8)
    colours[::2] = (200, 40, 90)
    made = far_blocks(frames, one, scene(paint(one, colours), camera=FAR))
    assert visible(frames, "solid") == 0
    assert visible(frames, "coarse") > 0
    tile = frames.painter.drawn["building"].tiles[0]
    for one_tile, level in zip(tile._tiles, tile.level, strict=True):
        kept = one_tile.coarse[int(level)]
        for group, start in enumerate(kept.groups.starts):
            own = slice(
                start, start + np.diff(kept.groups.starts, append=len(one_tile.part.rows))[group]
            )
            area, rows = kept.groups.weights[own, None], kept.groups.rows[own]
            expected = (colours[rows] * area).sum(axis=0)
            assert np.abs(kept.texels.colour[group] - expected).max() <= 0.51
    assert (np.ptp(made, axis=2) > 60).any()


def test_blocks_follow_the_time_and_say_that_nothing_is_known(frames):
    one = village(900)
    red = far_blocks(frames, one, scene(paint(one, (220, 30, 30)), camera=FAR))
    for colour, state in (((30, 30, 220), State.VALUE), ((220, 30, 30), State.MISSING)):
        frames.painter.draw(scene(paint(one, colour, int(state)), camera=FAR))
        now = frames.frame()[..., 2::-1].astype(int)
        assert (np.abs(now - red).max(axis=2) > 40).sum() > 100
    assert (np.ptp(now, axis=2) < 60).all()


def test_the_selected_one_stays_in_full(frames):
    one = village(900)
    chosen = {"building": np.array([10])}
    far_blocks(frames, one, scene(paint(one), camera=FAR, selected=chosen))
    assert visible(frames, "solid") == 1
    frames.painter.hover("building", 899)
    frames.painter.draw(scene(paint(one), camera=FAR, selected=chosen))
    assert visible(frames, "solid") in (1, 2)


def test_fewer_pixels_while_moving_and_all_again_at_rest(frames):
    one = village(100)
    shown = scene(paint(one), camera=AMID)
    frames.painter.show(twin(one), "light")
    frames.painter.draw(shown)
    sharp = frames.frame().copy()
    at_quality(frames, 3)
    frames.painter.draw(shown)
    coarse = frames.frame()
    assert coarse.shape[:2] == (74, 107)
    bigger = np.kron(coarse, np.ones((3, 3, 1)))[: SIZE[1], : SIZE[0]]
    assert np.abs(bigger - sharp).mean() < 12
    at_quality(frames, 0)
    frames.painter.draw(shown)
    assert (frames.frame() == sharp).all()


def test_with_little_memory_only_what_is_near_is_held_in_full(frames):
    one = village(900)
    frames.painter.sparing = True
    frames.painter.show(twin(one), "light")
    at_quality(frames, 1)
    held = []
    for camera in (FAR, AMID, FAR):
        frames.painter.draw(scene(paint(one), camera=camera))
        deque(frames.painter.ready(), maxlen=0)
        frames.painter.draw(scene(paint(one), camera=camera))
        assert (frames.frame()[..., :3] != 255).any()
        (tiles,) = frames.painter.drawn["building"].tiles
        held.append(sum(tile.filled for tile in tiles._tiles))
        seen = [one for role, one in frames.painter.actors() if role == "solid"]
        assert len(seen) == held[-1]
    # The first part that was ever drawn in full keeps the shaders of all.
    assert held[0] == 0
    assert held[1] > 1
    assert held[2] <= 1
    assert not frames.promising


def test_a_near_picture_is_the_same_with_little_memory(frames, monkeypatch):
    monkeypatch.setattr(making, "_FEWEST", 40)
    one = village(900)
    near = scene(paint(one), camera=eyes.at(eyes.Pose((0.0, 0.0, 0.0), 70.0, 80.0, 60.0)))
    frames.painter.show(twin(one), "light")
    frames.painter.draw(near)
    whole = frames.frame().copy()
    frames.painter.sparing = True
    frames.painter.show(twin(replace(one, title="again")), "light")
    at_quality(frames, 1)
    frames.painter.draw(near)
    deque(frames.painter.ready(), maxlen=0)
    frames.painter.draw(near)
    assert (frames.frame() == whole).all()


def test_hidden_layers_stay_hidden(frames):
    one = village(900)
    far_blocks(frames, one, scene(paint(one), camera=FAR))
    frames.painter.draw(scene(paint(one), camera=FAR, hidden=frozenset({"building"})))
    assert visible(frames, "solid") + visible(frames, "coarse") == 0
