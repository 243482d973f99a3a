"""Record what pandapower computes for cases whose generators hold voltages within limits.

Run by hand, in an environment of its own, since pandapower's versions do not fit this project's::

    python3 -m venv /tmp/reference
    /tmp/reference/bin/pip install pandapower==3.5.6
    /tmp/reference/bin/python tests/cases/matpower/make_reference.py

Writes for each case, beside this file, the case as MATPOWER text (after pandapower's copies of the
IEEE 118-bus system and of the New England system, BSD-3-Clause) and a record of its power flow with
the generators' limits of reactive power kept: voltages, powers of the generators, of the slack.
"""

import json
from pathlib import Path

import numpy as np
import pandapower as pp
from pandapower import networks
from pandapower.converter.pypower.to_ppc import to_ppc

HERE = Path(__file__).parent
CASES = ("case39", "case118")


def matrix(name: str, rows: np.ndarray) -> str:
    """Return a matrix in MATPOWER's notation."""
    lines = ["\t" + "\t".join(f"{value:.10g}" for value in row) + ";" for row in np.real(rows)]
    return f"mpc.{name} = [\n" + "\n".join(lines) + "\n];\n"


def write(name: str) -> None:
    """Write a case and its record."""
    net = getattr(networks, name)()
    pp.runpp(net, enforce_q_lims=False, trafo_model="pi", tolerance_mva=1e-9)
    case = to_ppc(net, init="results", trafo_model="pi")
    for key in ("bus", "branch", "gen"):
        start = {"bus": [0], "branch": [0, 1], "gen": [0]}[key]
        case[key][:, start] += 1
    columns = {"bus": 13, "gen": 10, "branch": 13}
    text = f"function mpc = {name}\nmpc.version = '2';\nmpc.baseMVA = {case['baseMVA']:g};\n"
    text += "".join(matrix(key, case[key][:, :count]) for key, count in columns.items())
    (HERE / f"{name}.m").write_text(text, encoding="utf-8")
    pp.runpp(net, enforce_q_lims=True, trafo_model="pi", tolerance_mva=1e-9)
    lookup = net._pd2ppc_lookups["bus"]
    record = {
        "made_with": f"pandapower {pp.__version__}",
        "buses": [str(int(lookup[bus]) + 1) for bus in net.bus.index],
        "vm_pu": net.res_bus.vm_pu.round(8).tolist(),
        "gens": [f"gen {int(lookup[bus]) + 1}" for bus in net.gen.bus],
        "q_mvar": net.res_gen.q_mvar.round(6).tolist(),
        "limited": int((abs(net.res_gen.vm_pu - net.gen.vm_pu) > 1e-6).sum()),
        "slack_mw": round(float(net.res_ext_grid.p_mw.sum()), 6),
    }
    (HERE / f"{name}.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    for one in CASES:
        write(one)
