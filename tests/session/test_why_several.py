"""Why counts, quartiles, bars, months, durations, days and sources are what they are, by hand."""

from dataclasses import replace

import numpy as np
import pytest

from tests import village
from tests.gui.hamlet import hamlet
from twinview.i18n import set_language
from twinview.model.problem import CommandError
from twinview.model.window import Window
from twinview.scene.view import View
from twinview.session.project import Project
from twinview.session.store import Session, State
from twinview.session.why import Derivation, Key, explained

POWERS = np.array([1.0, 4.0, 2.0, 8.0])


@pytest.fixture(autouse=True)
def english():
    set_language("en")


@pytest.fixture(scope="module")
def houses() -> State:
    """Return the hamlet with four houses that use 1, 4, 2 and 8 kW all day and half by night."""
    twin = hamlet()
    series = twin.find("houses", "consumption")
    hours = np.array([twin.time.at(k).hour for k in range(twin.time.count)])
    shape = np.where((hours >= 6) & (hours < 18), 1.0, 0.5).astype(np.float32)
    used = replace(
        series, profiles=shape[:, None], index=np.zeros(4, np.int32),
        scale=POWERS.astype(np.float32), element=np.arange(4, dtype=np.int32),
    )  # fmt: skip
    return State(twin.with_series(used), Project(name="Hamlet"), View(time=36, overlay="power"),
                 None, Project(name="Hamlet"))  # fmt: skip


def found(state: State, figure: str, element: str = "all", **more) -> Derivation:
    return explained(state, Key("houses", element, "consumption", figure=figure, **more))


def test_quartiles_stand_between_the_elements_that_are_named(houses):
    """Of 1, 2, 4 and 8 kW the upper quartile stands a quarter of the way from 4 to 8: 5 kW."""
    upper = found(houses, "upper")
    assert upper.value == pytest.approx(5.0)
    assert upper.parts.worked == "4 + 0.25 · (8 − 4) = 5\u00a0kW"
    assert [(one.about.element, one.value) for one in upper.parts.inputs] == [("h1", 4), ("h3", 8)]
    assert found(houses, "median").value == pytest.approx(3.0)
    least = found(houses, "minimum")
    assert (least.value, least.parts.inputs[0].about.element) == (1.0, "h0")
    assert found(houses, "mean").value == pytest.approx(15 / 4)
    assert "Houses: all 60" in least.as_text()


def test_counts_lead_to_the_spread_and_name_those_without_data(houses):
    counted = found(houses, "elements")
    assert counted.text == "60"
    assert counted.parts.worked == "4 + 56 + 0 = 60"
    values = {one.name: one.value for one in counted.parts.inputs}
    assert values["Maximum"] == 8.0
    assert counted.parts.weighty[0].about.element == "h4"
    assert {one.about.figure for one in counted.parts.inputs if one.about} == {
        "minimum", "lower", "median", "upper", "maximum", "mean"
    }  # fmt: skip


def test_a_bar_names_its_elements_and_the_last_one_holds_its_end(houses):
    assert [one.about.element for one in found(houses, "bar:2:8").parts.weighty] == [
        "h3",
        "h1",
        "h2",
    ]
    inner = found(houses, "bar:2:4")
    assert inner.text == "1 elements"
    assert [one.about.element for one in inner.parts.weighty] == ["h2"]


def test_a_stretch_is_taken_whatever_the_window_is(houses):
    """From 6 to 18 on 30 March: twelve hours at full power, so house 3 used 96 kWh."""
    time = houses.twin.time
    over = time.seconds(30), time.seconds(42)
    assert time.at(30).hour == 6
    state = replace(houses, view=replace(houses.view, window=Window("rolling", length=3600)))
    top = found(state, "maximum", over=over)
    assert (top.value, top.text) == (pytest.approx(96.0), "96.0\u00a0kWh")
    assert top.key.stays
    one = explained(state, top.parts.inputs[0].about)
    assert one.value == pytest.approx(96.0)
    assert one.when.startswith("12 h, 2024-03-30 06:00 to 2024-03-30 18:00")
    assert found(state, "sum", over=over).value == pytest.approx(180.0)


