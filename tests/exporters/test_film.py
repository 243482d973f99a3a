"""Films: the frames are the pictures of their instants, and nothing is left half made."""

import stat
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.render.conftest import OBLIQUE, village
from tests.render.conftest import twin as as_twin
from twinview.exporters import encoder, film
from twinview.exporters.film import Film, film_job
from twinview.exporters.panes import compose
from twinview.exporters.picture import picture_job, read_meta
from twinview.model.problem import CommandError
from twinview.model.series import Dense, Meaning
from twinview.model.time import TimeAxis
from twinview.progress import drain
from twinview.render import making
from twinview.scene.panes import panes_of
from twinview.scene.resolve import resolve
from twinview.scene.view import Pane, View
from twinview.session import bringing, drawing

SIZE = (640, 400)
AXIS = TimeAxis(1_700_000_000 - 1_700_000_000 % 3600, 3600, 6, "Europe/Berlin")


@pytest.fixture(scope="module")
def twin():
    """Return some buildings whose power changes from step to step."""
    plain = as_twin(village(25))
    layer = next(iter(plain.layers))
    rows = len(plain.layers[layer])
    values = np.random.default_rng(3).uniform(0, 9, (AXIS.count, rows)).astype(np.float32)
    meaning = Meaning(layer, "consumption", "kW")
    return replace(plain, time=AXIS).with_series(Dense(meaning, AXIS, values))


@pytest.fixture
def whole(twin, qapp):
    """Return a film of all steps."""
    layer = next(iter(twin.layers.values()))
    pins = ((layer.id, layer.id_at(12)),)
    settled = resolve(twin, View(overlay="power", camera=OBLIQUE, pins=pins)).view
    views = [replace(settled, time=k) for k in range(AXIS.count)]
    return Film(twin, views, SIZE, "Village", meta=lambda view: {"time": view.time, "v": "1"})


@pytest.fixture
def plain_pipe(monkeypatch, tmp_path):
    """Have a program in ffmpeg's place that writes what it is given into the file."""
    script = tmp_path / "copy"
    script.write_text(
        f"#!{sys.executable}\nimport sys\nopen(sys.argv[-1], 'wb').write(sys.stdin.buffer.read())\n"
    )
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(encoder, "program", lambda _suffix: str(script))
    monkeypatch.setattr(film, "program", lambda _suffix: str(script))


def raw(path: Path) -> np.ndarray:
    """Return the frames that went through the pipe, red first."""
    flat = np.frombuffer(path.read_bytes(), dtype=np.uint8)
    return flat.reshape(-1, SIZE[1], SIZE[0], 4)[..., 2::-1].astype(int)


def test_each_frame_is_the_picture_of_its_instant(whole, twin, tmp_path):
    made = drain(film_job(whole, tmp_path / "frames"))
    assert (made.frames, made.kept) == (6, 0)
    assert made.recoloured == 5
    for k, view in enumerate(whole.views):
        snapshot = tmp_path / "one.png"
        drain(picture_job(twin, resolve(twin, view), snapshot, SIZE, title="Village", meta={}))
        frame = np.asarray(Image.open(tmp_path / "frames" / f"frame-{k + 1:05}.png")).astype(int)
        difference = np.abs(frame - np.asarray(Image.open(snapshot))).max(axis=2)
        assert np.quantile(difference, 0.999) <= 3
        assert difference.mean() < 0.2


def test_pixels_of_a_file_are_those_of_the_pictures(whole, plain_pipe, tmp_path):
    drain(film_job(whole, tmp_path / "a.mp4"))
    drain(film_job(whole, tmp_path / "frames"))
    frames = raw(tmp_path / "a.mp4")
    assert len(frames) == AXIS.count
    for k, frame in enumerate(frames, 1):
        picture = np.asarray(Image.open(tmp_path / "frames" / f"frame-{k:05}.png"))
        assert np.array_equal(frame, picture)


def test_pixels_of_panes_are_the_same_in_a_file_and_in_pictures(twin, plain_pipe, qapp, tmp_path):
    panes = (Pane(hours=-2), Pane(), Pane(difference=True))
    wish = View(overlay="power", camera=OBLIQUE, panes=panes)
    filmed = Film(twin, [replace(wish, time=k) for k in (0, 2, 5)], SIZE, "Village")
    drain(film_job(filmed, tmp_path / "a.mp4"))
    fractions: list[float] = []
    made = drain(
        film_job(filmed, tmp_path / "frames"), lambda step: fractions.append(step.fraction)
    )
    assert (made.frames, made.recoloured) == (3, 0)
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    frames = raw(tmp_path / "a.mp4")
    for k, frame in enumerate(frames):
        picture = np.asarray(Image.open(tmp_path / "frames" / f"frame-{k + 1:05}.png"))
        assert np.array_equal(frame, picture)
        alone = drain(compose(panes_of(twin, filmed.views[k], filmed.beside), SIZE, "Village"))
        assert np.array_equal(picture, alone)
    # Two hours before the first instant there is nothing, and the pane says so; later it is there.
    assert (frames[0] != frames[1]).any()


