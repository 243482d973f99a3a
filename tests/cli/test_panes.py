"""Pictures side by side without a window: what is on them, and what cannot be."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from tests.scene.test_panes import cases
from twinview.exporters.panes import compose, shoot
from twinview.exporters.picture import read_meta
from twinview.progress import drain
from twinview.render.studio import picture
from twinview.scene.panes import onto, panes_of
from twinview.scene.view import Pane, View
from twinview.session import computing
from twinview.session.computing import results_of

SIZE = ("--size", "640x420")


def test_cases_and_their_difference_stand_on_one_picture(answer, twinview, village, tmp_path):
    twinview("do", village, "scenario.new Double", "scenario.scale 2", "file.save")
    found = answer(
        "snapshot", village, "-o", "a.png", "--at", "2024-03-31T12:00", "--overlay", "power",
        "--compare", "base,double,difference", *SIZE,
    )  # fmt: skip
    base, double, less = found["panes"]
    assert [one["scenario"] for one in (base, double)] == ["base", "double"]
    assert base["limits"] == double["limits"] == found["limits"]
    assert less["difference"]
    assert less["limits"][0] == -less["limits"][1]
    load = [one["totals"]["load"] for one in (base, double, less)]
    # Two loads of the village, both doubled.
    assert load[1]["value"] == pytest.approx(2 * load[0]["value"], rel=1e-6)
    assert load[2]["value"] == pytest.approx(load[1]["value"] - load[0]["value"])
    assert load[1]["change"] == pytest.approx(load[2]["value"])
    assert found["at"] == "2024-03-31T12:00+02:00"
    with Image.open(tmp_path / "a.png") as made:
        assert made.size == (640, 420)
    # What is in the file reopens the panes.
    assert [one["scenario"] for one in read_meta(tmp_path / "a.png")["view"]["panes"]] == [
        "base", "double", "",
    ]  # fmt: skip


def test_an_offset_alone_compares_what_is_shown_with_itself(answer, village):
    found = answer(
        "snapshot", village, "-o", "a.png", "--at", "2024-03-31T12:00", "--overlay", "power",
        "--offset", "-1h", *SIZE,
    )  # fmt: skip
    assert [one["instant"] for one in found["panes"]] == [
        "2024-03-31 11:00 · \N{MINUS SIGN}1 h",
        "2024-03-31 12:00",
    ]


def test_a_difference_of_two_instants_computes_no_more_than_what_lies_between(
    answer, village, monkeypatch
):
    asked = []

    def spied(twin, project, path, wanted):
        asked.append(wanted)
        return results_of(twin, project, path, wanted)

    monkeypatch.setattr(computing, "results_of", spied)
    found = answer(
        "snapshot", village, "-o", "a.png", "--at", "2024-03-31T12:00", "--overlay", "emission",
        "--compare", "base,base,difference", "--offset", "-1h,0", *SIZE,
    )  # fmt: skip
    # Midnight is the first hour, and at two the clocks went on to three.
    assert asked == [range(10, 12)]
    low, high = found["panes"][2]["limits"]
    assert -low == high
    # Loads go from 0.5 to 1 kW at 400 g/kWh: a fifth of a kilogram an hour, not the 1 of no data.
    assert 0.1 < high < 0.5


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--compare", "base"], "two to four panes"),
        (["--compare", "difference,base"], "two to four panes"),
        (["--compare", "base,nosuch"], "no scenario 'nosuch'"),
        (["--compare", "base,difference", "--offset=-1h"], "name two before it"),
        (["--compare", "base,base", "--offset", "7d"], "write -7d"),
        (["--compare", "base,base", "--offset", "0,0,-1d"], "there are 2"),
        (["--compare", "base,base", "--offset", "-9d,-8d"], "outside the data"),
    ],
)
def test_what_cannot_stand_side_by_side_is_said(twinview, village, tmp_path, arguments, says):
    ran = twinview("snapshot", village, "-o", "a.png", *arguments, code=2)
    assert says in ran.stderr

    assert not (tmp_path / "a.png").exists()


def test_each_pane_has_the_pixels_of_the_single_picture(qapp):
    base, beside = cases()
    wishes = (Pane("plan"), Pane("base"), Pane(difference=True))
    panes = panes_of(base, View(overlay="power", time=5, panes=wishes), beside)
    size = (200, 150)
    for shown, shot in zip(panes, drain(shoot(panes, size)), strict=True):
        drawn = panes[0] if shown.twin is panes[0].twin else shown
        scene = onto(shown, drawn).scene
        alone = drain(picture(drawn.twin, _seen(scene, shot.camera), size))
        np.testing.assert_array_equal(shot.image, alone.image)
    whole = drain(compose(panes, (800, 600), "Two cases"))
    assert whole.shape == (600, 800, 3)


def _seen(scene, camera):
    return replace(scene, view=replace(scene.view, camera=camera))
