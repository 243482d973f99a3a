"""What of the selection counts: the same for sums, statistics, curves, the map and its legend."""

import numpy as np
import pytest

from tests.gui.hamlet import HOUSES, NOON, hamlet
from twinview.i18n import set_language
from twinview.model.problem import CommandError
from twinview.scene.panetotals import shown_sum
from twinview.scene.resolve import resolve
from twinview.scene.summary import summaries
from twinview.scene.view import View
from twinview.session.project import Project
from twinview.session.selected import chosen, layer_meant, sieve
from twinview.session.store import Session, State

TALL = [k for k in range(HOUSES) if k % 5 > 2]
"""Houses of more than 8 m: they are 6 + k % 5 high."""


@pytest.fixture
def session() -> Session:
    """Return a session with all sixty houses selected, and the map showing their power."""
    set_language("en")
    told = []
    session = Session(State(hamlet(), Project(name="Hamlet"), View(time=NOON, overlay="power")))
    session.teller = told.append
    session.told = told
    session.do("select.all houses")
    return session


def use_of(session: Session, rows: list[int]) -> float:
    """Return the consumption of some houses as the series has it; the last one has none."""
    values = session.state.twin.find("houses", "consumption").at(session.state.view.time)
    return float(np.nansum(values[rows].astype(np.float64)))


def sums(session: Session) -> tuple[float, float, float]:
    """Return the power of the selected houses: of the panel, the map's paints, and statistics."""
    state = session.state
    panel = summaries(state.twin, state.view, chosen(state).rows, state.beside)
    mine = next(one for one in panel if (one.layer, one.quantity) == ("houses", "power"))
    scene = resolve(state.twin, state.view, state.beside)
    session.do("select.statistics houses selected")
    said = dict(session.told[-1].rows)["Sum"]
    return mine.value, shown_sum(scene), float(said.split()[0])


def test_a_filter_takes_the_same_from_panel_map_and_statistics(session):
    session.do("layer.toggle cables")
    everything = use_of(session, list(range(HOUSES)))
    for text, rows in (("height_m > 8", TALL), ("none", list(range(HOUSES)))):
        session.do(f"layer.filter houses '{text}'")
        panel, paints, statistics = sums(session)
        assert panel == pytest.approx(use_of(session, rows), rel=1e-5)
        assert paints == pytest.approx(use_of(session, rows), rel=1e-5)
        assert statistics == pytest.approx(use_of(session, rows), rel=5e-3)
    assert use_of(session, TALL) < 0.6 * everything


def test_the_summary_counts_what_is_seen_and_says_what_is_not(session):
    session.do("layer.filter houses 'height_m > 8'")
    session.do("select.summary")
    answer = session.told[-1]
    power = next(row for row in answer.rows if row[:2] == ("houses", "Power"))
    assert power[4:6] == ("23", "24")
    assert answer.remarks == ("36 hidden by the filter",)
    assert len(session.state.view.selection) == HOUSES  # the selection itself is kept


def test_a_filter_that_follows_the_values_counts_anew_at_each_instant(session):
    session.do("layer.filter houses 'consumption > 1.2'")
    seen, before = [], sieve(session.state)
    for step in (NOON, NOON + 8):
        session.do(f"time.index {step}")
        values = session.state.twin.find("houses", "consumption").at(step)
        rows = np.flatnonzero(values > 1.2).tolist()
        found = chosen(session.state)
        assert found.rows.get("houses", np.empty(0)).tolist() == rows
        assert found.filtered == HOUSES - len(rows)
        seen.append(len(rows))
    assert seen[0] != seen[1]
    assert sieve(session.state) != before


def test_hidden_layers_count_nothing_and_the_next_layer_is_meant(session):
    session.do("select.these add cables c1 cables c2")
    session.do("layer.toggle cables")
    assert layer_meant(session.state).id == "houses"
    session.do("select.summary")
    answer = session.told[-1]
    assert {row[0] for row in answer.rows} == {"houses"}
    assert answer.remarks == ("2 in hidden layers",)
    panel, paints, statistics = sums(session)
    assert panel == pytest.approx(paints)
    assert statistics == pytest.approx(paints, rel=5e-3)


@pytest.mark.parametrize("way", ["layer.toggle houses", "layer.opacity houses 0"])
def test_nothing_is_told_of_what_is_not_shown(session, way, tmp_path):
    session.do(way)
    assert "houses" not in resolve(session.state.twin, session.state.view,
                                   session.state.beside).paints  # fmt: skip
    with pytest.raises(CommandError, match="Nothing that is selected is seen: 60 in hidden"):
        session.do("select.summary")
    with pytest.raises(CommandError, match="'Houses' is hidden"):
        session.do("select.statistics houses")
    with pytest.raises(CommandError, match="60 in hidden layers"):
        session.do(f"export.curves {tmp_path / 'a.csv'} consumption")


def test_curves_are_written_of_what_is_seen(session, tmp_path):
    session.do("layer.filter houses 'height_m > 9'")
    session.do(f"export.curves {tmp_path / 'a.csv'} consumption")
    head = (tmp_path / "a.csv").read_text(encoding="utf-8").splitlines()
    line = next(one for one in head if "h4" in one)
    assert '"h9 [kW]"' in line
    assert '"h3 [kW]"' not in line
