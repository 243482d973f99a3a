"""The book of emission factors: look things up in it, and add rows of one's own, which win."""

import re
from collections.abc import Mapping
from pathlib import Path

from twinview.energy.factors import (
    CHECKED,
    COLUMNS,
    Factor,
    as_row,
    as_table,
    make_factor,
    parse_factors,
)
from twinview.i18n import N_, _
from twinview.model.problem import CommandError
from twinview.progress import Job, part_of
from twinview.readers.common.texts import decode
from twinview.scene.numbers import NOTHING
from twinview.session.answer import Answer
from twinview.session.choices import changed
from twinview.session.command import command
from twinview.session.computing import results_of
from twinview.session.factor_book import (
    choose,
    own_factors,
    parse_reference,
    whole_book,
    with_rows,
)
from twinview.session.factor_effects import as_answer, effects
from twinview.session.factor_rows import Row, key_of, rows_of
from twinview.session.files import atomic_write
from twinview.session.project import Project
from twinview.session.store import Session

MENU = N_("Accounts")
BOUGHT = ("electricity", "heat")
"""Carriers whose emissions arise elsewhere: scope 2; fuels burnt on site are scope 1."""


@command("factors.list", N_("Emission factors, as a table..."), menu=MENU)
def list_(
    session: Session, carrier: str = "", region: str = "", which: str = "all", words: str = ""
) -> Answer:
    """List the emission factors in use, those of your own first, with source and period.

    Parameters
    ----------
    session
        The store.
    carrier, region
        Only those of this carrier and region; empty for all.
    which
        all, own, verified, unverified or expired (by the period of the data).
    words
        Only rows that hold all of these words.
    """
    state = session.state
    found = [
        row
        for row in rows_of(state.project, state.twin.time, words, which)
        if carrier in ("", row.factor.carrier) and region in ("", row.factor.region)
    ]
    if not found:
        raise CommandError(
            _(
                "The book has no factor of '{carrier}' in '{region}'.",
                carrier=carrier or words or which,
                region=region or "*",
            )
        )
    columns = (_("Carrier"), _("Region"), _("Kind"), _("Period"), ">" + _("Value"), _("Unit"),
               _("Verified"), _("Whose"), _("Source"))  # fmt: skip
    return Answer(_("Emission factors"), columns, tuple(_line(row) for row in found))


def _line(row: Row) -> tuple[str, ...]:
    factor = row.factor
    begin, end = factor.valid_from, factor.valid_to
    span = f"{begin or NOTHING} / {end or NOTHING}" if begin or end else _("always")
    whose = _("own") if row.number else _("book")
    return (factor.carrier, factor.region, factor.kind, span, f"{factor.value:g}", factor.unit,
            _(CHECKED[factor.verified]), whose, factor.source)  # fmt: skip


@command("factors.add", N_("Add an emission factor..."), menu=MENU)
def add(  # noqa: PLR0913, PLR0917 - one argument for each column of the book
    session: Session,
    value: str,
    unit: str,
    carrier: str,
    region: str,
    kind: str,
    source: str,
    valid_from: str = "",
    valid_to: str = "",
    scope: str = "",
    published: str = "",
    checked: str = "no",
) -> Project:
    """Add an emission factor of your own, such as 0.41 kgCO2/kWh electricity DE grid_average."""
    row = {
        "value": value, "unit": unit, "carrier": carrier, "region": region, "kind": kind,
        "source": source, "valid_from": valid_from, "valid_to": valid_to, "published": published,
        "verified": checked, "scope": scope or ("2" if carrier in BOUGHT else "1"),
    }  # fmt: skip
    return _adding(session, (_checked(row, _("the new factor")),))


def _checked(row: Mapping[str, str], place: str) -> Factor:
    try:
        return make_factor(row, place)
    except ValueError as error:
        raise CommandError(f"{error}.") from error


@command("factors.edit", N_("Change an emission factor of your own..."), menu=MENU)
def edit(session: Session, number: int, changes: str) -> Project:
    """Change an emission factor of your own, such as factors.edit 1 'value=0.42;source=bill 2024'.

    Parameters
    ----------
    session
        The store.
    number
        Of your own rows, counted from 1 in the order of 'factors.list'.
    changes
        Columns and their new texts with semicolons between, as 'factors.export' names them.
    """
    own = list(own_factors(session.state.project)[0])
    if not 1 <= number <= len(own):
        raise CommandError(
            _("You have {count} factors of your own; there is no number {number}.",
              count=len(own), number=number)
        )  # fmt: skip
    said = _said(changes)
    factor = _checked({**as_row(own[number - 1]), **said}, _("row {number}", number=number))
    rest = [one for k, one in enumerate(own, 1) if k != number]
    if any(key_of(one) == key_of(factor) for one in rest):
        raise CommandError(_("Another factor of your own is for the same use and period."))
    own[number - 1] = factor
    return with_rows(session.state.project, tuple(own))


