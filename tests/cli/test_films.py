"""Films on the command line."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from tests.cli.conftest import left_over
from twinview.cli import films
from twinview.cli.wishes import Frames
from twinview.exporters import film
from twinview.exporters.picture import read_meta
from twinview.model.problem import CommandError
from twinview.model.time import STATIC, TimeAxis
from twinview.progress import drain
from twinview.scene.view import Pane

HOURS = TimeAxis(0, 3600, 48, "UTC")


def test_a_folder_of_pictures_is_filled_and_finished_ones_are_kept(village, answer, tmp_path):
    asked = ["animate", village, "-o", "film", "--from", "2024-03-31T00:00", "--to",
             "2024-03-31T13:00", "--step", "6h", "--size", "320x200"]  # fmt: skip
    told = answer(*asked)
    assert (told["frames"], told["kept"]) == (2, 0)
    assert told["first"] == "2024-03-31T00:00+01:00"
    assert told["last"] == "2024-03-31T07:00+02:00"
    names = sorted(one.name for one in (tmp_path / "film").iterdir())
    assert names == ["frame-00001.png", "frame-00002.png"]
    with Image.open(tmp_path / "film" / names[0]) as picture:
        assert picture.size == (320, 200)
    first, last = (read_meta(tmp_path / "film" / name) for name in names)
    assert first["project_hash"] == last["project_hash"] == told["project_hash"]
    assert last["view"]["time"] - first["view"]["time"] == 6
    assert answer(*asked)["kept"] == 2
    assert not left_over(tmp_path)


def test_steps_are_those_of_the_span():
    def asked(**wish):
        return list(films.steps_of(HOURS, Frames(**wish)))

    assert len(asked()) == 48
    assert asked(step="1d") == [0, 24]
    assert asked(from_="1970-01-01T02:30", to="1970-01-01T06:00") == [3, 4, 5]
    assert asked(from_="1970-01-01T02:00", to="1970-01-01T07:00", step="2 h") == [2, 4, 6]


@pytest.mark.parametrize(
    ("step", "why"),
    [("90min", "multiple of the data's step of 60 min"), ("often", "such as 15min"),
     ("0h", "such as 15min"), ("1", "such as 15min")],
)  # fmt: skip
def test_steps_that_cannot_be_are_one_sentence(step, why):
    with pytest.raises(CommandError, match=why):
        films.steps_of(HOURS, Frames(step=step))


def test_one_instant_makes_no_film():
    with pytest.raises(CommandError, match="one instant"):
        films.steps_of(STATIC, Frames())


def test_a_missing_ffmpeg_is_told_before_anything_is_read(twinview, monkeypatch):
    def missing(suffix):
        raise CommandError(f"A film as {suffix} needs ffmpeg.")

    monkeypatch.setattr(film, "program", missing)
    ran = twinview("animate", "nothing.twin", "-o", "a.mp4", code=2)
    assert ran.stderr == "A film as .mp4 needs ffmpeg.\n"


def test_what_a_window_hands_over_is_taken(village, answer, twinview):
    from twinview.session.handover import handed
    from twinview.session.opening import open_project

    state = drain(open_project(village))
    seen = replace(state.view, time=3, overlay="power", theme="dark")
    renamed = state.project.model_copy(update={"name": "Not saved"})
    with handed(replace(state, view=seen, project=renamed)) as file:
        told = answer("snapshot", file, "-o", "a.png", "--size", "640x400")
        assert told["overlay"] == "power"
        assert told["at"] == state.twin.time.at(3).isoformat(timespec="minutes")
    ran = twinview("snapshot", file, "-o", "a.png", code=2)
    assert "hand over what is open again" in ran.stderr


def test_a_film_of_what_a_window_shows_has_its_panes(village, answer, tmp_path):
    from twinview.session.handover import handed
    from twinview.session.opening import open_project

    state = drain(open_project(village))
    seen = replace(state.view, overlay="power", panes=(Pane(hours=-1), Pane()), theme="dark")
    with handed(replace(state, view=seen)) as file:
        told = answer("animate", file, "-o", "film", "--from", "2024-03-31T05:00", "--to",
                      "2024-03-31T07:00", "--size", "640x420")  # fmt: skip
    assert [one["first"] for one in told["panes"]] == [
        "2024-03-31 04:00 · −1 h",
        "2024-03-31 05:00",
    ]
    said = [read_meta(one) for one in sorted((tmp_path / "film").iterdir())]
    assert [one["view"]["panes"][0]["hours"] for one in said] == [-1, -1]
    assert [one["instant"] for one in said] == [f"2024-03-31T0{k}:00:00+02:00" for k in (5, 6)]


def test_frames_of_panes_are_the_snapshots_of_their_instants(answer, twinview, village, tmp_path):
    twinview("do", village, "scenario.new Double", "scenario.scale 2", "file.save")
    asked = ["--overlay", "power", "--compare", "base,double,difference", "--offset", "-2h,0",
             "--size", "640x420"]  # fmt: skip
    told = answer("animate", village, "-o", "film", "--from", "2024-03-31T01:00", "--to",
                  "2024-03-31T12:00", "--step", "3h", *asked)  # fmt: skip
    # Three o'clock does not exist on that day: the fourth frame is ten hours of wall clock on.
    instants = ["01:00+01:00", "05:00+02:00", "08:00+02:00", "11:00+02:00"]
    assert told["frames"] == len(instants)
    ends = [f"2024-03-31T{instants[k]}" for k in (0, -1)]
    assert [told["first"], told["last"]] == ends
    assert [(one["first"], one["last"]) for one in told["panes"][:2]] == [
        ("\N{MINUS SIGN}2 h", "2024-03-31 09:00 · \N{MINUS SIGN}2 h"),
        ("2024-03-31 01:00", "2024-03-31 11:00"),
    ]
    for number, instant in enumerate(instants, 1):
        at = f"2024-03-31T{instant}"
        once = answer("snapshot", village, "-o", "one.png", "--at", at, *asked)
        frame = tmp_path / "film" / f"frame-{number:05}.png"
        with Image.open(frame) as filmed, Image.open(tmp_path / "one.png") as alone:
            assert np.array_equal(np.asarray(filmed), np.asarray(alone)), at
        said = read_meta(frame)
        assert (said["instant"], once["at"]) == (at.replace(":00+", ":00:00+"), at)
        assert {key: said[key] for key in said.keys() - {"language"}} == read_meta(
            tmp_path / "one.png"
        )
        # Before the data begin in one pane, colours mean what they do afterwards.
        limits = [one["limits"] for one in once["panes"] if one["limits"]]
        assert limits[:2] == [told["panes"][0]["limits"]] * len(limits[:2])
    assert answer("animate", village, "-o", "film", "--from", "2024-03-31T01:00", "--to",
                  "2024-03-31T12:00", "--step", "3h", *asked)["kept"] == 4  # fmt: skip


def test_what_cannot_stand_side_by_side_is_said_before_the_first_frame(twinview, village, tmp_path):
    ran = twinview("animate", village, "-o", "film", "--compare", "base,base", "--offset",
                   "-9d,-8d", code=2)  # fmt: skip
    assert "outside the data" in ran.stderr
    assert not (tmp_path / "film").exists()
