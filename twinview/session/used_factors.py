"""Which rows of the book of factors an account was made with, and what does not count in it."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from twinview.energy.account_terms import Indicator
from twinview.energy.factors import Factor
from twinview.i18n import _
from twinview.model.problem import CommandError
from twinview.model.twin import PIPED, Twin
from twinview.session.factor_book import assumed_factor, choose, parse_reference
from twinview.session.market import Market
from twinview.session.project import Project

LOCATION = ("scope2_location", "emitted_location", "net_location", "avoided")
MARKET = ("scope2_market", "emitted_market", "net_market")


def import_factor(twin: Twin, project: Project) -> Factor | None:
    """Return the factor of the import; None where a series or a number of the project says it.

    Parameters
    ----------
    twin, project
        The district and its settings.
    """
    given = any(twin.find(one.id, "carbon_intensity") for one in twin.of_kind("source"))
    if given or project.settings.import_intensity is not None:
        return None
    try:
        wanted = parse_reference(
            project.settings.import_factor, "electricity", _("the import of electricity")
        )
        return choose(project, twin.time, wanted).factor
    except CommandError:
        return None


def piped_factors(twin: Twin, project: Project) -> dict[str, Factor]:
    """Return the factors that stand in for sources of heat and gas that name no intensity.

    Parameters
    ----------
    twin, project
        The district and its settings.
    """
    found = {}
    for network in twin.networks.values():
        sources = twin.layers.get(network.tables.get("source", ""))
        silent = sources is not None and network.carrier in PIPED and (
            twin.find(sources.id, "carbon_intensity") is None
            and bool(np.isnan(sources.numbers("intensity_g_per_kwh")).any())
        )  # fmt: skip
        factor = assumed_factor(network.carrier, project) if silent else None
        if factor is not None:
            found[network.carrier] = factor
    return found


def annotated(
    items: Sequence[Indicator], twin: Twin, project: Project, market: Market
) -> tuple[Indicator, ...]:
    """Return indicators with the factors that they were made with, and what does not count.

    Parameters
    ----------
    items
        The indicators.
    twin, project, market
        What they were made of.
    """
    outside, piped = import_factor(twin, project), piped_factors(twin, project)
    bought = (*((outside,) if outside else ()), *((piped["heat"],) if "heat" in piped else ()))
    mixed = (*((market.residual,) if market.residual else ()), *bought)
    burnt = (piped["gas"],) if "gas" in piped else ()
    used = {
        "scope1": burnt,
        **dict.fromkeys(LOCATION, bought),
        **dict.fromkeys(MARKET, mixed),
    }
    refused = " ".join(one.message for one in market.refused)
    return tuple(
        replace(
            one,
            note=market.note if one.id in MARKET else "",
            source=outside.source if outside and one.id in LOCATION and one.source else one.source,
            why=f"{one.why} {refused}".strip() if one.id in MARKET else one.why,
            factors=used.get(one.id, ()),
        )
        for one in items
    )
