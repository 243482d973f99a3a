"""Words and shapes of the indicators: titles, groups, flows, and one number with its meaning."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from twinview.energy.arrays import Floats, Ints
from twinview.energy.factors import Factor
from twinview.i18n import N_, _

TITLES: Mapping[str, str] = {
    "self_consumption": N_("Self-consumption"),
    "self_sufficiency": N_("Self-sufficiency"),
    "curtailment": N_("Curtailment"),
    "carbon_free_hourly": N_("Carbon-free, step by step"),
    "carbon_free_annual": N_("Carbon-free, over the span"),
    "peak_import": N_("Peak of the import"),
    "load_factor": N_("Load factor of the import"),
    "full_load_hours": N_("Full-load hours of the import"),
    "peak_load": N_("Peak of the load"),
    "intensity": N_("Carbon intensity of the use"),
    "intensity_marginal": N_("Marginal intensity of the grid"),
    "intensity_area": N_("Emitted per floor area"),
    "intensity_person": N_("Emitted in the whole district, per person"),
    "intensity_household": N_("Emitted in the whole district, per household"),
    "intensity_output": N_("Emitted per output"),
    "scope1": N_("Scope 1"),
    "scope2_location": N_("Scope 2, location-based"),
    "scope2_market": N_("Scope 2, market-based"),
    "scope3_losses": N_("Scope 3, losses of the grid outside"),
    "emitted_location": N_("Emitted, location-based"),
    "emitted_market": N_("Emitted, market-based"),
    "network_losses": N_("of it lost in the district's own network"),
    "avoided": N_("Avoided by exports"),
    "avoided_marginal": N_("Avoided by exports, marginal"),
    "offset": N_("Offset"),
    "net_location": N_("Net, location-based"),
    "net_market": N_("Net, market-based"),
}
"""Titles by id, in the order in which they are shown."""

GROUPS: Mapping[str, tuple[str, ...]] = {
    N_("Emissions"): (
        "scope1", "scope2_location", "scope2_market", "scope3_losses", "emitted_location",
        "emitted_market", "network_losses", "avoided", "avoided_marginal", "offset",
        "net_location", "net_market",
    ),
    N_("Intensity"): (
        "intensity", "intensity_marginal", "intensity_area", "intensity_person",
        "intensity_household", "intensity_output",
    ),
    N_("Own use"): (
        "self_consumption", "self_sufficiency", "curtailment", "carbon_free_hourly",
        "carbon_free_annual",
    ),
    N_("Peaks"): ("peak_import", "load_factor", "full_load_hours", "peak_load"),
}  # fmt: skip

SIZES: Mapping[str, tuple[tuple[str, ...], str]] = {
    "area": (("floor_area_m2",), "kg/m²"),
    "person": (("persons", "residents", "population"), N_("kg/person")),
    "household": (("households",), N_("kg/household")),
    "output": (("output_10k_yuan",), N_("kg/10,000 yuan")),
}
"""Columns of buildings that emissions are divided by, and the unit that makes."""


@dataclass(frozen=True)
class Indicator:
    """One number with its meaning.

    Parameters
    ----------
    id, title
        Stable name, and what a reader sees.
    value, unit
        NaN where it cannot be told.
    why
        How it was made: formula and factor in words, or what is missing.
    source
        Where the factor is from; empty where none was used.
    note
        What a reader must know beside the number; empty for most.
    factors
        Rows of the book of factors that it was made with.
    """

    id: str
    title: str
    value: float
    unit: str
    why: str
    source: str = ""
    note: str = ""
    factors: tuple[Factor, ...] = ()


@dataclass(frozen=True, eq=False)
class Flows:
    """What the indicators of a span are made from; all of shape [T].

    Parameters
    ----------
    hours
        Length of a step.
    energy, carbon
        kWh and kg of each step by the terms of `balance.Balance`; NaN where a step is not known.
    import_intensity
        Average of the grid, g/kWh.
    carbon_free
        Own generation free of carbon, kWh; None where it is not known.
    offered
        What sun and wind offered, kWh; None where no series says it.
    marginal
        Marginal intensity of the grid, g/kWh; None where no series says it.
    others
        kg of the carriers beside electricity, and kWh, by name (see `session.other_carriers`);
        empty where there is electricity alone.
    """

    hours: float
    energy: Mapping[str, Floats]
    carbon: Mapping[str, Floats]
    import_intensity: Floats
    carbon_free: Floats | None = None
    offered: Floats | None = None
    marginal: Floats | None = None
    others: Mapping[str, Floats] = field(default_factory=dict)

    def known(self) -> "Flows":
        """Return the flows of the steps that are known."""
        tables = [*self.energy.values(), *self.carbon.values(), *self.others.values()]
        return self.of(np.flatnonzero(np.isfinite(tables).all(axis=0)))

    def of(self, steps: Ints) -> "Flows":
        """Return the flows of some steps."""

        def cut(values: Floats | None) -> Floats | None:
            return None if values is None else values[steps]

        return Flows(
            self.hours,
            {name: values[steps] for name, values in self.energy.items()},
            {name: values[steps] for name, values in self.carbon.items()},
            self.import_intensity[steps],
            cut(self.carbon_free),
            cut(self.offered),
            cut(self.marginal),
            {name: values[steps] for name, values in self.others.items()},
        )

    def other(self, name: str) -> float:
        """Return the sum of a flow of the other carriers; 0 where there are none."""
        return float(self.others[name].sum()) if name in self.others else 0.0


@dataclass(frozen=True)
class Size:
    """What emissions are divided by: a sum over the buildings that say it.

    Parameters
    ----------
    column
        Its name in the data; empty where no layer has one.
    total
        Sum.
    known, count
        How many buildings say it, of how many.
    """

    column: str
    total: float
    known: int
    count: int


def line(id_: str, value: float, unit: str, why: str, source: str = "") -> Indicator:
    """Return an indicator under its title; see `Indicator`."""
    return Indicator(id_, _(TITLES[id_]), float(value), unit, why, source)
