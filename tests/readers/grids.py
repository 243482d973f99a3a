"""What the tests of network readers share."""

from typing import Any

import numpy as np

from twinview.energy.components import make_grid, problems_of
from twinview.energy.powerflow import Flow, Injections, solve
from twinview.model.part import Part
from twinview.model.twin import Layer, Twin


def twin_of(part: Part) -> Twin:
    """Return a part as a twin without places and series."""
    return Twin(
        "test",
        "",
        (0.0, 0.0, 0.0),
        layers={layer.id: layer for layer in part.layers},
        networks={network.id: network for network in part.networks},
    )


def layer(part: Part, name: str) -> Layer:
    """Return a layer by id."""
    return next(one for one in part.layers if one.id == name)


def column(part: Part, name: str, attribute: str) -> list[Any]:
    """Return a column of a layer."""
    return layer(part, name).attributes[attribute].to_pylist()


def codes(part: Part) -> list[str]:
    """Return the codes of a part's problems."""
    return [problem.code for problem in part.problems]


def powers(part: Part, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the fixed powers of a component's devices in kW and kvar, shape (1, n)."""
    found = [one for one in part.layers if one.id == name]
    if not found:
        return np.zeros((1, 0)), np.zeros((1, 0))
    p, q = (found[0].numbers(c, 0.0)[None] / 1e3 for c in ("p_specified", "q_specified"))
    return p, q


def compute(part: Part, *given: np.ndarray) -> Flow:
    """Solve a part's network with its fixed powers or those given (load P, Q, generator P, Q)."""
    twin = twin_of(part)
    (network,) = twin.networks.values()
    grid = make_grid(twin, network)
    fatal = [p.message for p in problems_of(twin, network, grid) if p.severity == "error"]
    assert not fatal
    stores = [one for one in part.layers if one.id == "storage"]
    values = list(given) or [*powers(part, "sym_load"), *powers(part, "sym_gen")]
    if stores:
        still = np.zeros((len(values[0]), len(stores[0])))
        values[:2] = [np.concatenate([one, still], axis=1) for one in values[:2]]
    return solve(grid, Injections(*values))
