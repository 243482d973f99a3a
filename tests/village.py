"""A village of three houses with a grid of four nodes, small enough to compute by hand."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

HOURS = 48
START = datetime(2024, 3, 30, 23, tzinfo=UTC)
"""Midnight in Berlin, on the day on which the clocks go forward."""


def write_village(
    folder: Path, hours: int = HOURS, store: bool = True, kind: str = "house"
) -> list[Path]:
    """Write houses, grid and curves into a folder and return the files."""
    files = [folder / "houses.geojson", folder / "grid.json", folder / "curves.csv"]
    files[0].write_text(json.dumps(houses(kind)), encoding="utf-8")
    files[1].write_text(json.dumps(grid(store)), encoding="utf-8")
    files[2].write_text(curves(hours), encoding="utf-8")
    return files


def houses(kind: str = "house") -> dict:
    """Return three square houses of a kind; the third has no load.

    Nobody lives in an ``office``, so its values are nobody's secret.
    """
    features = []
    for k in range(3):
        x, y, d = 8.0 + k * 4e-4, 48.0, 1e-4
        ring = [[x, y], [x + d, y], [x + d, y + d], [x, y + d], [x, y]]
        features.append(
            {
                "type": "Feature",
                "properties": {"id": f"house {k}", "height_m": 6.0 + k, "kind": kind},
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            }
        )
    return {"type": "FeatureCollection", "features": features}


def grid(store: bool = True) -> dict:
    """Return a feeder with two loads, a roof with cells and a store."""
    places = [(8.0, 48.0005), (8.0, 48.0002), (8.0004, 48.0002), (8.0008, 48.0002)]
    nodes = [
        {"id": k, "u_rated": 400.0, "name": f"node {k}", "x": x, "y": y}
        for k, (x, y) in enumerate(places)
    ]
    line = {"from_status": 1, "to_status": 1, "r1": 0.02, "x1": 0.005, "c1": 1e-9, "tan1": 0.0}
    lines = [
        {"id": 10 + k, "from_node": k, "to_node": k + 1, "i_n": 100.0, "name": f"line {k}", **line}
        for k in range(3)
    ]
    load = {"status": 1, "type": 0, "p_specified": 1000.0, "q_specified": 0.0, "scale_w": 1000.0}
    loads = [
        {"id": 20 + k, "node": k + 1, "name": f"load {k}", "building": f"house {k}",
         "profile": "use", **load}
        for k in range(2)
    ]  # fmt: skip
    sun = {"id": 30, "node": 2, "name": "cells", "building": "house 1", "profile": "sun", **load}
    source = {"id": 40, "node": 0, "status": 1, "u_ref": 1.0, "sk": 1e20, "rx_ratio": 0.1,
              "name": "border", "intensity_profile": "mix"}  # fmt: skip
    battery = {"id": 50, "node": 3, "name": "battery", "building": None, "x": 8.0008, "y": 48.0002,
               "energy_wh": 5000.0, "power_w": 2000.0, "eta_charge": 0.95, "eta_discharge": 0.95,
               "standing_loss_per_hour": 0.0, "soc0": 0.5}  # fmt: skip
    return {
        "version": "1.0", "type": "input", "is_batch": False, "attributes": {},
        "data": {
            "node": nodes, "line": lines, "source": [source], "sym_load": loads, "sym_gen": [sun],
        },
        "twinview": {"crs": "EPSG:4326", "title": "Village", "storage": [battery] if store else []},
    }  # fmt: skip


def curves(hours: int = HOURS) -> str:
    """Return the curves of use (kW per kW), sun (kW per kW) and import mix (g/kWh)."""
    rows = ["time,use,sun,mix"]
    for k in range(hours):
        stamp = (START + timedelta(hours=k)).strftime("%Y-%m-%dT%H:%M:%SZ")
        hour = k % 24
        sun = max(0.0, 4.0 - abs(hour - 12)) / 2
        rows.append(f"{stamp},{1.0 if hour % 2 else 0.5},{sun:.3f},{300 + 10 * hour}")
    return "\n".join(rows) + "\n"


def metered(hours: int, missing: range, *, others: str = "1.5") -> tuple[dict, str]:
    """Return a grid whose first load has a meter of its own, and curves in which it has gaps."""
    network = grid()
    network["data"]["sym_load"][0]["profile"] = "meter"
    rows = curves(hours).splitlines()
    values = ["" if k in missing else others for k in range(hours)]
    metered_rows = [f"{row},{value}" for row, value in zip(rows[1:], values, strict=True)]
    return network, "\n".join([f"{rows[0]},meter", *metered_rows]) + "\n"
