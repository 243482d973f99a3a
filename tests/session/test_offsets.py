"""Offsets from the clock, as people write them."""

import pytest

from twinview.model.problem import CommandError
from twinview.session.offsets import hours_of


@pytest.mark.parametrize(
    ("text", "hours"),
    [("-7d", -168), ("−7 d", -168), ("+6h", 6), ("-1y", -364 * 24), ("-1 year", -364 * 24),
     ("last week", -168), ("上周", -168), ("-1天", -24), ("0", 0), ("", 0), ("-90min", -1.5)],
)  # fmt: skip
def test_what_people_write_is_understood(text, hours):
    assert hours_of(text) == hours


@pytest.mark.parametrize("text", ["7d", "-7", "soon", "-0d", "-5 parsecs"])
def test_anything_else_is_refused_with_an_example(text):
    with pytest.raises(CommandError, match="write -7d"):
        hours_of(text)
