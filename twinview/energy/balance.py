"""The balance that closes: every kWh and every kg, with what does not fit shown as the residual.

    import + generation + storage_out = load + storage_in + export + loss + residual        (kWh)
    import + generation = load + loss + storage_delta + export + residual                   (kg)

Storage counts at its terminals, loss is that of the network. Carbon that a storage policy books to
the owners of stores is part of the carbon loss.

Where vehicles come and go, what they bring (`arrived`) and take away (`left`) counts beside them:

    storage_in + arrived = storage_out + left + storage_delta + storage_loss
                         + storage_residual                                                 (kWh)
    import + generation + arrived = load + loss + storage_delta + left + export + residual  (kg)

The storage loss is that of standing, charging and discharging.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from twinview.energy.arrays import Bools, Floats

if TYPE_CHECKING:  # the module draws in the sparse solvers, which reading results does not need
    from twinview.energy.tracing import Tracing

ENERGY_IN = ("import", "generation", "storage_out")
ENERGY_OUT = ("load", "storage_in", "export", "loss")
CARBON_IN = ("import", "generation")
CARBON_OUT = ("load", "loss", "storage_delta", "export")
STORES_IN = ("storage_in", "arrived")
STORES_OUT = ("storage_out", "left", "storage_delta", "storage_loss")
ARRIVED, LEFT = "arrived", "left"
"""Terms of vehicles, where there are any."""


@dataclass(frozen=True, eq=False)
class Powers:
    """Power terms in kW, each [T] or [T, elements]; elements are added up.

    Parameters
    ----------
    imported, exported
        Over the border of the system.
    generation, load
        Inside.
    storage
        At the terminals, positive when charging.
    loss
        Of the network.
    """

    imported: ArrayLike
    generation: ArrayLike
    load: ArrayLike
    exported: ArrayLike = 0.0
    storage: ArrayLike = 0.0
    loss: ArrayLike = 0.0


@dataclass(frozen=True, eq=False)
class Carbons:
    """Carbon terms of each step in kg, each [T] or [T, elements]; elements are added up.

    Parameters
    ----------
    imported, generation
        Brought in.
    arrived, left
        Brought and taken away by vehicles; None where there are none.
    load, loss, exported
        Taken out.
    owner
        Booked to the owners of stores.
    inside
        Content of the stores from start to end. Shape [T + 1, s].
    """

    imported: ArrayLike
    generation: ArrayLike
    load: ArrayLike
    loss: ArrayLike = 0.0
    exported: ArrayLike = 0.0
    owner: ArrayLike = 0.0
    inside: ArrayLike | None = None
    arrived: ArrayLike | None = None
    left: ArrayLike | None = None


@dataclass(frozen=True, eq=False)
class Contents:
    """Energy of stores that vehicles come to, in kWh, each [T] or [T, elements].

    Parameters
    ----------
    arrived, left
        Brought and taken away.
    loss
        By standing, charging and discharging.
    inside
        What stays in them from start to end. Shape [T + 1, s].
    """

    arrived: ArrayLike
    left: ArrayLike
    loss: ArrayLike
    inside: ArrayLike


@dataclass(frozen=True, eq=False)
class Balance:
    """Terms of each step; a step that is not known (power flow failed) is NaN in all of them.

    Parameters
    ----------
    energy
        kWh by name: those of `ENERGY_IN` and `ENERGY_OUT`, and `residual`; where vehicles come and
        go also those of `STORES_IN` and `STORES_OUT`, and `storage_residual`. Each [T].
    carbon
        kg by name: those of `CARBON_IN` and `CARBON_OUT`, and `residual`; where vehicles come and
        go also `arrived` and `left`. Each [T].
    """

    energy: dict[str, Floats]
    carbon: dict[str, Floats] = field(default_factory=dict)

    @property
    def known(self) -> Bools:
        """Which steps count. Shape [T]."""
        tables = [*self.energy.values(), *self.carbon.values()]
        return np.asarray(np.isfinite(tables).all(axis=0), dtype=np.bool_)

    def rows(self, part: slice) -> "Balance":
        """Return the balance of some of the steps."""
        cut = ({name: v[part] for name, v in terms.items()} for terms in (self.energy, self.carbon))
        return Balance(*cut)

    def totals(self) -> dict[str, dict[str, float]]:
        """Return the sums over the known steps, as `energy_kwh` and `carbon_kg`."""
        known = self.known
        return {
            title: {name: float(values[known].sum()) for name, values in terms.items()}
            for title, terms in (("energy_kwh", self.energy), ("carbon_kg", self.carbon))
        }

    def relative_residual(self) -> dict[str, float]:
        """Return the residuals as shares of what came in; 0 where nothing did.

        Without any terms there is no share either.
        """
        sums = self.totals()
        shares = {}
        for title, sources in (("energy_kwh", ENERGY_IN), ("carbon_kg", (*CARBON_IN, ARRIVED))):
            incoming = sum(sums[title].get(name, 0.0) for name in sources)
            left = abs(sums[title].get("residual", 0.0))
            if sums[title] or self.energy:
                shares[title] = left / incoming if incoming > 0 else 0.0
        return shares


def balance(
    powers: Powers,
    step_hours: float,
    carbons: Carbons | None = None,
    contents: Contents | None = None,
) -> Balance:
    """Draw up the balance of each step.

    Parameters
    ----------
    powers
        Power terms in kW.
    step_hours
        Length of a step.
    carbons
        Carbon terms in kg, if traced.
    contents
        Energy of the stores, where vehicles come to them.
    """
    steps = max(_summed(getattr(powers, part.name)).size for part in fields(powers))
    storage = np.asarray(powers.storage, dtype=np.float64)
    rates = {
        "import": powers.imported,
        "generation": powers.generation,
        "storage_out": np.maximum(-storage, 0.0),
        "load": powers.load,
        "storage_in": np.maximum(storage, 0.0),
        "export": powers.exported,
        "loss": powers.loss,
    }
    energy = {name: _wide(_summed(rate), steps) * step_hours for name, rate in rates.items()}
    closed = _with_residual(energy, ENERGY_IN, ENERGY_OUT)
    if contents is not None:
        closed |= _store_terms(closed, contents)
    return Balance(closed, {} if carbons is None else _carbon_terms(carbons, steps))


def _store_terms(energy: dict[str, Floats], contents: Contents) -> dict[str, Floats]:
    """Return the balance of the stores, in the steps in which the network's is known."""
    known = np.where(np.isfinite(energy["residual"]), 0.0, np.nan)
    terms = {
        "storage_in": energy["storage_in"],
        "storage_out": energy["storage_out"],
        ARRIVED: _summed(contents.arrived) + known,
        LEFT: _summed(contents.left) + known,
        "storage_delta": np.diff(np.asarray(contents.inside), axis=0).sum(axis=1) + known,
        "storage_loss": _summed(contents.loss) + known,
    }
    found = _with_residual(terms, STORES_IN, STORES_OUT)
    return {**terms, "storage_residual": found["residual"]}


