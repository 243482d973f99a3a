"""Record what pandapower computes for SimBench grids: the figures that the readers' tests compare with.

Run by hand, in an environment of its own, since pandapower's versions do not fit this project's::

    python3 -m venv /tmp/reference
    /tmp/reference/bin/pip install pandapower==3.5.6 simbench==1.6.3 pyarrow==26.0.1
    /tmp/reference/bin/python tests/cases/simbench/make_reference.py [folder of grid-simbench-lv]

Writes, beside this file, a folder for each grid of `EXTRACTED`: the grid as SimBench CSV with a year
of profiles in every 101st quarter-hour (SimBench data: see the notice there), and ``reference.json``
with voltages and loadings. Where the folder of pandapower JSON files is named as well, the year of
each of those grids is sampled into ``<grid>.json``.

Transformer taps count: SimBench leaves ``tap_changer_type`` empty, which pandapower 3 takes for "no
taps" (1e-2 p.u.), so it is set here. Stores are off, since SimBench's profiles of stores are those of
homes with panels and not charging (issue 2 of e2nIEE/simbench).
"""

import json
import sys
from pathlib import Path

import numpy as np
import pandapower as pp
import pandas as pd
import simbench
from simbench.networks.extract_simbench_grids_from_csv import (
    complete_data_path,
    get_extracted_csv_data,
    get_relevant_subnets,
)

HERE = Path(__file__).parent
EXTRACTED = ("1-LV-rural1--2-sw", "1-MV-urban--0-sw")
STRIDE = 101  # quarter-hours: no whole part of a day, so that all times of day come
SAMPLES = 12
PROFILES = {
    "LoadProfile": "Load",
    "RESProfile": "RES",
    "PowerPlantProfile": "PowerPlant",
    "StorageProfile": "Storage",
}


def extract(code: str, folder: Path) -> None:
    """Write a grid as SimBench CSV, with those profiles that it uses, thinned out."""
    _code, parameters = simbench.get_simbench_code_and_parameters(code)
    source = complete_data_path(parameters[5])
    data = get_extracted_csv_data(get_relevant_subnets(code, source), source)
    folder.mkdir(exist_ok=True)
    for name, table in data.items():
        if name in PROFILES:
            used = set(data[PROFILES[name]]["profile"]) if len(data[PROFILES[name]]) else set()
            kept = [c for c in table if c == "time" or c.removesuffix("_pload").removesuffix("_qload") in used]
            table = table.loc[::STRIDE, kept] if len(kept) > 1 else table.iloc[:0]
        if len(table):
            table.to_csv(folder / f"{name}.csv", sep=";", index=False, na_rep="NULL")


def solve(net, loads, gens) -> dict:
    """Return what pandapower computes with powers of loads and generators in MW."""
    net.load["p_mw"], net.load["q_mvar"] = loads
    net.sgen["p_mw"] = gens
    pp.runpp(net, trafo_loading="power", tolerance_mva=1e-8, max_iteration=50)
    return {
        "vm_pu": net.res_bus.vm_pu.round(8).tolist(),
        "line_percent": net.res_line.loading_percent.round(5).tolist(),
        "trafo_percent": net.res_trafo.loading_percent.round(5).tolist(),
        "slack_mw": round(float(net.res_ext_grid.p_mw.sum()), 8),
    }


def sampled(net, load_profiles: pd.DataFrame, gen_profiles: pd.DataFrame) -> dict:
    """Return the results at evenly spread steps."""
    net.trafo["tap_changer_type"] = "Ratio"
    net.storage["in_service"] = False
    p0, q0, g0 = net.load.p_mw.copy(), net.load.q_mvar.copy(), net.sgen.p_mw.copy()
    steps = np.linspace(0, len(load_profiles) - 1, SAMPLES).round().astype(int).tolist()
    results = []
    for step in steps:
        row, sun = load_profiles.iloc[step], gen_profiles.iloc[step]
        loads = (
            p0 * row[net.load.profile + "_pload"].to_numpy(),
            q0 * row[net.load.profile + "_qload"].to_numpy(),
        )
        results.append({"step": step, **solve(net, loads, g0 * sun[net.sgen.profile].to_numpy())})
    return {
        "made_with": f"pandapower {pp.__version__}, simbench {simbench.__version__}",
        "buses": net.bus.name.tolist(),
        "lines": net.line.name.tolist(),
        "trafos": net.trafo.name.tolist(),
        "taps": net.trafo.tap_pos.tolist(),
        "steps": results,
    }


def write(path: Path, content: dict) -> None:
    """Write a record, one step to a line."""
    steps = ",\n".join(json.dumps(step) for step in content.pop("steps"))
    head = json.dumps(content, indent=1)[:-2]
    path.write_text(f'{head},\n "steps": [\n{steps}\n ]\n}}\n', encoding="utf-8")


def main() -> None:
    """Make all references."""
    for code in EXTRACTED:
        folder = HERE / code
        extract(code, folder)
        net = simbench.csv2pp(str(folder))
        read = {
            name: pd.read_csv(folder / f"{name}.csv", sep=";") for name in ("LoadProfile", "RESProfile")
        }
        write(folder / "reference.json", sampled(net, read["LoadProfile"], read["RESProfile"]))
    for name in sys.argv[1:2]:
        for path in sorted(Path(name).glob("*.json")):
            net = pp.from_json(str(path))
            read = [pd.read_parquet(path.with_name(f"{path.stem}_{k}.parquet")) for k in ("load", "renewables")]
            write(HERE / f"{path.stem}.json", sampled(net, *read))


if __name__ == "__main__":
    main()
