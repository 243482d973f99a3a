"""Words of a column: which are classes, and the colours that a reader chooses for them."""

import pyarrow as pa
import pytest
from pydantic import ValidationError

from tests.gui.hamlet import hamlet
from tests.scene.support import squares
from twinview.model.twin import Layer
from twinview.scene.attributes import OTHERS, classes_of, coloured, words_of
from twinview.scene.painting import Beside
from twinview.scene.resolve import resolve
from twinview.scene.styling import MOST_WORDS, Style
from twinview.scene.view import View

NAMES = tuple("abcdefghij")
"""The first one ten times, the last one once."""


def layer() -> Layer:
    uses = [name for k, name in enumerate(NAMES) for _time in range(10 - k)]
    table = pa.table({"id": [str(k) for k in range(len(uses))], "use": uses})
    return Layer("h", "Houses", "building", table, squares(len(uses)))


def test_the_seven_most_frequent_are_classes_and_so_is_each_that_has_a_colour():
    assert words_of(layer(), "use") == NAMES
    assert [name for name, _own in classes_of(NAMES, ())] == [*"abcdefg", OTHERS]
    wanted = classes_of(NAMES, (("j", "#ff0000"), ("b", "#00ff00"), ("gone", "#0000ff")))
    assert wanted == (("a", ""), ("b", "#00ff00"), *((one, "") for one in "cdefg"),
                      ("j", "#ff0000"), (OTHERS, ""))  # fmt: skip
    every = tuple((one, "#111111") for one in NAMES)
    assert [name for name, _own in classes_of(NAMES, every)] == [*NAMES]


def test_chosen_colours_are_painted_and_the_others_keep_theirs():
    plain, _legend = coloured(layer(), "use", "light")
    chosen = (("j", "#ff0000"), ("a", "#00ff00"), (OTHERS, "#0000ff"))
    (paint,), legend = coloured(layer(), "use", "light", chosen)
    assert tuple(paint.colour[0]) == (0, 255, 0)
    assert tuple(paint.colour[-1]) == (255, 0, 0)
    assert tuple(paint.colour[-2]) == (0, 0, 255)  # i, one of the others
    assert (paint.colour[10] == plain[0].colour[10]).all()  # b
    assert legend.words == (*"abcdefg", "j", OTHERS)
    assert legend.colours[-2:] == ("#ff0000", "#0000ff")
    assert paint.values[-1] != paint.values[-2]


def test_numbers_have_the_unit_that_their_column_is_known_by():
    (paint,), legend = coloured(hamlet().layers["houses"], "height_m", "light")
    assert (paint.unit, legend.unit) == ("m", "m")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_overlay_of_a_column_takes_the_chosen_colours(theme):
    styles = {"attribute:houses.use": Style(words=(("office", "#ff0000"),))}
    view = View(overlay="attribute", attribute="houses.use", theme=theme)
    scene = resolve(hamlet(), view, Beside(styles))
    assert tuple(scene.paints["houses"].colour[1]) == (255, 0, 0)
    assert scene.legend.colours[scene.legend.words.index("office")] == "#ff0000"
    assert scene.legend.shown == 60


@pytest.mark.parametrize(
    "words", [(("a", "red"),), (("a", "#12345"),), tuple((str(k), "#000000") for k in range(25))]
)
def test_what_is_no_colour_or_too_many_is_refused(words):
    assert MOST_WORDS == 24
    with pytest.raises(ValidationError):
        Style(words=words)
