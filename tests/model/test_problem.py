"""Problems: sorted by weight, said once."""

import json

import numpy as np
import pytest

from twinview.i18n import _, again, set_language
from twinview.model.problem import (
    CommandError,
    NeedsAnswer,
    Problem,
    from_keep,
    to_keep,
    worst_first,
)


def test_worst_come_first_in_their_order_and_only_once():
    a, b, c = Problem("info", "a", "A"), Problem("error", "b", "B"), Problem("info", "c", "C")
    assert worst_first([a, b, a, c, b]) == (b, a, c)


def test_a_problem_is_printed_with_all_its_keys():
    found = Problem("warning", "x", "m", "f", "s", "l", ("1", "2")).as_dict()
    assert found == {
        "severity": "warning", "source": "s", "layer": "l", "element_ids": ["1", "2"],
        "code": "x", "message": "m", "fix": "f",
    }  # fmt: skip


def test_a_question_is_an_error_with_an_option():
    with pytest.raises(CommandError) as caught:
        raise NeedsAnswer("which?", "--crs", ["EPSG:1"])
    assert (caught.value.option, caught.value.choices) == ("--crs", ("EPSG:1",))


@pytest.fixture
def languages():
    """Leave English behind."""
    yield
    set_language("en")


def test_a_kept_problem_speaks_the_language_of_its_reader(languages):
    """Also where one text fills another's place, with numbers, and where texts were joined."""
    set_language("en")
    count = _("{count} elements", count=np.int64(3))
    made = Problem("info", "x", _("{what} opened", what=count), count + "; " + count)
    row = json.loads(json.dumps(to_keep(made)))
    assert from_keep(row) == made
    set_language("zh_CN")
    whole = _("{what} opened", what=_("{count} elements", count=3))
    assert whole != made.message
    assert from_keep(row).message == again(made.message) == whole
    assert from_keep(row).fix == "3 elements; 3 elements"


def test_a_problem_of_another_version_stays_as_it_was_said():
    for said in (
        None,
        {"message": {"id": "{gone} is", "values": {"other": 1}}, "fix": ""},
        {"message": 1},
    ):
        row = {**Problem("info", "x", "As it was.").as_dict(), **({"said": said} if said else {})}
        assert from_keep(row).message == "As it was."
