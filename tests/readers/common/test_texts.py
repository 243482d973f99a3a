"""Texts: encodings are found, and what is wrong with JSON is said in plain words."""

import pytest

from twinview.model.problem import CommandError
from twinview.readers.common import frames, texts, times


@pytest.mark.parametrize(
    ("text", "encoding", "found"),
    [
        ("Straße", "utf-8", "utf-8"),
        ("朝阳区变电站", "gb18030", "gb18030"),
        ("用电量_kWh,一号楼", "gbk", "gb18030"),
        ("Straße", "utf-16", "utf-16"),
        ("Straße", "utf-8-sig", "utf-8-sig"),
    ],
)
def test_encodings(text, encoding, found):
    assert texts.decode(text.encode(encoding))[:2] == (text, found)


def test_latin_texts_are_not_taken_for_chinese():
    assert texts.likely_legacy("Müller, Köln, Straße, Größe".encode("latin-1")) == ""


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"a": [1, 2', "ends early"),
        ('{"a": "x', "ends early"),
        ('{"a": 1,, "b": 2}', "line 1"),
        ("{} {}", "no proper JSON"),
    ],
)
def test_broken_json_is_explained(tmp_path, text, says):
    path = tmp_path / "a.json"
    path.write_text(text, "utf-8")
    with pytest.raises(CommandError, match=says):
        texts.load_json(path)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2024-02-29", 1709164800),
        ("2024-02-28 24:00", 1709164800),
        ("29.02.2024 00:00", 1709164800),
        ("2024年2月29日", 1709164800),
        ("2024-02-29T08:00:00.000+08:00", 1709164800),
        ("2023-02-29", None),
        ("12", None),
        ("2024-01-01 25:00", None),
    ],
)
def test_instants(text, seconds):
    found = times.parse([text])
    assert (None if found is None else int(found.seconds[0])) == seconds


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("power [kW]", ("power", "kW")),
        ("power (MWh)", ("power", "MWh")),
        ("load_kWh", ("load_kWh", "kWh")),
        ("area (north)", ("area (north)", "")),
        ("kwh", ("kwh", "kWh")),
        ("功率（千瓦）", ("功率", "kW")),
    ],
)
def test_units_in_names(name, expected):
    assert frames.split_unit(name) == expected
