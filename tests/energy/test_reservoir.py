"""What stores hold, give and leave to their owners."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twinview.energy.reservoir import Stores
from twinview.energy.tracing import Tracing, trace


def one_bus(power: list[float], ci: list[float], load: float = 3.0, **store: object) -> Tracing:
    """Trace a store beside a load on a bus that the grid feeds."""
    steps = len(power)
    drawn = np.array(power)[:, None]
    bought = np.maximum(load + drawn, 0)
    return trace(
        1, [], [], np.zeros((steps, 0)), np.zeros((steps, 0)),
        [0], bought, np.array(ci, dtype=float)[:, None], [0], np.full((steps, 1), load),
        stores=Stores([0], drawn, **store),
    )  # fmt: skip


@given(
    st.lists(st.floats(0.0, 2.0), min_size=1, max_size=6),
    st.lists(st.floats(0, 900), min_size=12, max_size=12),
)
def test_an_ideal_store_returns_what_it_took(charges, ci) -> None:
    power = charges + [-charge for charge in reversed(charges)]
    traced = one_bus(power, ci[: len(power)])
    stored = np.array(charges) * ci[: len(charges)]
    returned = -np.minimum(power, 0) * traced.store_intensity[:, 0]
    assert returned.sum() == pytest.approx(stored.sum(), abs=1e-6)
    assert traced.store_carbon[-1] == pytest.approx(0, abs=1e-6)
    assert traced.store_energy[-1] == pytest.approx(0, abs=1e-9)
    assert traced.owner_carbon.sum() == pytest.approx(0, abs=1e-6)


def test_who_passes_on_losses_lets_the_user_pay() -> None:
    traced = one_bus([2.0, -1.0], [500, 0], eta_charge=0.9, eta_discharge=0.8, standing_loss=0.1)
    assert traced.store_energy[:, 0] == pytest.approx([0, 1.8, 1.8 * 0.9 - 1.25])
    inside = 1000 / 1.8
    assert traced.store_intensity[1, 0] == pytest.approx(inside / 0.8)
    assert traced.store_carbon[:, 0] == pytest.approx([0, 1000, 1000 - inside * 1.25])
    assert traced.owner_carbon == pytest.approx(np.zeros((2, 1)), abs=1e-9)


def test_an_owner_pays_for_each_loss() -> None:
    traced = one_bus(
        [2.0, -1.0], [500, 0], eta_charge=0.9, eta_discharge=0.8, standing_loss=0.1,
        energy0=1.0, carbon0=100.0, policy="owner",
    )  # fmt: skip
    energy = [1.0, 0.9 + 1.8]
    carbon = [100.0, 90.0 + 0.9 * 1000]
    inside = carbon[1] / energy[1]
    assert traced.store_energy[:2, 0] == pytest.approx(energy)
    assert traced.store_carbon[:2, 0] == pytest.approx(carbon)
    assert traced.store_intensity[1, 0] == pytest.approx(inside)
    assert traced.owner_carbon[:, 0] == pytest.approx(
        [0.1 * 100 + 0.1 * 1000, inside * (1 / 0.8 - 1) + 0.1 * carbon[1]]
    )
    assert traced.residual == pytest.approx([0, 0], abs=1e-9)


def test_with_zero_the_discharge_is_free_of_carbon() -> None:
    traced = one_bus([2.0, -1.0], [500, 400], carbon0=70.0, energy0=1.0, policy="zero")
    assert traced.store_intensity[:, 0].tolist() == [0, 0]
    assert traced.owner_carbon[:, 0] == pytest.approx([1000 + 70, 0])
    assert traced.store_carbon[:, 0] == pytest.approx([70, 0, 0])
    assert traced.intensity[1, 0] == pytest.approx(400 * 2 / 3)
    assert traced.residual == pytest.approx([0, 0], abs=1e-9)


def test_carbon_left_in_an_empty_store_goes_to_its_owner() -> None:
    traced = one_bus([-1.0], [500], energy0=1.25, carbon0=100.0, standing_loss=0.2)
    assert traced.store_energy[-1, 0] == 0
    assert traced.store_carbon[-1, 0] == 0
    assert traced.owner_carbon[0, 0] == pytest.approx(20)
    assert traced.residual == pytest.approx([0], abs=1e-9)


def test_rounding_in_single_precision_is_no_overdraw() -> None:
    power = np.array([0.1] * 500 + [-0.1] * 500, dtype=np.float32) * np.float32(1.000001)
    power[500:] = -np.float32(0.1000002)
    traced = one_bus(power.tolist(), [300] * 1000)
    assert traced.store_energy.min() >= 0
    assert traced.residual == pytest.approx(np.zeros(1000), abs=1e-6)


def test_a_content_too_small_for_a_number_is_no_overdraw() -> None:
    """What a store that only stands has lost down to 5e-324, the smallest number, is nothing."""
    power = [-5e-324, 1.0, -0.2]
    traced = one_bus(power, [300] * len(power), standing_loss=0.5)
    assert traced.store_energy[:, 0] == pytest.approx([0, 0, 1.0, 0.3])
    assert traced.residual == pytest.approx(np.zeros(len(power)), abs=1e-6)


@pytest.mark.parametrize(
    ("store", "sentence"),
    [
        ({"energy0": 0.5}, "Store 0 gives 0.5 more energy in step 0 than it holds"),
        ({"eta_charge": 0.0}, "eta_charge must lie above 0 and up to 1"),
        ({"eta_discharge": 1.2}, "eta_discharge must lie above 0 and up to 1"),
        ({"standing_loss": 2.0}, "must lie in 0 to 1"),
        ({"carbon0": -1.0}, "must not be negative"),
        ({"energy0": [1.0, 2.0]}, "must be one number or 1 numbers"),
        ({"policy": "none"}, "pass_on, owner or zero"),
    ],
)
def test_mistakes_are_told_in_a_sentence(store, sentence) -> None:
    with pytest.raises(ValueError, match=sentence):
        one_bus([-1.0], [500], **store)
