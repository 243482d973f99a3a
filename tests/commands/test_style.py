"""Styles by commands: kept in the project, taken back, taken over."""

from dataclasses import replace

import pytest

from tests.gui.hamlet import opened as with_uses
from tests.scene.support import hamlet
from twinview.model.problem import CommandError
from twinview.scene.resolve import resolve
from twinview.session import project, styles
from twinview.session.project import Project
from twinview.session.store import Session, State


@pytest.fixture
def session() -> Session:
    kept = Project(name="Hamlet")
    return Session(State(hamlet(), kept, saved=kept))


def legend(session: Session):
    state = session.state
    return resolve(state.twin, state.view, state.beside).legend


def test_a_style_is_kept_in_the_file_and_undone_step_by_step(session, tmp_path):
    session.do("style.colours cividis yes")
    session.do("style.limits 100 300")
    assert legend(session).limits == (100, 300)
    assert session.state.dirty
    project.save(tmp_path / "h.twin", session.state.project, session.state.view)
    kept, _view, problems = project.load(tmp_path / "h.twin")
    assert (kept, problems) == (session.state.project, [])
    session.do("edit.undo")
    assert legend(session).limits == (0, 500)
    session.do("edit.undo")
    assert session.state.project.styles == {}
    assert not session.state.dirty


def test_breaks_come_from_the_values_and_stay_where_they_are(session):
    # Houses have 0, 100 and 480, the store has 250 g/kWh: half of them lie below 175.
    session.do("style.classes quantiles 2")
    assert legend(session).classes == ("below 175", "175 and more")
    session.do("style.breaks 300 60")
    assert legend(session).classes == ("below 60", "60 to 300", "300 and more")
    session.do("style.classes none")
    assert legend(session).classes == ()
    session.do("style.classes equal 2")
    assert legend(session).classes == ("below 250", "250 and more")
    session.do("style.reset")
    assert session.state.project.styles == {}


def test_a_style_is_taken_over_by_another_overlay_without_limits_of_another_unit(session):
    session.do("style.colours grey")
    session.do("style.limits 0 100")
    session.do("overlay.show emission")
    before = legend(session).limits
    session.do("style.take carbon")
    assert legend(session).colours[0] == "#f2f2f2"
    assert legend(session).limits == before
    session.do("""style.take '{"ramp": "viridis"}'""")
    assert session.state.project.styles["emission"].ramp == "viridis"


def test_a_difference_is_shown_and_keeps_its_centre(session):
    session.do("overlay.difference power hours=-24")
    session.do("style.limits -2 7")
    assert legend(session).limits == (-7, 7)
    assert list(session.state.project.styles) == ["difference:power"]
    assert project.view_of(project.view_text(session.state.view)) == session.state.view


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("style.colours rainbow", "no colours 'rainbow'; there are carbon"),
        ("style.limits 5 5", "lower limit is not below"),
        ("style.classes jenks", "no method 'jenks'; there are none, equal"),
        ("style.classes equal 40", "2 to 9 classes, not 40"),
        ("style.breaks", "Write the numbers"),
        ("style.take nonsense", "'nonsense' is no style"),
        ("overlay.difference attribute", "no difference of 'attribute'; there are emission"),
        ("overlay.difference power nowhere", "no scenario 'nowhere'"),
    ],
)
def test_what_cannot_be_is_said(session, line, said):
    with pytest.raises(CommandError, match=said):
        session.do(line)
    assert session.state.project.styles == {}


def test_names_have_no_style():
    session = Session(with_uses())
    session.do("overlay.attribute houses.use")
    with pytest.raises(CommandError, match="stand for names"):
        session.do("style.colours grey")


@pytest.fixture
def uses() -> Session:
    state = with_uses()
    return Session(replace(state, view=replace(state.view, overlay="storage")))


def own(session: Session, layer: str = "houses"):
    scene = resolve(session.state.twin, session.state.view, session.state.beside)
    return next((one for one in scene.legend.more if one.layer == layer), None)


