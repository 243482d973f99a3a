"""Measure in the view: distances, heights, areas."""

import math
from dataclasses import replace

from twinview.i18n import N_, _
from twinview.model.problem import CommandError
from twinview.scene.measuring import all_measured
from twinview.scene.view import Kind, Measure, Point, View
from twinview.session.answer import Answer
from twinview.session.command import command
from twinview.session.store import Session


def _points(texts: tuple[str, ...], least: int) -> tuple[tuple[Point, ...], tuple[float, ...]]:
    """Return places and how far off each may be."""
    points, slack = [], []
    for text in texts:
        try:
            x, y, z, *off = (float(part) for part in text.split(","))
        except ValueError:
            off, x, y, z = [0.0] * 2, math.nan, math.nan, math.nan
        if len(off) > 1 or not all(map(math.isfinite, (x, y, z, *off))):
            raise CommandError(
                _(
                    "'{text}' is no place: write X,Y,Z in local metres, such as 12,-5.5,0.",
                    text=text,
                )
            )
        points.append((x, y, z))
        slack.append(abs(off[0]) if off else 0.0)
    if len(points) < least:
        raise CommandError(_("That takes {count} places at least.", count=least))
    return tuple(points), tuple(slack)


def _with(session: Session, kind: Kind, texts: tuple[str, ...], least: int) -> View:
    points, slack = _points(texts, least)
    made = Measure(kind, points, slack)
    return replace(session.state.view, measures=(*session.state.view.measures, made))


@command("measure.distance", N_("Measure a distance between places"))
def distance(session: Session, *places: str) -> View:
    """Measure along places, each X,Y,Z in local metres; a fourth number says how far off it is."""
    return _with(session, "distance", places, 2)


@command("measure.area", N_("Measure the area between places"))
def area(session: Session, *places: str) -> View:
    """Measure a polygon of places, each X,Y,Z in local metres; a fourth number is how far off."""
    return _with(session, "area", places, 3)


@command("measure.height", N_("Measure a height"))
def height(session: Session, layer: str, element: str) -> View:
    """Measure how high an element stands above its own foot."""
    made = Measure("height", element=(layer, element))
    if not all_measured(session.state.twin, [made]):
        raise CommandError(
            _("'{element}' of '{layer}' has no height.", element=element, layer=layer)
        )
    return replace(session.state.view, measures=(*session.state.view.measures, made))


@command("measure.drop", N_("Remove the last measure"))
def drop(session: Session) -> View:
    """Take the measure away that was made last."""
    return replace(session.state.view, measures=session.state.view.measures[:-1])


@command("measure.clear", N_("Remove all measures"), menu=N_("View"), icon="fa6s.eraser")
def clear(session: Session) -> View:
    """Take all measures out of the view."""
    return replace(session.state.view, measures=())


@command("measure.list", N_("List what is measured"), menu=N_("View"), icon="fa6s.ruler")
def listing(session: Session) -> Answer:
    """List what is measured, with how far off it may be."""
    rows = [
        ("" if k else f"{i + 1}", what, text, "" if k else one.remark)
        for i, one in enumerate(all_measured(session.state.twin, session.state.view.measures))
        for k, (what, text) in enumerate(one.rows)
    ]
    heads = (">" + _("Number"), _("What"), ">" + _("Value"), _("How true"))
    return Answer(_("Measures"), heads, tuple(rows))
