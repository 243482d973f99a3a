"""Pictures: what has to be computed for a view before it can be drawn."""

import pytest

from tests.scene.support import hamlet
from twinview.cli import pictures
from twinview.model.window import Window
from twinview.scene.view import View
from twinview.session import tasks
from twinview.session.project import Project
from twinview.session.store import State


@pytest.mark.parametrize(
    ("window", "steps"),
    [
        (Window(), range(30, 31)),
        (Window("rolling", 86400), range(7, 31)),
        (Window("cumulative"), range(31)),
        (Window("range"), range(48)),
    ],
)
def test_all_steps_of_a_window_are_computed(monkeypatch, window, steps):
    asked = []

    class Known:
        twin = hamlet()

    monkeypatch.setattr(tasks, "check_computable", lambda _twin: None)
    monkeypatch.setattr(
        pictures, "load", lambda _twin, _project, _path, wanted: asked.append(wanted) or Known
    )
    view = View(time=30, overlay="power", window=window)
    found = pictures.with_results(State(hamlet(), Project(), view), insist=False)
    assert asked == [steps]
    assert found.twin is Known.twin
