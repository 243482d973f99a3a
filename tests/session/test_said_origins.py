"""Where the numbers of a file come from can be said wherever other facts of it are said."""

import pytest

from tests.session.test_private import HOUSES, STEP, USED, write_street
from twinview.i18n import set_language
from twinview.model.problem import CommandError
from twinview.progress import drain
from twinview.readers.registry import Options
from twinview.session.opening import open_files
from twinview.session.store import Session


@pytest.fixture(autouse=True)
def english():
    """Speak English."""
    set_language("en")


@pytest.fixture
def files(tmp_path):
    """Write the street, whose curves stand in a CSV file that cannot say where they come from."""
    return write_street(tmp_path)


def used(session: Session) -> list[float]:
    return session.state.twin.find("houses", "consumption").at(STEP).tolist()


def noticed(session: Session) -> list[str]:
    return [one.fix for one in session.state.twin.problems if one.code == "private.guessed"]


def test_curves_of_meters_in_a_csv_file_are_private_and_a_notice_says_so(files):
    session = Session()
    session.run("file.new", *files)
    means = [USED[STEP, :5].mean()] * 5 + [USED[STEP, 5:11].mean()] * 6 + [USED[STEP, 11]]
    assert used(session) == pytest.approx(means, rel=1e-6)
    (fix,) = noticed(session)
    assert "origin=modelled" in fix
    assert "project.privacy" in fix
    session.do("file.answer curves origin=given")
    assert used(session) == pytest.approx(USED[STEP].tolist(), rel=1e-6)
    assert noticed(session) == []
    session.do("file.answer curves origin=measured")
    assert used(session) == pytest.approx(means, rel=1e-6)
    assert noticed(session) == []
    assert session.state.twin.find("sym_load", "power").meaning.origin == "measured"
    session.run("edit.undo")
    assert used(session) == pytest.approx(USED[STEP].tolist(), rel=1e-6)


def test_an_origin_is_said_when_files_are_opened_added_and_joined(files, tmp_path):
    session = Session()
    session.run("file.new_with", "origin=modelled", *files)
    assert not session.state.twin.groups
    session = Session()
    session.run("file.new", *files[:2])
    session.run("file.add_with", "origin=measured", files[2])
    assert session.state.twin.find("houses", "consumption").meaning.origin == "measured"
    session = Session()
    session.run("file.new", *files)
    joins = session.state.project.joins
    assert session.state.twin.groups
    session.run("data.rejoin", 1, "origin=modelled")
    assert not session.state.twin.groups
    assert len(session.state.project.joins) == len(joins)


def test_fixed_powers_of_a_grid_are_measured_where_the_user_says_so(files):
    state = drain(open_files(files[:2], None, Options(origin="measured")))
    assert state.twin.find("sym_load", "power").meaning.origin == "measured"
    assert len(state.twin.groups["houses"].of) == HOUSES


@pytest.mark.parametrize("word", ["computed", "metred"])
def test_an_origin_that_there_is_not_is_refused_with_those_there_are(files, word):
    session = Session()
    with pytest.raises(CommandError, match=f"no origin '{word}'; there are measured, given"):
        session.run("file.new_with", f"origin={word}", *files)
    session.run("file.new", *files)
    with pytest.raises(CommandError, match="no origin"):
        session.run("data.rejoin", 1, f"origin={word}")
