"""The legend: title, unit, ramp or classes, what is missing and why, fixed limits."""

from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPen

from twinview.draw.card import Row, beside, card_size, draw_card, space, text_row, under
from twinview.draw.fonts import SEMIBOLD, ui_font, width
from twinview.draw.ink import GAP, NORMAL, SMALL, colour, faint, line_height, wrap, write
from twinview.draw.pattern import HEIGHT, ROUND, WIDTH, swatch
from twinview.i18n import _
from twinview.scene.numbers import number, ticks
from twinview.scene.paint import STATES, WITHOUT, Legend, State
from twinview.scene.theme import LOOKS, Look

ROOM = 272.0
"""Width of the content in design pixels; long titles and notes are broken to it."""
_RAMP, _MARK = 12.0, 4.0
_ROW = 19.0
_ONE_COLUMN = 5


def legend_size(legend: Legend, scale: float = 1.0, brief: bool = False) -> QSizeF:
    """Return the size of the legend in the painter's pixels."""
    return card_size((_brief if brief else _rows)(legend, LOOKS["light"]), scale)


def draw_legend(
    painter: QPainter,
    legend: Legend,
    where: QRectF | QPointF,
    look: Look,
    scale: float = 1.0,
    brief: bool = False,
) -> QRectF:
    """Draw the legend and return where it stands.

    Of `where`, a point is its top left corner; of a rectangle it takes the bottom left corner.
    With `brief`, it has neither title nor counts: the colours, the unit and the note.
    """
    return draw_card(painter, (_brief if brief else _rows)(legend, look), where, look, scale)


def _brief(legend: Legend, look: Look) -> list[Row]:
    small = ui_font(SMALL, tabular=True)
    rows = _classes(legend, look) if legend.classes else [_ramp(legend, look)]
    note = " · ".join(part for part in (legend.unit, legend.note) if part)
    return [*rows, *(text_row(line, small, look.text_soft) for line in wrap(note, small, ROOM))]


def _rows(legend: Legend, look: Look) -> list[Row]:
    rows = [*_heading(legend, look)]
    said = ui_font(SMALL, tabular=True)
    rows += [text_row(line, said, look.text) for line in wrap(legend.window, said, ROOM)]
    rows.append(space(6))
    rows += _classes(legend, look) if legend.classes else [_ramp(legend, look)]
    patterns = told(legend)
    if patterns or legend.old:
        rows.append(space(4))
        rows += [_state_row(state, text, count, legend, look) for state, text, count in patterns]
    if legend.old:
        rows.append(_old_row(legend, look))
    small = ui_font(SMALL, tabular=True)
    rows.append(space(4))
    summary = _summary(legend)
    one = " · ".join(part for part in (summary, legend.note) if part)
    texts = (one,) if width(one, small) <= ROOM else (summary, legend.note)
    for text in texts:
        rows += [text_row(line, small, look.text_soft) for line in wrap(text, small, ROOM)]
    return [*rows, *_more(legend, look)]


def _more(legend: Legend, look: Look) -> list[Row]:
    """Return what colours of single layers mean: each in short, and how many are left over."""
    rows: list[Row] = []
    inner = _together(legend)
    for k, one in enumerate(inner):
        rows += [space(8)] * bool(one.title or not k or inner[k - 1].title)
        rows += [*_heading(one, look), space(2)] if one.title else []
        rows += _classes(one, look) if one.classes else [_ramp(one, look)]
        rows += [_state_row(state, text, count, one, look) for state, text, count in told(one)]
    if legend.left:
        one_more = _("1 more layer has colours of its own")
        some = _("{count} more layers have colours of their own", count=number(legend.left))
        text, small = one_more if legend.left == 1 else some, ui_font(SMALL)
        rows += [space(4), *(text_row(line, small, look.text_soft)
                             for line in wrap(text, small, ROOM))]  # fmt: skip
    return rows


def _together(legend: Legend) -> list[Legend]:
    """Return the legends of single layers, those of one colour together behind the others."""
    return sorted(legend.more, key=lambda one: not one.title)


def shortened(legend: Legend, high: float) -> Legend:
    """Return a legend that explains as many layers with own colours as fit, and counts the rest.

    Parameters
    ----------
    legend, high
        What it says, and how high it may be in design pixels; what the overlay shows always stays.
    """
    inner = _together(legend)
    for count in range(len(inner), 0, -1):
        made = replace(legend, more=tuple(inner[:count]), left=len(inner) - count)
        if legend_size(made).height() <= high:
            return made
    return replace(legend, more=(), left=len(inner)) if inner else legend


def told(legend: Legend) -> list[tuple[State, str, int]]:
    """Return the patterns that occur, what each says and how often; withheld is not missing."""
    found = []
    for state, count in legend.states:
        kept = min(legend.withheld, count) if state == State.MISSING else 0
        found += [(state, _(STATES[state]), count - kept), (state, _("Withheld"), kept)]
    return [one for one in found if one[2]]


def _heading(legend: Legend, look: Look) -> list[Row]:
    """Return the title, with the unit at the right end of its last line."""
    bold, plain = ui_font(NORMAL, SEMIBOLD), ui_font(NORMAL)
    lines = wrap(legend.title, bold, ROOM)
    if not legend.unit:
        return [text_row(line, bold, look.text) for line in lines]
    if not lines or width(lines[-1], bold) + GAP + width(legend.unit, plain) > ROOM:
        rows = [text_row(line, bold, look.text) for line in lines]
        return [*rows, text_row(legend.unit, plain, look.text_soft)]

    def draw(painter: QPainter, rect: QRectF) -> None:
        write(painter, rect, lines[-1], bold, look.text)
        write(painter, rect, legend.unit, plain, look.text_soft, "right")

    last = Row(ROOM, line_height(bold), draw)
    return [*(text_row(line, bold, look.text) for line in lines[:-1]), last]


