"""Numbers about the selection: sums, statistics, tables to keep, and what stays private."""

from pathlib import Path

import numpy as np

from twinview.energy.shares import Origin
from twinview.exporters import curves as curve_tables
from twinview.exporters import elements as element_tables
from twinview.exporters.table_files import content_job
from twinview.i18n import N_, _
from twinview.model.problem import CommandError
from twinview.model.quantities import quantities
from twinview.progress import Job, Progress
from twinview.scene.numbers import number
from twinview.scene.private import groups_for
from twinview.scene.selecting import rows_of
from twinview.scene.sifting import SELECTED
from twinview.scene.statistics import statistics
from twinview.scene.summary import HOWS, Summary, summaries
from twinview.scene.words import name_of, quantity_title, value_text
from twinview.session.answer import Answer
from twinview.session.bands import bands_job
from twinview.session.command import command
from twinview.session.filing import filed
from twinview.session.origins import words
from twinview.session.project import Project
from twinview.session.selected import layer_meant, matching, now_shown
from twinview.session.sheets import sheets
from twinview.session.store import Session
from twinview.session.told import Written

MENU = N_("Select")
MOST = 1000
"""Largest group of dwellings that may be asked for."""


@command("select.summary", N_("Sums of the selection"), menu=MENU, icon="fa6s.calculator")
def summary(session: Session) -> Job[Answer]:
    """Tell count, sum or mean of each quantity of the selected elements at the instant."""
    state = session.state
    yield Progress(0.0)
    selected = rows_of(state.twin.layers, state.view.selection)
    if not selected:
        raise CommandError(_("Select something first."))
    found = summaries(state.twin, state.view, selected)
    lines = tuple(
        (one.layer, quantity_title(one.quantity), _(HOWS[one.how]),
         _said(one), str(one.known), str(one.count),
         str(one.withheld))
        for one in found
    )  # fmt: skip
    heads = (_("Layer"), _("Quantity"), _("How"), f">{_('Value')}", f">{_('Known')}",
             f">{_('Selected')}", f">{_('Withheld')}")  # fmt: skip
    return Answer(_("The selection at the instant"), heads, lines, _why(found))


def _said(one: Summary) -> str:
    hidden = one.withheld and not one.known
    return _("Withheld") if hidden else value_text(one.quantity, one.value, one.unit)


def _why(found: tuple[Summary, ...]) -> tuple[str, ...]:
    return (private_words(),) if any(one.withheld for one in found) else ()


def private_words() -> str:
    """Return why values are withheld."""
    return _(
        "Withheld: values of single dwellings are private. They enter sums and statistics only in "
        "whole groups of neighbours."
    )


@command("select.statistics", N_("Statistics of what is shown"), menu=MENU)
def statistics_(session: Session, layer: str = "", rows: str = "") -> Job[Answer]:
    """Tell count, sum, quartiles and the largest values of what the map shows of a layer; of all
    elements, or of those that fit an expression (selected: the selected ones).
    """
    state = session.state
    yield Progress(0.0)
    meant = layer_meant(state, layer)
    now = now_shown(state, meant)
    if not now.quantity:
        raise CommandError(_("The map shows nothing of '{layer}'.", layer=meant.id))
    kept = np.flatnonzero(matching(state, meant, _asked(rows), now))
    found = statistics(now, kept, groups_for(state.twin, meant.id, now.quantity))
    said = [
        (_("Elements"), number(found.count)), (_("With a value"), number(found.known)),
        (_("No data"), number(found.missing)), (_("Withheld"), number(found.withheld)),
    ]  # fmt: skip
    names = (_("Minimum"), _("Lower quartile"), _("Median"), _("Upper quartile"), _("Maximum"))
    numbers = [*zip(names, found.quartiles, strict=True), (_("Mean"), found.mean)]
    if now.sums:
        numbers.append((_("Sum"), found.total))
    said += [(title, value_text(now.quantity, value, now.unit)) for title, value in numbers]
    said += [
        (
            f"{place}. {name_of(meant, row)}",
            value_text(now.quantity, float(now.values[row]), now.unit),
        )
        for place, row in enumerate(found.ranking, 1)
    ]
    remarks = (private_words(),) if found.withheld or found.grouped else ()
    title = _("{quantity} of {layer}", quantity=quantity_title(now.quantity), layer=meant.id)
    return Answer(title, (_("What"), f">{_('Value')}"), tuple(said), remarks)