def test_a_film_is_drawn_of_the_parts_that_the_cache_holds(whole, tmp_path, monkeypatch):
    monkeypatch.setattr(bringing, "AT_ONCE", 0)
    kept = replace(whole, stock=partial(bringing.brought, cached=tmp_path / "cache"))
    drain(film_job(whole, tmp_path / "plain"))
    fractions: list[float] = []
    drain(film_job(kept, tmp_path / "first"), lambda step: fractions.append(step.fraction))
    assert fractions == sorted(fractions)
    assert (fractions[0], fractions[-1]) == (0.0, 1.0)
    monkeypatch.setattr(drawing, "_COMMAND", ["a-program-that-is-not-there"])
    monkeypatch.setattr(making, "parts", None)
    drain(film_job(kept, tmp_path / "again"))
    for k in range(1, AXIS.count + 1):
        plain, first, again = (
            np.asarray(Image.open(tmp_path / folder / f"frame-{k:05}.png"))
            for folder in ("plain", "first", "again")
        )
        np.testing.assert_array_equal(first, plain)
        np.testing.assert_array_equal(again, plain)


def test_finished_pictures_are_kept_and_others_made_anew(whole, tmp_path):
    drain(film_job(whole, tmp_path))
    places = sorted(tmp_path.glob("frame-*.png"))
    assert [read_meta(one)["time"] for one in places] == list(range(6))
    places[2].write_bytes(places[2].read_bytes()[:-100])
    before = {one: one.stat().st_mtime_ns for one in places}
    assert drain(film_job(whole, tmp_path)).kept == 5
    changed = [one for one in places if one.stat().st_mtime_ns != before[one]]
    assert changed == [places[2]]
    edited = replace(whole, meta=lambda view: {"time": view.time, "v": "2"})
    assert drain(film_job(edited, tmp_path)).kept == 0


def test_pictures_of_a_longer_film_are_not_taken_for_this_one(whole, tmp_path):
    (tmp_path / "frame-00007.png").write_bytes(b"")
    with pytest.raises(CommandError, match=r"frame-00007\.png"):
        drain(film_job(whole, tmp_path))


@pytest.mark.parametrize("name", ["a.mp4", "frames"])
def test_a_film_that_is_called_off_leaves_nothing_half_made(whole, plain_pipe, tmp_path, name):
    out = tmp_path / "out"
    out.mkdir()
    job = film_job(whole, out / name)
    next(job)
    next(job)
    job.close()
    left = [one.name for one in out.rglob("*") if one.is_file()]
    assert left == ([] if name == "a.mp4" else sorted(left)[:2])
    assert not [one for one in left if one.startswith(".")]


def test_what_ffmpeg_complains_of_is_said_and_the_old_film_stays(whole, monkeypatch, tmp_path):
    script = tmp_path / "broken"
    script.write_text("#!/bin/sh\necho 'no such codec' >&2\nexit 3\n")
    script.chmod(0o755)
    for module in (encoder, film):
        monkeypatch.setattr(module, "program", lambda _suffix: str(script))
    (tmp_path / "a.mp4").write_bytes(b"old")
    with pytest.raises(CommandError, match="no such codec"):
        drain(film_job(whole, tmp_path / "a.mp4"))
    assert (tmp_path / "a.mp4").read_bytes() == b"old"
    assert len(list(tmp_path.iterdir())) == 2


def test_without_ffmpeg_the_remedy_is_one_sentence(whole, monkeypatch, tmp_path):
    def missing(_name):
        raise ImportError

    monkeypatch.setattr(encoder.shutil, "which", lambda _name: None)
    monkeypatch.setattr(encoder.importlib, "import_module", missing)
    with pytest.raises(CommandError, match="needs ffmpeg: install it"):
        drain(film_job(whole, tmp_path / "a.mp4"))


@pytest.mark.parametrize(
    ("name", "size", "fps", "why"),
    [
        ("a.avi", SIZE, 30, "not as '.avi'"),
        ("a.mp4", (641, 400), 30, "even width"),
        ("a.mp4", SIZE, 0, "--fps is 1"),
        ("frames", (0, 400), 30, "1 to 16384"),
    ],
)
def test_what_cannot_become_a_film_is_refused(name, size, fps, why, tmp_path, monkeypatch):
    monkeypatch.setattr(film, "program", lambda _suffix: "ffmpeg")
    with pytest.raises(CommandError, match=why):
        film.check(tmp_path / name, size, fps)


@pytest.mark.skipif(encoder.shutil.which("ffmpeg") is None, reason="there is no ffmpeg here")
@pytest.mark.parametrize("suffix", sorted(encoder.KINDS))
def test_ffmpeg_takes_every_kind(whole, tmp_path, suffix):
    path = tmp_path / f"a{suffix}"
    drain(film_job(whole, path))
    assert path.stat().st_size > 1000
    assert [one.name for one in tmp_path.iterdir()] == [path.name]
