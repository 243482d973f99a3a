"""Which part of the ground is seen, against a pencil's trigonometry."""

import math

import numpy as np
import pytest

from twinview.render import camera as eyes
from twinview.render.footing import FARTHEST, seen_ground
from twinview.scene.view import Camera


def test_from_above_it_is_a_rectangle():
    # Half of what is seen from 100 m through 32 degrees: 100 m times the tangent of 16 degrees.
    half = 100 * math.tan(math.radians(16))
    camera = Camera((0.0, -0.001, 100.0), (0.0, 0.0, 0.0))
    found = np.array(seen_ground(camera, 1.5))
    wanted = [(-1.5 * half, -half), (1.5 * half, -half), (1.5 * half, half), (-1.5 * half, half)]
    assert found == pytest.approx(np.array(wanted), abs=0.01)


def test_above_the_horizon_it_ends_somewhere():
    # Looking 10 degrees down through 32: the upper edge looks 6 degrees up.
    camera = eyes.at(eyes.Pose((0.0, 0.0, 0.0), 0.0, 10.0, 100.0))
    left, right, far_right, far_left = seen_ground(camera, 1.6)
    assert far_right[1] > 0.8 * FARTHEST * 100
    assert far_left[0] == pytest.approx(-far_right[0])
    # The lower edge looks 26 degrees down from 100 sin 10 above the ground.
    high = 100 * math.sin(math.radians(10))
    ahead = high / math.tan(math.radians(26)) - 100 * math.cos(math.radians(10))
    assert left[1] == pytest.approx(ahead)
    assert right[1] == pytest.approx(ahead)
