"""Using factors: units, and findings where one is used for what it does not say."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from twinview.energy.factor_units import MASSES, unit_parts
from twinview.energy.factors import KINDS, Factor
from twinview.i18n import _
from twinview.model.problem import Problem, Severity
from twinview.model.quantities import factor as unit_factor


def value_in(factor: Factor, unit: str) -> float:
    """Return the value of a factor in another unit.

    Parameters
    ----------
    factor
        Such as 0.11 tCO2/GJ.
    unit
        Such as g/kWh. Where it names the gas, it must be the factor's: CO2 and CO2e (with methane
        and the others) are different things, and no number turns one into the other.

    Raises
    ------
    ValueError
        A unit is not understood, or the gas is another one.
    """
    mass, gas, energy = unit_parts(factor.unit)
    wanted_mass, wanted_gas, wanted_energy = unit_parts(unit)
    if wanted_gas and wanted_gas != gas:
        raise ValueError(
            _("a factor of {gas} is no factor of {wanted}", gas=gas or "?", wanted=wanted_gas)
        )
    per_energy = unit_factor(wanted_energy, energy)
    return factor.value * MASSES[mass] / MASSES[wanted_mass] * per_energy


@dataclass(frozen=True)
class Use:
    """What a factor is used for.

    Parameters
    ----------
    carrier, region, kind
        As in the book of factors; see `KINDS`.
    on
        Day of the consumption.
    purpose
        In words, for the finding: "imports of the district".
    """

    carrier: str
    region: str
    kind: str
    on: date
    purpose: str = ""


def review(factor: Factor, use: Use) -> tuple[Problem, ...]:
    """Say what does not fit between a factor and its use.

    Parameters
    ----------
    factor
        The one that was chosen, by whom ever.
    use
        What for.
    """
    return tuple(
        Problem(severity, f"factor.{code}", message, remedy, source=factor.source)
        for severity, code, message, remedy in _findings(factor, use)
    )


def review_all(uses: Iterable[tuple[Factor, Use]]) -> tuple[Problem, ...]:
    """Return the findings of several uses, each once.

    Parameters
    ----------
    uses
        Factors and what they are used for.
    """
    found = [problem for factor, use in uses for problem in review(factor, use)]
    return tuple(dict.fromkeys(found))


Finding: TypeAlias = tuple[Severity, str, str, str]


def _findings(factor: Factor, use: Use) -> list[Finding]:
    """Return severity, code, what is wrong, and the remedy of each finding."""
    said = {
        "value": f"{factor.value:g} {factor.unit}",
        "purpose": use.purpose or f"{use.carrier}, {use.region}, {use.on}",
    }
    found: list[Finding] = _misfits(factor, use, said)
    if not factor.covers(use.on):
        found.append(("warning", "expired",
            _("The factor {value} used for {purpose} describes {begin} to {end}.", **said,
              begin=factor.valid_from or "?", end=factor.valid_to or "?"),
            _("Add the factor of the year to the book.")))  # fmt: skip
    if factor.verified == "no":
        found.append(("info", "unverified",
            _("The factor {value} used for {purpose} has not been checked against its source.",
              **said),
            _("Compare it with {source}.", source=factor.source)))  # fmt: skip
    if factor.origin == "user":
        found.append(("info", "user",
            _("The factor {value} used for {purpose} is your own.", **said), ""))  # fmt: skip
    return found


def _misfits(factor: Factor, use: Use, said: dict[str, str]) -> list[Finding]:
    """Return what the factor describes that the use does not mean."""
    found: list[Finding] = []
    if factor.carrier != use.carrier:
        found.append(("error", "carrier",
            _("The factor {value} used for {purpose} is a factor of {carrier}.", **said,
              carrier=factor.carrier),
            _("Choose a factor of {carrier}.", carrier=use.carrier)))  # fmt: skip
    if factor.kind != use.kind:
        found.append(("error", "wrong_kind",
            _("The factor {value} used for {purpose} is another statistic ({kind}: {meaning}).",
              **said, kind=factor.kind, meaning=_(KINDS.get(factor.kind, "?"))),
            _("Choose a factor of the kind {kind}.", kind=use.kind)))  # fmt: skip
    if factor.region not in (use.region, "*"):
        found.append(("warning", "region",
            _("The factor {value} used for {purpose} is that of {region}.", **said,
              region=factor.region),
            _("Choose the factor of {region}.", region=use.region)))  # fmt: skip
    return found