@command("select.sources", N_("Sources of the selection"), menu=MENU)
def sources(session: Session, stretch: str = "") -> Job[Answer]:
    """Tell where the power of the selected elements comes from at the instant, and what it is used
    for; with 'day', over the local day in kWh and kg.
    """
    state = session.state
    layer = layer_meant(state)
    rows = rows_of(state.twin.layers, state.view.selection).get(layer.id)
    if rows is None or stretch not in {"", "day"}:
        raise CommandError(_("Select buildings or loads first; then write nothing or day."))
    span = stretch == "day"
    steps = state.twin.time.day_of(state.view.time) if span else [state.view.time]
    found = yield from bands_job(state.twin, state.project, layer, rows, steps, span)
    units = ("kWh", "kg") if span else ("kW", "kg/h")
    titles = words([Origin(one.source, 0.0, 0.0) for one in found.items])
    lines = tuple(
        (title, one.use, number(one.energy, 3, units[0]), number(one.carbon, 3, units[1]))
        for title, one in zip(titles, found.items, strict=True)
    )
    heads = (_("Source"), _("Use"), f">{_('Energy')}", f">{_('Carbon')}")
    remarks = (private_words(),) if found.withheld else ()
    return Answer(_("Sources and uses of the selection"), heads, lines, remarks)


@command("export.curves", N_("Curves..."), menu=N_("Export"), icon="fa6s.chart-line")
def curves(session: Session, path: Path, quantity: str = "") -> Job[Written | None]:
    """Write a quantity of the selected elements at every step: each by itself, and all together."""
    state = session.state
    layer = layer_meant(state)
    held = [q for owner, q, _case in state.twin.series if owner == layer.id]
    wanted = quantity or next((one for one in quantities() if one in held), "")
    if wanted not in held:
        raise CommandError(
            _("'{layer}' has no curves of '{quantity}'; it has {known}.", layer=layer.id,
              quantity=wanted, known=", ".join(held) or _("none"))
        )  # fmt: skip
    rows = rows_of(state.twin.layers, state.view.selection).get(layer.id)
    if rows is None:
        raise CommandError(_("Select something first."))
    yield Progress(0.0)
    content = curve_tables.curves(
        state.twin, layer, wanted, np.unique(rows),
        scenario=state.view.scenario, sheets=sheets(state),
    )  # fmt: skip
    return (yield from filed(session, path, content_job, content))


def _asked(rows: str) -> str:
    """Return which rows are meant as an expression."""
    return f"{SELECTED} == 1" if rows.strip() == SELECTED else rows


@command("export.elements", N_("Elements..."), menu=N_("Export"), icon="fa6s.list")
def elements(session: Session, path: Path, layer: str = "", rows: str = "") -> Job[Written | None]:
    """Write attributes and the shown quantity of the elements of a layer: of all, or of those that
    fit an expression (selected: the selected ones).
    """
    state = session.state
    yield Progress(0.0)
    meant = layer_meant(state, layer)
    now = now_shown(state, meant)
    kept = np.flatnonzero(matching(state, meant, _asked(rows), now))
    if not kept.size:
        raise CommandError(_("No element of '{layer}' is to be written.", layer=meant.id))
    content = element_tables.elements(state.twin, meant, now, kept, state.view.time, sheets(state))
    return (yield from filed(session, path, content_job, content))


@command("project.privacy", N_("Values of single dwellings..."), menu=N_("Edit"))
def privacy(session: Session, group: str) -> Project:
    """Choose of how many dwellings together values are shown and exported: a number for all of
    them, 0 to keep nothing back, or 'metered' to keep 5 together where values were metered.
    """
    word = group.strip().lower()
    if word != "metered" and not (word.isdecimal() and int(word) <= MOST):
        raise CommandError(_("Write a number up to {most}, or metered.", most=MOST))
    least = None if word == "metered" else int(word)
    return session.state.project.model_copy(update={"private_group": least})
