"""Results of the carriers beside electricity: gathered run by run, kept, and read again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from twinview.energy.balance import Balance, join
from twinview.i18n import _
from twinview.model.problem import Problem
from twinview.model.time import TimeAxis
from twinview.model.twin import Twin
from twinview.session import findings

if TYPE_CHECKING:
    from twinview.energy.compute import Beside

Terms = Mapping[str, npt.NDArray[np.float64]]
WHOLE, BOUGHT = "whole.", "bought."


@dataclass(frozen=True, eq=False)
class CarrierResult:
    """Balance of one network of heat, cooling or gas.

    Parameters
    ----------
    carrier, title
        Of the network.
    balance
        Terms of each step.
    node_residual
        Largest imbalance of power at any node in any step, kW.
    """

    carrier: str
    title: str
    balance: Balance
    node_residual: float


@dataclass(frozen=True, eq=False)
class Bought:
    """What machines bought outside of all networks: kWh and kg of each step. Shape [T] each."""

    energy: npt.NDArray[np.float64]
    carbon: npt.NDArray[np.float64]


class Gathered:
    """What is known of the carriers beside electricity while a computation runs."""

    def __init__(self) -> None:
        self._parts: dict[str, list[Balance]] = {}
        self._whole: list[Balance] = []
        self._bought: dict[str, list[npt.NDArray[np.float64]]] = {}
        self._imbalance: dict[str, npt.NDArray[np.float64]] = {}
        self._beyond: dict[tuple[str, str], int] = {}
        self._unfed: dict[str, tuple[str, ...]] = {}
        self._tepid: dict[str, tuple[str, ...]] = {}

    def take(self, beside: "Beside | None") -> None:
        """Add the results of a run of steps."""
        if beside is None:
            return
        self._whole.append(beside.whole)
        for carrier, pair in beside.bought.items():
            self._bought.setdefault(carrier, []).append(np.stack(pair))
        for name, balance in beside.balances.items():
            self._parts.setdefault(name, []).append(balance)
            before = self._imbalance.get(name, np.zeros(1))
            self._imbalance[name] = np.maximum(before, beside.imbalance[name])
        for key, count in beside.beyond.items():
            self._beyond[key] = self._beyond.get(key, 0) + count
        self._unfed |= beside.unfed
        for name, ids in beside.tepid.items():
            self._tepid[name] = tuple(dict.fromkeys((*self._tepid.get(name, ()), *ids)))

    def terms(self) -> dict[str, npt.NDArray[np.float64]]:
        """Return the terms of all balances under names for a file of arrays."""
        if not self._whole:
            return {}
        found = {f"{WHOLE}{k}": v for k, v in join(self._whole).carbon.items()}
        found |= {f"{BOUGHT}{k}": np.concatenate(v, axis=1) for k, v in self._bought.items()}
        for place, parts in enumerate(self._parts.values()):
            balance = join(parts)
            found |= {f"carrier{place}.energy.{k}": v for k, v in balance.energy.items()}
            found |= {f"carrier{place}.carbon.{k}": v for k, v in balance.carbon.items()}
        return found

    def manifest(self) -> list[dict[str, Any]]:
        """Return ids and residuals of the networks in the order of their terms."""
        return [
            {"id": name, "node_residual": float(self._imbalance[name].max(initial=0.0))}
            for name in self._parts
        ]

    def problems(self, twin: Twin, axis: TimeAxis) -> list[Problem]:
        """Say what does not close, who was asked too much, and who got nothing."""
        found = []
        for name, parts in self._parts.items():
            network = twin.networks[name]
            nodes = twin.layers[network.tables["node"]]
            found += findings.open_balance(join(parts), axis, _(network.title))
            found += findings.open_nodes(nodes, self._imbalance[name])
        found += [_too_much(twin, *key, count) for key, count in self._beyond.items()]
        found += [_nothing(twin, name, ids) for name, ids in self._unfed.items()]
        found += [_arrives_cold(twin, name, ids) for name, ids in self._tepid.items()]
        return found


def _too_much(twin: Twin, network: str, name: str, count: int) -> Problem:
    return Problem(
        "warning",
        "supply.beyond_rating",
        _(
            "'{name}' balances '{network}' and gives more than its rating in {count} steps.",
            name=name,
            network=_(twin.networks[network].title),
            count=count,
        ),
        _("Add a source, or raise the rating."),
        element_ids=(name,),
    )


def _nothing(twin: Twin, network: str, ids: tuple[str, ...]) -> Problem:
    layer = twin.networks[network].tables.get("load", "")
    return Problem(
        "error",
        "supply.unreached",
        _(
            "No source reaches {count} loads of '{network}'; they get nothing, first {first}.",
            count=len(ids),
            network=_(twin.networks[network].title),
            first=ids[0],
        ),
        _("Add a source, or the pipes that are missing."),
        layer=layer,
        element_ids=ids[: findings.MOST_NAMED],
    )


def _arrives_cold(twin: Twin, network: str, ids: tuple[str, ...]) -> Problem:
    return Problem(
        "warning",
        "heat.arrives_cold",
        _(
            "At {count} loads of '{network}' the water arrives no better than they should return "
            "it, first {first}: the pipes lose too much, or the flow is too small.",
            count=len(ids),
            network=_(twin.networks[network].title),
            first=ids[0],
        ),
        _("Check the losses of the pipes and the temperatures."),
        layer=twin.networks[network].tables.get("load", ""),
        element_ids=ids[: findings.MOST_NAMED],
    )


def read(
    twin: Twin, terms: Terms, manifest: list[dict[str, Any]]
) -> tuple[dict[str, CarrierResult], Balance | None]:
    """Return the balances of networks beside electricity, and the carbon of all.

    Parameters
    ----------
    twin
        The district.
    terms
        What `Gathered.terms` gave.
    manifest
        What `Gathered.manifest` gave.
    """
    found = {}
    for place, row in enumerate(manifest):
        network = twin.networks[row["id"]]
        parts = (_under(terms, f"carrier{place}.{kind}.") for kind in ("energy", "carbon"))
        found[network.id] = CarrierResult(
            network.carrier, network.title, Balance(*parts), row["node_residual"]
        )
    whole = _under(terms, WHOLE)
    return found, Balance({}, whole) if whole else None


def bought_of(terms: Terms) -> dict[str, Bought]:
    """Return what machines bought outside of all networks, by carrier.

    Parameters
    ----------
    terms
        What `Gathered.terms` gave.
    """
    return {name: Bought(*rows) for name, rows in _under(terms, BOUGHT).items()}


def _under(terms: Terms, prefix: str) -> dict[str, npt.NDArray[np.float64]]:
    return {name.removeprefix(prefix): v for name, v in terms.items() if name.startswith(prefix)}


def as_dict(
    carriers: Mapping[str, CarrierResult], whole: Balance | None, part: slice
) -> dict[str, Any]:
    """Return the balances in the form of ``compute --json``; nothing without other carriers.

    Parameters
    ----------
    carriers, whole
        As `read` gives them.
    part
        Steps to add up.
    """
    if whole is None:
        return {}
    found = {}
    for name, one in carriers.items():
        cut = one.balance.rows(part)
        found[name] = {
            "carrier": one.carrier,
            **cut.totals(),
            "relative_residual": cut.relative_residual(),
            "largest_node_residual_kw": one.node_residual,
        }
    cut = whole.rows(part)
    together = {
        "carbon_kg": cut.totals()["carbon_kg"],
        "relative_residual": cut.relative_residual()["carbon_kg"],
    }
    return {"carriers": found, "all_carriers": together}