def test_a_month_is_made_of_its_steps(houses):
    """The 29th, 30th and 31st of March: 71 hours, 36 of them at 15 kW and 35 at 7.5 kW."""
    month = found(houses, "month:2024-03")
    assert month.value == pytest.approx(36 * 15 + 35 * 7.5)
    assert month.parts.worked == "802.5\u00a0kW · 1\u00a0h = 802.5\u00a0kWh"
    heaviest = month.parts.weighty[0]
    assert heaviest.value == pytest.approx(15.0)
    step = explained(houses, heaviest.about)
    assert (step.value, step.key.how) == (pytest.approx(15.0), "instant")
    assert step.parts.weighty[0].about == Key("houses", "h3", "consumption", heaviest.about.step,
                                              "instant")  # fmt: skip
    with pytest.raises(CommandError, match="write a month as"):
        found(houses, "month:2024-07")


def test_only_the_days_that_count_make_a_month(houses):
    """Friday the 29th alone: the 30th and 31st are a weekend."""
    state = replace(houses, view=replace(houses.view, window=Window(days="workdays")))
    month = found(state, "month:2024-03")
    assert month.value == pytest.approx(12 * 15 + 12 * 7.5)
    assert any("Monday to Friday" in line for line in month.parts.lines)


def test_a_duration_leads_to_the_hour_that_has_its_value(houses):
    """Ten days of twelve full hours: 120 h at 15 kW; the 121st has half."""
    reached = found(houses, "duration:119.5")
    assert reached.value == pytest.approx(15.0)
    assert "reached or exceeded for 120 h" in reached.parts.lines[0]
    beyond = found(houses, "duration:120.5")
    assert beyond.value == pytest.approx(7.5)
    assert explained(houses, beyond.parts.inputs[0].about).value == pytest.approx(7.5)


def test_an_hour_of_the_day_stands_between_two_days(houses):
    noon = found(houses, "day:12:00:median")
    assert noon.value == pytest.approx(15.0)
    assert noon.parts.lines[0].startswith("Of 10 values in their order it stands at place 5.5")
    step = explained(houses, noon.parts.inputs[0].about)
    assert houses.twin.time.at(step.key.step).hour == 12


def test_only_what_is_selected_counts(houses):
    view = replace(houses.view, selection=(("houses", "h0"), ("houses", "h1")))
    state = replace(houses, view=view)
    assert found(state, "maximum", "selected").value == 4.0
    assert found(state, "month:2024-03", "selected").value == pytest.approx(36 * 5 + 35 * 2.5)
    with pytest.raises(CommandError, match="Select something first"):
        found(houses, "maximum", "selected")


def test_a_figure_of_one_element_and_an_unknown_one_are_refused(houses):
    with pytest.raises(CommandError, match="a number of several elements"):
        found(houses, "median", "h1")
    with pytest.raises(CommandError, match="there are sum, mean"):
        found(houses, "mode")


def test_the_command_takes_figure_and_ends(houses):
    session, told = Session(houses), []
    session.teller = told.append
    session.do(
        "why houses all consumption figure=median begin=2024-03-30T06:00 end=2024-03-30T18:00"
    )
    assert told[0].value == pytest.approx(36.0)


# ------------------------------------------------------------------------------------------ supply
@pytest.fixture(scope="module")
def opened(tmp_path_factory) -> State:
    """Return the village without its store, computed."""
    session = Session()
    session.run("file.new", *village.write_village(tmp_path_factory.mktemp("village"), store=False))
    session.run("compute.run")
    return session.state


def test_a_band_is_what_its_steps_bring(opened):
    """At step 20 both houses use 0.5 kW without sun: all of it is import; over six hours 9 kWh."""
    chosen = (("houses", "house 0"), ("houses", "house 1"))
    view = replace(opened.view, time=20, selection=chosen, window=Window("rolling", length=21600))
    state = replace(opened, view=view)
    key = Key("houses", "selected", "consumption", how="instant", figure="supply:import:")
    now = explained(state, key)
    assert now.text == "1.00\u00a0kW"
    band = explained(state, now.parts.inputs[0].about)
    assert band.value == pytest.approx(now.value)
    over = explained(state, replace(key, how=""))
    from twinview.session.bands import bands, steps_in, users_of

    layer = state.twin.layers["houses"]
    users = users_of(state.twin, state.project, layer, np.arange(2))
    whole = bands(users, *steps_in(state.twin, view))
    assert over.value == pytest.approx(
        sum(one.energy for one in whole.items if one.source == "import")
    )
    assert over.text.endswith("kWh")
    steps = {one.about.step: one.value for one in over.parts.weighty}
    assert steps.keys() <= set(range(15, 21))
    heaviest = over.parts.weighty[0]
    assert explained(state, heaviest.about).value == pytest.approx(heaviest.value)
    with pytest.raises(CommandError, match="Nothing flows"):
        explained(state, replace(key, figure="supply:coal:"))
