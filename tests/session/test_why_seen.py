"""Why a number over a window, a difference or a sum of several is what it is: made by hand."""

import json
import math
from dataclasses import replace
from itertools import product

import pytest

from tests import village
from twinview.i18n import set_language
from twinview.model.problem import CommandError
from twinview.model.twin import DISTRICT
from twinview.model.window import Window
from twinview.scene.resolve import resolve
from twinview.scene.view import Against, View
from twinview.session.store import Session, State
from twinview.session.why import Derivation, Key, explained, why

EVENING = 20
"""Step 20: odd hours use 1 kW in each house, even ones 0.5; import has 300 + 10 x hour g/kWh."""
SIX = Window("rolling", length=6 * 3600)


@pytest.fixture(autouse=True)
def english():
    set_language("en")


@pytest.fixture(scope="module")
def opened(tmp_path_factory) -> State:
    """Return the village without its store, computed; a scenario uses half as much again."""
    session = Session()
    files = village.write_village(tmp_path_factory.mktemp("village"), store=False)
    session.run("file.new", *files)
    session.run("compute.run")
    session.do("scenario.new more")
    session.do("scenario.scale 1.5")
    session.run("compute.run")
    session.run("scenario.show", "base")
    return session.state


def seen(state: State, window: Window = SIX, step: int = EVENING, **more) -> State:
    """Return a state that shows a step over a window."""
    return replace(state, view=replace(state.view, time=step, window=window, **more))


def named(inputs) -> dict[str, float]:
    return {one.name: one.value for one in inputs}


def follow(state: State, key: Key) -> Derivation:
    """Return what a link leads to."""
    return explained(state, key)


# ----------------------------------------------------------------------------------------- windows
def test_a_sum_is_power_times_hours_and_its_heaviest_steps_lead_to_instants(opened):
    """Hours 15 to 20: three times 1 kW and three times 0.5 kW make 4.5 kWh."""
    state = seen(opened)
    found = why(state, "houses", "house 0", "consumption")
    assert found.value == found.parts.result == pytest.approx(4.5)
    assert found.text == "4.50\u00a0kWh"
    assert found.parts.worked == "4.5\u00a0kW · 1\u00a0h = 4.5\u00a0kWh"
    assert found.parts.lines == (
        "Sum: 6 h, 2024-03-31 14:00 to 2024-03-31 20:00.",
        "6 steps of 60 min enter.",
    )
    assert found.when == "6 h, 2024-03-31 14:00 to 2024-03-31 20:00, UTC"
    heaviest = [one.value for one in found.parts.weighty]
    assert heaviest == pytest.approx([1, 1, 1, 0.5, 0.5, 0.5])
    first, last = found.parts.weighty[0], found.parts.weighty[-1]
    assert (first.name, first.note) == ("2024-03-31 14:00", "22\u00a0% of it")
    assert (last.name, last.about) == ("1 more together", None)
    assert first.about == Key("houses", "house 0", "consumption", 15, "instant")
    plain = follow(state, first.about)
    assert (plain.text, plain.parts.formula) == ("1.00\u00a0kW", "P = Σ P_d")
    on = plain.parts.inputs[0].about
    assert (on.step, on.how) == (15, "instant")
    assert follow(state, on).text == "1.00\u00a0kW"


def test_an_intensity_is_carbon_over_energy(opened):
    """450 + 460/2 + 470 + 480/2 + 490 + 500/2 = 2130 g for 4.5 kWh."""
    found = why(seen(opened), "houses", "house 0", "carbon_intensity")
    assert found.value == pytest.approx(2130 / 4.5, rel=1e-5)
    assert found.parts.result == pytest.approx(2130 / 4.5, rel=1e-5)
    assert found.text == "473\u00a0g/kWh"
    carbon, energy = found.parts.inputs
    assert (carbon.name, carbon.unit) == ("Carbon", "kg")
    assert carbon.value == pytest.approx(2.13, rel=1e-5)
    assert (energy.value, energy.unit) == (pytest.approx(4.5), "kWh")
    assert follow(seen(opened), energy.about).value == pytest.approx(4.5)
    assert found.parts.worked == "2.13\u00a0kg · 1000 / 4.5\u00a0kWh = 473.33\u00a0g/kWh"
    top = found.parts.weighty[0]
    assert (top.value, top.note) == (pytest.approx(490), "× 1\u00a0kWh")


