"""A look for newer versions in the window: off at first, once a day, quiet unless there is one."""

from dataclasses import replace

import pytest

from tests.gui.hamlet import opened
from tests.session.test_updates import index  # noqa: F401  (a fixture)
from twinview.session import settings
from twinview.session.updates import today

pytestmark = pytest.mark.needs_display


def test_nothing_is_asked_unless_switched_on_and_then_once_a_day(
    make_window,
    index,  # noqa: F811  (the fixture)
    qtbot,
):
    index.has("99.1")
    window = make_window(opened())
    assert not window.settings.updates
    assert not window.desk.updating.asker.busy
    window.desk.updating.asker._timer.setInterval(0)
    window.desk.show_preferences()
    from twinview.gui.preferences import Preferences

    window.findChild(Preferences).checks["updates"].setChecked(True)
    qtbot.waitUntil(lambda: "99.1" in window.stage.message.text.text(), timeout=20_000)
    assert (settings.load().updates, settings.load().looked) == (True, today())
    window.desk.updating.begin()
    assert not window.desk.updating.asker.busy
    assert len(index.asked) == 1
    window.stage.message.hide()
    index.code = 500
    window.settings = replace(window.settings, looked="2000-01-01")
    window.desk.updating.begin()
    qtbot.waitUntil(lambda: len(index.asked) == 2, timeout=20_000)
    qtbot.waitUntil(lambda: not window.desk.updating.asker.busy, timeout=20_000)
    assert not window.stage.message.isVisible()
    window.run("help.updates")
    qtbot.waitUntil(window.stage.message.isVisible, timeout=20_000)
    assert window.stage.message.text.text().endswith("it answered with 500.")
