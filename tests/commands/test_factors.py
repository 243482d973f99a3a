"""The commands of the factor book, the settings and the accounts."""

import pytest

from tests.scene.support import hamlet
from twinview.energy.factors import read_factors
from twinview.model.problem import CommandError
from twinview.session.answer import Answer
from twinview.session.project import Project, load, save
from twinview.session.store import Session, State

ADD = "factors.add 0.41 kgCO2/kWh electricity DE grid_average 'our utility'"


@pytest.fixture
def told() -> list[Answer]:
    return []


@pytest.fixture
def session(told) -> Session:
    project = Project(name="Hamlet")
    session = Session(State(hamlet(), project, saved=project))
    session.teller = told.append
    return session


def test_own_factors_are_added_listed_and_removed(session, told):
    session.do(f"{ADD} 2024-01-01 2024-12-31")
    session.do("factors.list electricity DE")
    (answer,) = told
    assert answer.rows[0][4:8] == ("0.41", "kgCO2/kWh", "no", "own")
    assert len(answer.rows) > 1
    session.do("factors.remove electricity DE grid_average 2024-01-01")
    assert session.state.project.factors == ()
    session.do("edit.undo")
    assert len(session.state.project.factors) == 1


def test_an_own_factor_of_the_same_use_is_replaced(session):
    session.do(ADD)
    session.do(ADD.replace("0.41", "0.5"))
    assert [row["value"] for row in session.state.project.factors] == ["0.5"]


def test_factors_go_out_and_come_back(session, tmp_path):
    session.do(ADD)
    session.do(f"factors.export '{tmp_path / 'own.csv'}' own")
    session.do(f"factors.export '{tmp_path / 'all.csv'}'")
    assert len(read_factors(tmp_path / "own.csv")) == 1
    assert len(read_factors(tmp_path / "all.csv")) == 1 + len(read_factors())
    session.do("edit.undo")
    session.do(f"factors.import '{tmp_path / 'own.csv'}'")
    assert session.state.project.factors[0]["source"] == "our utility"


def test_factors_are_kept_in_the_project_file(session, tmp_path):
    session.do(ADD)
    session.do("accounts.offset C-1 100 yes")
    path = tmp_path / "hamlet.twin"
    save(path, session.state.project, session.state.view)
    project, _view, problems = load(path)
    assert problems == []
    assert project == session.state.project


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("factors.add x kgCO2/kWh electricity DE grid_average me", "the new factor: could not"),
        ("factors.add 1 kg electricity DE grid_average me", "no unit of an emission factor"),
        ("factors.add 1 kgCO2/kWh electricity DE guess me", "unknown kind 'guess'"),
        ("factors.list coke", "no factor of 'coke'"),
        ("factors.remove electricity DE grid_average", "of your own"),
        ("factors.import nosuch.csv", "could not be read"),
        ("factors.export x.csv some", "'all' or 'own'"),
        ("factors.use DE", "REGION:KIND"),
        ("factors.use XX:grid_average", "The book knows electricity in"),
        ("settings.set nosuch 1", "no setting 'nosuch'; there are netting, losses"),
        ("settings.set losses net", "'net' does not fit losses: it is one of branch, gross"),
        ("settings.set peak_limit_kw -3", "does not fit peak_limit_kw"),
        ("project.storage_rule luck", "it is one of self_consumption, peak_shaving, price"),
        ("accounts.set certificates x", "no setting 'certificates'"),
        ("accounts.certificate a CN 2024 -5", "does not fit energy_kwh"),
        ("accounts.remove nothing", "nothing called 'nothing'"),
    ],
)
def test_what_does_not_fit_is_refused_with_one_sentence(session, line, words):
    with pytest.raises(CommandError, match=words):
        session.do(line)


def test_settings_are_set_and_listed(session, told):
    session.do("settings.set losses gross")
    session.do("settings.set peak_limit_kw 40")
    session.do("project.storage_policy owner")
    session.do("project.storage_signal marginal")
    settings = session.state.project.settings
    assert (settings.losses, settings.peak_limit_kw) == ("gross", 40.0)
    assert (settings.storage_policy, settings.storage_signal) == ("owner", "marginal")
    session.do("settings.set peak_limit_kw none")
    assert session.state.project.settings.peak_limit_kw is None
    session.do("settings.list")
    assert ("losses", "gross") in told[0].rows


def test_the_accounts_are_kept_by_name(session):
    session.do("accounts.certificate GEC-1 CN 2024 5000")
    session.do("accounts.contract Wind 1000 0")
    session.do("accounts.supplier Utility 0.3")
    session.do("accounts.offset C-1 100 yes")
    session.do("accounts.set grid_loss 0.05")
    accounts = session.state.project.accounts
    assert accounts.certificates[0].energy_kwh == 5000
    assert accounts.supplier is not None
    assert accounts.grid_loss == 0.05
    for name in ("GEC-1", "Wind", "Utility", "C-1"):
        session.do(f"accounts.remove {name}")
    assert session.state.project.accounts == type(accounts)(grid_loss=0.05)
