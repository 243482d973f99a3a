"""Batteries that serve their own building first."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twinview.energy.reservoir import Stores, make_tanks
from twinview.energy.storage import loss_per_step, self_consumption


def test_a_day_by_hand() -> None:
    power, energy = self_consumption(
        [[-2.0], [-9.0], [1.0], [9.0]], capacity=5.0, power=4.0, eta_c=0.9, eta_d=0.8
    )
    room = 5.0 - 1.8
    assert power[:, 0] == pytest.approx([2.0, room / 0.9, -1.0, -(5.0 - 1.25) * 0.8])
    assert energy[:, 0] == pytest.approx([0, 1.8, 5.0, 3.75, 0])


@given(
    seed=st.integers(0, 2**31),
    hours=st.floats(0.05, 2),
    eta_c=st.floats(0.5, 1),
    eta_d=st.floats(0.5, 1),
    loss=st.floats(0, 0.2),
)
def test_limits_hold_and_energy_is_conserved(seed, hours, eta_c, eta_d, loss) -> None:
    rng = np.random.default_rng(seed)
    net = rng.normal(0, 5, (40, 3))
    size, most = rng.uniform(0, 20, 3), rng.uniform(0, 6, 3)
    power, energy = self_consumption(net, size, most, eta_c, eta_d, loss, size / 2, hours)
    assert (energy >= 0).all()
    assert (energy <= size).all()
    assert (np.abs(power) <= most + 1e-12).all()
    # Never takes from the grid, never feeds into it.
    assert (np.maximum(power, 0) <= np.maximum(-net, 0) + 1e-12).all()
    assert (np.maximum(-power, 0) <= np.maximum(net, 0) + 1e-12).all()
    moved = (np.maximum(power, 0) * eta_c - np.maximum(-power, 0) / eta_d) * hours
    np.testing.assert_allclose(energy[1:], energy[:-1] * (1 - loss) + moved, atol=1e-9)
    tanks = make_tanks(Stores(range(3), power, size / 2, 0, eta_c, eta_d, loss), power, hours)
    np.testing.assert_allclose(tanks.energy, energy, atol=1e-6)


def test_standing_loss_goes_with_the_length_of_a_step() -> None:
    quarter = loss_per_step(0.04, 0.25)
    assert (1 - quarter) ** 4 == pytest.approx(0.96)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"net_power": [[np.nan]]}, "without gaps"),
        ({"capacity": -1.0}, "must not be negative"),
        ({"eta_c": 0.0}, "above 0 and up to 1"),
        ({"energy0": 11.0}, "between 0 and the capacity"),
        ({"standing_loss": -0.1}, "must lie in 0 to 1"),
    ],
)
def test_mistakes_are_told_in_a_sentence(change, sentence) -> None:
    with pytest.raises(ValueError, match=sentence):
        self_consumption(**{"net_power": [[1.0]], "capacity": 10.0, "power": 1.0, **change})
