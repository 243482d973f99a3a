"""Styles: colours, limits and classes of the shown quantity, and what the legend says of them."""

import mapclassify
import numpy as np
import pytest

from tests.gui.hamlet import hamlet as with_uses
from tests.scene.support import hamlet
from twinview.scene.classing import breaks_of, natural
from twinview.scene.painting import Beside
from twinview.scene.resolve import resolve
from twinview.scene.styling import CHOICES, Style
from twinview.scene.theme import CLASSES, RAMPS, rgb, stops
from twinview.scene.view import View

ZERO, LOW, HIGH = 0, 1, 2
"""Houses of 0, 100 and 480 g/kWh; the fourth has no value."""


def scene(style: Style, overlay: str = "carbon", **view):
    return resolve(hamlet(), View(overlay=overlay, **view), Beside({overlay: style}))


def test_natural_breaks_stand_in_the_gaps():
    # Three heaps; any other cut leaves a larger sum of squares around the means.
    values = np.array([1.0, 2, 3, 20, 21, 22, 90, 91])
    assert natural(values, 3).tolist() == [11.5, 56.0]
    assert natural(np.array([5.0, 5, 7]), 4).tolist() == [6.0]


def test_quantiles_hold_equal_counts_and_equal_classes_equal_widths():
    values = np.array([0.0, 1, 2, 3, 4, 100, np.nan])
    assert breaks_of(values, "quantiles", 2, (0, 1)) == (2.5,)
    assert breaks_of(values, "equal", 4, (0, 100)) == (25.0, 50.0, 75.0)
    assert breaks_of(np.full(9, 3.0), "quantiles", 5, (0, 1)) == (3.0,)
    assert breaks_of(np.array([]), "natural", 2, (0, 10)) == (5.0,)


def test_many_values_are_thinned_out_before_natural_breaks_are_looked_for():
    values = np.concatenate([np.linspace(0, 1, 20_000), np.linspace(10, 11, 20_000)])
    (found,) = natural(values, 2)
    assert 1 < found < 10


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_ends_of_other_limits_have_the_end_colours(theme):
    shown = scene(Style(ramp="cividis", limits=(0, 100), unit="g/kWh"), theme=theme)
    colours = shown.paints["houses"].colour
    low, high = (rgb(stops("cividis", theme)[k]) for k in (0, -1))
    assert tuple(colours[ZERO]) == low
    assert tuple(colours[LOW]) == tuple(colours[HIGH]) == high
    assert shown.legend.limits == (0, 100)
    assert "set by hand" in shown.legend.note
    # What has no value keeps its own look.
    plain = resolve(hamlet(), View(overlay="carbon", theme=theme))
    assert (colours[3] == plain.paints["houses"].colour[3]).all()
    assert (shown.paints["houses"].state == plain.paints["houses"].state).all()


def test_reversed_ramps_change_ends():
    shown = scene(Style(reverse=True))
    assert tuple(shown.paints["houses"].colour[ZERO]) == rgb(stops("carbon", "light")[-1])
    assert shown.legend.colours == stops("carbon", "light")[::-1]


def test_classes_have_one_colour_each_and_a_break_belongs_to_the_upper_one():
    shown = scene(Style(method="manual", breaks=(100, 480), unit="g/kWh"))
    assert shown.legend.classes == ("below 100", "100 to 480", "480 and more")
    own = [rgb(one) for one in shown.legend.colours]
    assert [tuple(one) for one in shown.paints["houses"].colour[:3]] == own
    # The store of 250 g/kWh is on the same ramp.
    assert tuple(shown.paints["storage"].colour[0]) == own[1]


def test_limits_of_the_instant_are_its_values_and_the_legend_says_so():
    shown = scene(Style(within=True, limits=(0, 9), unit="g/kWh"))
    assert shown.legend.limits == (0, 480)
    assert shown.legend.note == "limits of this instant"
    two = scene(Style(within=True, method="equal", count=2))
    assert two.legend.classes == ("below 240", "240 and more")
    assert two.legend.note == "limits of this instant; classes of equal width"


def test_limits_of_another_unit_are_not_used():
    shown = scene(Style(limits=(0, 9), breaks=(3,), method="manual", count=2, unit="kWh"))
    assert shown.legend.limits == (0, 500)
    assert shown.legend.classes == ("below 250", "250 and more")


def test_named_classes_keep_their_colours_and_loading_can_be_a_ramp():
    view = View(overlay="attribute", attribute="houses.use")
    use = resolve(with_uses(), view, Beside({"attribute:houses.use": Style(ramp="grey")}))
    assert use.legend.nominal
    assert use.legend.colours[0] == stops("categories", "light")[0]
    ramp = scene(Style(ramp="grey", limits=(0, 100), unit="%"), "loading")
    assert ramp.legend.classes == ()
    assert tuple(ramp.paints["line"].colour[0]) == rgb(stops("grey", "light")[-1])


def test_each_column_has_a_style_of_its_own():
    styles = {"attribute:houses.height_m": Style(limits=(0, 10), unit="")}
    view = View(overlay="attribute", attribute="houses.height_m")
    assert resolve(hamlet(), view, Beside(styles)).legend.limits == (0, 10)
    other = View(overlay="attribute", attribute="houses.label_weight")
    assert "by hand" not in resolve(hamlet(), other, Beside(styles)).legend.note


def test_choices_are_ramps_and_no_classes():
    assert set(CHOICES) == set(RAMPS) - {*CLASSES, "store"}


@pytest.mark.parametrize(
    "wrong", [{"limits": (3, 3)}, {"limits": (0, float("nan"))}, {"breaks": (2, 1)}, {"count": 1}]
)
def test_impossible_styles_are_refused(wrong):
    with pytest.raises(ValueError, match=r"limit|breaks|greater"):
        Style(**wrong)


@pytest.mark.parametrize("count", [3, 5, 7])
def test_classes_are_those_of_mapclassify(count):
    """Quantiles and natural breaks part the same values as the library of map makers does."""
    known = np.random.default_rng(count)
    values = np.concatenate([known.normal(10, 2, 300), known.lognormal(3, 0.5, 300)])
    theirs = mapclassify.FisherJenks(values, count).bins[:-1]  # the last value of each class
    ours = natural(values, count)
    assert [(values <= one).sum() for one in ours] == [(values <= one).sum() for one in theirs]
    theirs = mapclassify.Quantiles(values, count).bins[:-1]
    ours = breaks_of(values, "quantiles", count, (0, 1))
    assert ours == pytest.approx(theirs, abs=0.05)  # ours are rounded for readers
