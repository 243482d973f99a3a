"""What all explanations of several elements share: whose number, when, and the ways on."""

from dataclasses import replace

from twinview.i18n import N_, _
from twinview.model.time import format_instant
from twinview.model.window import INSTANT
from twinview.scene.aggregation import window_text
from twinview.scene.numbers import number
from twinview.scene.painting import DIFFERENCE, settled
from twinview.scene.sifting import EVERY
from twinview.scene.view import View
from twinview.scene.words import named
from twinview.session.why.asked import Asked
from twinview.session.why.derivation import Key

PLACE = "start#why"
ORIGIN = N_("put together from what is listed below")


def view_of(asked: Asked) -> View:
    """Return the view in which the elements have the numbers that are put together."""
    view = asked.view
    if asked.how == "instant":
        view = replace(view, window=INSTANT)
    if asked.how and view.overlay == DIFFERENCE:
        view = replace(view, overlay=settled(asked.twin, view).of, against=None)
    return view


def key_of(asked: Asked) -> Key:
    """Return the key of the number that is asked about."""
    return Key(asked.layer_id, asked.several, asked.quantity, asked.pinned, asked.how, asked.case,
               asked.over, asked.figure)  # fmt: skip


def other_key(asked: Asked, figure: str) -> Key:
    """Return the key of another number of the same elements."""
    return replace(key_of(asked), figure=figure)


def step_key(asked: Asked, step: int, figure: str) -> Key:
    """Return the key of a number of the same elements at one step."""
    return replace(key_of(asked), step=step, how="instant", over=None, figure=figure)


def member_key(asked: Asked, row: int) -> Key:
    """Return the key of the number of one of the elements."""
    return replace(key_of(asked), element=asked.layer.id_at(row), figure="")


def subject_of(asked: Asked, count: int) -> str:
    """Return whose number it is."""
    title = _(asked.layer.title)
    said = _("{count} selected", count=number(count))
    if asked.several == EVERY:
        said = _("all {count}", count=number(count))
    return named(title[:1].upper() + title[1:], said)


def when_of(asked: Asked) -> str:
    """Return the step or the window, in words."""
    time = asked.twin.time
    if time.static:
        return _("one instant")
    if not asked.windowed:
        return f"{format_instant(time.seconds(asked.step), time.tz)}, {time.tz}"
    return window_text(time, asked.view.window, asked.step)
