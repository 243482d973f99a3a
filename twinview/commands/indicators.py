"""Indicators of the district and of its buildings."""

from pathlib import Path

from twinview.exporters.indicators import indicators_table
from twinview.exporters.table_files import content_job
from twinview.i18n import N_, _
from twinview.model.problem import CommandError
from twinview.model.time import format_instant
from twinview.model.twin import Twin
from twinview.progress import Job, Progress, part_of
from twinview.session.answer import Answer
from twinview.session.command import command
from twinview.session.filing import filed
from twinview.session.indicator_texts import mass_unit, unit_text, value_text
from twinview.session.indicators import indicators_of, span_of
from twinview.session.results import load
from twinview.session.store import Session
from twinview.session.told import Written


@command("indicators.list", N_("Indicators, with their derivation..."), menu=N_("Accounts"))
def list_(session: Session, begin: str = "", end: str = "") -> Job[Answer]:
    """List the indicators of the district for a span, each with how it was made and its source."""
    state = session.state
    yield Progress(0.0)
    results = load(state.twin, state.project, state.path)
    if results is None:
        raise CommandError(_("Nothing has been computed yet, so there are no indicators."))
    time = state.twin.time
    window = span_of(
        results,
        int(time.parse(begin).timestamp()) if begin else results.axis.start,
        int(time.parse(end).timestamp()) if end else results.axis.stop,
    )
    found = indicators_of(results, state.project, window)
    mass = mass_unit(found.items)
    rows = tuple(
        (
            f"{one.title} ({one.note})" if one.note else one.title,
            value_text(one, mass).removesuffix("%").rstrip(),
            "%" if one.unit == "1" else unit_text(one, mass),
            one.why,
            one.source,
        )
        for one in found.items
    )
    columns = ("", ">" + _("value"), _("unit"), _("How it was made"), _("Source"))
    axis = results.axis
    title = _("Indicators")
    if not axis.static:
        ends = [axis.seconds(window.start), axis.start + axis.step * window.stop]
        title += f", {format_instant(ends[0], axis.tz)} – {format_instant(ends[1], axis.tz)}"
    return Answer(title, columns, rows, tuple(one.message for one in found.problems))


@command("export.indicators", N_("Indicators of the buildings..."), menu=N_("Accounts"))
def export(session: Session, path: Path) -> Job[Written | None]:
    """Write the indicators of each building over the whole span, with units."""
    return _export(session, session.state.twin, path)


def _export(session: Session, twin: Twin, path: Path) -> Job[Written | None]:
    table = indicators_table(twin, layer=None, steps=range(twin.time.count))
    content = yield from part_of(table, 0.0, 0.8)
    return (yield from part_of(filed(session, path, content_job, content), 0.8, 1.0))
