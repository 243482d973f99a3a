"""Record what PyPSA computes for a small network: the figures that the readers' tests compare with.

Run by hand, in an environment of its own::

    python3 -m venv /tmp/reference
    /tmp/reference/bin/pip install pypsa==1.2.4
    /tmp/reference/bin/python tests/cases/pypsa/make_reference.py

Writes, beside this file, the network as a folder of CSV files and as netCDF, and PyPSA's power flow
of it as ``reference.json``. The network has lines by type and in ohm, transformers by type and per
unit, taps on either side, a phase shift, a shunt, and series for some of its loads.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pypsa

HERE = Path(__file__).parent


def network() -> pypsa.Network:
    """Return the network."""
    n = pypsa.Network(name="small")
    n.set_snapshots(pd.date_range("2024-03-01", periods=4, freq="h"))
    for k, (name, volts) in enumerate({"a": 110, "b": 110, "c": 20, "d": 20, "e": 0.4, "f": 20}.items()):
        n.add("Bus", name, v_nom=volts, x=11.0 + 0.01 * k, y=48.0 + 0.005 * k, v_mag_pu_set=1.02 if name == "a" else 1.0)
    n.add("Line", "ab", bus0="a", bus1="b", type="184-AL1/30-ST1A 110.0", length=30, num_parallel=2, s_nom=100)
    n.add("Line", "cd", bus0="c", bus1="d", r=0.9, x=0.6, b=9e-5, g=1e-6, length=6, s_nom=12)
    n.add("Transformer", "bc", bus0="b", bus1="c", type="25 MVA 110/20 kV", tap_position=-3)
    n.add("Transformer", "bf", bus0="b", bus1="f", s_nom=20, r=0.01, x=0.11, g=0.001, b=-0.004, tap_ratio=0.97, tap_side=1, phase_shift=30.0, model="t")
    n.add("Transformer", "de", bus0="d", bus1="e", type="0.63 MVA 20/0.4 kV", num_parallel=2, tap_position=1)
    n.add("Load", "moving", bus="d", p_set=pd.Series([2.0, 4.0, 6.0, 3.0], n.snapshots), q_set=0.0)
    n.add("Load", "still", bus="e", p_set=0.6, q_set=0.2)
    n.add("Load", "far", bus="f", p_set=5.0, q_set=1.5)
    n.add("ShuntImpedance", "capacitor", bus="c", b=0.004)
    n.add("Generator", "wind", bus="d", p_nom=5, p_set=pd.Series([1.0, 0.0, 4.5, 2.5], n.snapshots), carrier="wind", control="PQ")
    n.add("Generator", "grid", bus="a", p_nom=100, control="Slack")
    n.add("StorageUnit", "battery", bus="c", p_nom=2, max_hours=4, efficiency_store=0.95, efficiency_dispatch=0.94)
    n.add("Link", "hvdc", bus0="a", bus1="c", p_nom=0)
    return n


def main() -> None:
    """Write the network and PyPSA's figures."""
    n = network()
    n.export_to_csv_folder(HERE / "small")
    n.export_to_netcdf(HERE / "small.nc")
    n.lpf()  # a start that knows of the vector groups' phase shifts
    found = n.pf(x_tol=1e-9, use_seed=True)
    assert bool(np.asarray(found["converged"]).all())
    record = {
        "made_with": f"pypsa {pypsa.__version__}",
        "buses": n.buses.index.tolist(),
        "vm_pu": n.buses_t.v_mag_pu.round(9).to_numpy().tolist(),
        "slack_mw": n.buses_t.p["a"].round(8).tolist(),
    }
    (HERE / "reference.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
