"""Greenhouse gas accounts by scope, with every line named and nothing added up silently.

GHG Protocol Corporate Standard (2004), Scope 2 Guidance (2015) and Scope 3 Standard (2011):

* scope 1: fuel burnt on site;
* scope 2 *location-based*: what was drawn from the grid times the grid's average;
* scope 2 *market-based*: the same energy by what was bought, in the order certificate, contract,
  supplier, residual mix, grid average. Both are reported, side by side;
* scope 3 category 3: here only the losses of transmission and distribution.

Own solar power that is exported takes nothing off scope 2. Own solar power whose certificates were
sold is, market-based, power of unknown origin. Avoided emissions and offsets are separate lines.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from twinview.i18n import _
from twinview.model.problem import Problem

Method = Literal["location", "market"]
ORDER = ("certificate", "contract", "supplier", "residual_mix", "grid_average")


@dataclass(frozen=True)
class Certificate:
    """A bundle of attributes of generation: a green electricity certificate, a guarantee of origin.

    Parameters
    ----------
    id
        Serial number in its registry.
    market, vintage
        Where it may be used, and the year of generation.
    energy
        In kWh.
    factor
        In kg/kWh, zero for sun and wind.
    retired
        Whether the registry has cancelled it.
    holder
        For whom.
    """

    id: str
    market: str
    vintage: int
    energy: float
    factor: float = 0.0
    retired: bool = True
    holder: str = ""


@dataclass(frozen=True)
class Line:
    """One line of the market-based account: so much energy, at this factor, by this instrument."""

    instrument: str
    name: str
    energy: float
    factor: float

    @property
    def carbon(self) -> float:
        """In kg."""
        return self.energy * self.factor


@dataclass(frozen=True)
class Supply:
    """What stands behind the energy that no certificate covers; factors in kg/kWh, energy in kWh.

    Parameters
    ----------
    contracts
        (name, energy, factor) of each power purchase agreement.
    supplier
        (name, factor) of the supplier's disclosed mix, for all the rest.
    residual_mix
        Of the market, for the rest where no supplier is given.
    grid_average
        Where there is no residual mix either; it counts green power twice, and is flagged.
    """

    contracts: tuple[tuple[str, float, float], ...] = ()
    supplier: tuple[str, float] | None = None
    residual_mix: float | None = None
    grid_average: float | None = None


def accept_certificates(
    certificates: Sequence[Certificate], *, market: str, year: int, holder: str
) -> tuple[tuple[Certificate, ...], tuple[Problem, ...]]:
    """Keep the certificates that may be claimed, and say of the others why not.

    A certificate counts where it is of the same market and year, retired, for this holder, and
    claimed once (Scope 2 Guidance, quality criteria).

    Parameters
    ----------
    certificates
        All that are presented.
    market, year, holder
        Those of the account.
    """
    kept: dict[str, Certificate] = {}
    problems = []
    for one in certificates:
        reason = _refusal(one, market, year, holder, one.id in kept)
        if reason:
            problems.append(
                Problem(
                    "warning",
                    "scope2.certificate",
                    _("Certificate {id} does not count: {reason}.", id=one.id, reason=reason),
                    _("Take it out of the account, or correct its entry."),
                )
            )
        else:
            kept[one.id] = one
    return tuple(kept.values()), tuple(problems)


def _refusal(one: Certificate, market: str, year: int, holder: str, double: bool) -> str:
    if one.market != market:
        return _("it is of the market {market}", market=one.market)
    if one.vintage != year:
        return _("its energy was generated in {year}", year=one.vintage)
    if not one.retired:
        return _("it has not been retired")
    if one.holder != holder:
        return _("it was retired for {holder}", holder=one.holder or _("nobody"))
    if not (one.energy > 0 and one.factor >= 0):
        return _("its energy or factor makes no sense")
    return _("it is claimed twice") if double else ""


def market_based(
    consumption: float, certificates: Sequence[Certificate], supply: Supply, *, resold: float = 0.0
) -> tuple[tuple[Line, ...], tuple[Problem, ...]]:
    """Cover the consumption by instruments in the order of the Scope 2 Guidance, table 6.3.

    Parameters
    ----------
    consumption
        Drawn from the grid in the year, in kWh.
    certificates
        Those accepted.
    supply
        What stands behind the rest.
    resold
        Own generation used on site whose certificates were sold, in kWh: like consumption.

    Returns
    -------
    tuple
        Lines whose energy sums to consumption and `resold`, and findings.

    Raises
    ------
    ValueError
        An energy is negative, or nothing says what the rest emits.
    """
    left = consumption + resold
    if not (consumption >= 0 and resold >= 0):
        raise ValueError("consumption and resold energy must not be negative")
    bought = [("certificate", one.id, one.energy, one.factor) for one in certificates]
    bought += [("contract", *contract) for contract in supply.contracts]
    lines, problems, unused = [], [], 0.0
    for instrument, name, energy, factor in bought:
        if not energy >= 0:
            raise ValueError(f"the energy of {instrument} {name} must not be negative")
        part = min(energy, left)
        unused += energy - part
        left -= part
        if part > 0:
            lines.append(Line(instrument, name, part, factor))
    if unused > 0:
        problems.append(_surplus(unused))
    if left > 0:
        line = _rest(left, supply)
        lines.append(line)
        if line.instrument == "grid_average":
            problems.append(_no_residual_mix())
    return tuple(lines), tuple(problems)


def _rest(energy: float, supply: Supply) -> Line:
    if supply.supplier is not None:
        return Line("supplier", supply.supplier[0], energy, supply.supplier[1])
    if supply.residual_mix is not None:
        return Line("residual_mix", "", energy, supply.residual_mix)
    if supply.grid_average is not None:
        return Line("grid_average", "", energy, supply.grid_average)
    raise ValueError(f"{energy:g} kWh have no factor: give a supplier, residual mix or average")


def _surplus(energy: float) -> Problem:
    return Problem(
        "warning",
        "scope2.surplus",
        _("{energy} kWh of certificates and contracts exceed the consumption and do not count.",
          energy=f"{energy:g}"),
        _("They cannot be carried to another year or another scope."),
    )  # fmt: skip


def _no_residual_mix() -> Problem:
    return Problem(
        "warning",
        "scope2.no_residual_mix",
        _("No residual mix is known, so the grid average was used: green power sold to others is"
          " counted twice."),
        _("Add the residual mix of the market to the factor book."),
    )  # fmt: skip


def location_based(imported: ArrayLike, factor: ArrayLike) -> float:
    """Return scope 2, location-based, in kg: the sum of imports times grid averages.

    Parameters
    ----------
    imported
        Drawn from the grid in each step, in kWh; exports take nothing off. Shape [T].
    factor
        Average of the grid in kg/kWh: of each step ("hourly") or one number ("annual"). Say which.

    Raises
    ------
    ValueError
        An import is negative (an export), or a value is missing.
    """
    energy, rate = np.asarray(imported, np.float64), np.asarray(factor, np.float64)
    if not (energy >= 0).all() or not np.isfinite(rate).all():
        raise ValueError("imports must not be negative (exports are no deduction) nor missing")
    return float((energy * rate).sum())


def fuel_carbon(fuels: Sequence[tuple[float, float]]) -> float:
    """Return scope 1 in kg: fuel burnt on site, as (energy in kWh, factor in kg/kWh) of each.

    Parameters
    ----------
    fuels
        Heating value of energy and factor must be of one kind (lower or higher).
    """
    return float(sum(energy * factor for energy, factor in fuels))


def grid_losses(
    energy: float, factor: float, loss: float, *, loss_of: Literal["delivered", "sent"]
) -> float:
    """Return scope 3.3 in kg: what was lost on the way to the consumer.

    Parameters
    ----------
    energy
        Delivered, in kWh.
    factor
        Grid average in kg/kWh, *without* losses in it, or they count twice.
    loss
        Loss rate as a fraction.
    loss_of
        What the rate is a fraction of: of the energy delivered (losses = rate x energy), or, as in
        most statistics, of the energy sent out (losses = energy x rate / (1 - rate)).

    Raises
    ------
    ValueError
        The rate is not a fraction.
    """
    if not 0 <= loss < 1:
        raise ValueError("the loss rate is a fraction: 0 <= rate < 1")
    share = loss if loss_of == "delivered" else loss / (1.0 - loss)
    return energy * share * factor


@dataclass(frozen=True)
class Offset:
    """A carbon credit in kg; only a retired one counts."""

    id: str
    carbon: float
    retired: bool


@dataclass(frozen=True)
class Statement:
    """Accounts of a period in kg. There is no total: each question has its own method.

    Parameters
    ----------
    scope1, scope2_location, scope2_market, scope3_losses
        As above.
    avoided
        What others did not emit because of exports: information, never part of a sum.
    offsets
        Credits presented.
    """

    scope1: float
    scope2_location: float
    scope2_market: float
    scope3_losses: float = 0.0
    avoided: float = 0.0
    offsets: tuple[Offset, ...] = ()

    def emitted(self, method: Method, *, scope3: bool = False) -> float:
        """Return scope 1 and 2, with the losses of scope 3.3 only if asked for.

        Parameters
        ----------
        method
            Which scope 2.
        scope3
            Whether the losses are to be in it.
        """
        second = self.scope2_location if method == "location" else self.scope2_market
        return self.scope1 + second + (self.scope3_losses if scope3 else 0.0)

    @property
    def offset(self) -> float:
        """Retired credits; one that is presented twice counts once."""
        unique = {one.id: one.carbon for one in self.offsets if one.retired}
        return sum(unique.values())

    def net(self, method: Method, *, scope3: bool = False) -> float:
        """Return emitted less offset; never less what was avoided.

        Parameters
        ----------
        method, scope3
            As of `emitted`.
        """
        return self.emitted(method, scope3=scope3) - self.offset

    def columns(self, method: Method) -> dict[str, float]:
        """Return the four columns that reports show side by side.

        Parameters
        ----------
        method
            Which scope 2.
        """
        return {
            "emitted": self.emitted(method),
            "avoided": self.avoided,
            "offset": self.offset,
            "net": self.net(method),
        }
