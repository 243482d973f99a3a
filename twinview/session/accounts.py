"""What an account of emissions needs to know besides the data: what was bought, and what offset.

None of it changes a result of the computation; it changes how the result is accounted for.
"""

from typing import Literal

from pydantic import Field

from twinview.model.kept import Kept


class CertificateRow(Kept):
    """A certificate; see `twinview.energy.scopes.Certificate`."""

    id: str
    market: str
    vintage: int
    energy_kwh: float = Field(gt=0)
    factor_kg_per_kwh: float = Field(default=0.0, ge=0)
    retired: bool = True
    holder: str = ""


class ContractRow(Kept):
    """A power purchase agreement: energy of a year, and what it emits."""

    id: str
    energy_kwh: float = Field(gt=0)
    factor_kg_per_kwh: float = Field(ge=0)


class SupplierRow(Kept):
    """The supplier, and the mix that it discloses."""

    id: str
    factor_kg_per_kwh: float = Field(ge=0)


class OffsetRow(Kept):
    """A carbon credit; only a retired one counts."""

    id: str
    carbon_kg: float = Field(gt=0)
    retired: bool = False


class Accounts(Kept):
    """What was bought and offset, and what the grid outside loses.

    Parameters
    ----------
    market
        Region (as in the book of factors) in which certificates count and whose residual mix
        stands behind the rest; that of the import factor where it is empty.
    holder
        For whom certificates must be retired; anybody where it is empty.
    certificates, contracts, supplier, offsets
        See the classes.
    resold_kwh
        Own generation used on site whose certificates were sold.
    grid_loss, grid_loss_of
        Loss rate of the grid outside as a fraction, and what it is a fraction of. Scope 3 is not
        accounted for without it.
    """

    market: str = ""
    holder: str = ""
    certificates: tuple[CertificateRow, ...] = ()
    contracts: tuple[ContractRow, ...] = ()
    supplier: SupplierRow | None = None
    offsets: tuple[OffsetRow, ...] = ()
    resold_kwh: float = Field(default=0.0, ge=0)
    grid_loss: float | None = Field(default=None, ge=0, lt=1)
    grid_loss_of: Literal["delivered", "sent"] = "sent"