def _carbon_terms(carbons: Carbons, steps: int) -> dict[str, Floats]:
    inside = np.zeros((steps + 1, 1)) if carbons.inside is None else np.asarray(carbons.inside)
    terms = {
        "import": _summed(carbons.imported),
        "generation": _summed(carbons.generation),
        "load": _summed(carbons.load),
        "loss": _summed(carbons.loss) + _summed(carbons.owner),
        "storage_delta": np.diff(inside, axis=0).sum(axis=1),
        "export": _summed(carbons.exported),
    }
    sources: tuple[str, ...] = CARBON_IN
    uses: tuple[str, ...] = CARBON_OUT
    if carbons.arrived is not None and carbons.left is not None:
        terms |= {ARRIVED: _summed(carbons.arrived), LEFT: _summed(carbons.left)}
        sources, uses = (*CARBON_IN, ARRIVED), (*CARBON_OUT, LEFT)
    wide = {name: _wide(values, steps) for name, values in terms.items()}
    return _with_residual(wide, sources, uses)


def _summed(values: ArrayLike) -> Floats:
    table = np.atleast_1d(np.asarray(values, dtype=np.float64))
    return table if table.ndim == 1 else np.asarray(table.sum(axis=1), dtype=np.float64)


def _wide(values: Floats, steps: int) -> Floats:
    return np.broadcast_to(values, (steps,)).astype(np.float64)


def _with_residual(
    terms: dict[str, Floats], sources: Sequence[str], uses: Sequence[str]
) -> dict[str, Floats]:
    came, went = (np.sum([terms[name] for name in names], axis=0) for names in (sources, uses))
    return {**terms, "residual": came - went}


def balance_of(
    tracing: "Tracing",
    imports: ArrayLike,
    exports: ArrayLike,
    step_hours: float,
    *,
    kg_per_unit: float = 1e-3,
) -> Balance:
    """Draw up the balance of a tracing in kW.

    Parameters
    ----------
    tracing
        The result.
    imports
        Which of its injections are imports. Shape [g], boolean.
    exports
        Which of its loads are exports. Shape [l], boolean.
    step_hours
        Length of a step.
    kg_per_unit
        kg in one unit of carbon of the tracing: 0.001 where intensities were g/kWh.
    """
    case = tracing.case
    # A load asked of a dead bus has no carbon of known size; the other loads of the step do.
    failed = np.isnan(tracing.residual)[:, None]
    load = np.where(failed, np.nan, np.nan_to_num(tracing.load_carbon)) * kg_per_unit
    bought, sold = np.asarray(imports, dtype=np.bool_), np.asarray(exports, dtype=np.bool_)
    powers = Powers(
        imported=case.gen_power[:, bought],
        generation=case.gen_power[:, ~bought],
        load=case.load_power[:, ~sold],
        exported=case.load_power[:, sold],
        storage=case.store_power,
        loss=case.p_from + case.p_to,
    )
    carbons = Carbons(
        imported=tracing.gen_carbon[:, bought] * kg_per_unit,
        generation=tracing.gen_carbon[:, ~bought] * kg_per_unit,
        load=load[:, ~sold],
        loss=tracing.loss_carbon * kg_per_unit,
        exported=load[:, sold],
        owner=tracing.owner_carbon * kg_per_unit,
        inside=tracing.store_carbon * kg_per_unit,
    )
    return _with_visits(tracing, powers, step_hours, carbons, kg_per_unit)


def _with_visits(
    tracing: "Tracing", powers: Powers, step_hours: float, carbons: Carbons, kg_per_unit: float
) -> Balance:
    """Draw up a balance with what vehicles brought and took away, if any came."""
    visits = tracing.visits
    if visits is None:
        return balance(powers, step_hours, carbons)
    carbons = replace(
        carbons, arrived=visits.carbon * kg_per_unit, left=tracing.left_carbon * kg_per_unit
    )
    contents = Contents(
        visits.energy, tracing.left_energy, tracing.store_loss, tracing.store_energy
    )
    return balance(powers, step_hours, carbons, contents)


def join(parts: Sequence[Balance]) -> Balance:
    """Put the balances of successive runs of steps together.

    Parameters
    ----------
    parts
        In order of time, all with or all without carbon.
    """
    return Balance(
        {name: np.concatenate([part.energy[name] for part in parts]) for name in parts[0].energy},
        {name: np.concatenate([part.carbon[name] for part in parts]) for name in parts[0].carbon},
    )
