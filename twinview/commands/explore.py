"""Numbers about the selection: sums, statistics, tables to keep, and what stays private."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from twinview.energy.shares import Origin
from twinview.exporters import curves as curve_tables
from twinview.exporters import elements as element_tables
from twinview.exporters.table_files import Content, content_job
from twinview.i18n import N_, _
from twinview.model.problem import CommandError
from twinview.model.quantities import quantities
from twinview.progress import Job, Progress
from twinview.scene.numbers import number
from twinview.scene.private import groups_for
from twinview.scene.sifting import SELECTED
from twinview.scene.statistics import statistics
from twinview.scene.summary import HOWS, Summary, summaries
from twinview.scene.words import name_of, quantity_title, value_text
from twinview.session.answer import Answer
from twinview.session.bands import SOON, How, remarks_on, steps_in, users_of
from twinview.session.command import command
from twinview.session.filing import filed
from twinview.session.origins import words
from twinview.session.project import Project
from twinview.session.selected import (
    Chosen,
    chosen,
    layer_meant,
    mapped,
    matching,
    now_shown,
    unseen_words,
)
from twinview.session.sheets import sheets
from twinview.session.spans import stretch_of
from twinview.session.store import Session, State
from twinview.session.told import Written

MENU = N_("Select")
MOST = 1000
"""Largest group of dwellings that may be asked for."""


@command("select.summary", N_("Sums of the selection"), menu=MENU, icon="fa6s.calculator")
def summary(session: Session) -> Job[Answer]:
    """Tell count, sum or mean of each quantity of the selected elements at the instant."""
    state = session.state
    yield Progress(0.0)
    selected = _counted(state)
    found = summaries(state.twin, state.view, selected.rows, state.beside)
    lines = tuple(
        (one.layer, quantity_title(one.quantity), _(HOWS[one.how]),
         _said(one), str(one.known), str(one.count),
         str(one.withheld))
        for one in found
    )  # fmt: skip
    heads = (_("Layer"), _("Quantity"), _("How"), f">{_('Value')}", f">{_('Known')}",
             f">{_('Seen')}", f">{_('Withheld')}")  # fmt: skip
    remarks = (*selected.words, *_why(found))
    return Answer(_("The selection at the instant"), heads, lines, remarks)


def _counted(state: State, layer: str = "") -> Chosen:
    """Return what counts of the selection, of all layers or of one.

    Raises
    ------
    CommandError
        Nothing does.
    """
    found = chosen(state, layer)
    if found.rows:
        return found
    if not found.words:
        raise CommandError(_("Select something first."))
    raise CommandError(unseen_words(found))


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
    now = mapped(state, meant)
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
def sources(session: Session, span: str = "instant", begin: str = "", end: str = "") -> Job[Answer]:
    """Tell where the power of the selected elements comes from and what it is used for: at the
    instant, or in kWh and kg over the window, the day, or a stretch from one time to another.

    Parameters
    ----------
    session
        The store.
    span
        instant; window: that of the view; day: the local day; stretch: from begin to end.
    begin, end
        Ends of a stretch; those of the data where nothing is said.
    """
    state = session.state
    layer = layer_meant(state)
    selected = _counted(state, layer.id)
    steps, how = _spanned(state, span, begin, end)
    users = users_of(state.twin, state.project, layer, selected.rows[layer.id])
    yield from users.trace(steps, session.seen and users.missing(steps) > SOON)
    found = users.bands(steps, how)
    units = ("kWh", "kg") if found.span else ("kW", "kg/h")
    titles = words([Origin(one.source, 0.0, 0.0) for one in found.items])
    lines = tuple(
        (title, one.use, number(one.energy, 3, units[0]), number(one.carbon, 3, units[1]))
        for title, one in zip(titles, found.items, strict=True)
    )
    heads = (_("Source"), _("Use"), f">{_('Energy')}", f">{_('Carbon')}")
    total = _("All"), "", number(found.energy, 3, units[0]), number(found.carbon, 3, units[1])
    remarks = (*selected.words, *remarks_on(found))
    return Answer(_("Sources and uses of the selection"), heads, (*lines, total), remarks)


def _spanned(state: State, span: str, begin: str, end: str) -> tuple[Sequence[int], How]:
    """Return the steps that are meant, and what becomes of their values."""
    time = state.twin.time
    if span in {"", "instant"}:
        return (state.view.time,), "rate"
    if span == "window":
        return steps_in(state.twin, state.view)
    if span == "day":
        return time.day_of(state.view.time), "sum"
    if span == "stretch":
        return stretch_of(state, begin, end), "sum"
    raise CommandError(
        _("Write instant, window, day, or stretch with its two ends, not '{word}'.", word=span)
    )


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
    rows = np.unique(_counted(state, layer.id).rows[layer.id])
    return _filed(session, path, lambda: curve_tables.curves(
        state.twin, layer, wanted, rows, scenario=state.view.scenario, sheets=sheets(state),
    ))  # fmt: skip


def _filed(session: Session, path: Path, made: Callable[[], Content]) -> Job[Written | None]:
    """Write a table of what was open when it was asked for, which may be a while ago."""
    yield Progress(0.0)
    return (yield from filed(session, path, content_job, made()))


def _asked(rows: str) -> str:
    """Return which rows are meant as an expression."""
    return f"{SELECTED} == 1" if rows.strip() == SELECTED else rows


@command("export.elements", N_("Elements..."), menu=N_("Export"), icon="fa6s.list")
def elements(session: Session, path: Path, layer: str = "", rows: str = "") -> Job[Written | None]:
    """Write attributes and the shown quantity of the elements of a layer: of all, or of those that
    fit an expression (selected: the selected ones).
    """
    state = session.state

    def made() -> Content:
        meant = layer_meant(state, layer)
        now = now_shown(state, meant)
        kept = np.flatnonzero(matching(state, meant, _asked(rows), now))
        if not kept.size:
            raise CommandError(_("No element of '{layer}' is to be written.", layer=meant.id))
        step = state.view.time
        return element_tables.elements(state.twin, meant, now, kept, step, sheets(state))

    return _filed(session, path, made)


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