def _summary(legend: Legend) -> str:
    shown = _("{count} shown", count=number(legend.shown))
    if legend.whole:
        count, all_ = number(legend.shown), number(legend.whole)
        shown = _("{shown} of {count} shown", shown=count, count=all_)
    # Rows of their own, beside the patterns, say already which are missing and why.
    said = sum(count for state, count in legend.states if state in WITHOUT)
    if legend.missing <= said:
        return shown
    return shown + " · " + _("{count} without data", count=number(legend.missing - said))


# ------------------------------------------------------------------------------------------- ramp
def _ramp(legend: Legend, look: Look) -> Row:
    font = ui_font(SMALL, tabular=True)
    values = legend.ticks or legend.limits

    def draw(painter: QPainter, rect: QRectF) -> None:
        bar = QRectF(rect.left(), rect.top(), ROOM, _RAMP)
        gradient = QLinearGradient(bar.topLeft(), bar.topRight())
        last = max(1, len(legend.colours) - 1)
        for k, name in enumerate(legend.colours):
            gradient.setColorAt(k / last, QColor(name))
        painter.setPen(QPen(colour(look.text, faint(look, 0.15)), 0.8))
        painter.setBrush(gradient)
        painter.drawRoundedRect(bar, ROUND, ROUND)
        below = QRectF(rect.left(), bar.bottom() + _MARK, ROOM, line_height(font))
        for left, share, text in _placed_ticks(values, legend.limits):
            x = bar.left() + share * ROOM
            painter.setPen(QPen(QColor(look.text_soft), 1.0))
            painter.drawLine(QPointF(x, bar.bottom() + 1), QPointF(x, bar.bottom() + _MARK))
            write(painter, below.translated(left, 0), text, font, look.text)

    return Row(ROOM, _RAMP + _MARK + line_height(font), draw)


def _placed_ticks(
    values: tuple[float, ...], limits: tuple[float, float]
) -> list[tuple[float, float, str]]:
    """Return left edge, share of the ramp and text of the ticks that fit; ends come first."""
    font = ui_font(SMALL, tabular=True)
    low, high = limits
    span = high - low if high > low else 1.0
    inside = sorted(value for value in values if low <= value <= high)
    texts = ticks(inside)
    order = sorted(range(len(inside)), key=lambda k: (k not in {0, len(inside) - 1}, k))
    placed: list[tuple[float, float, str]] = []
    for k in order:
        share, long = (inside[k] - low) / span, width(texts[k], font)
        half = 0.5 if 0 < share < 1 else 0.0
        # The mark stays on its value at both ends of the ramp while its text moves inside.
        left = min(max(share * ROOM - long / 2, -half), ROOM - long + half)
        if all(
            left + long + GAP <= other or left >= other + width(text, font) + GAP
            for other, _share, text in placed
        ):
            placed.append((left, share, texts[k]))
    return placed


# ---------------------------------------------------------------------------------------- classes
def _classes(legend: Legend, look: Look) -> list[Row]:
    pairs = list(zip(legend.colours, legend.classes, strict=False))
    if len(pairs) <= _ONE_COLUMN:
        return [_class_row(fill, text, look, ROOM) for fill, text in pairs]
    half = (len(pairs) + 1) // 2
    room = (ROOM - GAP) / 2
    columns = [
        under([_class_row(fill, text, look, room) for fill, text in part])
        for part in (pairs[:half], pairs[half:])
    ]
    return [beside(columns, GAP)]


def _class_row(fill: str, text: str, look: Look, room: float) -> Row:
    font = ui_font(NORMAL, tabular=True)
    lines = wrap(text, font, room - WIDTH - GAP)
    high = max(_ROW, len(lines) * line_height(font))

    def draw(painter: QPainter, rect: QRectF) -> None:
        line = QRectF(rect.left(), rect.top(), room, high / max(1, len(lines)))
        swatch(painter, _box(line), fill, look)
        for k, one in enumerate(lines):
            at = line.translated(WIDTH + GAP, k * line.height())
            write(painter, at, one, font, look.text)

    return Row(room, high, draw)


def _state_row(state: State, text: str, count: int, legend: Legend, look: Look) -> Row:
    return _counted(_ground(state, legend, look), text, count, look, state)


def _old_row(legend: Legend, look: Look) -> Row:
    """Return what paler colours mean, and how many elements have them."""
    text = _("Last value, {age}", age=legend.old)
    return _counted(legend.old_colour, text, legend.shown, look, State.VALUE)


def _counted(fill: str, text: str, count: int, look: Look, state: State) -> Row:
    font, counts = ui_font(NORMAL), ui_font(NORMAL, tabular=True)

    def draw(painter: QPainter, rect: QRectF) -> None:
        swatch(painter, _box(rect), fill, look, state)
        write(painter, rect.translated(WIDTH + GAP, 0), text, font, look.text)
        write(painter, rect, number(count), counts, look.text_soft, "right")

    wanted = WIDTH + GAP + width(text, font) + GAP + width(number(count), counts)
    return Row(max(ROOM, wanted), _ROW, draw)


def _box(line: QRectF) -> QRectF:
    return QRectF(line.left(), line.center().y() - HEIGHT / 2, WIDTH, HEIGHT)


def _ground(state: State, legend: Legend, look: Look) -> str:
    """Return the colour below a pattern: the value's own where there is one, else plain clay."""
    if state == State.OVER and legend.colours:
        return legend.colours[-1]
    if state == State.ESTIMATED and legend.colours:
        return legend.colours[len(legend.colours) // 2]
    return look.clay
