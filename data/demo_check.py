"""Power flow of the demo district over the year; prints what SOURCES.md reports.

Batteries stand idle here. Loading of transformers is S / Sn, of cables I / In.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from power_grid_model import CalculationMethod, PowerGridModel, initialize_array
from power_grid_model.utils import json_deserialize

CHUNK = 366


def powers(
    rows: list[dict[str, Any]], table: dict[str, np.ndarray], hours: np.ndarray, kind: str
) -> np.ndarray:
    """Update array of one component for some hours."""
    update = initialize_array("update", kind, (len(hours), len(rows)))
    scale = np.array([r["scale_w"] for r in rows])
    shapes = np.stack([table[r["profile"]][hours] for r in rows], axis=1)
    update["id"] = [r["id"] for r in rows]
    update["p_specified"] = shapes * scale
    tangent = np.array([np.tan(np.arccos(r["cos_phi"])) for r in rows])
    update["q_specified"] = shapes * scale * tangent
    return update


class Summary:
    """Extremes over the year, gathered chunk by chunk."""

    def __init__(self) -> None:
        self.parts: dict[str, list[np.ndarray]] = {}

    def add(self, result: dict[str, np.ndarray]) -> None:
        """Keep the largest and smallest values and the balance of a chunk."""
        energised = result["node"]["energized"] == 1
        volts = np.where(energised, result["node"]["u_pu"], np.nan)
        rows = {
            "loading": result["transformer"]["loading"],
            "u_low": np.nanmin(volts, axis=1),
            "u_high": np.nanmax(volts, axis=1),
            "line": result["line"]["loading"].max(axis=0, keepdims=True),
            "line_hour": result["line"]["loading"].max(axis=1),
            "import": result["source"]["p"][:, 0],
            "loss": (result["line"]["p_from"] + result["line"]["p_to"]).sum(axis=1)
            + (result["transformer"]["p_from"] + result["transformer"]["p_to"]).sum(axis=1),
            "node_low": np.nanmin(volts, axis=0, keepdims=True),
            "node_high": np.nanmax(volts, axis=0, keepdims=True),
        }
        for key, values in rows.items():
            self.parts.setdefault(key, []).append(values)

    def __getitem__(self, key: str) -> np.ndarray:
        return np.concatenate(self.parts[key])


def solve_year(folder: Path, hours: np.ndarray) -> tuple[Summary, dict[str, Any]]:
    """Power flow of the chosen hours."""
    text = (folder / "grid.json").read_text(encoding="utf-8")
    document = json.loads(text)
    frame = pq.read_table(folder / "profiles.parquet")
    table = {n: frame[n].to_numpy().astype(float) for n in frame.column_names if n != "time"}
    model = PowerGridModel(json_deserialize(text))
    summary = Summary()
    for start in range(0, len(hours), CHUNK):
        part = hours[start : start + CHUNK]
        update = {k: powers(document["data"][k], table, part, k) for k in ("sym_load", "sym_gen")}
        summary.add(
            model.calculate_power_flow(
                update_data=update,
                calculation_method=CalculationMethod.iterative_current,
                output_component_types=["node", "line", "transformer", "source"],
            )
        )
    return summary, document


def _energies(rows: list[dict[str, Any]]) -> list[str]:
    """Number and yearly energy of the devices of each kind."""
    kinds = sorted({r["kind"] for r in rows})
    total = {k: sum(r["kwh_per_year"] for r in rows if r["kind"] == k) / 1000 for k in kinds}
    return [f"{k:12s} n={sum(r['kind'] == k for r in rows):5d} {total[k]:9.1f} MWh" for k in kinds]


def report(summary: Summary, document: dict[str, Any]) -> str:
    """The findings as text."""
    data, lines = document["data"], list[str]()
    lines += _energies([*data["sym_load"], *data["sym_gen"]])
    loading = summary["loading"]
    for k, row in enumerate(data["transformer"]):
        at = int(loading[:, k].argmax())
        lines.append(
            f"{row['name']:14s} {row['sn'] / 1e3:7.0f} kVA  peak {loading[at, k]:6.1%}"
            f" at step {at}, mean {loading[:, k].mean():6.1%}"
        )
    low, high = summary["u_low"], summary["u_high"]
    lines.append(
        f"voltage {low.min():.4f} (step {low.argmin()}) to {high.max():.4f} "
        f"(step {high.argmax()}) pu"
    )
    cable = summary["line"].max(axis=0)
    worst = np.argsort(-cable)[:8]
    lines += [f"cable {data['line'][k]['name']} peak {cable[k]:.1%}" for k in worst]
    power = summary["import"]
    bought, sold = power.clip(0).sum() / 1e6, -power.clip(max=0).sum() / 1e6
    lines.append(
        f"import {bought:.1f} MWh, export {sold:.1f} MWh, loss "
        f"{summary['loss'].sum() / 1e6:.1f} MWh, import from "
        f"{power.min() / 1e6:.2f} to {power.max() / 1e6:.2f} MW"
    )
    return "\n".join(lines)


def main() -> None:
    """Check the whole year, or every n-th hour."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--folder", type=Path, default=Path(__file__).parent / "demo")
    parser.add_argument("--every", type=int, default=1, help="take every n-th hour only")
    options = parser.parse_args()
    summary, document = solve_year(options.folder, np.arange(0, 8784, options.every))
    sys.stdout.write(report(summary, document) + "\n")


if __name__ == "__main__":
    main()
