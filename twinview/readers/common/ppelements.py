"""pandapower's elements in power-grid-model's attributes, SI units."""

import math
from collections.abc import Callable, Mapping
from typing import Any

from twinview.readers.common.pptables import Net, Row, number

# PGM's default short-circuit power is no stiff source: it costs 8e-4 p.u. on a medium-voltage grid.
STIFF = 1e20
_WYE_N, _DELTA = 1, 2
_FROM_SIDE, _TO_SIDE = 0, 1
_POWER, _IMPEDANCE, _CURRENT = 0, 1, 2
_WHOLE = 100.0
_KEPT = ("zone", "subnet", "voltLvl", "std_type", "length_km", "substation", "cos_phi")

Names = Mapping[int, str]


def extras(row: Row) -> Row:
    """Return the columns that only describe."""
    extra = {key: row[key] for key in _KEPT if row.get(key) is not None}
    if row.get("type") is not None:
        extra["kind"] = str(row["type"])
    return extra


def node(net: Net, row: Row) -> Row:
    """Return a bus as a node."""
    del net
    return {"u_rated": number(row, "vn_kv") * 1e3, **extras(row)}


def line(net: Net, row: Row) -> Row:
    """Return a line of several parallel systems as one with the impedance of all."""
    length, systems = number(row, "length_km", 1.0), max(1.0, number(row, "parallel", 1.0))
    capacity = number(row, "c_nf_per_km") * 1e-9 * length * systems
    leak = number(row, "g_us_per_km") * 1e-6 * length * systems
    omega = 2 * math.pi * number(dict(net.values), "f_hz", 50.0)
    return {
        "r1": number(row, "r_ohm_per_km") * length / systems,
        "x1": number(row, "x_ohm_per_km") * length / systems,
        "c1": capacity,
        "tan1": leak / (omega * capacity) if capacity > 0 else 0.0,
        "i_n": number(row, "max_i_ka", math.nan) * 1e3 * number(row, "df", 1.0) * systems,
        **extras(row),
    }


def transformer(net: Net, row: Row) -> Row:
    """Return a transformer; parallel ones as one of the sum of their ratings."""
    del net
    count = max(1.0, number(row, "parallel", 1.0))
    power = number(row, "sn_mva") * 1e6 * count
    clock = round(number(row, "shift_degree") / 30) % 12
    high, low = number(row, "vn_hv_kv") * 1e3, number(row, "vn_lv_kv") * 1e3
    return {
        "u1": high,
        "u2": low,
        "sn": power,
        "uk": number(row, "vk_percent") / 100,
        "pk": number(row, "vkr_percent") / 100 * power,
        "i0": number(row, "i0_percent") / 100,
        "p0": number(row, "pfe_kw") * 1e3 * count,
        "winding_from": _DELTA if clock % 2 else _WYE_N,
        "winding_to": _WYE_N,
        "clock": clock,
        **_taps(row, high, low),
        **extras(row),
    }


def _taps(row: Row, high: float, low: float) -> Row:
    side = row.get("tap_side")
    rated = low if side == "lv" else high
    neutral = number(row, "tap_neutral")
    moves = side in {"hv", "lv"} and tap_kind_is_ratio(row)
    return {
        "tap_side": _TO_SIDE if side == "lv" else _FROM_SIDE,
        "tap_pos": round(number(row, "tap_pos", neutral)) if moves else round(neutral),
        "tap_min": round(number(row, "tap_min", neutral)),
        "tap_max": round(number(row, "tap_max", neutral)),
        "tap_nom": round(neutral),
        "tap_size": number(row, "tap_step_percent") / 100 * rated if moves else 0.0,
    }


def tap_kind_is_ratio(row: Row) -> bool:
    """Tell whether a transformer's taps change its ratio; SimBench leaves the kind empty."""
    return row.get("tap_changer_type") in {None, "Ratio", "Symmetrical"}


def source(net: Net, row: Row) -> Row:
    """Return an external grid as an ideal source: its short-circuit power is for other studies."""
    del net
    return {
        "u_ref": number(row, "vm_pu", 1.0),
        "u_ref_angle": math.radians(number(row, "va_degree")),
        "sk": STIFF,
        **extras(row),
    }


def sym_load(net: Net, row: Row) -> Row:
    """Return a load; shares of constant impedance or current count where they are the whole."""
    z, i = _shares(row)
    kind = _IMPEDANCE if z >= _WHOLE else _CURRENT if i >= _WHOLE else _POWER
    return {"type": kind, **_powers(row), **_profile(net, row, "_pload"), **extras(row)}


