"""The shade of what is left out is reckoned beside the window, which shows it when it is ready."""

import threading

import numpy as np
import pytest

from tests.gui.test_window_panes import alone, begun
from tests.gui.test_window_still import seen
from twinview.gui import shading
from twinview.render import sunshine
from twinview.scene.view import Pane

pytestmark = pytest.mark.needs_display
FILTERS = ("height_m > 9", "value > 200")
"""One that stays as time goes on, one that does not."""


@pytest.fixture
def threads(monkeypatch) -> list[threading.Thread]:
    """Return the threads in which shade was reckoned so far."""
    found: list[threading.Thread] = []
    relit = sunshine.relit
    monkeypatch.setattr(
        sunshine, "relit", lambda *given: found.append(threading.current_thread()) or relit(*given)
    )
    return found


def shaded(window) -> bool:
    """Tell whether the shade of what is left is seen."""
    painter = window.canvas.painter
    return painter.lamp.wish is None and painter.lamp.chart is not painter.chart


def at_rest(window) -> bool:
    canvas = window.canvas
    moving = canvas.motion.moving or canvas.motion.busy or canvas.pilot.busy
    return not moving and not canvas._stale


@pytest.mark.parametrize("rule", FILTERS)
def test_the_window_never_reckons_and_ends_with_the_picture_of_a_still(
    window, qtbot, threads, rule
):
    window.run("layer.filter", "houses", rule)
    qtbot.waitUntil(lambda: shaded(window) and at_rest(window), timeout=20_000)
    assert threads
    assert threading.current_thread() not in threads
    wanted = alone(window, window.session.state.twin, window.canvas.scene)
    assert threads[-1] is threading.current_thread()  # what makes a still has it at once
    off = np.abs(seen(window) - wanted).max(axis=2)
    assert (off <= 2).mean() >= 0.999
    window.run("layer.filter", "houses", "none")
    painter = window.canvas.painter
    qtbot.waitUntil(lambda: painter.lamp.chart is painter.chart, timeout=20_000)


def test_hidden_layers_lose_their_shade_without_the_window_reckoning(window, qtbot, threads):
    window.run("layer.toggle", "houses")
    qtbot.waitUntil(lambda: shaded(window) and at_rest(window), timeout=20_000)
    assert threading.current_thread() not in threads
    chart, layer = window.canvas.painter.lamp.chart, window.session.state.twin.layers["houses"]
    lit = chart.sample(chart.light, layer.geometry.centres[:, :2])
    assert (lit > 0.98).mean() > 0.9  # some lie in the shade of the stores


def test_the_picture_before_stays_until_the_one_with_the_new_shade_is_whole(window, qtbot):
    window.run("layer.filter", "houses", FILTERS[0])
    canvas = window.canvas
    qtbot.waitUntil(lambda: canvas.painter.lamp.wish is not None and at_rest(window))
    framed = []
    canvas.framed.connect(lambda: framed.append((canvas.motion.moving, shaded(window))))
    qtbot.waitUntil(lambda: shaded(window) and at_rest(window), timeout=20_000)
    assert not any(moving for moving, _ in framed)  # none is coarser than it was


@pytest.fixture
def held(monkeypatch):
    """Have shade reckoned only when the second event comes; the first says that it was begun."""
    started, go_on = threading.Event(), threading.Event()

    def slowly(wish):
        started.set()
        go_on.wait(20)
        return sunshine.reckon(wish)

    monkeypatch.setattr(shading, "reckon", slowly)
    yield started, go_on
    go_on.set()


def test_shade_that_comes_too_late_is_dropped(window, qtbot, held):
    started, go_on = held
    painter, asker = window.canvas.painter, window.stage.shading._asker
    window.run("layer.filter", "houses", FILTERS[0])
    qtbot.waitUntil(started.is_set, timeout=20_000)
    before = window.canvas.draws
    window.run("layer.filter", "houses", "none")
    qtbot.waitUntil(lambda: window.canvas.draws > before and painter.lamp.wish is None)
    go_on.set()
    qtbot.waitUntil(lambda: not asker.busy, timeout=20_000)
    assert painter.lamp._shade is None
    assert painter.lamp.chart is painter.chart


def test_what_is_left_out_while_shade_is_reckoned_gets_its_own_shade(window, qtbot, held):
    started, go_on = held
    lamp = window.canvas.painter.lamp
    window.run("layer.filter", "houses", FILTERS[0])
    qtbot.waitUntil(started.is_set, timeout=20_000)
    first = lamp.wish
    window.run("layer.filter", "houses", "height_m <= 9")
    qtbot.waitUntil(lambda: lamp.wish is not None and not lamp.wish.like(first))
    go_on.set()
    qtbot.waitUntil(lambda: shaded(window), timeout=20_000)
    assert not lamp._shade.wish.like(first)


def test_panes_get_the_shade_too_and_no_thread_outlives_the_window(window, qtbot, threads):
    begun(window, qtbot, Pane("", -24.0), Pane(""))
    window.run("layer.filter", "houses", FILTERS[0])
    qtbot.waitUntil(lambda: shaded(window), timeout=20_000)
    assert threading.current_thread() not in threads
    window.run("compare.off")
    qtbot.waitUntil(lambda: not window.tools.spread.slots)
