"""Frames recoloured with a camera that stands still equal those that are drawn whole."""

from collections import deque
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from tests.render.conftest import (
    OBLIQUE,
    box,
    layer,
    paint,
    polygons,
    scene,
    street,
    tank,
    twin,
    village,
)
from twinview.model.geometry import lines, points
from twinview.model.twin import Twin
from twinview.progress import drain
from twinview.render import camera as eyes
from twinview.render import pixels
from twinview.render.frames import Frames
from twinview.render.studio import Studio
from twinview.scene.paint import Scene, State
from twinview.scene.view import Theme

SIZE = (320, 220)
KERNELS = (pixels.recolour, pixels.dress, pixels.lay, pixels.halve)
NEAR = eyes.at(eyes.Pose((0.0, 0.0, 8.0), 20.0, 25.0, 110.0))


class Pair:
    """The same twin twice: recoloured, and drawn whole."""

    def __init__(self, one: Twin, theme: Theme = "light", pixel: float = 1.0) -> None:
        self.still, self.whole = Frames(SIZE), Frames(SIZE)
        for frames in (self.still, self.whole):
            frames.painter.pixel = pixel
            frames.painter.show(one, theme)

    def rest(self, first: Scene) -> None:
        """Draw a scene and let the camera come to rest there."""
        self.still.painter.draw(first)
        self.still.frame()
        deque(self.still.prepare(), maxlen=0)

    def differ(self, one: Scene, recoloured: bool = True) -> np.ndarray:
        """Return where both pictures differ by more than rounding."""
        for frames in (self.still, self.whole):
            frames.painter.draw(one)
        mine, other = self.still.frame(), self.whole.frame()
        assert self.still.recoloured == recoloured
        assert not self.whole.recoloured
        off = np.abs(mine[..., :3].astype(int) - other[..., :3]).max(axis=2)
        return np.asarray(off > 2)


def test_lines_that_shine_through_are_drawn_whole() -> None:
    one, line = village(9), street()
    pair = Pair(twin(one, line))
    pair.rest(scene(paint(one), paint(line), camera=NEAR))
    shining = scene(paint(one, (20, 90, 40)), paint(line), camera=NEAR, through=True)
    assert not pair.differ(shining, recoloured=False).any()
    assert not pair.still.promising
    back = scene(paint(one, (20, 90, 40)), paint(line), camera=NEAR)
    pair.rest(back)
    other = scene(paint(one, (200, 90, 40)), paint(line), camera=NEAR)
    assert pair.differ(other).mean() < 0.001


@pytest.fixture(autouse=True, params=["numpy", "machine code"])
def way(request, monkeypatch) -> None:
    """Run everything with numpy, and with machine code."""
    for one in KERNELS:
        if request.param == "numpy":
            monkeypatch.setattr(one, "_fast", None)
        elif not one.ready:
            one.compile()
            assert one.ready


@pytest.fixture
def pair() -> Iterator[object]:
    """Yield a maker of pairs."""
    made: list[Pair] = []

    def make(one: Twin, **options: object) -> Pair:
        made.append(Pair(one, **options))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for one in made:
        one.still.close()
        one.whole.close()


def everything() -> Twin:
    """Return a district with something of each kind."""
    wires = lines(
        [np.array([[-70.0, -10], [0, -12], [60, -30]]), np.array([[0.0, -12], [5, 70]])]
        + [np.array([[x, -60.0], [x + 8, 60]]) for x in (-35.0, 33.0)]
    )
    return twin(
        village(25),
        layer("place", polygons([box(0, 0, 160, 120)]), kind=["field"]),
        layer("road", lines([np.array([[-90.0, 30], [90, 30]])]), width_m=[5.0]),
        layer("tree", points(np.array([[20.0, -50], [-30, 44], [45, 10]]))),
        layer("line", wires, width_m=[2.0] * 4),
        layer("storage", points(np.array([[30.0, -40], [-12, 12], [62, 60]])), energy_wh=[5e5] * 3),
        layer("other", polygons([box(-60, -40, 20, 12)])),
        layer("node", points(np.array([[0.0, -12], [60, -30]]))),
    )