def test_what_no_series_holds_is_made_of_its_parts_over_the_window(opened):
    """House 1 at hours 10 to 12: use 0.5 + 1 + 0.5, roof 1 + 1.5 + 2 kW: 2.0 - 4.5 kWh."""
    state = seen(opened, Window("rolling", length=3 * 3600), 12)
    found = why(state, "houses", "house 1", "power")
    assert found.value == found.parts.result == pytest.approx(2 - 4.5)
    assert found.parts.worked == "2 − 4.5 = −2.5\u00a0kWh"
    assert [one.value for one in found.parts.weighty] == pytest.approx([-1.5, -0.5, -0.5])
    evening = why(seen(opened), "houses", "house 0", "emission")
    assert evening.value == pytest.approx(2.13, rel=1e-5)
    assert evening.text == "2.13\u00a0kg"


def test_days_that_do_not_count_are_said(opened):
    """Up to step 30: hours 1 to 6 of Monday, 4.5 kWh; the 25 hours before are of a weekend."""
    state = seen(opened, Window("cumulative", days="workdays"), 30)
    found = why(state, "houses", "house 0", "consumption")
    assert found.value == pytest.approx(4.5)
    assert found.parts.lines[0].endswith("only Monday to Friday.")
    assert found.parts.lines[1] == "6 steps of 60 min enter."
    assert found.parts.lines[2].startswith("Of the 31 steps in that time 25 do not count")


def test_a_typical_hour_is_a_mean_over_days(opened):
    found = why(seen(opened, Window("typical")), "houses", "house 0", "consumption")
    assert found.text == "0.500\u00a0kW"
    assert found.parts.worked == "1 / 2 = 0.5\u00a0kW"
    assert found.parts.lines[0].startswith("Mean over time: typical day, 19:00 of 2 days")


def test_the_largest_and_the_farthest_name_the_hour_they_are_of(opened):
    state = seen(opened)
    for quantity, rule in (("loading", "Maximum"), ("voltage", "Farthest from 1 p.u.")):
        found = why(state, "line" if quantity == "loading" else "houses",
                    "line 0" if quantity == "loading" else "house 0", quantity)  # fmt: skip
        assert found.parts.lines[0].startswith(f"{rule}: 6 h")
        top = found.parts.weighty[0]
        assert top.value == pytest.approx(found.value)
        assert follow(state, top.about).value == pytest.approx(found.value)


def with_gaps(folder, kind: str):
    """Return the village; a meter has 1.5 kW but for hours 16 and 17."""
    network, curves = village.metered(village.HOURS, range(16, 18))
    files = village.write_village(folder, kind=kind)
    files[1].write_text(json.dumps(network), encoding="utf-8")
    files[2].write_text(curves, encoding="utf-8")
    session = Session()
    session.run("file.new", *files)
    return session.state


def test_hours_without_a_value_are_counted(tmp_path):
    """4 of 6 hours, 6 kWh."""
    found = why(seen(with_gaps(tmp_path, "office")), "houses", "house 0", "consumption")
    assert found.value == found.parts.result == pytest.approx(6.0)
    said = "4 of 6 steps of 60 min enter; the others have no value."
    assert said in found.parts.lines
    assert said in found.as_text()


def test_gaps_of_a_dwelling_are_withheld_like_its_values(tmp_path):
    """Nobody says what the curve is of: it is a dwelling's own, and there are fewer than five."""
    state = seen(with_gaps(tmp_path, "house"))
    for window, step in ((SIX, 20), (Window("instant"), 15)):
        found = why(seen(state, window, step), "houses", "house 0", "consumption")
        assert found.text == "Withheld"
        assert math.isnan(found.value)
        assert (found.parts.inputs, found.parts.weighty, found.parts.worked) == ((), (), "")


