"""Indicators of a district, each with its unit and the words that say how it was made.

What is emitted, avoided, offset and left over (net) are four lines and are never added silently;
scope 2 stands twice, by location and by market. A number that cannot be told is NaN, and its words
say what is missing.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from twinview.energy.account_terms import SIZES, Flows, Indicator, Size, line
from twinview.energy.arrays import Floats
from twinview.energy.factors import CHECKED
from twinview.energy.indicators import (
    carbon_free_match,
    curtailment,
    equivalents,
    own_use,
    peak,
)
from twinview.energy.scopes import Line, Statement
from twinview.i18n import _
from twinview.scene.numbers import fixed

_ROUNDING = 1e-12
"""Share of what is used below which a sum is nothing but rounding."""


def own_use_lines(flows: Flows) -> list[Indicator]:
    """Return self-consumption, self-sufficiency, curtailment and the carbon-free match.

    Parameters
    ----------
    flows
        Known steps only.
    """
    energy = flows.energy
    stored = energy["storage_in"] - energy["storage_out"]
    use = own_use(energy["generation"], energy["load"], stored)
    said = _(
        "M = min(load, generation less charging plus discharging) in each step: {matched} kWh.",
        matched=fixed(use.matched, 0),
    )
    lines = [
        line("self_consumption", use.self_consumption, "1",
              said + " " + _("M / generation")),
        line("self_sufficiency", use.self_sufficiency, "1",
              said + " " + _("M / load")),
    ]  # fmt: skip
    if flows.offered is None:
        why = _("No series 'available' of the generators says what sun and wind offered.")
        lines.append(line("curtailment", np.nan, "1", why))
    else:
        share = curtailment(np.maximum(flows.offered, energy["generation"]), energy["generation"])
        why = _("(offered less fed in) / offered")
        lines.append(line("curtailment", share, "1", why))
    return lines + _carbon_free(flows, stored)


def _carbon_free(flows: Flows, stored: Floats) -> list[Indicator]:
    if flows.carbon_free is None:
        why = _("The power of the own generators is not known.")
        return [
            line("carbon_free_hourly", np.nan, "1", why),
            line("carbon_free_annual", np.nan, "1", why),
        ]
    supply = np.maximum(flows.carbon_free - stored, 0.0)
    match = carbon_free_match(flows.energy["load"], supply)
    supplied = _(
        "Supply is own generation free of carbon, less charging plus discharging of storage; the "
        "carbon-free part of the grid's mix does not count."
    )
    return [
        line("carbon_free_hourly", match.hourly, "1",
              _("Sum of min(load, supply) in each step / sum of the load.") + " " + supplied),
        line("carbon_free_annual", match.annual, "1",
              _("Sum of the supply / sum of the load, at most 1: surplus of one hour counts for "
                "another.") + " " + supplied),
    ]  # fmt: skip


def power_lines(flows: Flows, instant: Mapping[int, str] | None = None) -> list[Indicator]:
    """Return peaks, load factor and full-load hours.

    Parameters
    ----------
    flows
        Known steps only.
    instant
        Writes a step as an instant.
    """
    lines = []
    for id_, name in (("import", "import"), ("load", "load")):
        power = flows.energy[name] / flows.hours
        if not power.size:
            continue
        top = peak(power, flows.hours)
        when = (instant or {}).get(top.step, "")
        said = _("Largest mean power of a step, {when}", when=when) if when else _(
            "Largest mean power of a step")  # fmt: skip
        lines.append(line(f"peak_{id_}", top.power, "kW", said))
        if id_ == "import":
            lines.append(line("load_factor", top.load_factor, "1", _("Mean power / peak")))
            lines.append(line("full_load_hours", top.full_load_hours, "h", _("Energy / peak")))
    return lines


def intensity_lines(flows: Flows, emitted: float, sizes: Mapping[str, Size]) -> list[Indicator]:
    """Return intensities: per kWh used, and per floor area, person, household and output.

    Parameters
    ----------
    flows
        Known steps only.
    emitted
        Scope 1 and 2 (location-based) of the span in kg.
    sizes
        What there is to divide by, by the keys of `SIZES`.
    """
    used, carbon = flows.energy["load"].sum(), flows.carbon["load"].sum()
    value = carbon / used * 1000 if used > 0 else np.nan
    why = _("Sum of the carbon of all use of electricity / sum of its energy, average attribution; "
            "not the mean of hourly intensities.")  # fmt: skip
    lines = [line("intensity", value, "g/kWh", why)]
    if flows.marginal is not None and flows.marginal.size:
        told = _(
            "Mean of the steps of the series given: what one kWh more would cause. It is in no "
            "account, no quota and no sum."
        )
        lines.append(line("intensity_marginal", float(flows.marginal.mean()), "g/kWh", told))
    for key, (columns, unit) in SIZES.items():
        size = sizes.get(key, Size("", 0.0, 0, 0))
        if size.total > 0:
            why = _(
                "Scope 1 and 2 (location-based) of the span / sum of '{column}', known of {known} "
                "of {count} buildings: {total}",
                column=size.column, known=size.known, count=size.count,
                total=fixed(size.total, 0),
            )  # fmt: skip
            if key in {"person", "household"}:
                whole = _("All uses of the district count, workplaces among them.")
                why = f"{why}. {whole}"
            lines.append(line(f"intensity_{key}", emitted / size.total, unit, why))
        else:
            why = _("No building says it; add a column '{column}'.", column=columns[0])
            lines.append(line(f"intensity_{key}", np.nan, unit, why))
    return lines


@dataclass(frozen=True)
class Grounds:
    """Words for the factors behind a statement.

    Parameters
    ----------
    average, average_source
        What the location-based account multiplies with.
    market, market_source
        By which instruments the market-based account covers the import.
    losses, losses_source
        How scope 3 was told, or why not.
    on_site
        What scope 1 is made of.
    """

    average: str
    average_source: str
    market: str
    market_source: str
    losses: str
    losses_source: str = ""
    on_site: str = ""


def carbon_lines(statement: Statement, flows: Flows, grounds: Grounds) -> list[Indicator]:
    """Return the account: scopes, what was emitted, avoided, offset, and what is left.

    Parameters
    ----------
    statement
        Accounts in kg; scope 3 is NaN where it was not told.
    flows
        Known steps only.
    grounds
        Words for the factors.
    """
    exported = flows.energy["export"]
    location, market = statement.scope2_location, statement.scope2_market
    lines = [
        line("scope1", statement.scope1, "kg", grounds.on_site),
        line("scope2_location", location, "kg", grounds.average, grounds.average_source),
        line("scope2_market", market, "kg", grounds.market, grounds.market_source),
        line("scope3_losses", statement.scope3_losses, "kg", grounds.losses,
              grounds.losses_source),
        line("emitted_location", statement.emitted("location"), "kg",
              _("Scope 1 + scope 2, location-based; without scope 3.")),
        line("emitted_market", statement.emitted("market"), "kg",
              _("Scope 1 + scope 2, market-based; without scope 3.")),
        line("network_losses", _lost(flows), "kg",
              _("Carbon of the losses of lines, transformers, pipes and storage; it is part of "
                "scope 1 and 2 already.")),
        line("avoided", statement.avoided, "kg",
              _("Exports times the average of the grid: information, part of no sum."),
              grounds.average_source),
    ]  # fmt: skip
    if flows.marginal is not None:
        told = float((exported * flows.marginal).sum()) / 1000
        lines.append(line("avoided_marginal", told, "kg",
                           _("Exports times the marginal intensity of the grid: what others would "
                             "have emitted for one kWh more; part of no sum.")))  # fmt: skip
    lines += [
        line("offset", statement.offset, "kg",
              _("Retired credits; one that is presented twice counts once.")),
        line("net_location", statement.net("location"), "kg",
              _("Emitted, location-based, less offset; what was avoided takes nothing off.")),
        line("net_market", statement.net("market"), "kg",
              _("Emitted, market-based, less offset; what was avoided takes nothing off.")),
    ]  # fmt: skip
    return lines


def _lost(flows: Flows) -> float:
    """Return kg of the losses of all networks; none where only the rounding of sums is left."""
    if flows.others:
        return flows.other("loss")
    lost, used = float(flows.carbon["loss"].sum()), float(flows.carbon["load"].sum())
    return 0.0 if abs(lost) <= _ROUNDING * abs(used) else lost


def equivalent_lines(carbon: float) -> list[Indicator]:
    """Say what an amount of carbon is like; each line carries its factor.

    Parameters
    ----------
    carbon
        In kg.
    """
    return [
        Indicator(
            f"equivalent_{one.id}",
            _(one.title),
            one.value,
            "",
            _("{carbon} kg / {factor:g} kg each (checked against its source: {verified})",
              carbon=fixed(carbon, 0), factor=one.factor, verified=_(CHECKED[one.verified])),
            one.source,
        )
        for one in equivalents(carbon)
    ]  # fmt: skip


def market_words(lines: tuple[Line, ...]) -> str:
    """Return the instruments that cover the import, in words.

    Parameters
    ----------
    lines
        Of `scopes.market_based`.
    """
    words = {
        "certificate": _("certificate"), "contract": _("agreement"), "supplier": _("supplier"),
        "residual_mix": _("residual mix"), "grid_average": _("grid average"),
    }  # fmt: skip
    parts = [
        f"{fixed(one.energy, 0)} kWh × {one.factor:.4g} kg/kWh "
        f"({' '.join(part for part in (words[one.instrument], one.name) if part)})"
        for one in lines
    ]
    return " + ".join(parts)
