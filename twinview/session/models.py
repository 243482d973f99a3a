"""What a project says of modelled series: demand of buildings, sun on their roofs."""

from datetime import date
from typing import Literal

from pydantic import Field

from twinview.energy.demand import Archetype
from twinview.model.kept import Kept


class DemandModel(Kept):
    """How the demand of buildings without meters is estimated.

    Parameters
    ----------
    climate
        Zone of the table of archetypes.
    year, tz, step_minutes
        Calendar year of the standard profiles, its zone, and the length of their steps; where the
        district's clock moves by itself, its steps are taken.
    use_column, codes
        Column that says what a building is used for, and which list its numbers are of; empty
        looks for one, and takes no bare numbers.
    otherwise, storeys
        Use and storeys of buildings of which nothing says them; without, they get no demand.
    holidays
        Days that count as Sundays.
    own, own_from
        Archetypes of the user's, which go before the shipped ones, and the file they are from.
    """

    climate: str
    year: int | None = None
    tz: str = ""
    step_minutes: int = 60
    use_column: str = ""
    codes: Literal["", "alkis", "citygml"] = ""
    otherwise: str = ""
    storeys: float | None = Field(default=None, gt=0)
    holidays: tuple[date, ...] = ()
    own: tuple[Archetype, ...] = ()
    own_from: str = ""


class SolarModel(Kept):
    """How solar power on roofs is estimated.

    Parameters
    ----------
    plants
        Which roofs feed in: none (only the potential is shown), all that are suitable, or those
        whose peak power a column says.
    column
        That column, in kW.
    density
        Peak power of modules in kW/m2.
    pitched_share, flat_share
        Share of a roof face that modules cover.
    losses
        Share of the power that dirt, wires and downtime take.
    sky
        Model of the sky.
    """

    plants: Literal["none", "all", "known"] = "none"
    column: str = "pv_kwp"
    density: float = Field(default=0.2, gt=0, le=0.4)
    pitched_share: float = Field(default=0.7, ge=0, le=1)
    flat_share: float = Field(default=0.5, ge=0, le=1)
    losses: float = Field(default=0.14, ge=0, lt=1)
    sky: Literal["isotropic", "hay_davies", "perez"] = "isotropic"