def test_a_window_that_begins_with_the_data_says_so(opened):
    found = why(seen(opened, step=2), "houses", "house 0", "consumption")
    assert found.value == pytest.approx(2.0)
    assert found.parts.lines[-1] == "The window is shorter than asked for: the data begin here."


def test_the_numbers_of_the_district_are_those_of_the_window(opened):
    state = seen(opened)
    found = why(state, DISTRICT, DISTRICT, "load")
    assert (found.value, found.text) == (pytest.approx(9.0), "9.00\u00a0kWh")
    shown = {one.id: one.text for one in resolve(state.twin, state.view).readouts}
    assert shown["load"] == "9.00"
    rate = why(state, DISTRICT, DISTRICT, "carbon_intensity")
    assert rate.text == f"{shown['carbon_intensity']}\u00a0g/kWh"
    assert rate.parts.inputs[1].about == Key(DISTRICT, DISTRICT, "load")


WINDOWS = (SIX, Window("cumulative"), Window("range"), Window("typical"),
           Window("rolling", length=86400, days="weekends"))  # fmt: skip


@pytest.mark.parametrize("window", WINDOWS)
def test_every_explanation_ends_with_the_number_that_is_painted(opened, window):
    count = 0
    for overlay, step in product(("carbon", "emission", "power", "loading", "voltage"), (3, 30)):
        state = seen(opened, window, step, overlay=overlay)
        for paint in resolve(state.twin, state.view).paints.values():
            elements = state.twin.layers[paint.layer].ids if paint.quantity else ()
            for row, element in enumerate(elements):
                painted = float(paint.values[row])
                if not math.isfinite(painted):
                    continue
                found = why(state, paint.layer, str(element), paint.quantity)
                place = (overlay, paint.layer, element, step)
                assert found.value == pytest.approx(painted, rel=1e-6), place
                assert found.parts.result == pytest.approx(painted, rel=1e-4, abs=1e-5), place
                count += 1
    assert count > 40


# ------------------------------------------------------------------------------------- differences
def test_a_difference_names_both_sides_and_leads_to_them(opened):
    """Five hours to 20 use 3.5 kWh, those to 19 used 4: half a kWh less."""
    window = Window("rolling", length=5 * 3600)
    state = seen(opened, window, overlay="difference", against=Against("power", "", -1.0))
    found = why(state, "houses", "house 0", "power")
    assert found.value == found.parts.result == pytest.approx(-0.5)
    assert found.title == "Power: B − A"
    assert found.text == "−0.500\u00a0kWh"
    assert found.parts.worked == "3.5 − 4 = −0.5\u00a0kWh"
    b, a = found.parts.inputs
    assert (b.name, a.name) == ("B: 2024-03-31 19:00", "A: 2024-03-31 18:00")
    assert a.about == Key("houses", "house 0", "power", 19, "value")
    assert follow(state, b.about).value == pytest.approx(3.5)
    assert follow(state, a.about).value == pytest.approx(4.0)
    assert "B: 2024-03-31 19:00; A: 2024-03-31 18:00" in found.when
    assert "A: 2024-03-31 18:00: 4\u00a0kWh" in found.as_text()


def test_a_difference_of_cases_names_them(opened):
    """The scenario uses 0.75 kW where the base uses 0.5."""
    view = View(time=EVENING, overlay="difference", against=Against("power", "base"))
    state = replace(opened.showing("more"), view=replace(view, scenario="more"))
    found = why(state, "houses", "house 0", "power")
    assert found.value == pytest.approx(0.25)
    assert found.parts.worked == "0.75 − 0.5 = 0.25\u00a0kW"
    b, a = found.parts.inputs
    assert (b.name, a.name) == ("B: more", "A: Base case")
    assert a.about == Key("houses", "house 0", "power", None, "value", "base")
    before = follow(state, a.about)
    assert (before.value, before.subject) == (pytest.approx(0.5), "Building house 0 · Base case")
    again = before.parts.inputs[0].about
    assert again.scenario == "base"
    assert follow(state, again).value == pytest.approx(0.5)


