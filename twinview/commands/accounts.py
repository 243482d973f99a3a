"""Settings of the computation, and what was bought and offset for the accounts."""

from typing import Any

from pydantic import ValidationError

from twinview.i18n import N_, _
from twinview.model.kept import Kept
from twinview.model.problem import CommandError
from twinview.session.accounts import (
    Accounts,
    CertificateRow,
    ContractRow,
    OffsetRow,
    SupplierRow,
)
from twinview.session.answer import Answer
from twinview.session.choices import changed
from twinview.session.command import command
from twinview.session.project import Project
from twinview.session.store import Session


@command("settings.set", N_("Set an assumption..."), menu=N_("Edit"))
def set_(session: Session, name: str, value: str) -> Project:
    """Set an assumption of the computation, such as 'losses gross' or 'peak_limit_kw none'."""
    project = session.state.project
    return project.model_copy(update={"settings": changed(project.settings, name, value)})


@command("settings.list", N_("Assumptions..."), menu=N_("Edit"))
def list_(session: Session) -> Answer:
    """List the assumptions of the computation and of the accounts, with their values."""
    project = session.state.project
    rows = [(name, _said(value)) for name, value in project.settings.model_dump().items()]
    rows += [
        (f"accounts.{name}", _said(value)) for name, value in project.accounts.model_dump().items()
    ]
    return Answer(_("Assumptions"), (_("Name"), _("Value")), tuple(rows))


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, tuple | list):
        return ", ".join(str(one["id"]) for one in value) or _("none")
    if isinstance(value, dict):
        return str(value["id"])
    return _("none") if value is None or value == "" else str(value)


@command("accounts.set", N_("Set a value of the accounts..."), menu=N_("Accounts"))
def account(session: Session, name: str, value: str) -> Project:
    """Set a value of the accounts: market, holder, resold_kwh, grid_loss, grid_loss_of."""
    return _accounting(session, changed(session.state.project.accounts, name, value))


@command("accounts.certificate", N_("Add a green certificate..."), menu=N_("Accounts"))
def certificate(
    session: Session,
    id: str,
    market: str,
    vintage: int,
    energy_kwh: float,
    factor_kg_per_kwh: float = 0.0,
    retired: bool = True,
    holder: str = "",
) -> Project:
    """Add a certificate: its number, market (such as CN), year and kWh."""
    row = _made(
        CertificateRow,
        id=id,
        market=market,
        vintage=vintage,
        energy_kwh=energy_kwh,
        factor_kg_per_kwh=factor_kg_per_kwh,
        retired=retired,
        holder=holder,
    )
    return _with(session, "certificates", row)


@command("accounts.contract", N_("Add a power purchase agreement..."), menu=N_("Accounts"))
def contract(session: Session, name: str, energy_kwh: float, factor_kg_per_kwh: float) -> Project:
    """Add a power purchase agreement: its name, kWh and kg/kWh."""
    row = _made(ContractRow, id=name, energy_kwh=energy_kwh, factor_kg_per_kwh=factor_kg_per_kwh)
    return _with(session, "contracts", row)


@command("accounts.supplier", N_("Name the supplier..."), menu=N_("Accounts"))
def supplier(session: Session, name: str, factor_kg_per_kwh: float) -> Project:
    """Name the supplier and the kg/kWh of the mix that it discloses."""
    row = _made(SupplierRow, id=name, factor_kg_per_kwh=factor_kg_per_kwh)
    accounts = session.state.project.accounts
    return _accounting(session, accounts.model_copy(update={"supplier": row}))


@command("accounts.offset", N_("Add a carbon credit..."), menu=N_("Accounts"))
def offset(session: Session, name: str, carbon_kg: float, retired: bool = False) -> Project:
    """Add a carbon credit: its number, kg, and whether it has been retired."""
    return _with(
        session, "offsets", _made(OffsetRow, id=name, carbon_kg=carbon_kg, retired=retired)
    )


@command("accounts.remove", N_("Remove from the accounts..."), menu=N_("Accounts"))
def remove(session: Session, name: str) -> Project:
    """Remove a certificate, agreement, credit or the supplier by its number or name."""
    old = session.state.project.accounts
    lists = {
        key: tuple(row for row in getattr(old, key) if row.id != name)
        for key in ("certificates", "contracts", "offsets")
    }
    named = old.supplier is not None and old.supplier.id == name
    fresh = old.model_copy(update={**lists, "supplier": None if named else old.supplier})
    if fresh == old:
        raise CommandError(_("The accounts hold nothing called '{name}'.", name=name))
    return _accounting(session, fresh)


def _made(kind: type[Kept], **values: Any) -> Any:
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        raise CommandError(
            _(
                "'{text}' does not fit {name}: {why}.",
                text=first["input"],
                name=first["loc"][0],
                why=first["msg"],
            )
        ) from error


def _with(session: Session, key: str, row: Any) -> Project:
    """Return the project with a row more; one of the same name is replaced."""
    accounts = session.state.project.accounts
    kept = tuple(one for one in getattr(accounts, key) if one.id != row.id)
    return _accounting(session, accounts.model_copy(update={key: (*kept, row)}))


def _accounting(session: Session, accounts: Accounts) -> Project:
    return session.state.project.model_copy(update={"accounts": accounts})
