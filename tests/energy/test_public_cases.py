"""The cases of this folder against the public collection they come from, value by value."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.energy.support import case

FOLDERS = {
    "P1": "p1_sharing_node", "P2": "p2_four_node", "P3": "p3_ieee14_dc", "P4": "p4_baran_wu_33",
    "P5": "p5_ieee14_ac", "P6": "p6_reservoir", "P7": "p7_import_cycle",
    "P9": "p9_battery_by_price", "P11": "p11_targets", "P12": "p12_prosumer",
}  # fmt: skip
WORDS = {"name", "source", "note"}


@pytest.mark.parametrize("name", FOLDERS)
def test_a_case_is_the_public_one(shared: Path, name: str) -> None:
    public: list[dict[str, Any]] = json.loads((shared / "cases/public_cases.json").read_text())
    (theirs,) = (one for one in public if one["id"] == name)
    ours = case(FOLDERS[name])
    if name == "P5":  # the public case names MATPOWER's file; angles are no result of ours
        del theirs["input"], theirs["expected"]["va_deg"], theirs["tolerance"]["va_deg"]
    for key in set(theirs) - WORDS:
        assert ours[key] == theirs[key], key
