"""What is said of files as they are opened: layers that there are not, units in other capitals."""

import json

import pytest

from twinview.model.problem import CommandError
from twinview.model.quantities import factor
from twinview.progress import drain
from twinview.readers.common import frames
from twinview.readers.common.said import checked
from twinview.readers.registry import Options, choose
from twinview.session.store import Session

SQUARE = [[[9.0, 48.0], [9.001, 48.0], [9.001, 48.001], [9.0, 48.001], [9.0, 48.0]]]


@pytest.fixture
def houses(tmp_path):
    """Return a file of one layer, whose format has no layers to choose from."""
    shape = {"type": "Polygon", "coordinates": SQUARE}
    feature = {"type": "Feature", "properties": {"id": "a", "building": "yes"}, "geometry": shape}
    path = tmp_path / "houses.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    return path


@pytest.fixture
def curves(tmp_path):
    path = tmp_path / "curves.csv"
    rows = [f"2024-01-01T{hour:02}:00Z,{hour}.5" for hour in range(24)]
    path.write_text("\n".join(["time,a", *rows]) + "\n")
    return path


def test_a_layer_that_no_file_holds_is_said(houses, curves):
    session = Session()
    with pytest.raises(CommandError) as error:
        session.do(f"file.new_with layer=foo {houses}")
    assert str(error.value) == "houses.geojson holds no layer 'foo'; there are houses."
    with pytest.raises(CommandError, match=r"houses\.geojson, curves\.csv holds no layer 'foo'"):
        session.do(f"file.new_with layer=foo {houses} {curves}")
    assert not session.state.twin.layers
    session.do(f"file.new_with layer=houses {houses} {curves}")
    assert list(session.state.twin.layers) == ["houses"]


def test_a_layer_that_added_files_do_not_hold_is_said(houses, curves):
    session = Session()
    session.run("file.new", houses)
    with pytest.raises(CommandError, match=r"curves\.csv holds no layer 'houses'; there are none"):
        session.do(f"file.add_with layer=houses {curves}")
    assert len(session.state.project.sources) == 1


@pytest.mark.parametrize(
    ("said", "unit"),
    [("kw", "kW"), ("KW", "kW"), ("kwh", "kWh"), ("MWH", "MWh"), ("Mw", "MW"), ("MW", "MW"),
     ("g/kwh", "g/kWh"), ("mvar", ""), ("mw", ""), ("mwh", ""), ("mW", "mW"), ("kg/mwh", ""),
     ("M/s", "")],
)  # fmt: skip
def test_a_unit_may_have_other_capitals_but_for_mega_and_milli(said, unit):
    if unit:
        assert checked(Options(unit=said)).unit == unit
        return
    with pytest.raises(CommandError, match="may be milli or mega"):
        checked(Options(unit=said))


def test_what_is_no_unit_is_refused_with_those_that_there_are():
    with pytest.raises(CommandError, match="no unit 'horses'; there are W, kW"):
        checked(Options(unit="horses"))


def test_the_unit_of_an_answer_is_kept_as_it_is_spelled(houses, curves):
    session = Session()
    session.do(f"file.new_with unit=kwh {houses} {curves}")
    units = {source.options.get("unit") for source in session.state.project.sources}
    assert units == {"kWh"}
    session.do("file.answer curves.csv unit=kw")
    kept = next(one for one in session.state.project.sources if one.path.endswith("curves.csv"))
    assert kept.options["unit"] == "kW"


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("[kw]", "kW"),
        ("mw", "MW"),
        ("MWH", "MWh"),
        ("mW", "mW"),
        ("mWh", "mWh"),
        ("mWH", ""),
        ("mvar", "Mvar"),
    ],
)
def test_a_thousandth_of_a_watt_in_a_column_is_no_megawatt(text, unit):
    """A column of 2 mW holds 0.000002 kW, one of 2 mw or MW 2,000 kW."""
    assert frames.known_unit(text) == unit
    assert frames.split_unit(f"load [{text.strip('[]')}]")[1] == unit


def test_milliwatts_are_read_as_such(tmp_path):
    path = tmp_path / "load.csv"
    rows = [f"2024-01-01T{hour:02}:00Z,2000" for hour in range(24)]
    path.write_text("\n".join(["time,a [mW],b [mw]", *(f"{row},2" for row in rows)]) + "\n")
    (table,) = drain(choose(path).read(path, Options())).tables
    assert table.columns == ("a", "b")
    assert table.units == ("mW", "MW")
    assert 2000 * factor("mW", "kW") == pytest.approx(0.002)
