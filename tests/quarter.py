"""The village with a heat network, a gas main and machines between them and its grid."""

import json
from pathlib import Path

from tests.village import curves, grid, houses


def write_quarter(folder: Path, hours: int = 48, electricity: bool = True) -> list[Path]:
    """Write houses, networks and curves into a folder and return the files."""
    files = [folder / "houses.geojson", folder / "networks.json", folder / "curves.csv"]
    files[0].write_text(json.dumps(houses()), encoding="utf-8")
    files[1].write_text(json.dumps(networks(electricity)), encoding="utf-8")
    files[2].write_text(curves(hours), encoding="utf-8")
    return files


def networks(electricity: bool = True) -> dict:
    """Return the village's grid with a heat network under its street, and a gas main.

    A heat pump that lifts the waste heat of the second house goes first, then a combined plant;
    what both cannot give comes from outside.
    """
    content = grid()
    if not electricity:
        content["data"] = {}
        content["twinview"].pop("storage")
    content["twinview"]["networks"] = [heat(), gas()]
    content["twinview"]["converter"] = machines() if electricity else []
    return content


def heat() -> dict:
    """Return two pipes from the plant past two houses."""
    places = [(8.0, 48.0004), (8.0002, 48.0003), (8.0006, 48.0003)]
    nodes = [{"id": k, "name": f"well {k}", "x": x, "y": y} for k, (x, y) in enumerate(places)]
    pipe = {"length_m": 40.0, "u_w_per_mk": 0.3, "ground_c": 10.0, "diameter_m": 0.05,
            "capacity_w": 20000.0}  # fmt: skip
    return {
        "id": "heat", "carrier": "heat", "title": "District heating", "node": nodes,
        "pipe": [{"id": 10 + k, "name": f"pipe {k}", "from_node": k, "to_node": k + 1, **pipe}
                 for k in range(2)],
        "source": [{"id": 20, "name": "outside", "node": 0, "supply_c": 80.0,
                    "intensity_g_per_kwh": 250.0}],
        "load": [{"id": 30 + k, "name": f"station {k}", "node": k + 1, "building": f"house {k}",
                  "profile": "use", "scale_w": 4000.0, "return_c": 50.0} for k in range(2)],
        "storage": [{"id": 40, "name": "tank", "node": 0, "energy_wh": 5000.0, "power_w": 3000.0,
                     "x": 8.0, "y": 48.00035, "soc0": 0.5, "start_intensity_g_per_kwh": 100.0}],
    }  # fmt: skip


def gas() -> dict:
    """Return a main from the border to the plant; its source names no intensity."""
    return {
        "id": "gas", "carrier": "gas",
        "node": [{"id": 0, "name": "border", "x": 7.9995, "y": 48.0004},
                 {"id": 1, "name": "plant", "x": 8.0, "y": 48.0004}],
        "pipe": [{"id": 2, "name": "main", "from_node": 0, "to_node": 1, "length_m": 50.0}],
        "source": [{"id": 3, "name": "valve", "node": 0}],
        "load": [{"id": 4, "name": "stove", "node": 1, "p_specified": 500.0}],
    }  # fmt: skip


def machines() -> list[dict]:
    """Return a heat pump on waste heat and a combined plant."""
    pump = {"id": 1, "name": "pump", "kind": "heat_pump", "from_node": "node 1", "cop": 4.0,
            "to_node": "well 0", "load": "load 1", "share": 0.5, "priority": 1}  # fmt: skip
    plant = {"id": 2, "name": "chp", "kind": "chp", "from_node": "plant", "to_node": "well 0",
             "power_node": "node 1", "heat_efficiency": 0.5, "power_efficiency": 0.35,
             "power_w": 3000.0, "allocation": "efficiency", "priority": 2}  # fmt: skip
    return [pump, plant]
