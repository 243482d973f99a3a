"""The commands that model: their choices, undo, and what they refuse."""

import pytest

from tests.town import town, with_weather
from twinview.model.problem import CommandError
from twinview.session.project import Project, load, save
from twinview.session.store import Session, State

HEADER = "use,climate,carrier,value,per,source,verified\n"


@pytest.fixture
def session() -> Session:
    """Return a session with a town and its weather."""
    twin = with_weather(town(use=["office", None], storeys=[2, 2]), global_irradiance=100.0)
    project = Project(name="Town")
    return Session(State(twin, project, saved=project))


def quantities(session: Session) -> set[str]:
    """Return what is known of the buildings."""
    return {q for layer, q, _s in session.state.twin.series if layer == "houses"}


def test_demand_and_solar_are_made_undone_and_cleared(session):
    session.do("model.demand GB otherwise=residential;tz=Europe/Berlin")
    assert quantities(session) == {"consumption"}
    session.do("model.solar all density=0.22;losses=0.1;sky=isotropic")
    assert quantities(session) == {"consumption", "pv_potential", "generation"}
    solar = session.state.project.settings.solar
    assert solar is not None
    assert (solar.density, solar.losses, solar.plants) == (0.22, 0.1, "all")
    session.undo()
    assert quantities(session) == {"consumption"}
    session.redo()
    session.do("model.clear solar")
    assert quantities(session) == {"consumption"}
    session.do("model.clear")
    assert quantities(session) == set()
    assert session.state.project.settings.demand is None


def test_choices_are_kept_in_the_file(session, tmp_path):
    session.do("model.demand GB otherwise=hotel;storeys=4;holidays=2023-12-25,2023-12-26;step=60")
    path = tmp_path / "t.twin"
    save(path, session.state.project, session.state.view)
    project, _view, problems = load(path)
    assert project.settings == session.state.project.settings
    assert not problems


def test_own_archetypes_become_part_of_the_project(session, tmp_path):
    table = tmp_path / "own.csv"
    table.write_text(HEADER + "office,Village,electricity,10,m2,meters of 2022,primary\n")
    session.do(f"model.demand Village table={table}")
    demand = session.state.project.settings.demand
    assert demand is not None
    assert (demand.own[0].value, demand.own_from) == (10.0, "own.csv")
    table.unlink()
    used = session.state.twin.find("houses", "consumption")
    assert used is not None
    mean = used.window(0, used.time.count)[:, 0].mean()
    assert mean * 8760 == pytest.approx(2000.0, rel=1e-3)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("model.demand GB yeer=2023", "no choice 'yeer'; there are year"),
        ("model.demand GB year=soon", "'soon' does not fit year"),
        ("model.demand GB holidays=easter", "'easter' is no day such as"),
        ("model.demand GB table=/nosuch.csv", r"/nosuch\.csv could not be read"),
        ("model.demand GB codes=french", "'french' does not fit codes"),
        ("model.solar some", "'some' does not fit plants"),
        ("model.solar all density=2", "'2' does not fit density"),
        ("model.clear heat", "no model 'heat'; there are all, demand, solar"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(session, line, sentence):
    with pytest.raises(CommandError, match=sentence):
        session.do(line)
    assert quantities(session) == set()


def test_a_damaged_table_names_its_line(session, tmp_path):
    table = tmp_path / "own.csv"
    table.write_text(HEADER + "office,X,electricity,much,m2,me,no\n")
    with pytest.raises(CommandError, match=r"own\.csv, line 2: .*columns use, climate"):
        session.do(f"model.demand X table={table}")
