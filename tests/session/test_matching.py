"""What is typed finds titles: beginnings first, then parts, initials and slips."""

import pytest

from twinview.session.matching import score

TITLES = ["Open...", "Save", "Save as...", "Language", "Show everything", "Go to time...",
          "How stores are run...", "显示全部", "切换语言"]  # fmt: skip


def found(query: str) -> list[str]:
    """Return the titles that fit, best first."""
    marks = [(score(query, [(title, 1.0)], loose=True), title) for title in TITLES]
    return [title for mark, title in sorted(marks, key=lambda m: -(m[0] or 0)) if mark is not None]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("save", "Save"),
        ("sav", "Save"),
        ("SAVE AS", "Save as..."),
        ("as save", "Save as..."),
        ("everything", "Show everything"),
        ("gtt", "Go to time..."),
        ("langauge", "Language"),
        ("lnguage", "Language"),
        ("stors", "How stores are run..."),
        ("全部", "显示全部"),
        ("语言", "切换语言"),
    ],
)
def test_the_best_comes_first(query, first):
    assert found(query)[0] == first


@pytest.mark.parametrize("query", ["xyz", "save xyz", "风", "qqqq save"])
def test_what_does_not_fit_is_not_found(query):
    assert found(query) == []


def test_an_empty_query_fits_nothing():
    assert found("  ") == []


def test_a_word_in_a_text_of_less_weight_counts_less():
    title = score("camera", [("Place the camera", 1.0)])
    help_only = score("camera", [("Show everything", 1.0), ("Moves the camera back", 0.5)])
    assert title > help_only > 0


def test_letters_far_apart_are_chance():
    assert score("ste", [("s" + "x" * 20 + "t" + "x" * 20 + "e", 1.0)], loose=True) is None


def test_slips_fit_only_where_they_are_asked_for():
    assert score("langauge", [("Language", 1.0)]) is None
    assert score("langauge", [("Language", 1.0)], loose=True) > 0
