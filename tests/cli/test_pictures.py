"""Pictures: what has to be computed for a view before it can be drawn."""

import numpy as np
import pytest
from PIL import Image

from tests.scene.support import hamlet
from twinview.cli import pictures
from twinview.model.window import Window
from twinview.scene.view import View
from twinview.session import plate
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

    monkeypatch.setattr(plate, "check_computable", lambda _twin: None)
    monkeypatch.setattr(
        pictures, "load", lambda _twin, _project, _path, wanted: asked.append(wanted) or Known
    )
    view = View(time=30, overlay="power", window=window)
    found = pictures.with_results(State(hamlet(), Project(), view), insist=False)
    assert asked == [steps]
    assert found.twin is Known.twin


def saturation(file) -> float:
    """Return how colourful the house in the middle of a picture is, 0 to 1."""
    with Image.open(file) as made:
        pixels = np.asarray(made.convert("HSV"))[220:290, 295:340, 1] / 255
    return float(np.median(pixels))


def test_the_newest_values_are_shown_as_old_as_they_are(answer, village, tmp_path):
    asked = ("--overlay", "power", "--size", "640x420", "--view", "top")
    found = answer("snapshot", village, "-o", "live.png", "--at", "live", *asked)
    assert found["at"] == "2024-04-02T00:00+02:00"  # the last one of the data
    assert found["age"].endswith(" d old")
    plain = answer("snapshot", village, "-o", "then.png", "--at", "2024-04-02T00:00", *asked)
    assert plain["age"] is None
    assert saturation(tmp_path / "live.png") < 0.5 * saturation(tmp_path / "then.png")


def test_panes_of_the_newest_values_are_shown_as_old(answer, village):
    asked = ("--overlay", "power", "--size", "640x420", "--compare", "base,base,difference")
    found = answer("snapshot", village, "-o", "a.png", "--at", "live", "--offset", "0,-1h", *asked)
    assert found["age"].endswith(" d old")


def test_a_title_of_ones_own_and_a_bare_picture(twinview, village, tmp_path):
    asked = ("--size", "640x420", "--view", "top")
    twinview("snapshot", village, "-o", "usual.png", *asked)
    twinview("snapshot", village, "-o", "titled.png", *asked, "--title", "-1 °C, a cold evening")
    twinview("snapshot", village, "-o", "bare.png", *asked, "--bare")
    usual, titled, bare = (
        np.asarray(Image.open(tmp_path / f"{name}.png")).astype(int)
        for name in ("usual", "titled", "bare")
    )
    with Image.open(tmp_path / "titled.png") as image:
        assert image.text["Title"] == "-1 °C, a cold evening"
    assert np.any(usual != titled)
    written = np.any(usual != bare, axis=2)
    assert written[-140:, :200].mean() > 0.3  # the legend


def test_panes_keep_their_names(twinview, village):
    ran = twinview("snapshot", village, "-o", "a.png", "--compare", "base,base", "--bare", code=2)
    assert "leave --bare out" in ran.stderr