def test_a_layer_is_coloured_by_a_column_whose_style_is_changed_kept_and_undone(uses, tmp_path):
    uses.do("layer.colour houses height_m")
    assert own(uses).limits == (6, 10)
    uses.do("style.colours cividis yes layer=houses")
    uses.do("style.classes equal 2 layer=houses")
    uses.do("style.breaks 7 9 layer=houses")
    assert own(uses).classes == ("below 7", "7 to 9", "9 and more")
    uses.do("style.limits 5 8 houses")
    uses.do("style.classes none layer=houses")
    assert own(uses).limits == (5, 8)
    assert own(uses).colours[0] == "#1c305f"  # the dark end of cividis first
    assert list(uses.state.project.styles) == ["attribute:houses.height_m"]
    project.save(tmp_path / "h.twin", uses.state.project, uses.state.view)
    kept, _view, problems = project.load(tmp_path / "h.twin")
    assert (kept, problems) == (uses.state.project, [])
    uses.do("style.reset houses")
    assert uses.state.project.styles == {}
    uses.do("layer.colour houses none")
    assert own(uses) is None
    assert uses.state.project.layers == {}
    for _k in range(7):
        uses.do("edit.undo")
    assert own(uses).limits == (6, 10)
    uses.do("edit.undo")
    assert uses.state.project == with_uses().project


def test_words_have_colours_of_their_own_in_overlay_and_layer_alike(uses, tmp_path):
    uses.do("layer.colour houses use")
    uses.do("style.word school '#FF0000' houses")
    assert own(uses).colours == ("#4477aa", "#ee8866", "#ff0000")
    uses.do("overlay.attribute houses.use")
    assert legend(uses).colours[2] == "#ff0000"
    uses.do("style.word dwelling '#00ff00'")
    assert legend(uses).colours[::2] == ("#00ff00", "#ff0000")
    project.save(tmp_path / "h.twin", uses.state.project, uses.state.view)
    assert project.load(tmp_path / "h.twin")[0] == uses.state.project
    uses.do("style.word school own")
    assert legend(uses).colours == ("#00ff00", "#ee8866", "#44aa99")
    uses.do("edit.undo")
    assert legend(uses).colours[2] == "#ff0000"
    uses.do("style.reset")
    assert uses.state.project.styles == {}


def test_a_style_goes_from_layer_to_layer_and_from_overlay_to_layer(uses):
    uses.do("layer.colour houses use")
    uses.do("style.word school '#ff0000' houses")
    uses.do("layer.opacity houses 50")
    text = styles.copied(uses.state, "houses")
    uses.do("layer.colour cables '#123456'")
    with pytest.raises(CommandError, match="'cables' is coloured by no column"):
        uses.run("style.take", text, "cables")  # it has no column of uses
    uses.do("layer.colour houses none")
    uses.run("style.take", text, "houses")
    assert own(uses).colours[2] == "#ff0000"
    plain = styles.copied(uses.state, "cables")
    uses.run("style.take", plain, "houses")
    assert own(uses).colours == ("#123456",)
    assert uses.state.project.layers["houses"].opacity == 1
    uses.do("overlay.show power")
    uses.do("style.colours grey yes")
    copied = styles.copied(uses.state)
    uses.do("overlay.show storage")
    uses.do("layer.colour houses height_m")
    uses.run("style.take", copied, "houses")
    assert own(uses).colours[0] == "#333333"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("layer.colour houses nosuch", "'nosuch' is neither a colour .* use, height_m"),
        ("layer.colour nowhere use", "no layer 'nowhere'"),
        ("style.colours grey layer=houses", "coloured by no column"),
        ("style.word school '#ff0000'", "numbers here, not for words"),
        ("style.breaks five", "numbers with blanks"),
    ],
)
def test_what_a_layer_cannot_have_is_said(uses, line, said):
    uses.do("overlay.show power")
    with pytest.raises(CommandError, match=said):
        uses.do(line)
    assert uses.state.project.layers == {}


@pytest.mark.parametrize(
    ("line", "said"),
    [("style.word schol '#ff0000'", "no word 'schol'; there are dwelling, office"),
     ("style.word school red", "'red' is no colour such as")],
)  # fmt: skip
def test_wrong_words_and_colours_are_said(uses, line, said):
    uses.do("overlay.attribute houses.use")
    with pytest.raises(CommandError, match=said):
        uses.do(line)
    assert uses.state.project.styles == {}


def test_the_same_class_is_that_of_the_style(session):
    # Houses have 0, 100 and 480 g/kWh.
    session.do("select.only houses zero")
    session.do("style.breaks 200")
    session.do("select.same")
    assert session.state.view.selection == (("houses", "zero"), ("houses", "low"))
