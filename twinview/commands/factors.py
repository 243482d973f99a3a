"""The book of emission factors: look things up in it, and add rows of one's own, which win."""

from pathlib import Path

from twinview.energy.factors import Factor, as_table, make_factor, parse_factors
from twinview.i18n import N_, _
from twinview.model.problem import CommandError
from twinview.readers.common.texts import decode
from twinview.scene.numbers import NOTHING
from twinview.session.answer import Answer
from twinview.session.choices import changed
from twinview.session.command import command
from twinview.session.factor_book import (
    choose,
    own_factors,
    parse_reference,
    whole_book,
    with_rows,
)
from twinview.session.files import atomic_write
from twinview.session.project import Project
from twinview.session.store import Session

BOUGHT = ("electricity", "heat")
"""Carriers whose emissions arise elsewhere: scope 2; fuels burnt on site are scope 1."""


@command("factors.list", N_("Emission factors..."), menu=N_("Compute"))
def list_(session: Session, carrier: str = "", region: str = "") -> Answer:
    """List the emission factors in use, those of your own first, with source and period."""
    found = [
        factor
        for factor in whole_book(session.state.project)
        if carrier in ("", factor.carrier) and region in ("", factor.region)
    ]
    if not found:
        raise CommandError(
            _(
                "The book has no factor of '{carrier}' in '{region}'.",
                carrier=carrier,
                region=region,
            )
        )
    columns = (_("Carrier"), _("Region"), _("Kind"), _("Period"), ">" + _("Value"), _("Unit"),
               _("Verified"), _("Whose"), _("Source"))  # fmt: skip
    return Answer(_("Emission factors"), columns, tuple(_line(factor) for factor in found))


def _line(factor: Factor) -> tuple[str, ...]:
    begin, end = factor.valid_from, factor.valid_to
    period = f"{begin or NOTHING} / {end or NOTHING}" if begin or end else _("always")
    whose = {"user": _("own"), "book": _("book")}[factor.origin]
    flags = {"primary": _("primary"), "secondary": _("secondary"), "no": _("no")}
    return (factor.carrier, factor.region, factor.kind, period, f"{factor.value:g}", factor.unit,
            flags[factor.verified], whose, factor.source)  # fmt: skip


@command("factors.add", N_("Add an emission factor..."), menu=N_("Compute"))
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
) -> Project:
    """Add an emission factor of your own, such as 0.41 kgCO2/kWh electricity DE grid_average."""
    row = {
        "value": value, "unit": unit, "carrier": carrier, "region": region, "kind": kind,
        "source": source, "valid_from": valid_from, "valid_to": valid_to, "published": "",
        "verified": "no", "scope": "2" if carrier in BOUGHT else "1",
    }  # fmt: skip
    try:
        factor = make_factor(row, _("the new factor"))
    except ValueError as error:
        raise CommandError(f"{error}.") from error
    return _adding(session, (factor,))


@command("factors.import", N_("Import emission factors..."), menu=N_("Compute"))
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
    fresh = {_key(factor): factor for factor in rows}
    kept = [factor for factor in own_factors(project)[0] if _key(factor) not in fresh]
    return with_rows(project, (*kept, *fresh.values()))


def _key(factor: Factor) -> tuple[object, ...]:
    return factor.carrier, factor.region, factor.kind, factor.valid_from, factor.valid_to


@command("factors.remove", N_("Remove an emission factor..."), menu=N_("Compute"))
def remove(session: Session, carrier: str, region: str, kind: str, valid_from: str = "") -> Project:
    """Remove emission factors of your own; those of the book stay."""
    project = session.state.project
    own = own_factors(project)[0]
    kept = tuple(
        factor
        for factor in own
        if (factor.carrier, factor.region, factor.kind) != (carrier, region, kind)
        or valid_from not in ("", str(factor.valid_from or ""))
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


@command("factors.export", N_("Export emission factors..."), menu=N_("Compute"))
def export(session: Session, path: Path, which: str = "all") -> None:
    """Write the emission factors to a CSV file: all of them, or only your own."""
    project = session.state.project
    sets = {"all": whole_book(project), "own": own_factors(project)[0]}
    if which not in sets:
        raise CommandError(_("Write 'all' or 'own' factors, not '{which}'.", which=which))
    try:
        # The mark tells spreadsheets that the file is UTF-8.
        atomic_write(path, ("\ufeff" + as_table(sets[which])).encode("utf-8"))
    except OSError as error:
        raise CommandError(
            _("{path} could not be written: {why}.", path=path, why=error.strerror or error)
        ) from error


@command("factors.use", N_("Factor of the import..."), menu=N_("Compute"))
def use(session: Session, name: str) -> Project:
    """Choose the factor of imports without a series of their own: REGION:KIND or with :YEAR."""
    state = session.state
    purpose = _("the import of electricity")
    settings = changed(state.project.settings, "import_factor", name)
    project = state.project.model_copy(update={"settings": settings})
    choose(project, state.twin.time, parse_reference(name, "electricity", purpose))
    return project
