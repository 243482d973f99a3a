"""The list of readers: one per file, plug-ins in, broken plug-ins out."""

from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from twinview.readers import registry
from twinview.readers.registry import Options, readers

FOLDER = Path(registry.__file__).parent
MACHINERY = {"__init__", "child", "guard", "registry", "part_format", "crs"}


@pytest.fixture
def plug_ins(monkeypatch):
    readers()  # a module registers once, when it is first imported

    def put(*points: EntryPoint) -> None:
        monkeypatch.setattr(registry, "entry_points", lambda group: points)
        monkeypatch.setattr(registry, "_readers", dict(registry._readers))
        readers.cache_clear()

    yield put
    readers.cache_clear()


def test_each_file_registers_one_reader():
    files = {path.stem for path in FOLDER.glob("*.py")} - MACHINERY
    modules = [one.read.__module__.rpartition(".")[2] for one in readers().values()]
    assert sorted(modules) == sorted(files)


@pytest.mark.expected_logs("The reader nowhere:read is left out")
def test_a_broken_plug_in_is_skipped(plug_ins):
    plug_ins(EntryPoint("x", "nowhere:read", registry.GROUP))
    assert "GeoPackage" in readers()


def test_options_as_json():
    said = Options(crs="EPSG:25832", lod="2")
    assert said.as_dict() == {"crs": "EPSG:25832", "lod": "2"}
    assert Options.from_dict({**said.as_dict(), "unknown": 1, "lod": 2}) == said