def _shares(row: Row) -> tuple[float, float]:
    """Return the shares of constant impedance and of constant current in per cent."""
    z, i = (
        max(number(row, f"const_{k}_percent"), number(row, f"const_{k}_p_percent")) for k in "zi"
    )
    return z, i


def is_mixed(row: Row) -> bool:
    """Tell whether a load is only partly of constant impedance or current."""
    return any(0 < share < _WHOLE for share in _shares(row))


def sym_gen(net: Net, row: Row) -> Row:
    """Return a static generator."""
    return {"type": _POWER, **_powers(row), **_profile(net, row, ""), **extras(row)}


def voltage_generator(net: Net, row: Row) -> Row:
    """Return a generator that holds its voltage."""
    limits = {
        f"q_{end}_var": number(row, f"{end}_q_mvar", math.nan) * 1e6 for end in ("min", "max")
    }
    return {**sym_gen(net, row), "q_specified": 0.0, "u_ref": number(row, "vm_pu", 1.0), **limits}


def _powers(row: Row) -> Row:
    scale = number(row, "scaling", 1.0) * 1e6
    return {
        "p_specified": number(row, "p_mw") * scale,
        "q_specified": number(row, "q_mvar") * scale,
    }


def _profile(net: Net, row: Row, suffix: str) -> Row:
    """Return the profile that a SimBench network names, as its table of profiles calls it."""
    name = row.get("profile")
    if not isinstance(name, str):
        return {}
    known = suffix if "loadcases" in net.tables or "loadcases" in net.values else ""
    own = _powers(row)
    reactive = {"profile_q": name + "_qload", "scale_var": own["q_specified"]} if known else {}
    return {"profile": name + known, "scale_w": own["p_specified"], **reactive}


def storage(net: Net, row: Row) -> Row:
    """Return a store; SimBench writes its efficiency as a fraction, others as per cent."""
    del net
    efficiency = number(row, "efficiency_percent", 100.0)
    one_way = math.sqrt(min(1.0, efficiency if efficiency <= 1 else efficiency / 100))
    power = max(
        number(row, "sn_mva"), abs(number(row, "max_p_mw")), abs(number(row, "min_p_mw"))
    ) or abs(number(row, "p_mw"))
    return {
        "energy_wh": number(row, "max_e_mwh") * 1e6,
        "power_w": power * 1e6,
        "eta_charge": one_way,
        "eta_discharge": one_way,
        "standing_loss_per_hour": number(row, "self-discharge_percent_per_day") / 100 / 24,
        "soc0": number(row, "soc_percent", 50.0) / 100,
        **_powers(row),
        **extras(row),
    }


def shunt(net: Net, row: Row) -> Row:
    """Return a shunt; its powers are those at rated voltage."""
    del net
    rated = number(row, "vn_kv") * 1e3
    factor = 1e6 * number(row, "step", 1.0) / rated**2 if rated else 0.0
    return {
        "g1": number(row, "p_mw") * factor,
        "b1": -number(row, "q_mvar") * factor,
        **extras(row),
    }


Make = Callable[[Net, Row], dict[str, Any]]

# table of pandapower, component, how a row is made, columns of its buses, names of its ends
ELEMENTS: tuple[tuple[str, str, Make, tuple[str, ...], tuple[str, ...]], ...] = (
    ("bus", "node", node, (), ()),
    ("line", "line", line, ("from_bus", "to_bus"), ("from_node", "to_node")),
    ("trafo", "transformer", transformer, ("hv_bus", "lv_bus"), ("from_node", "to_node")),
    ("ext_grid", "source", source, ("bus",), ("node",)),
    ("load", "sym_load", sym_load, ("bus",), ("node",)),
    ("sgen", "sym_gen", sym_gen, ("bus",), ("node",)),
    ("gen", "sym_gen", voltage_generator, ("bus",), ("node",)),
    ("storage", "storage", storage, ("bus",), ("node",)),
    ("shunt", "shunt", shunt, ("bus",), ("node",)),
)
LEFT_OUT = (
    "dcline", "svc", "ssc", "tcsc", "vsc", "line_dc", "bus_dc", "vsc_bipolar",
    "load_dc", "source_dc", "b2b_vsc",
)  # fmt: skip