def test_a_difference_without_another_side_says_so(opened):
    state = seen(opened, Window(), 0, overlay="difference", against=Against("power", "", -24.0))
    found = why(state, "houses", "house 0", "power")
    assert math.isnan(found.value)
    assert "A lies outside the data" in " ".join(found.parts.lines)


def test_what_the_map_does_not_subtract_is_explained_as_ever(opened):
    state = seen(opened, Window(), overlay="difference", against=Against("power", "", -1.0))
    assert why(state, "houses", "house 0", "consumption").value == pytest.approx(0.5)
    plain = why(state, "houses", "house 0", "power", how="value")
    assert plain.value == pytest.approx(0.5)
    assert why(state, DISTRICT, DISTRICT, "load").value == pytest.approx(1.0)
    with pytest.raises(CommandError, match="not 'nonsense'"):
        why(state, "houses", "house 0", "power", how="nonsense")


def test_every_difference_ends_with_the_number_that_is_painted(opened):
    count = 0
    for of, window in product(("carbon", "emission", "power", "loading", "voltage"), WINDOWS[:2]):
        state = seen(opened, window, overlay="difference", against=Against(of, "", -7.0))
        scene = resolve(state.twin, state.view, state.beside)
        for paint in scene.paints.values():
            if not paint.over.startswith("B"):
                continue
            for row, element in enumerate(state.twin.layers[paint.layer].ids):
                if not math.isfinite(paint.values[row]):
                    continue
                found = why(state, paint.layer, str(element), paint.quantity)
                assert found.value == pytest.approx(float(paint.values[row]))
                assert found.parts.result == pytest.approx(found.value, abs=1e-4)
                count += 1
    assert count > 20


# ------------------------------------------------------------------------------- between two steps
def test_on_the_way_to_the_next_step_the_map_is_said_to_be_ahead(opened):
    """Half way from 0.5 to 1 kW."""
    state = seen(opened, Window(), between=0.5)
    found = why(state, "houses", "house 0", "consumption")
    assert found.value == pytest.approx(0.5)
    assert found.parts.lines[-1] == "On the way to the next step the map shows 0.750\u00a0kW."


# ------------------------------------------------------------------------------- several together
def test_a_sum_of_the_selected_names_what_each_gives(opened):
    chosen = tuple(("houses", f"house {k}") for k in range(3))
    state = seen(opened, selection=chosen)
    found = why(state, "houses", "selected", "consumption")
    assert found.value == pytest.approx(9.0)
    assert (found.subject, found.title) == ("Houses: 3 selected", "Consumption · sum")
    assert found.parts.worked == "Σ = 9\u00a0kWh"
    assert found.parts.lines[0] == "Of the selected elements enter: 2 of 3 · 1 without data."
    first, second = found.parts.weighty
    assert (first.name, first.value) == ("Building house 0", pytest.approx(4.5))
    assert follow(state, second.about).value == pytest.approx(4.5)
    rate = why(state, "houses", "selected", "carbon_intensity")
    above, below, _count = rate.parts.inputs
    assert rate.value == pytest.approx(above.value / below.value)
    with pytest.raises(CommandError, match="Select something first"):
        why(seen(opened), "houses", "selected", "consumption")


def test_a_sum_of_differences_names_differences(opened):
    against = Against("power", "", -1.0)
    chosen = tuple(("houses", f"house {k}") for k in range(2))
    state = seen(opened, Window(), overlay="difference", against=against, selection=chosen)
    found = why(state, "houses", "selected", "power")
    assert found.value == pytest.approx(-1.0)
    assert "B − A" in found.parts.lines
    assert follow(state, found.parts.weighty[0].about).value == pytest.approx(-0.5)
