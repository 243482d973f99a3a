"""The pixels of curves: peaks at their height, gaps open, estimates and forecasts set apart."""

import numpy as np
import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from tests.gui.hamlet import TIME, hamlet
from twinview.gui import trackcurves
from twinview.gui.charts import Chart
from twinview.gui.plot import Plot
from twinview.gui.plotlines import Figure
from twinview.gui.track import Track
from twinview.gui.trackcurves import HEADROOM, draw_curves, draw_gaps, draw_mix, styled
from twinview.gui.trackink import Span
from twinview.model.time import TimeAxis
from twinview.scene.curves import Curves, Mix, curves
from twinview.scene.natures import FORECAST, KNOWN, MODELLED
from twinview.scene.theme import LOOKS

WIDE, HIGH = 300, 60
YEAR = 8784
LOOK = LOOKS["light"]
PEAK = HIGH - HIGH / HEADROOM
"""Where the largest value stands, pixels from above."""
NAN = np.full(YEAR, np.nan, dtype=np.float32)
CLOCK = TimeAxis(1_704_063_600, 3600, YEAR, "Europe/Berlin")


def painted(draw) -> np.ndarray:
    """Return how much darker than paper each pixel is, of a picture that `draw` paints."""
    image = QImage(WIDE, HIGH, QImage.Format.Format_Grayscale8)
    image.fill(QColor("white"))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    draw(painter)
    painter.end()
    return grey(image)


def grey(image: QImage) -> np.ndarray:
    image = image.convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(bytes(image.constBits()), dtype=np.uint8)
    rows = rows.reshape(image.height(), image.bytesPerLine())[:, : image.width()]
    return 255 - rows.astype(int)


def curve(values, shown=None, ahead=YEAR, natures=None) -> np.ndarray:
    """Return the picture of a load."""
    values = np.asarray(values, dtype=np.float32)
    span = Span(QRectF(0, 0, WIDE, HIGH), shown or range(len(values)))
    made = Curves(values, np.full_like(values, np.nan), natures=natures or {})
    return painted(lambda painter: draw_curves(painter, LOOK, span, made, ahead))


def stack(parts, ahead=YEAR, natures=None) -> np.ndarray:
    span = Span(QRectF(0, 0, WIDE, HIGH), range(len(next(iter(parts.values())))))
    made = Mix({name: np.asarray(one, dtype=np.float32) for name, one in parts.items()},
               natures or {})  # fmt: skip
    return painted(lambda painter: draw_mix(painter, LOOK, span, made, ahead))


@pytest.mark.parametrize("place", [0, 1, 14, 29, 30, 31, 4391, 4392, 4404, 8753, 8782, 8783])
@pytest.mark.parametrize("nature", [KNOWN, MODELLED, FORECAST])
def test_a_peak_of_one_hour_stands_at_its_height_over_its_place(qapp, place, nature):
    values = np.full(YEAR, 10, dtype=np.float32)
    values[place] = 100
    made = curve(values, natures={"load": np.full(YEAR, nature, dtype=np.uint8)})
    rows = made[round(PEAK) : round(PEAK) + 3]
    column = int((place + 0.5) / YEAR * WIDE)
    found = np.flatnonzero(rows.max(axis=0) > 20)
    assert found.size
    assert np.abs(found - column).max() <= 2


def test_every_hour_of_two_weeks_that_is_a_peak_is_seen(qapp):
    for place in range(0, 24 * 14 + 1, 7):
        values = np.full(700, 10, dtype=np.float32)  # two or three hours to a pixel
        values[place] = 100
        made = curve(values, ahead=700)
        assert made[round(PEAK) : round(PEAK) + 3].max() > 40, place


