"""What is said of files: sense is let through as it is, nonsense is refused before reading."""

import json

import pytest

from twinview.readers.common.kinds_told import kinds_text, told
from twinview.readers.common.said import checked
from twinview.readers.registry import Options, ReadError


@pytest.mark.parametrize(
    "said",
    [{}, {"unit": "kW"}, {"unit": "kg/kWh"}, {"unit": "EUR/MWh"}, {"unit": "°C"}, {"unit": "V"},
     {"start": "2024-01-01"}, {"start": "2024-01-01T00:00+01:00"}, {"tz": "Asia/Tokyo"},
     {"start": "2024-01-01T00:00", "tz": "Europe/Berlin"}, {"crs": "EPSG:28992"},
     {"crs": "EPSG:4326:yx"}, {"encoding": "gb18030"}, {"lod": "2.2"}, {"lod": "1"},
     {"kind": "building"}, {"kind": "houses=building, parks=other,tree"}],
)  # fmt: skip
def test_what_makes_sense_is_let_through(said):
    checked(Options(**said))


def test_kinds_are_read_as_they_are_written():
    kinds = {"houses": "building", "a=b": "other", "": "tree"}
    assert told("houses=building, a=b=other,tree") == kinds
    assert told(kinds_text(kinds)) == kinds
    assert told(None) == told("") == {}


def test_a_project_that_a_folder_does_not_hold_is_refused_with_those_there_are(parse, tmp_path):
    folder = tmp_path / "town"
    folder.mkdir()
    for name in ("one", "two"):
        content = {"type": "FeatureCollection", "project": {"id": name}, "features": [],
                   "mappers": []}  # fmt: skip
        (folder / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(ReadError, match=r"town holds no project 'six'; there are one, two\."):
        parse(folder, layer="six")
