"""What inspector and hover card say."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from tests.gui.hamlet import HOUSES, NOON, hamlet
from tests.scene.test_private import dense, street, twin_of
from twinview.draw.legend import told
from twinview.gui.subject import Subject
from twinview.i18n import set_language
from twinview.model.twin import DISTRICT, Layer, Network, Twin
from twinview.scene.layering import LayerChoice
from twinview.scene.natures import FORECAST, KNOWN, MODELLED
from twinview.scene.painting import Beside
from twinview.scene.private import veiled
from twinview.scene.resolve import resolve
from twinview.scene.telling import hover_lines
from twinview.scene.view import View
from twinview.scene.words import name_of, ranged_text, value_text, written
from twinview.session.store import State
from twinview.session.why import why


@pytest.fixture(autouse=True)
def english():
    set_language("en")


def test_a_house_in_words_and_numbers():
    house = Subject(hamlet(), "houses", 1, "base")
    assert house.title == "Building h1"
    assert house.kind == "Building · office"
    assert {title: text for _column, title, text in house.attributes} == {
        "Use": "office",
        "Height": "7\u00a0m",
        "Floor area": "81\u00a0m²",
    }
    values = {quantity: text for quantity, _title, text in house.values(NOON)}
    assert values.keys() == {"consumption", "carbon_intensity"}
    assert values["consumption"].endswith("kW")


def test_hovering_a_layer_in_its_own_colours_says_what_they_stand_for():
    wish = {"houses": LayerChoice(colour="use")}
    scene = resolve(hamlet(), View(overlay="storage", time=NOON), Beside(layers=wish))
    title, lines = hover_lines(hamlet(), scene, "houses", 1)
    assert (title, lines[0]) == ("Building h1", "Use: office")
    plain = resolve(hamlet(), View(overlay="storage", time=NOON))
    assert hover_lines(hamlet(), plain, "houses", 1) == ("Building h1", [])


def test_words_of_the_data_stand_in_the_card_as_readers_write_them():
    twin = hamlet()
    row = {"id": "s", "use": "ev_hub", "type": "ev_hub", "kind": "mast_5g", "node": "n_1",
           "label": "Fast chargers", "label_zh": "快充站"}  # fmt: skip
    table = pa.Table.from_pylist([row])
    twin = replace(twin, layers={"hub": Layer("hub", "Hub", "building", table)})
    hub = "电动汽车充电站"
    for code, kind, rows in (
        ("en", "Building · EV hub · 5G mast", {"EV hub", "5G mast", "Fast chargers", "n_1"}),
        ("zh_CN", f"建筑 · {hub} · 5G 基站", {hub, "5G 基站", "快充站", "n_1"}),
    ):
        set_language(code)
        card = Subject(twin, "hub", 0, "base")
        assert card.kind == kind
        assert {text for _column, _title, text in card.attributes} == rows


def test_missing_is_said_and_never_zero():
    last = Subject(hamlet(), "houses", HOUSES - 1, "base")
    assert "carbon_intensity" not in last.curves
    assert value_text("carbon_intensity", float("nan")) == "No data"
    assert value_text("carbon_intensity", 0.0) == "0\u00a0g/kWh"


def test_the_whole_district_when_nothing_is_selected():
    whole = Subject(hamlet(), DISTRICT, 0, "base")
    assert whole.title == "Hamlet"
    assert list(whole.series)[:2] == ["load", "generation"]
    assert whole.attributes == []


def test_numbers_as_people_write_them():
    assert value_text("soc", 0.512) == "51.2\u00a0%"
    assert value_text("voltage", 1.0123) == "1.012\u00a0p.u."
    assert value_text("residual", 6e-8) == "0\u00a0kW"
    assert written(True) == "yes"
    assert written(None) == ""
    assert written(6.0, "m") == "6\u00a0m"


def test_the_hover_card():
    twin = hamlet()
    scene = resolve(twin, View(time=NOON))
    title, lines = hover_lines(twin, scene, "houses", 3)
    assert title == "Building h3"
    assert lines[0].startswith("Carbon intensity: ")
    assert lines[-1] == "Sat 2024-03-30  12:00 CET"
    assert hover_lines(twin, scene, "houses", HOUSES - 1)[1][0] == "Carbon intensity: No data"
    assert hover_lines(twin, scene, "nothing", 0) is None
    by_use = resolve(twin, View(overlay="attribute", attribute="houses.use"))
    assert hover_lines(twin, by_use, "houses", 1)[1][0] == "Use: office"


def test_an_estimate_says_so_with_its_range():
    assert ranged_text("power", 2.0, True, 0.5) == "≈ 2.00\u00a0kW (1.0 to 3.0)"
    assert ranged_text("power", 2.0, True, 0.0) == "≈ 2.00\u00a0kW"
    assert ranged_text("power", 2.0, False, 0.0) == "2.00\u00a0kW"
    assert ranged_text("power", float("nan"), True, 0.5) == "No data"


def test_what_the_curves_of_a_house_are_made_of():
    twin = hamlet()
    house = Subject(twin, "houses", 1, "base")
    # There is no grid: what is computed is computed of modelled use.
    assert [house.nature(q) for q in ("consumption", "carbon_intensity")] == [MODELLED] * 2
    known = twin.find("houses", "consumption")
    told = {}
    for origin in ("measured", "forecast"):
        one = replace(known, meaning=replace(known.meaning, origin=origin))
        house = Subject(twin.with_series(one), "houses", 1, "base")
        told[origin] = house.nature("consumption"), house.nature("carbon_intensity")
    assert told == {"measured": (KNOWN, KNOWN), "forecast": (FORECAST, KNOWN)}


def test_the_solar_power_of_a_house_holds_what_a_scenario_put_on_it():
    houses = Layer(
        "houses", "Houses", "building", pa.table({"id": ["a", "b"], "pv_kwp": [4.0, 2.0]})
    )
    cells = Layer("gens", "Generators", "generator", pa.table({
        "id": ["own", "s~1~pv~1"], "node": ["n", "n"], "building": ["a", "a"],
        "scale_w": [4000.0, 6500.0], "origin": ["file", "scenario"]}))  # fmt: skip
    nodes = Layer("node", "Nodes", "node", pa.table({"id": ["n"]}))
    grid = Network("net", "Net", "electricity", {"node": "node", "sym_gen": "gens"})
    layers = {one.id: one for one in (houses, cells, nodes)}
    twin = Twin("T", "", (0, 0, 0), layers, {"net": grid})
    said = [{c: text for c, _title, text in Subject(twin, "houses", row, "base").attributes}
            for row in (0, 1)]  # fmt: skip
    assert [one["pv_kwp"] for one in said] == ["10.5\u00a0kWp", "2\u00a0kWp"]
    assert name_of(cells, 1) == "Added photovoltaics at a"
    assert name_of(cells, 0) == "Generator own"


def test_the_battery_that_a_scenario_adds_is_a_fact_of_the_house():
    houses = Layer("houses", "Houses", "building", pa.table({"id": ["a", "b"]}))
    stores = Layer("stores", "Stores", "storage", pa.table({
        "id": ["own", "s~1~store~1", "s~2~store~1"], "node": ["n"] * 3, "building": ["a"] * 3,
        "energy_wh": [5000.0, 10000.0, 2500.0], "origin": ["file", "scenario", "scenario"],
        }))  # fmt: skip
    nodes = Layer("node", "Nodes", "node", pa.table({"id": ["n"]}))
    grid = Network("net", "Net", "electricity", {"node": "node", "storage": "stores"})
    layers = {one.id: one for one in (houses, stores, nodes)}
    twin = Twin("T", "", (0, 0, 0), layers, {"net": grid})
    facts = [Subject(twin, "houses", row, "base").attributes for row in (0, 1)]
    assert facts == [[("battery_kwh", "Battery", "12.5\u00a0kWh")], []]
    derived = why(State(twin), "houses", "a", "battery_kwh")
    assert derived.text == "12.5\u00a0kWh"
    assert derived.parts.lines == ("The data have none; the scenario adds 12.5\u00a0kWh.",)


def test_a_house_without_net_power_says_that_it_is_withheld_and_not_missing():
    """One roof among five dwellings: what it feeds in is nobody's business, nor is the rest."""
    roofs = [np.nan, 1.0, *[np.nan] * 10]
    bare = twin_of(street())
    twin = veiled(bare.with_series(dense("houses", "generation", "kW", roofs, "measured")), None)
    scene = resolve(twin, View(overlay="power"))
    (said, *_when) = hover_lines(twin, scene, "houses", 1)[1]
    assert said == "Withheld: fewer than 5 dwellings have values."
    rows = [(text, count) for _state, text, count in told(scene.legend)]
    assert rows == [("Withheld", 1)]


