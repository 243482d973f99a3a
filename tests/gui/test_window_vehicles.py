"""A charger in the window: from the panel of scenarios to what is shown of the vehicle in it."""

import pytest

from tests.gui.test_window_scenarios import answered, computed
from tests.session.test_vehicles import CHARGER, schedule
from tests.village import write_village
from twinview.session.store import Session

pytestmark = pytest.mark.needs_display


@pytest.fixture
def village(make_window, tmp_path):
    """Return a window with a village open and the panel of scenarios shown."""
    session = Session()
    session.run("file.new", *write_village(tmp_path))
    window = make_window(session.state)
    window.wishes.show_dock("scenario")
    return window


def test_a_charger_from_its_schedule_to_its_vehicle(village, qtbot, tmp_path, monkeypatch):
    file = schedule(tmp_path)
    monkeypatch.setattr("twinview.gui.doing.ask_open", lambda *_arguments: [file])
    village.run("scenario.new", "Cars")
    village.run("select.only", "houses", "house 0")
    offers = {one.text(): one for one in village.scenarios.offers.actions()}
    offers["Add a charger..."].trigger()
    answered(village, "4")
    answered(village, "2024-03-31T00:00+01:00 efficiency=0.8")
    (change,) = village.session.state.project.scenarios[0].changes
    assert (change.kind, change.at, change.kw, change.eta_charge) == (
        "add_charger", ("house 0",), 4.0, 0.8,
    )  # fmt: skip
    computed(village, qtbot)
    village.run("overlay.show", "storage")
    village.run("select.only", "storage", CHARGER)
    shown = {}
    for hour in (2, 3):
        village.run("time.index", hour)
        subject = village.inspector.subject
        shown[hour] = {quantity: text for quantity, _title, text in subject.values(hour)}
    # 20 kWh and what 0.8 of 4 kW add in the first hour; in the second up to the 25 it wants.
    assert shown[2]["energy"].startswith("25")
    assert shown[2]["left_energy"].startswith("25")
    assert shown[3]["energy"] == "No data"
    assert shown[3]["left_energy"] == "–"
