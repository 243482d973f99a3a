"""Filters: words, expressions, what is missing, and what is refused."""

import numpy as np
import pyarrow as pa
import pytest

from twinview.model.problem import CommandError
from twinview.model.twin import Layer
from twinview.scene.expressions import LONGEST
from twinview.scene.filtering import expression, fitting, is_expression, reckoned

LAYER = Layer("b", "B", "building", pa.table({
    "id": ["a", "b", "c", "d", "e"],
    "height_m": [10.0, 20.0, 30.0, None, 0.0],
    "use": ["office", "Office tower", "school", None, "dwelling"],
    "new": [True, False, True, None, False],
    "odd name": [1, 2, 3, 4, 5],
}))  # fmt: skip


def ids(text: str, **more) -> str:
    """Return the ids of what fits, as one word."""
    return "".join(LAYER.ids[fitting(LAYER, text, more)])


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", "abcde"),
        ("offi", "ab"),
        ("OFFI", "ab"),
        ("height_m > 10", "bc"),
        ("height_m >= 10 and height_m < 30", "ab"),
        ("30 = height_m", "c"),
        ("height_m != 10", "bce"),
        ("height_m == 0", "e"),
        ("height_m > -1", "abce"),
        ("height_m > 1e1", "bc"),
        ('use == "office"', "a"),
        ("use == 'office' or use == 'school'", "ac"),
        ('use in ("office", "school")', "ac"),
        ('use contains "OFF"', "ab"),
        ('not use contains "off"', "ce"),
        ("not height_m > 10", "ae"),
        ("height_m is missing", "d"),
        ("height_m is not missing and use is not missing", "abce"),
        ("not (height_m > 10 or use == 'dwelling')", "a"),
        ("height_m > 5 and height_m < 25 or use == 'school'", "abc"),
        ("new == true", "ac"),
        ("new is not missing and not new", "be"),
        ("`odd name` >= 4", "de"),
        ('any contains "dwell"', "e"),
        ("height_m / 2 > 4", "abc"),
        ("height_m * 2 + 10 == 50", "b"),
        ("height_m - 5 - 5 >= `odd name` * 5", "bc"),  # from left to right: 0, 10, 20 and -10
        ("(height_m + 10) / 2 > 12", "bc"),
        ("((height_m > 10) and (height_m + 1) * 2 < 50)", "b"),
        ("(height_m) > 10", "bc"),
        ("-(height_m - 30) >= 10 and not (new)", "be"),
        ("10 / height_m is missing", "de"),  # nothing is divided by 0
        ("height_m in (5 + 5, 3 * 10)", "ac"),
        ('not any contains "e" and height_m is missing', "d"),
    ],
)
def test_what_fits(text, wanted):
    assert ids(text) == wanted


def test_what_is_missing_fits_neither_a_comparison_nor_its_opposite():
    assert "d" not in ids("height_m < 5") + ids("not height_m < 5")
    assert ids("not (height_m < 5 and use == 'x')") == "abce"


def test_other_columns_can_be_given():
    value = np.array([1.0, np.nan, 3.0, 4.0, 5.0])
    assert ids("value >= 3", value=lambda: value) == "cde"
    assert ids("value is missing", value=lambda: value) == "b"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("height_m >", "missing at its end"),
        ("height_m / > 3", "'>' is not expected"),
        ("(height_m + nosuch) * 2 > 3", "no column 'nosuch'"),
        ("use + 1 > 3", "only numbers can be reckoned with"),
        ("(height_m + 1 > 3", r"'\)' is missing"),
        ("((" * 25 + "height_m + 1) * 2 > 3", "too many brackets"),
        ("height_m > 10 and", "missing at its end"),
        ("nosuch > 3", "no column 'nosuch'"),
        ('height_m == "tall"', "texts stand in quotes"),
        ("use > 3", "texts stand in quotes"),
        ("(height_m > 3", r"'\)' is missing"),
        ("height_m > 3)", r"'\)' is not expected"),
        ("height_m > 3 & use", "'& use' is not expected"),
        ("__import__('os').system('ls') == 0", "is not expected"),
        ("height_m.__class__ == 0", "no column"),
        ("use is not good and 1 > 0", "'missing' is missing"),
        ('height_m contains "1"', "column of texts"),
        ("(" * 60 + "height_m > 1" + ")" * 60, "too many brackets"),
        ("height_m > " + "1" * LONGEST, "longer than"),
        ("not " * 100 + "height_m > 1", "too many brackets"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(text, why):
    with pytest.raises(CommandError, match=why):
        fitting(LAYER, text)


def test_a_word_becomes_an_expression():
    assert not is_expression("house 12")
    assert expression(" tower ") == 'any contains "tower"'
    assert expression("height_m > 3") == "height_m > 3"
    assert expression("") == ""
    assert ids(expression("tower")) == ids("tower") == "b"


def test_numbers_are_reckoned_of_columns():
    value = np.array([1.0, np.nan, 3.0, 4.0, 5.0])
    found = reckoned(LAYER, "100 * value / height_m", {"value": lambda: value})
    assert found.tolist()[:3:2] == [10.0, 10.0]
    assert np.isnan(found[[1, 3, 4]]).all()  # no value, no height, a height of 0
    assert reckoned(LAYER, "2 + 3").tolist() == [5.0] * 5
    with pytest.raises(CommandError, match="only numbers"):
        reckoned(LAYER, "use")
    with pytest.raises(CommandError, match="'>' is not expected"):
        reckoned(LAYER, "height_m > 3")