def test_a_house_that_was_never_metered_says_that_it_has_no_data():
    """Of six dwellings beside each other, one has a meter."""
    used = [1.0] * 6 + [np.nan] * 5 + [1.0]
    bare = twin_of(street()).with_series(dense("houses", "consumption", "kW", used, "measured"))
    twin = veiled(bare, None)
    scene = resolve(twin, View(overlay="power"))
    said = [hover_lines(twin, scene, "houses", row)[1][0] for row in (5, 6)]
    assert said == ["Withheld: fewer than 5 dwellings have values.", "Power: No data"]
    rows = [(text, count) for _state, text, count in told(scene.legend)]
    assert rows == [("No data", 5), ("Withheld", 1)]
    subjects = [Subject(twin, "houses", row, "base") for row in (5, 6)]
    assert [one.group_words("consumption", 0) for one in subjects] == [said[0], ""]


def test_a_quantity_of_which_nothing_is_shown_is_named_as_withheld_with_why():
    """Of the group of house 0 two dwellings have a meter; house 7 has none, nor has its group."""
    used = [3.0, 4.0, *[np.nan] * 10]
    bare = twin_of(street()).with_series(dense("houses", "consumption", "kW", used, "measured"))
    twin = veiled(bare, None)
    house, other = (Subject(twin, "houses", row, "base") for row in (0, 7))
    open_ = Subject(bare, "houses", 0, "base")
    said = [{q: text for q, _title, text in one.values(0)} for one in (house, other, open_)]
    assert [one.get("consumption") for one in said] == ["Withheld", None, "3.00\u00a0kW"]
    assert house.privacy_words(0) == "Withheld: fewer than 5 dwellings have values."
    assert other.group_words("consumption", 0) == ""
    assert "consumption" not in house.curves
