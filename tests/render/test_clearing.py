"""What is to be seen is put beside the cards that lie over the picture."""

import numpy as np
import pytest

from twinview.render import camera as cameras
from twinview.render.clearing import Frame, clear

SIZE = (1600, 1000)
LEGEND = (0.0, 0.7, 0.35, 1.0)
READOUTS = (0.0, 0.0, 0.6, 0.15)
RNG = np.random.default_rng(3)
TOWN = np.column_stack([RNG.uniform(-500, 500, 4000), RNG.uniform(-400, 400, 4000),
                        RNG.uniform(0, 20, 4000)])  # fmt: skip


def covered(points, camera, cards) -> int:
    """Count points under cards, in pixels worked out here."""
    seen = cameras.project(points, camera, SIZE)[:, :2] / SIZE
    hit = [((seen > card[:2]) & (seen < card[2:])).all(axis=1) for card in cards]
    return int(np.any(hit, axis=0).sum())


@pytest.fixture
def camera():
    """Return a camera that has the whole town in its picture, from the side."""
    return cameras.frame(TOWN, cameras.at(cameras.Pose((0, 0, 0), 24, 31, 900)), 1.6)


@pytest.mark.parametrize("cards", [(LEGEND,), (LEGEND, READOUTS)])
@pytest.mark.parametrize("elevation", [89.9, 31.0])
def test_no_card_covers_the_town_which_stays_whole_and_seen_from_the_same_side(cards, elevation):
    points = TOWN * [1, 1.2, 1]
    start = cameras.at(cameras.Pose((0, 0, 0), 24, elevation, 900))
    camera = cameras.frame(points, start, 1.6)
    camera = cameras.zoom(camera, 1.35)
    assert covered(points, camera, cards) > 0
    found = clear(points, camera, Frame(1.6, cards))
    assert covered(points, found, cards) == 0
    seen = cameras.project(points, found, SIZE)[:, :2]
    assert seen.min() > 0
    assert (seen < SIZE).all()
    old, new = cameras.pose(camera), cameras.pose(found)
    assert new.bearing == pytest.approx(old.bearing)
    assert new.elevation == pytest.approx(old.elevation)
    assert new.distance < 2.2 * old.distance


def test_where_no_card_covers_anything_the_camera_stays(camera):
    corner = (0.0, 0.95, 0.05, 1.0)
    assert clear(TOWN, camera, Frame(1.6, (corner,))) == camera
    assert clear(TOWN, camera, Frame(1.6)) == camera
    assert clear(TOWN[:0], camera, Frame(1.6, (LEGEND,))) == camera


def test_a_shift_is_enough_where_there_is_room_beside(camera):
    few = TOWN * 0.2
    near = cameras.at(cameras.Pose((0, 0, 0), 0, 60, 500))
    middle = cameras.project(few, near, SIZE)[:, 0].mean() / SIZE[0]
    card = (0.0, 0.0, middle, 1.0)
    found = clear(few, near, Frame(1.6, (card,)))
    assert covered(few, found, (card,)) == 0
    assert cameras.pose(found).distance == pytest.approx(500, rel=0.05)


def test_where_cards_cover_nearly_all_the_camera_stays(camera):
    assert clear(TOWN, camera, Frame(1.6, ((0.0, 0.0, 1.0, 0.95),))) == camera
