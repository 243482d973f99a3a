"""The reference way: pandapower's power flow in a loop, on the same grid.

Run by a Python that has pandapower, which need not have twinview: ``python FILE arrays.npz``.
"""

import importlib
import json
import statistics
import sys
import time
from importlib import metadata
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from twinview.energy.district import District
    from twinview.energy.following import Stretch

LINE = ("r1", "x1", "c1", "i_n")
TRANSFORMER = ("u1", "u2", "sn", "uk", "pk", "i0", "p0")


def arrays_of(district: "District", stretch: "Stretch") -> dict[str, Any]:
    """Return a grid and its powers as arrays that need no library to be read.

    Parameters
    ----------
    district, stretch
        The network, and some steps of it.
    """
    grid = district.grid
    closed = grid.closed
    lines, transformers = grid.rows("line"), grid.rows("transformer")
    heads, tails = grid.from_bus, grid.to_bus
    many = lines.size
    source = grid.rows("source")
    storing = stretch.storing.power
    arrays: dict[str, Any] = {name: lines[name] for name in LINE}
    arrays |= {name: transformers[name] for name in TRANSFORMER}
    return arrays | {
        "volts": grid.rows("node")["u_rated"],
        "line_ends": np.stack([heads[:many], tails[:many]]),
        "line_closed": closed[:many],
        "transformer_ends": np.stack([heads[many:], tails[many:]]),
        "source": np.array([grid.bus_of("source")[0], source["u_ref"][0]]),
        "load_bus": np.concatenate([district.loads.bus, district.stores.bus]),
        "load_p": np.concatenate([stretch.load, storing], axis=1),
        "load_q": np.concatenate(
            [district.loads.reactive(stretch.load, stretch.steps), np.zeros_like(storing)], axis=1
        ),
        "gen_bus": district.gens.bus,
        "gen_p": stretch.gen,
    }


def make_net(arrays: Any) -> Any:
    """Return the grid as pandapower's.

    Parameters
    ----------
    arrays
        Of `arrays_of`.
    """
    pp = importlib.import_module("pandapower")
    net = pp.create_empty_network()
    pp.create_buses(net, len(arrays["volts"]), vn_kv=arrays["volts"] / 1e3)
    bus, u_ref = arrays["source"]
    pp.create_ext_grid(net, int(bus), vm_pu=float(u_ref))
    heads, tails = arrays["line_ends"]
    pp.create_lines_from_parameters(
        net, heads, tails, length_km=1.0, r_ohm_per_km=arrays["r1"], x_ohm_per_km=arrays["x1"],
        c_nf_per_km=arrays["c1"] * 1e9, max_i_ka=arrays["i_n"] / 1e3,
    )  # fmt: skip
    for line in np.flatnonzero(~arrays["line_closed"]):
        pp.create_switch(net, int(heads[line]), int(line), et="l", closed=False)
    for k, (high, low) in enumerate(arrays["transformer_ends"].T.tolist()):
        one = {name: float(arrays[name][k]) for name in TRANSFORMER}
        pp.create_transformer_from_parameters(
            net, high, low, sn_mva=one["sn"] / 1e6, vn_hv_kv=one["u1"] / 1e3,
            vn_lv_kv=one["u2"] / 1e3, vk_percent=one["uk"] * 100,
            vkr_percent=one["pk"] / one["sn"] * 100, pfe_kw=one["p0"] / 1e3,
            i0_percent=one["i0"] * 100,
        )  # fmt: skip
    pp.create_loads(net, arrays["load_bus"], p_mw=arrays["load_p"][0] / 1e3)
    pp.create_sgens(net, arrays["gen_bus"], p_mw=arrays["gen_p"][0] / 1e3)
    return net


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def main(path: str) -> None:
    """Solve all steps one after the other and print the median time and the last voltages."""
    pp = importlib.import_module("pandapower")
    arrays = np.load(path)
    net, times = make_net(arrays), []
    for step in range(len(arrays["load_p"])):
        begun = time.perf_counter()
        net.load["p_mw"] = arrays["load_p"][step] / 1e3
        net.load["q_mvar"] = arrays["load_q"][step] / 1e3
        net.sgen["p_mw"] = arrays["gen_p"][step] / 1e3
        pp.runpp(net, trafo_model="pi", max_iteration=50)
        times.append(time.perf_counter() - begun)
    found = {
        "median_s": statistics.median(times),
        "voltage": net.res_bus.vm_pu.tolist(),
        "versions": {name: _version(name) for name in ("pandapower", "numba")},
    }
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1])
