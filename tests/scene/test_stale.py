"""Old values: as light as before, nearly grey, counted and dated."""

from dataclasses import replace

import numpy as np

from tests.scene.support import hamlet
from twinview.model.window import Window
from twinview.scene.paint import State
from twinview.scene.resolve import resolve
from twinview.scene.stale import faded, staled
from twinview.scene.view import View


def test_a_faded_colour_is_as_light_and_keeps_its_hue():
    # Pure red has the lightness 76 of 255: 76 + 0.3 (255 - 76) = 130 and 76 - 0.3 * 76 = 53.
    assert faded([(255, 0, 0), (90, 90, 90)]).tolist() == [[130, 53, 53], [90, 90, 90]]


def test_old_values_are_paler_counted_and_dated_and_gaps_stay():
    one = hamlet()
    scene = resolve(one, View(overlay="power", time=30))
    old = staled(scene, "37 min")
    assert (old.legend.old, old.clock.age) == ("37 min old", "37 min old")
    assert (old.legend.shown, old.legend.limits) == (scene.legend.shown, scene.legend.limits)
    changed = 0
    for key, paint in scene.paints.items():
        known = np.isin(paint.state, (State.VALUE, State.ESTIMATED, State.OVER))
        known &= bool(paint.quantity)
        now = old.paints[key]
        np.testing.assert_array_equal(now.state, paint.state)
        np.testing.assert_array_equal(now.values, paint.values)
        np.testing.assert_array_equal(now.colour[known], faded(paint.colour[known]))
        np.testing.assert_array_equal(now.colour[~known], paint.colour[~known])
        changed += int((now.colour != paint.colour).any())
    assert changed


def test_what_does_not_follow_the_clock_does_not_age():
    one = hamlet()
    columns = resolve(one, View(overlay="attribute"))
    assert staled(columns, "37 min") is columns
    now = resolve(one, View(overlay="power", time=30))
    assert staled(now, "") is now
    fixed = replace(now, view=replace(now.view, window=Window("range")))
    assert staled(fixed, "37 min") is fixed
