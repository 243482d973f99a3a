"""Whose data are seen: what a licence asks for is never cut off."""

from twinview.draw.credit import credit


def test_openstreetmap_is_named_first():
    about = "A long description " * 10 + "based on data of OpenStreetMap contributors."
    assert credit(about).startswith("© OpenStreetMap contributors · A long")
    assert credit("Own survey.") == "Own survey."
    named = "© OpenStreetMap contributors, ODbL"
    assert credit(named) == named
