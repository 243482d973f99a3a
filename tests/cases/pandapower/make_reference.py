"""Record what pandapower computes for a grid that holds one of each kind of element.

Run by hand, in an environment of its own, since pandapower's versions do not fit this project's::

    python3 -m venv /tmp/reference
    /tmp/reference/bin/pip install pandapower==3.5.6
    /tmp/reference/bin/python tests/cases/pandapower/make_reference.py [folder of grid-mv-oberrhein]

Writes, beside this file, the grid as pandapower's JSON and ``reference.json`` with its power flow.
Where a folder of pandapower JSON files is named as well, their power flows are recorded too.
"""

import json
import sys
from pathlib import Path

import pandapower as pp

HERE = Path(__file__).parent


def grid():
    """Return a grid of 110, 20, 10 and 0.4 kV with one of each kind of element."""
    net = pp.create_empty_network(name="one of each", f_hz=50.0)
    volts = {"outer": 110, "mid": 20, "low": 10, "far": 20, "split": 20, "tie": 20, "house": 0.4, "second": 110}
    bus = {name: pp.create_bus(net, kv, name=name) for name, kv in volts.items()}
    pp.create_ext_grid(net, bus["outer"], vm_pu=1.01, va_degree=2.0, s_sc_max_mva=500.0, rx_max=0.1)
    pp.create_ext_grid(net, bus["second"], vm_pu=1.012, va_degree=2.5)
    cable = {"r_ohm_per_km": 0.12, "x_ohm_per_km": 0.39, "c_nf_per_km": 9.0, "max_i_ka": 0.6}
    pp.create_line_from_parameters(net, bus["outer"], bus["second"], 20.0, **cable, name="ring")
    pp.create_transformer3w_from_parameters(
        net, bus["outer"], bus["mid"], bus["low"], vn_hv_kv=110.0, vn_mv_kv=20.5, vn_lv_kv=10.2,
        sn_hv_mva=40.0, sn_mv_mva=25.0, sn_lv_mva=15.0, vk_hv_percent=10.4, vk_mv_percent=6.1,
        vk_lv_percent=16.2, vkr_hv_percent=0.3, vkr_mv_percent=0.25, vkr_lv_percent=0.35, pfe_kw=30.0,
        i0_percent=0.1, shift_mv_degree=0, shift_lv_degree=150, tap_side="hv", tap_neutral=0, tap_min=-10,
        tap_max=10, tap_step_percent=1.2, tap_pos=-3, tap_changer_type="Ratio", name="three",
    )  # fmt: skip
    wire = {"r_ohm_per_km": 0.2, "x_ohm_per_km": 0.12, "c_nf_per_km": 210.0, "max_i_ka": 0.3}
    pp.create_line_from_parameters(net, bus["mid"], bus["far"], 4.0, **wire, name="feeder", parallel=2)
    pp.create_line_from_parameters(net, bus["far"], bus["tie"], 3.0, **wire, name="open end")
    pp.create_switch(net, bus["far"], bus["split"], "b", closed=True, name="coupler", z_ohm=0.2)
    pp.create_switch(net, bus["tie"], 2, "l", closed=False)
    pp.create_transformer_from_parameters(
        net, bus["split"], bus["house"], 0.63, 20.0, 0.4, 1.1, 6.0, 1.2, 0.25, shift_degree=150,
        tap_side="lv", tap_neutral=0, tap_min=-2, tap_max=2, tap_step_percent=2.5, tap_pos=1,
        tap_changer_type="Ratio", name="house",
    )  # fmt: skip
    pp.create_load(net, bus["house"], 0.3, 0.09, name="homes")
    pp.create_load(net, bus["low"], 4.0, 1.1, name="plant", scaling=0.9)
    pp.create_load(net, bus["split"], 0.1, 0.02, name="heaters", const_z_p_percent=100, const_z_q_percent=100)
    pp.create_sgen(net, bus["far"], 1.2, -0.2, name="park")
    pp.create_gen(net, bus["far"], 2.0, vm_pu=1.04, min_q_mvar=-6.0, max_q_mvar=6.0, name="held")
    pp.create_ward(net, bus["mid"], 1.0, 0.2, qz_mvar=0.4, pz_mw=0.1, name="ward")
    pp.create_xward(net, bus["low"], 0.5, 0.1, qz_mvar=0.1, pz_mw=0.2, r_ohm=0.4, x_ohm=1.8, vm_pu=1.0, name="xward")
    pp.create_motor(net, bus["low"], pn_mech_mw=0.5, cos_phi=0.86, efficiency_percent=95.0, loading_percent=80.0, name="pump")
    pp.create_asymmetric_load(net, bus["house"], p_a_mw=0.02, p_b_mw=0.01, p_c_mw=0.0, q_a_mvar=0.005, name="uneven")
    pp.create_shunt(net, bus["mid"], q_mvar=-0.9, p_mw=0.01, step=2, name="capacitor")
    pp.create_impedance(net, bus["mid"], bus["split"], rft_pu=0.05, xft_pu=0.2, sn_mva=10.0, name="link")
    return net


def record(net) -> dict:
    """Return the power flow of a grid."""
    pp.runpp(net, trafo_model="pi", enforce_q_lims=True, calculate_voltage_angles=True, tolerance_mva=1e-9)
    return {
        "made_with": f"pandapower {pp.__version__}",
        "buses": net.bus.name.tolist(),
        "vm_pu": [None if v != v else round(float(v), 8) for v in net.res_bus.vm_pu],
        "slack_mw": net.res_ext_grid.p_mw.round(7).tolist(),
        "gen_mvar": net.res_gen.q_mvar.round(7).tolist(),
    }


def main() -> None:
    """Make all records."""
    net = grid()
    net["std_types"] = {}
    pp.to_json(net, str(HERE / "one_of_each.json"))
    made = {"one_of_each": record(net)}
    for folder in sys.argv[1:]:
        for path in sorted(Path(folder).glob("*.json")):
            net = pp.from_json(str(path))
            if isinstance(net, pp.pandapowerNet) and len(net.bus):
                made[path.stem] = record(net)
    for name, content in made.items():
        (HERE / f"{name}.reference.json").write_text(json.dumps(content) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