def step(one: Twin, k: int, **view: object) -> Scene:
    """Return a scene whose colours, states, widths, arrows and fills differ with k."""
    rng = np.random.default_rng(k)

    def coloured(name: str, **more: object) -> object:
        n = len(one.layers[name])
        states = rng.choice([0, 0, 0, 1, 2, 3, 4, 5, 6], n)
        return paint(one.layers[name], rng.integers(0, 256, (n, 3)), states, **more)

    return scene(
        coloured("building"),  # type: ignore[arg-type]
        coloured("other"),  # type: ignore[arg-type]
        coloured("node"),  # type: ignore[arg-type]
        coloured(
            "line",
            width=rng.choice([1.2, 2.8, 6.0], 4).astype(np.float32),
            direction=rng.integers(-1, 2, 4).astype(np.int8),
        ),  # type: ignore[arg-type]
        coloured("storage", fill=np.array([rng.random(), np.nan, 1.0], np.float32)),  # type: ignore[arg-type]
        **view,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("pixel", [1.0, 2.0])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("camera", [OBLIQUE, NEAR], ids=["oblique", "near"])
def test_recoloured_frames_equal_drawn_ones(pair, camera, theme, pixel) -> None:
    one = everything()
    both = pair(one, theme=theme, pixel=pixel)
    both.rest(step(one, 0, camera=camera, theme=theme))
    for k in range(5):
        off = both.differ(step(one, k, camera=camera, theme=theme))
        assert off.mean() <= 0.001, (k, off.sum(), np.argwhere(off)[:5].tolist())


def test_far_things_fade_alike(pair) -> None:
    one = village(2500)
    world = twin(one)
    both = pair(world)
    camera = eyes.at(eyes.Pose((0.0, -460.0, 0.0), 0.0, 9.0, 60.0))
    colours = np.random.default_rng(2).integers(0, 256, (2500, 3))
    both.rest(scene(paint(one), camera=camera))
    for state in (State.VALUE, State.MISSING):
        off = both.differ(scene(paint(one, colours, int(state)), camera=camera))
        assert off.mean() <= 0.001


def test_every_state_is_the_same_picture(pair) -> None:
    one = village(9)
    both = pair(twin(one))
    both.rest(scene(paint(one), camera=NEAR))
    for state in State:
        assert both.differ(scene(paint(one, (200, 90, 50), int(state)), camera=NEAR)).mean() <= 1e-3


def test_marks_under_the_pointer_and_moving_arrows(pair) -> None:
    one = everything()
    both = pair(one)
    now = step(one, 1, camera=OBLIQUE)
    both.rest(now)
    for frames in (both.still, both.whole):
        frames.painter.hover("building", 12)
        frames.painter.flow(0.37)
    assert both.differ(now).mean() <= 0.001
    for frames in (both.still, both.whole):
        frames.painter.hover("line", 0)
    assert both.differ(now).mean() <= 0.001


def test_a_mark_under_the_pointer_on_what_is_selected(pair) -> None:
    one = everything()
    both = pair(one)
    now = replace(step(one, 1, camera=OBLIQUE), selected={"building": np.array([3, 12])})
    both.rest(now)
    for frames in (both.still, both.whole):
        frames.painter.hover("building", 12)
    assert both.differ(now).mean() <= 0.001


def test_tanks_fill_and_empty(pair) -> None:
    one = tank()
    both = pair(twin(one))
    both.rest(scene(paint(one, fill=np.array([0.5], np.float32)), camera=NEAR))
    for share in (0.0, 0.1, 0.33, 0.8, 1.0, np.nan):
        fill = np.array([share], np.float32)
        off = both.differ(scene(paint(one, (220, 70, 30), fill=fill), camera=NEAR))
        assert off.mean() <= 0.001, (share, off.sum())


def test_another_view_is_drawn_whole(pair) -> None:
    one = everything()
    both = pair(one)
    first = step(one, 0, camera=OBLIQUE)
    others = [
        step(one, 1, camera=NEAR),
        step(one, 1, camera=OBLIQUE, hidden=frozenset({"building"})),
        replace(step(one, 1, camera=OBLIQUE), selected={"building": np.array([3])}),
    ]
    for other in others:
        both.rest(first)
        assert not both.differ(first).mean() > 0.001
        assert not both.differ(other, recoloured=False).any()
        both.rest(other)
        assert both.differ(other).mean() <= 0.001


def test_a_view_that_changes_while_it_is_captured_is_not_kept(pair) -> None:
    one = village(9)
    both = pair(twin(one))
    both.still.painter.draw(scene(paint(one), camera=OBLIQUE))
    both.still.frame()
    parts = both.still.prepare()
    next(parts)
    both.still.painter.draw(scene(paint(one), camera=NEAR))
    deque(parts, maxlen=0)
    assert not both.differ(scene(paint(one), camera=NEAR), recoloured=False).any()


def test_another_size_and_theme(pair) -> None:
    one = village(9)
    world = twin(one)
    both = pair(world)
    both.rest(scene(paint(one)))
    for frames in (both.still, both.whole):
        frames.resize((200, 100))
        frames.painter.show(world, "dark")
    dark = scene(paint(one), theme="dark")
    assert not both.differ(dark, recoloured=False).any()
    both.rest(dark)
    assert both.differ(dark).mean() <= 0.001


def test_lines_that_stay_are_not_drawn_again(pair, monkeypatch) -> None:
    one, line = village(9), street()
    both = pair(twin(one, line))
    both.rest(scene(paint(one), paint(line)))
    both.differ(scene(paint(one), paint(line)))
    monkeypatch.setattr(type(both.still._still), "_read", None)
    assert both.differ(scene(paint(one, (1, 2, 3)), paint(line))).mean() <= 0.001


def test_nothing_harms_an_empty_district(pair) -> None:
    both = pair(twin())
    both.rest(scene())
    assert not both.differ(scene()).any()


def test_a_change_beneath_a_road_is_drawn_whole_and_not_tried_again(pair) -> None:
    road = layer("road", lines([np.array([[-90.0, 0], [90, 0]])]), width_m=[5.0])
    flat = layer("other", polygons([box(0, 0, 40, 40)]))
    both = pair(twin(flat, road))
    both.rest(scene(paint(flat), paint(road)))
    assert not both.differ(scene(paint(flat), paint(road))).any()
    both.differ(scene(paint(flat, (0, 200, 0)), paint(road)), recoloured=False)
    assert not both.still.promising


def test_what_is_under_the_pointer_is_what_a_line_of_sight_meets(pair) -> None:
    one = everything()
    for camera in (OBLIQUE, NEAR):
        both = pair(one)
        both.rest(step(one, 1, camera=camera))
        both.whole.painter.draw(step(one, 1, camera=camera))
        found = [
            (both.still.pick(x + 0.5, y + 0.5), both.whole.painter.pick(x + 0.5, y + 0.5))
            for y in range(2, SIZE[1], 7)
            for x in range(2, SIZE[0], 7)
        ]
        covered = [(mine, other) for mine, other in found if other or mine]
        assert len({mine for mine, _ in covered}) > 4
        assert np.mean([mine == other for mine, other in covered]) >= 0.99


def test_a_view_that_moves_is_asked_by_lines_of_sight(pair) -> None:
    one = village(9)
    both = pair(twin(one))
    both.rest(scene(paint(one), camera=OBLIQUE))
    both.still.painter.draw(scene(paint(one), camera=NEAR))
    both.whole.painter.draw(scene(paint(one), camera=NEAR))
    middle = (SIZE[0] / 2, SIZE[1] / 2)
    assert both.still.pick(*middle) == both.whole.painter.pick(*middle)


def test_refined_frames_are_the_studios_pictures() -> None:
    one = everything()
    fine = Frames(SIZE, fine=2)
    try:
        fine.painter.show(one, "light")
        fine.painter.draw(step(one, 0, camera=OBLIQUE))
        fine.frame()
        deque(fine.prepare(), maxlen=0)
        for k in (1, 2):
            fine.painter.draw(step(one, k, camera=OBLIQUE))
            mine = fine.frame()
            assert fine.recoloured
            studio = Studio(SIZE)
            drain(studio.show(one, "light"))
            whole = studio.shoot(step(one, k, camera=OBLIQUE)).image
            studio.close()
            off = np.abs(mine[..., 2::-1].astype(int) - whole[..., :3]).max(axis=2) > 2
            assert off.mean() <= 0.001
    finally:
        fine.close()


def test_machine_code_writes_the_same_texels_and_means() -> None:
    rng = np.random.default_rng(5)
    n = 2 * pixels._PIECE + 100
    colour, own = (rng.integers(0, 256, (k, 3)).astype(np.uint8) for k in (n - 20, n))
    texels = rng.integers(0, 256, (n, 4)).astype(np.uint8)
    for states in ([0, 2, 5, 6], [0, 4]):
        state = rng.choice(states, n).astype(np.uint8)
        plain, fast = texels.copy(), texels.copy()
        pixels.dress.plain(colour, state, own, plain)
        pixels.dress(colour, state, own, fast)
        np.testing.assert_array_equal(plain, fast)
    layer = rng.integers(0, 1 << 32, (30, 20), np.uint32) * rng.choice([0, 1], (30, 20))
    layer, below = layer.astype(np.uint32), rng.integers(0, 1 << 32, 600, np.uint32)
    seen, laid = rng.choice([True, False], 600), below.copy()
    pixels.lay.plain(layer, seen, laid)
    pixels.lay(layer, seen, below)
    np.testing.assert_array_equal(laid, below)
    picture = rng.integers(0, 256, (8, 6, 4)).astype(np.uint8)
    mean, quick = np.zeros((2, 4, 3, 4), np.uint8)
    pixels.halve.plain(picture, mean)
    pixels.halve(picture, quick)
    np.testing.assert_array_equal(mean, quick)
    assert mean[0, 0, 0] == (int(picture[:2, :2, 0].sum()) + 2) // 4
