"""Problems: sorted by weight, said once."""

import pytest

from twinview.model.problem import CommandError, NeedsAnswer, Problem, worst_first


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
