"""Commands that move the camera, and the places that the project keeps."""

import numpy as np
import pytest

from tests.scene.support import hamlet
from twinview.model.problem import CommandError
from twinview.render import camera as cameras
from twinview.scene.view import Camera, View
from twinview.session.project import Project, load, save
from twinview.session.store import Session, State

HERE = "view.camera 100 -200 300 1 2 0"


@pytest.fixture
def session() -> Session:
    """Return a session with a hamlet open."""
    project = Project(name="Hamlet")
    return Session(State(hamlet(), project, saved=project))


def camera(session: Session) -> Camera:
    assert session.state.view.camera is not None
    return session.state.view.camera


def test_back_and_forward_go_through_the_places_of_the_camera(session):
    session.do(HERE)
    session.do("time.step 1")
    session.do("view.camera 5 6 70 1 2 0")
    session.do("view.back")
    assert camera(session).position == (100, -200, 300)
    session.do("view.back")
    assert session.state.view.camera is None
    with pytest.raises(CommandError, match="no earlier view"):
        session.do("view.back")
    session.do("view.forward")
    session.do("view.forward")
    assert camera(session).position == (5, 6, 70)
    with pytest.raises(CommandError, match="no later view"):
        session.do("view.forward")
    session.do("view.back")
    session.do("view.camera 7 8 90 1 2 0")
    with pytest.raises(CommandError, match="no later view"):
        session.do("view.forward")
    assert session.state.view.time == 1


def test_a_parallel_view_stays_parallel_through_standard_views(session):
    session.do("view.parallel")
    assert cameras.is_parallel(camera(session))
    session.do("view.standard top")
    assert cameras.is_parallel(camera(session))
    session.do("view.fit")
    assert cameras.is_parallel(camera(session))
    session.do("view.parallel")
    assert camera(session).angle == pytest.approx(cameras.ANGLE)
    session.do("view.fit")
    assert session.state.view.camera is None


def test_north_up_turns_and_nothing_else(session):
    session.do(HERE)
    before = cameras.pose(camera(session))
    session.do("view.north_up")
    after = cameras.pose(camera(session))
    assert after.bearing == pytest.approx(0, abs=1e-6)
    assert (after.focus, after.distance, after.elevation) == (
        before.focus, pytest.approx(before.distance), pytest.approx(before.elevation),
    )  # fmt: skip


def test_the_selection_and_layers_are_looked_at_from_the_same_side(session):
    session.do(HERE)
    session.do("select.only houses high")
    session.do("view.selection")
    layer = session.state.twin.layers["houses"]
    centre = layer.geometry.centres[layer.row_of["high"]]
    seen = cameras.project(centre[None], camera(session), (800, 500))[0]
    assert seen[:2] == pytest.approx([400, 250], abs=60)
    session.do("view.layer houses")
    seen = cameras.project(layer.geometry.centres, camera(session), (800, 500))
    assert ((seen[:, :2] > 0) & (seen[:, :2] < [800, 500])).all()
    session.do("select.clear")
    session.do("view.selection")
    assert session.state.view.camera is None
    with pytest.raises(CommandError, match="no layer 'gone'"):
        session.do("view.layer gone")


def test_a_place_is_looked_at_from_as_far_and_as_steeply(session):
    session.do(HERE)
    session.do("view.look_at 40 50")
    assert camera(session).focus == (40, 50, 0)
    assert np.subtract(camera(session).position, camera(session).focus) == pytest.approx(
        [99, -202, 300]
    )


def test_cameras_that_cannot_be_are_refused(session):
    for wrong in ("view.camera 1 2 3 1 2 3", "view.camera 1 2 3 0 0 0 190"):
        with pytest.raises(CommandError, match="two different places"):
            session.do(wrong)


def test_views_are_kept_under_numbers_and_names(session, tmp_path):
    session.do(HERE)
    session.do("bookmark.store 3 'Old town'")
    session.do("view.fit")
    session.do("bookmark.add Whole")
    session.do("bookmark.go 3")
    assert camera(session).position == (100, -200, 300)
    session.do("bookmark.rename 'Old town' Market")
    session.do("bookmark.go Market")
    kept = session.state.project.bookmarks
    assert [(one.number, one.name) for one in kept] == [(1, "Whole"), (3, "Market")]
    # Under the same number the name stays and the place is another.
    session.do("view.camera 9 9 99 0 0 0")
    session.do("bookmark.store 3")
    session.do("view.fit")
    session.do("bookmark.go Market")
    assert camera(session).position == (9, 9, 99)
    save(tmp_path / "a.twin", session.state.project, View())
    assert load(tmp_path / "a.twin")[0].bookmarks == session.state.project.bookmarks
    session.do("bookmark.remove Market")
    with pytest.raises(CommandError, match="no kept view 'Market'; there are Whole"):
        session.do("bookmark.go Market")
    session.do("edit.undo")
    session.do("bookmark.go Market")


def test_what_cannot_be_kept_is_refused_in_a_sentence(session):
    with pytest.raises(CommandError, match="Ctrl\\+Shift\\+1 keeps the first"):
        session.do("bookmark.go 1")
    with pytest.raises(CommandError, match="1 to 9, not 10"):
        session.do("bookmark.store 10")
    session.do("bookmark.store 1 A")
    session.do("bookmark.store 2 A")
    assert [one.name for one in session.state.project.bookmarks] == ["A", "A 2"]
    with pytest.raises(CommandError, match="called 'A' already"):
        session.do("bookmark.rename 2 A")
    with pytest.raises(CommandError, match="needs a name"):
        session.do("bookmark.rename 2 ' '")


def test_kept_views_are_listed(session):
    told = []
    session.teller = told.append
    session.do("bookmark.store 4 Harbour")
    session.do("bookmark.list")
    assert told[0].rows == (("4", "Harbour"),)