def test_a_trough_of_one_hour_is_seen_too(qapp):
    values = np.full(YEAR, 100, dtype=np.float32)
    values[5000] = 0
    made = curve(values)
    column = int(5000.5 / YEAR * WIDE)
    strong = made[HIGH // 2, column - 1 : column + 2].max()
    assert strong > made[HIGH // 2, column - 20] + 40


def test_a_gap_of_one_step_is_not_bridged_where_steps_are_wide(qapp):
    values = np.full(24, 50, dtype=np.float32)
    values[12] = np.nan
    made = curve(values, ahead=24)
    wide = WIDE / 24
    gap = made[:, round(12 * wide) : round(13 * wide)]
    assert gap[:, 2:-2].max() == 0
    assert made[:, round(3 * wide)].max() > 60


def test_a_gap_of_an_hour_in_a_year_is_marked_on_the_ground(qapp):
    values = np.full(YEAR, 50, dtype=np.float32)
    values[6000] = np.nan
    span = Span(QRectF(0, 0, WIDE, HIGH), range(YEAR))
    made = painted(lambda painter: draw_gaps(painter, LOOK, span, values))
    column = int(6000.5 / YEAR * WIDE)
    found = np.flatnonzero(made.max(axis=0) > 40)
    assert found.size
    assert np.abs(found - column).max() <= 2
    assert made[: HIGH - 6].max() == 0


def test_a_long_gap_is_hatched_and_has_no_tooth_but_where_it_begins(qapp):
    values = np.full(YEAR, 50, dtype=np.float32)
    values[4000:6000] = np.nan
    span = Span(QRectF(0, 0, WIDE, HIGH), range(YEAR))
    made = painted(lambda painter: draw_gaps(painter, LOOK, span, values))
    left, right = (int(step / YEAR * WIDE) for step in (4000, 6000))
    ground = made[HIGH - 4 : HIGH, left + 3 : right - 3]
    above = made[10:14, left + 3 : right - 3]
    assert 0 < above.mean() < 40
    assert ground.mean() == pytest.approx(above.mean(), abs=10)
    assert made[:, : left - 2].max() == made[:, right + 3 :].max() == 0


def test_a_stretch_that_moves_by_a_column_moves_the_picture(qapp):
    values = np.random.default_rng(5).random(5000).astype(np.float32) * 100
    values[0] = 100  # the same scale in both
    each = 10
    here, there = (curve(values, range(k, k + 3000), 5000) for k in (1000, 1000 + each))
    assert np.abs(here[:, 3:-2] - there[:, 2:-3]).max() <= 30


def test_lines_say_what_steps_are_made_of():
    line = Qt.PenStyle
    natures = np.array([KNOWN, KNOWN, MODELLED, KNOWN | MODELLED, FORECAST, KNOWN, KNOWN],
                       dtype=np.uint8)  # fmt: skip
    assert styled(range(7), 6, natures) == [
        (range(2), line.SolidLine),
        (range(1, 4), line.DotLine),
        (range(3, 5), line.DashLine),
        (range(4, 6), line.SolidLine),
        (range(5, 7), line.DashLine),
    ]
    assert styled(range(2, 5), 99, None) == [(range(2, 5), line.SolidLine)]
    assert styled(range(2, 5), 0, None) == [(range(2, 5), line.DashLine)]


def test_only_the_curve_that_is_modelled_is_dotted(qapp):
    values = np.full(24, 50, dtype=np.float32)
    known, guessed = (np.full(24, one, dtype=np.uint8) for one in (KNOWN, MODELLED))
    row = round(HIGH - HIGH / HEADROOM)
    solid = curve(values, ahead=24, natures={"load": known, "generation": guessed})[row]
    dotted = curve(values, ahead=24, natures={"load": guessed, "generation": known})[row]
    inner = slice(20, 280)
    assert solid[inner].min() > 60
    assert dotted[inner].min() < 40
    assert dotted[inner].max() > 60


def test_the_mix_shows_what_is_to_come_estimates_and_gaps(qapp):
    parts = {"generation": np.full(24, 20.0), "import": np.full(24, 80.0)}
    parts["import"][18] = np.nan
    made = stack(parts, ahead=12)
    wide = WIDE // 24
    middle = HIGH // 2
    assert made[middle, 18 * wide + 8 : 19 * wide + 2].max() == 0
    assert made[middle, 15 * wide] < 0.7 * made[middle, 6 * wide]
    row = round(HIGH - HIGH / HEADROOM)
    guessed = {name: np.full(24, MODELLED, dtype=np.uint8) for name in parts}
    line = stack(parts, ahead=24, natures=guessed)[row - 1, 20:180]
    assert line.min() < 20 < line.max()


def test_the_largest_sum_of_a_year_is_seen_above_the_mix(qapp):
    parts = {"generation": np.full(YEAR, 5.0), "import": np.full(YEAR, 15.0)}
    parts["import"][4000] = 95
    made = stack(parts)
    column = int(4000.5 / YEAR * WIDE)
    found = np.flatnonzero(made[round(PEAK) : round(PEAK) + 3].max(axis=0) > 20)
    assert found.size
    assert np.abs(found - column).max() <= 2


@pytest.mark.needs_display
def test_time_that_runs_within_a_stretch_does_not_draw_the_curves_anew(qtbot, monkeypatch):
    twin, drawn = hamlet(), []
    monkeypatch.setattr(trackcurves, "draw_curves", lambda *_: drawn.append(1))
    track = Track()
    qtbot.addWidget(track)
    track.show_twin(twin, curves(twin, "base"), None, TIME.count)
    track.show_time(0, range(48))
    with qtbot.waitExposed(track):
        track.show()
    for index in (1, 2, 30):
        track.show_time(index, range(48))
        track.repaint()
    assert len(drawn) == 1
    track.show_time(30, range(72))
    track.repaint()
    assert len(drawn) == 2


def test_the_chart_of_an_element_shows_its_peak_and_says_how_many_steps_share_a_pixel(qtbot):
    chart = Chart("accent")
    qtbot.addWidget(chart)
    chart.resize(WIDE, 112)
    values = np.full(YEAR, 10, dtype=np.float32)
    chart.show_values(values, CLOCK)
    chart.show_time(0, range(YEAR))
    flat = grey(chart.grab().toImage())
    values = values.copy()
    values[7001] = 100
    chart.show_values(values, CLOCK)
    peaked = grey(chart.grab().toImage())
    column = round(chart.x_of(7001.5))
    top = round(chart.area.top())
    changed = np.abs(peaked - flat)[top : top + 4, column - 2 : column + 3]
    assert changed.max() > 20
    # 300 pixels less 46 for the axis: 254, and 35 times that is more than a year of hours.
    assert chart.accessibleDescription() == "Smallest and largest of 35 steps per pixel"
    chart.show_time(0, range(24))
    assert chart.accessibleDescription() == chart.toolTip() == ""


def test_the_chart_of_a_forecast_is_dashed_and_paler(qtbot):
    chart = Chart("accent")
    qtbot.addWidget(chart)
    chart.resize(WIDE, 112)
    values = np.full(YEAR, 10, dtype=np.float32)
    shots = {}
    for nature in (KNOWN, MODELLED, FORECAST):
        chart.show_values(values, CLOCK, nature=nature)
        chart.show_time(YEAR - 1, range(24))
        made = grey(chart.grab().toImage())
        shots[nature] = made[:, round(chart.x_of(4)) : round(chart.x_of(20))]
    y, under = round(chart.area.top()), round(chart.area.center().y()) + 5
    known, guessed, later = shots.values()
    assert np.ptp(known[y]) < np.ptp(guessed[y])
    assert np.ptp(known[y]) < np.ptp(later[y])
    paper = np.median(shots[KNOWN][2])
    strength = [abs(np.median(one[under]) - paper) for one in shots.values()]
    assert strength[0] == pytest.approx(strength[1])
    assert strength[2] < 0.7 * strength[0]


def test_an_hour_without_a_value_is_marked_in_the_chart_of_a_year(qtbot):
    chart = Chart("accent")
    qtbot.addWidget(chart)
    chart.resize(WIDE, 112)
    shots = []
    for gap in (False, True):
        values = np.full(YEAR, 10, dtype=np.float32)
        values[3001] = np.nan if gap else 10
        chart.show_values(values, CLOCK)
        chart.show_time(0, range(YEAR))
        shots.append(grey(chart.grab().toImage()))
    changed = np.argwhere(np.abs(shots[1] - shots[0]) > 20)
    assert len(changed)
    assert np.abs(changed[:, 1] - chart.x_of(3001.5)).max() <= 3
    assert changed[:, 0].min() >= chart.area.bottom() - 7


def test_a_plotted_line_shows_its_peak(qtbot):
    plot = Plot()
    qtbot.addWidget(plot)
    plot.resize(WIDE, 220)
    values = np.full(YEAR, 10.0)
    values[2002] = 100
    steps = np.arange(YEAR) + 0.5
    plot.show_figure(Figure("Load", "kW", "", steps, (values,), (), (0.0, float(YEAR))))
    made = grey(plot.grab().toImage())
    area = plot.area
    column = round(area.left() + 2002.5 / YEAR * area.width())
    below = made[round(area.top()) : round(area.top()) + 4]
    paper = np.median(below)
    assert np.abs(below[:, column - 2 : column + 3] - paper).max() > 20
    assert plot.accessibleDescription() == plot.toolTip() != ""


@pytest.mark.needs_display
def test_the_mark_of_the_instant_does_not_draw_the_lines_anew(qtbot, monkeypatch):
    drawn = []
    plot, steps = Plot(), np.arange(YEAR) + 0.5
    qtbot.addWidget(plot)
    with qtbot.waitExposed(plot):
        plot.show()
    course = plot._course
    monkeypatch.setattr(plot, "_course", lambda *given: drawn.append(1) or course(*given))
    plot.show_figure(Figure("Load", "kW", "", steps, (steps,), (), (0.0, float(YEAR))))
    for place in (1000.0, 4000.0, 4001.0):
        plot.mark(place)
        plot.repaint()
    assert len(drawn) == 1