def _said(changes: str) -> dict[str, str]:
    """Return new texts by column; a semicolon inside a text does no harm."""
    pairs = [part.partition("=") for part in re.split(r";(?=\w+=)", changes)]
    unknown = [name for name, _sign, _text in pairs if name not in COLUMNS]
    if unknown:
        raise CommandError(
            _("A factor has no '{name}'; write COLUMN=TEXT with one of {known}.",
              name=unknown[0], known=", ".join(COLUMNS))
        )  # fmt: skip
    return {name: text.strip() for name, _sign, text in pairs}


@command("factors.import", N_("Import emission factors..."), menu=MENU)
def import_(session: Session, path: Path) -> Project:
    """Add the emission factors of a CSV file, with the columns that 'factors.export' writes."""
    try:
        text, _encoding, _bad = decode(path.read_bytes())
        rows = parse_factors(text.lstrip("\ufeff"), path.name)
    except OSError as error:
        raise CommandError(
            _("{path} could not be read: {why}.", path=path, why=error.strerror or error)
        ) from error
    except ValueError as error:
        raise CommandError(f"{error}.") from error
    if not rows:
        raise CommandError(_("{path} holds no factor.", path=path.name))
    return _adding(session, rows)


def _adding(session: Session, rows: tuple[Factor, ...]) -> Project:
    """Return the project with more factors; one of the same use and period is replaced."""
    project = session.state.project
    fresh = {key_of(factor): factor for factor in rows}
    kept = [factor for factor in own_factors(project)[0] if key_of(factor) not in fresh]
    return with_rows(project, (*kept, *fresh.values()))


@command("factors.remove", N_("Remove an emission factor..."), menu=MENU)
def remove(session: Session, carrier: str, region: str, kind: str, valid_from: str = "") -> Project:
    """Remove emission factors of your own; those of the book stay.

    Parameters
    ----------
    session
        The store.
    carrier, region, kind
        What they are for.
    valid_from
        First day of the one that is meant, ``always`` for one without; empty for all.
    """
    project = session.state.project
    own = own_factors(project)[0]
    kept = tuple(
        factor
        for factor in own
        if (factor.carrier, factor.region, factor.kind) != (carrier, region, kind)
        or valid_from not in ("", str(factor.valid_from or "always"))
    )
    if len(kept) == len(own):
        raise CommandError(
            _(
                "You have no {kind} factor of {carrier} in {region} of your own.",
                kind=kind,
                carrier=carrier,
                region=region,
            )
        )
    return with_rows(project, kept)


@command("factors.export", N_("Export emission factors..."), menu=MENU)
def export(session: Session, path: Path, which: str = "all") -> None:
    """Write the emission factors to a CSV file: all, only your own, or an empty template."""
    project = session.state.project
    sets = {"all": whole_book(project), "own": own_factors(project)[0], "template": ()}
    if which not in sets:
        raise CommandError(
            _("Write 'all' or 'own' factors, or a 'template', not '{which}'.", which=which)
        )
    try:
        # The mark tells spreadsheets that the file is UTF-8.
        atomic_write(path, ("\ufeff" + as_table(sets[which])).encode("utf-8"))
    except OSError as error:
        raise CommandError(
            _("{path} could not be written: {why}.", path=path, why=error.strerror or error)
        ) from error


@command("factors.use", N_("Factor of the import..."), menu=MENU)
def use(session: Session, name: str) -> Project:
    """Choose the factor of imports without a series of their own: REGION:KIND or with :YEAR."""
    state = session.state
    purpose = _("the import of electricity")
    settings = changed(state.project.settings, "import_factor", name)
    project = state.project.model_copy(update={"settings": settings})
    choose(project, state.twin.time, parse_reference(name, "electricity", purpose))
    return project


@command("factors.effect", N_("What your own factors change..."), menu=MENU)
def effect(session: Session) -> Job[Answer]:
    """List the main indicators with your own factors beside those with the book alone."""
    state = session.state
    if not own_factors(state.project)[0]:
        raise CommandError(_("You have no factors of your own, so they change nothing."))
    before = with_rows(state.project, ())
    case = (state.twin, before, state.path)
    old = yield from part_of(results_of(*case, away=session.seen), 0.0, 0.5)
    case = (state.twin, state.project, state.path)
    new = yield from part_of(results_of(*case, away=session.seen), 0.5, 1.0)
    return as_answer(effects(old, before, new, state.project))
