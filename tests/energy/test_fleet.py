"""Charging of vehicles; every figure is worked out by hand."""

from pathlib import Path

import numpy as np
import pytest

from twinview.energy.fleet import charge, one_charger
from twinview.energy.schedules import COLUMNS, Stay, read_charger

SHARED = Path(__file__).parents[3] / "shared" / "data" / "citylearn-ev-charging"
STAYS = (Stay("a", 1, 4, 50.0, 10.0, 30.0), Stay("b", 5, 6, 40.0, 20.0, 40.0))


def test_at_once_by_hand():
    # a wants 20 kWh with 11 kW: 11 and 9. b wants 20 in one hour and gets 11: 9 are missing.
    done = charge(STAYS, 7, one_charger(11.0))
    np.testing.assert_allclose(done.power, [0, 11, 9, 0, 0, 11, 0])
    np.testing.assert_allclose(done.content, [np.nan, 21, 30, 30, np.nan, 31, np.nan])
    np.testing.assert_allclose(done.missing, [0, 9])


def test_evenly_with_losses_by_hand():
    # 20 kWh inside need 25 at the terminals with eta 0.8, over three hours.
    done = charge(STAYS[:1], 5, one_charger(11.0, rule="evenly", eta=0.8))
    np.testing.assert_allclose(done.power[1:4], 25 / 3)
    assert done.content[3] == pytest.approx(30)
    assert done.missing.tolist() == [0]


def test_overlap_and_nonsense_are_refused():
    with pytest.raises(ValueError, match="two vehicles are at charger"):
        charge((STAYS[0], Stay("c", 3, 5, 50, 10, 20)), 7, one_charger(11))
    with pytest.raises(ValueError, match="power must be above 0"):
        charge(STAYS, 7, one_charger(0.0))


def charger(*rows: str) -> str:
    return "\n".join([",".join(COLUMNS.values()), *rows]) + "\n"


def test_a_schedule_is_read_as_stays():
    text = charger("1,EV,50,20,80", "1,EV,50,99,80", "3,,,,", "2,EV,50,,", "1,EV,50,40,60")
    stays, steps = read_charger(text, "c.csv")
    assert steps == 5
    assert stays == (Stay("EV", 0, 2, 50, 10, 40), Stay("EV", 4, 5, 50, 20, 30))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a,b\n1,2\n", "c.csv has no column electric_vehicle_charger_state"),
        (charger("1,EV,none,20,80"), "c.csv, line 2: could not convert"),
        (charger("1,EV,50,120,80"), "line 2: capacity must be above 0"),
    ],
)
def test_a_schedule_that_makes_no_sense_names_its_line(text, words):
    with pytest.raises(ValueError, match=words):
        read_charger(text, "c.csv")


@pytest.mark.skipif(not SHARED.is_dir(), reason="the public data are not there")
def test_a_public_schedule():
    stays, steps = read_charger((SHARED / "charger_1_1.csv").read_text(), "charger_1_1.csv")
    assert steps == 9527
    done = charge(stays, steps, one_charger(7.4, eta=0.95))
    gained = sum(done.content[one.depart - 1] - one.energy for one in stays)
    assert done.power.sum() * 0.95 == pytest.approx(gained)
    assert done.power.max() <= 7.4
