"""The app's side of reading: what happens in the child becomes a sentence, nothing stays."""

import sys
import time

import pytest

from twinview.model.problem import CommandError
from twinview.readers import guard
from twinview.readers.guard import Limits, Options, ReadError, file_hash, probe, read_file

SQUARE = '{"type":"Polygon","coordinates":[[[7,48],[7.001,48],[7.001,48.001],[7,48.001],[7,48]]]}'


@pytest.fixture
def square(tmp_path):
    path = tmp_path / "square.geojson"
    path.write_text(SQUARE, encoding="utf-8")
    return path


@pytest.fixture
def child(monkeypatch):
    """Return a function that puts another program in the child's place."""

    def put(code: str) -> None:
        monkeypatch.setattr(guard, "_COMMAND", [sys.executable, "-I", "-c", code])

    return put


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "damaged"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "memory"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGABRT)", "memory"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGXCPU)", "too much time"),
        ("import sys; sys.exit(3)", "stopped"),
        ('print(\'{"error": "this and that"}\')', "this and that"),
        ('print(\'{"bug": "Traceback", "reason": "KeyError"}\')', "KeyError"),
        ("print('not json'); print('{}')", "damaged"),
    ],
)
def test_a_death_is_a_sentence(child, read, square, code, says):
    child(code)
    with pytest.raises(ReadError, match=says):
        read(square)


def test_a_child_that_hangs_is_ended(child, square, tmp_path):
    child("import signal; signal.pause()")
    folder = tmp_path / "part"
    job = read_file(square, Options(), folder, limits=Limits(seconds=0.3))
    begin = time.monotonic()
    with pytest.raises(ReadError, match="given up after"):
        list(job)
    assert time.monotonic() - begin < 5
    assert not list(folder.iterdir())


def test_cancelling_ends_the_group_and_empties_the_folder(child, square, tmp_path):
    folder = tmp_path / "part"
    child(
        "import pathlib, signal, subprocess, sys\n"
        f"pathlib.Path({str(folder)!r}, 'half').write_text('x')\n"
        "other = subprocess.Popen([sys.executable, '-c', 'import signal; signal.pause()'])\n"
        f"pathlib.Path({str(tmp_path)!r}, 'pid').write_text(str(other.pid))\n"
        "signal.pause()\n"
    )
    job = read_file(square, Options(), folder)
    next(job)
    while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text("utf-8"):
        next(job)
    begin = time.monotonic()
    job.close()
    # The child would sleep for ever; how fast it goes on a quiet machine is not a test's business.
    assert time.monotonic() - begin < 10
    assert not list(folder.iterdir())
    pid = int((tmp_path / "pid").read_text("utf-8"))
    while alive(pid) and time.monotonic() - begin < 10:  # killed, but not gone yet
        continue
    assert not alive(pid)


def alive(pid: int) -> bool:
    """Tell whether a process runs (a dead one that nobody waited for does not)."""
    import psutil

    try:
        process = psutil.Process(pid)
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_memory_is_limited(read, tmp_path):
    path = tmp_path / "large.csv"
    path.write_text("1.0\n" * 8760, encoding="utf-8")
    with pytest.raises(ReadError):
        read(path, limits=Limits(memory=60 << 20))


@pytest.mark.parametrize(
    "name",
    [
        "/vsicurl/http://127.0.0.1:1/a.gpkg",
        "PG:host=127.0.0.1",
        "http://127.0.0.1/a.geojson",
        "file:///etc/passwd",
        "//server/share/a.gpkg",
        "<OGRVRTDataSource/>",
        "/dev/zero",
        "",
    ],
)
def test_only_local_files_are_opened(name, tmp_path):
    from pathlib import Path

    with pytest.raises(ReadError):
        list(read_file(Path(name), Options(), tmp_path / "part"))


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.gpkg", b"", "is empty"),
        ("a.gpkg", b"<OGRVRTDataSource/>", "not a GeoPackage"),
        ("a.fgb", b"PK\x03\x04", "not a FlatGeobuf"),
        ("a.parquet", b"x", "not a GeoParquet or Series table"),
        ("a.xyz", b"x", "GeoPackage .*gpkg"),
        ("a.pkl", b"\x80\x04", "can run code"),
        ("a.csv", b"\x89PNG", "not a Series table"),
        ("a.json", b"[1, 2]", "not a CityJSON"),
    ],
)
def test_names_and_first_bytes_must_agree(tmp_path, name, content, says):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(CommandError, match=says):
        probe(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ReadError, match=r"nowhere\.gpkg cannot be opened"):
        probe(tmp_path / "nowhere.gpkg")


def test_a_read_keeps_only_the_part(square, read, tmp_path):
    folder = tmp_path / "part"
    for _step in read_file(square, Options(), folder):
        pass
    assert {path.suffix for path in folder.iterdir()} == {".json", ".npy", ".arrow"}
    with pytest.raises(ValueError, match="not empty"):
        next(read_file(square, Options(), folder))


def test_hash_is_of_content(tmp_path):
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    first.write_text("1", encoding="utf-8")
    second.write_text("1", encoding="utf-8")
    assert file_hash(first) == file_hash(second)
    whole = file_hash(tmp_path)
    second.write_text("2", encoding="utf-8")
    assert file_hash(first) != file_hash(second)
    assert whole != file_hash(tmp_path)


def test_hash_of_a_shapefile_covers_its_mates(tmp_path):
    (tmp_path / "a.shp").write_bytes(b"1")
    before = file_hash(tmp_path / "a.shp")
    (tmp_path / "a.dbf").write_bytes(b"2")
    assert file_hash(tmp_path / "a.shp") != before


def test_drivers_that_are_new_are_switched_off_in_a_second_run(child, square, read, monkeypatch):
    monkeypatch.setattr(guard, "_more_drivers", [])
    child(
        "import os, sys\n"
        "again = 'Novelty' in os.environ['GDAL_SKIP']\n"
        'print(\'{"error": "second run"}\' if again else \'{"drivers": ["Novelty"]}\')\n'
    )
    with pytest.raises(ReadError, match="second run"):
        read(square)
