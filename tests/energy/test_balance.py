"""Balances close, and say so where they do not."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from tests.energy.support import Net, make_net, store_nets
from twinview.energy.balance import Carbons, Powers, balance, balance_of, join


@given(store_nets)
def test_energy_and_carbon_of_a_tracing_close(net: Net) -> None:
    imports = np.arange(net.n_bus) == 0
    closed = balance_of(net.trace(step_hours=0.25), imports, ~imports, 0.25)
    shares = closed.relative_residual()
    assert shares["energy_kwh"] == pytest.approx(0, abs=1e-9)
    assert shares["carbon_kg"] == pytest.approx(0, abs=1e-9)
    sums = closed.totals()
    assert set(sums["energy_kwh"]) == {
        "import", "export", "generation", "load", "storage_in", "storage_out", "loss", "residual",
    }  # fmt: skip
    assert set(sums["carbon_kg"]) == {
        "import", "generation", "load", "loss", "storage_delta", "export", "residual",
    }  # fmt: skip


def test_terms_by_hand() -> None:
    closed = balance(
        Powers([8.0, 1.0], [4.0, 4.0], [9.0, 6.0], 1.0, [[1.0], [-3.0]], [0.5, 0.5]),
        0.5,
        Carbons([4.0, 0.5], 0.0, [3.0, 0.8], [0.2, 0.1], 0.1, 0.1, [[0.0], [0.6], [0.0]]),
    )
    sums = closed.totals()
    assert sums["energy_kwh"] == pytest.approx(
        {"import": 4.5, "generation": 4, "storage_out": 1.5, "load": 7.5, "storage_in": 0.5,
         "export": 1, "loss": 0.5, "residual": 0.5}
    )  # fmt: skip
    assert closed.energy["residual"] == pytest.approx([0.25, 0.25])
    assert sums["carbon_kg"] == pytest.approx(
        {"import": 4.5, "generation": 0, "load": 3.8, "loss": 0.5, "storage_delta": 0,
         "export": 0.2, "residual": 0}
    )  # fmt: skip
    assert closed.relative_residual()["energy_kwh"] == pytest.approx(0.05)


def test_failed_steps_do_not_count() -> None:
    net = make_net(5, 9, 2, 6, stores=2)
    holes = net.p_from.copy()
    holes[3] = np.nan
    imports = np.arange(9) == 0
    closed = balance_of(replace(net, p_from=holes).trace(), imports, ~imports, 1.0)
    assert closed.known.tolist() == [True, True, True, False, True, True]
    assert closed.relative_residual()["energy_kwh"] == pytest.approx(0, abs=1e-9)
    assert np.isfinite(list(closed.totals()["carbon_kg"].values())).all()


def test_runs_join() -> None:
    net = make_net(5, 9, 2, 6)
    imports = np.arange(9) == 0
    parts = [
        balance_of(net.steps(a, b, None).trace(), imports, ~imports, 1.0)
        for a, b in ((0, 4), (4, 6))
    ]
    whole = balance_of(net.trace(), imports, ~imports, 1.0)
    for title, sums in join(parts).totals().items():
        assert sums == pytest.approx(whole.totals()[title], abs=1e-9)


def test_nothing_in_is_no_division_by_zero() -> None:
    assert balance(Powers(0.0, 0.0, 0.0), 1.0).relative_residual()["energy_kwh"] == 0
