"""Words for readers: units stay whole where a line breaks."""

from twinview.scene.words import unbroken


def test_a_line_does_not_break_within_a_unit():
    assert unbroken("per floor area, kg/m²") == "per floor area, kg\u2060/\u2060m²"
    assert unbroken("(6.27 · 451) / 6.27 = 451") == "(6.27 · 451) / 6.27 = 451"
