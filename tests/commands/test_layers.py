"""Layers by commands: order, opacity, filter, labels; kept in the project, taken back."""

import numpy as np
import pytest

from tests.gui.hamlet import opened
from twinview.model.problem import CommandError
from twinview.scene.resolve import resolve
from twinview.session import project
from twinview.session.layers import listed, trial
from twinview.session.selected import layer_named, matching
from twinview.session.store import Session


@pytest.fixture
def session() -> Session:
    return Session(opened())


def rows(session: Session) -> list[str]:
    return [one.id for one in listed(session.state)]


def scene(session: Session):
    state = session.state
    return resolve(state.twin, state.view, state.beside)


def test_wishes_are_kept_in_the_file_and_undone_step_by_step(session, tmp_path):
    session.do("layer.opacity houses 40")
    session.do("layer.filter houses 'height_m > 8'")
    session.do("layer.labels houses height_m")
    session.do("layer.lower cables")
    kept = session.state.project
    project.save(tmp_path / "h.twin", kept, session.state.view)
    again, _view, problems = project.load(tmp_path / "h.twin")
    assert (again, problems) == (kept, [])
    for _k in range(4):
        session.do("edit.undo")
    assert session.state.project.layers == {}
    assert not session.state.dirty


def test_layers_are_raised_lowered_and_put_somewhere(session):
    assert rows(session) == ["cables", "houses", "stores"]
    session.do("layer.lower cables")
    assert rows(session) == ["houses", "cables", "stores"]
    session.do("layer.raise stores")
    session.do("layer.raise stores")
    assert rows(session) == ["stores", "houses", "cables"]
    session.do("layer.raise stores")
    assert rows(session) == ["stores", "houses", "cables"]
    session.do("layer.place cables 2")
    assert rows(session) == ["stores", "cables", "houses"]
    session.do("layer.usual_order")
    assert session.state.project.order == ()


def test_the_usual_order_is_not_written_down(session):
    session.do("layer.lower cables")
    session.do("layer.raise cables")
    assert session.state.project.order == ()
    assert session.state.project == session.state.saved


def test_a_filter_holds_for_selecting_and_counting(session):
    # Heights are 6, 7, 8, 9, 10, over and over: one fifth of sixty houses has 10 m.
    session.do("layer.filter houses 'height_m > 9'")
    houses = session.state.twin.layers["houses"]
    assert matching(session.state, houses, "").sum() == 12
    session.do("select.all houses")
    assert len(session.state.view.selection) == 12
    session.do("""select.where 'houses: use == "office"'""")
    assert {int(one[1:]) % 15 for _layer, one in session.state.view.selection} == {4}
    session.do("select.invert")
    assert len(session.state.view.selection) == 8
    session.do("layer.filter houses none")
    assert session.state.project.layers == {}


def test_what_is_wrong_with_a_filter_is_said_with_its_place_and_a_remedy(session):
    houses = layer_named(session.state.twin, "houses")
    found = trial(session.state, houses, 'use == "office" and heigt_m > 8')
    assert (found.at, found.remedy) == (20, "Did you mean height_m?")
    assert "heigt_m" in found.error
    assert "floor_area_m2" not in found.error
    assert trial(session.state, houses, "height_m >").at == 10
    assert trial(session.state, houses, "height_m > 8 9").at == 13
    assert trial(session.state, houses, "height_m > #").at == 11
    assert trial(session.state, houses, "(height_m > 8").error
    fine = trial(session.state, houses, "height_m > 9")
    assert (fine.shown, fine.count, fine.error) == (12, 60, "")


def test_the_shown_value_can_be_asked_for_and_stays_the_same_when_it_is_kept(session):
    houses = layer_named(session.state.twin, "houses")
    values = scene(session).paints["houses"].values
    middle = float(np.nanmedian(values))
    text = f"value > {middle}"
    before = trial(session.state, houses, text).shown
    assert before == int((values > middle).sum())
    session.run("layer.filter", "houses", text)
    assert int((~scene(session).paints["houses"].out).sum()) == before
    assert trial(session.state, houses, text).shown == before


def test_a_style_takes_opacity_and_labels_along_and_no_filter(session):
    from twinview.session.styles import copied

    session.do("layer.opacity houses 30")
    session.do("layer.labels houses height_m")
    session.do("layer.filter houses 'height_m > 9'")
    text = copied(session.state)
    assert "height_m > 9" not in text
    session.do("layer.opacity houses 100")
    session.do("layer.labels houses none")
    session.do("layer.filter houses none")
    session.run("style.take", text)
    kept = session.state.project.layers["houses"]
    assert (kept.opacity, kept.labels, kept.filter) == (0.3, "height_m", "")
    session.do("edit.undo")
    assert session.state.project.layers == {}
    session.do("overlay.show storage")  # stores have no such column
    session.run("style.take", text)
    assert session.state.project.layers["stores"].opacity == 0.3
    assert session.state.project.layers["stores"].labels == ""


def test_a_removed_layer_comes_back(session):
    session.do("layer.remove houses")
    assert rows(session) == ["cables", "stores"]
    assert "houses" not in scene(session).paints
    assert scene(session).readouts == resolve(session.state.twin, session.state.view).readouts
    session.do("layer.restore")
    assert session.state.project.layers == {}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("layer.opacity houses 120", "opacity is 0 to 100 %, not 120"),
        ("layer.opacity nowhere 20", "no layer 'nowhere'; there are houses"),
        ("layer.filter houses 'height_m >'", r"Letter 11: something is missing .*Write for ex"),
        ("layer.labels houses gone", "cannot be made of 'gone'"),
        ("layer.restore", "No layer was removed"),
        ("layer.raise nowhere", "no layer 'nowhere'"),
    ],
)
def test_what_cannot_be_is_said(session, line, said):
    with pytest.raises(CommandError, match=said):
        session.do(line)
    assert session.state.project.layers == {}
