"""What things are called and how their values are written, for window, pictures and texts alike."""

import math
import re
from collections.abc import Iterable
from typing import Any

from twinview.i18n import LANGUAGES, N_, _, language
from twinview.model.quantities import quantities
from twinview.model.twin import Layer
from twinview.scene.numbers import NOTHING, SPACE, number
from twinview.scene.numbers import ticks as tick_texts
from twinview.scene.titles import word

KINDS = {
    "building": N_("Building"), "line": N_("Line"), "node": N_("Node"), "storage": N_("Storage"),
    "transformer": N_("Transformer"), "road": N_("Road"), "place": N_("Place"), "tree": N_("Tree"),
    "site": N_("Site"), "load": N_("Load"), "generator": N_("Generator"),
    "source": N_("External supply"), "weather": N_("Weather"), "other": N_("Element"),
    "pipe": N_("Pipe"), "converter": N_("Energy centre"),
}  # fmt: skip
ORIGINS = {
    "measured": N_("measured"), "given": N_("given"), "modelled": N_("modelled"),
    "generated": N_("generated"), "computed": N_("computed"), "forecast": N_("forecast"),
}  # fmt: skip
COLUMNS = {
    "use": N_("Use"),
    "type": N_("Type"),
    "storeys": N_("Storeys"),
    "height_m": N_("Height"),
    "eaves_m": N_("Eaves"),
    "ridge_m": N_("Ridge"),
    "roof": N_("Roof"),
    "floor_area_m2": N_("Floor area"),
    "pv_kwp": N_("Solar power"),
    "heat_pump": N_("Heat pump"),
    "households": N_("Households"),
    "origin": N_("Origin"),
    "battery_kwh": N_("Battery"),
    "length_m": N_("Length"),
    "name": N_("Name"),
    "capacity_kwh": N_("Capacity"),
    "height_source": N_("Height from"),
    "kind": N_("Kind"),
    "ridge_deg": N_("Ridge direction"),
    "width_m": N_("Width"),
    "crown_m": N_("Crown"),
    "rotor_m": N_("Rotor"),
    "tilt_deg": N_("Tilt"),
    "azimuth_deg": N_("Azimuth"),
    "cable": N_("Cable"),
    "voltage_kv": N_("Rated voltage"),
    "kwh_per_year": N_("Energy per year"),
    "cos_phi": N_("Power factor"),
    "r1": N_("Resistance"),
    "x1": N_("Reactance"),
    "c1": N_("Capacitance"),
    "tan1": N_("Loss factor tan δ"),
    "i_n": N_("Rated current"),
    "u_rated": N_("Rated voltage"),
    "sn": N_("Rated apparent power"),
    "node": N_("Node"),
    "from_node": N_("From node"),
    "to_node": N_("To node"),
    "status": N_("Status"),
    "from_status": N_("From status"),
    "to_status": N_("To status"),
    "number": N_("Number"),
    "label": N_("Label"),
    "label_weight": N_("Label weight"),
    "station": N_("Station"),
    "building": N_("Building"),
    "profile": N_("Profile"),
    "intensity_profile": N_("Intensity profile"),
    "intensity_g_per_kwh": N_("Intensity of generation"),
    "energy_wh": N_("Energy capacity"),
    "power_w": N_("Rated power"),
    "eta_charge": N_("Charging efficiency"),
    "eta_discharge": N_("Discharging efficiency"),
    "standing_loss_per_hour": N_("Standing loss per hour"),
    "soc0": N_("State of charge at the start"),
    "p_specified": N_("Specified power"),
    "q_specified": N_("Specified reactive power"),
    "scale_w": N_("Scale of the profile"),
    "u1": N_("Rated voltage, from side"),
    "u2": N_("Rated voltage, to side"),
    "uk": N_("Short-circuit voltage"),
    "pk": N_("Short-circuit loss"),
    "i0": N_("No-load current"),
    "p0": N_("No-load loss"),
    "winding_from": N_("Winding, from side"),
    "winding_to": N_("Winding, to side"),
    "clock": N_("Vector group clock number"),
    "tap_side": N_("Tap side"),
    "tap_pos": N_("Tap position"),
    "tap_min": N_("Lowest tap"),
    "tap_max": N_("Highest tap"),
    "tap_nom": N_("Neutral tap"),
    "tap_size": N_("Voltage per tap"),
    "u_ref": N_("Reference voltage"),
    "sk": N_("Short-circuit power"),
    "rx_ratio": N_("R/X ratio"),
}
"""Titles of columns that many districts have; others are shown by their own names."""
SUFFIXES = {
    "_m2": "m²", "_m": "m", "_kwp": "kWp", "_kwh": "kWh", "_kw": "kW", "_deg": "°", "_kva": "kVA",
    "_kv": "kV",
}  # fmt: skip
"""Units that a column's name ends with, where its field does not name one."""
EVENTS = frozenset({"left_energy", "left_carbon"})
"""Quantities that most steps have none of, without any data missing."""
UNITS = {
    "r1": "Ω", "x1": "Ω", "r0": "Ω", "x0": "Ω", "c1": "F", "c0": "F", "i_n": "A", "u_rated": "V",
    "u1": "V", "u2": "V", "sn": "VA", "sk": "VA", "u_ref": "p.u.", "uk": "p.u.", "pk": "W",
    "p0": "W", "i0": "p.u.", "p_specified": "W", "q_specified": "var", "energy_wh": "Wh",
    "power_w": "W", "scale_w": "W", "scale_kw": "kW", "scale_var": "var", "capacity_w": "W",
    "u_w_per_mk": "W/(m·K)", "ground_c": "°C", "supply_c": "°C", "return_c": "°C",
    "intensity_g_per_kwh": "g/kWh", "start_intensity_g_per_kwh": "g/kWh",
    "input_intensity_g_per_kwh": "g/kWh",
}  # fmt: skip
"""Units of the columns of networks, which all readers fill in SI units (see `model.twin`)."""
CLOSED = 5e-4
"""A residual below this is what floating point leaves over, and is shown as nothing."""


SMALL = 0.1
"""Attributes below this are written with three digits: two decimals would leave little of them."""


def listed(parts: Iterable[str]) -> str:
    """Return parts with the comma of the language between them."""
    return _(", ").join(parts)


def unbroken(text: str) -> str:
    """Return a text whose units, such as g/kWh, stay whole where a line breaks."""
    return re.sub(r"(?<=\w)/(?=\w)", "\u2060/\u2060", text)


def named(name: str, value: str) -> str:
    """Return a name and what it has, with the colon of the language between them."""
    return _("{name}: {value}", name=name, value=value)


ADDED_ID = re.compile(r".*~\d+~(pv|store|charger)~+\d+")
"""Ids of what a scenario adds (`twinview.model.adding.identified`)."""
ADDED = {
    "pv": N_("Added photovoltaics"), "store": N_("Added storage"), "charger": N_("Added charger"),
}  # fmt: skip
"""What a reader sees of them."""


def name_of(layer: Layer, row: int) -> str:
    """Return the name of an element in the language in use, else its kind and id."""
    for column in (f"name_{language()[:2]}", "name"):
        if layer.has(column):
            value = layer.attributes[column][row].as_py()
            if value:
                return str(value)
    identity = layer.id_at(row)
    added = ADDED_ID.fullmatch(identity)
    if added is not None:
        place = next((str(layer.attributes[one][row].as_py()) for one in ("building", "node")
                      if layer.has(one) and layer.attributes[one][row].as_py()), "")  # fmt: skip
        what = _(ADDED[added[1]])
        return _("{what} at {place}", what=what, place=place) if place else what
    return f"{_(KINDS.get(layer.kind, KINDS['other']))} {identity}"


def quantity_title(quantity: str) -> str:
    """Return the title of a quantity or of a column."""
    known = quantities().get(quantity)
    if quantity == "load":
        return _("Load")
    return _(known.title) if known else column_title(quantity)


def value_text(quantity: str, value: float, unit: str = "") -> str:
    """Return a value of a quantity with its unit; what is missing is said in words.

    Parameters
    ----------
    quantity, value
        What it is.
    unit
        Unit of the value where it is another than the quantity's own.
    """
    if not math.isfinite(value):
        return NOTHING if quantity in EVENTS else _("No data")
    known = quantities().get(quantity)
    unit = unit or (known.unit if known else "kW" if quantity == "load" else "")
    if unit == "1":
        return number(value * 100, 3, "%")
    if quantity in {"residual", "carbon_residual"} and abs(value) < CLOSED:
        value = 0.0
    return number(value, 4 if unit == "p.u." else 3, unit)


def ranged_text(quantity: str, value: float, about: bool, spread: float, unit: str = "") -> str:
    """Return a value; an estimate says so, with its range where that is known.

    Parameters
    ----------
    quantity, value, unit
        As for `value_text`.
    about
        Whether it is an estimate.
    spread
        How far it may be off, as a share of it; 0 where nobody says.
    """
    text = value_text(quantity, value, unit)
    if not about or not math.isfinite(value):
        return text
    if not spread:
        return f"≈ {text}"
    own = unit or (quantities()[quantity].unit if quantity in quantities() else "")
    low, high = (number(value * (1 + sign * spread), 2, of=own) for sign in (-1, 1))
    return _("≈ {value} ({low} to {high})", value=text, low=low, high=high)


def in_language(layer: Layer, column: str) -> str:
    """Return the column that holds the same in the language in use, else the column itself."""
    own = f"{column}_{language()[:2]}"
    return own if layer.has(own) else column


def translations(layer: Layer) -> frozenset[str]:
    """Return the columns that hold another one's texts in a language: `label_zh` of `label`."""
    ends = tuple(f"_{code[:2]}" for code in LANGUAGES)
    names = layer.attributes.column_names
    return frozenset(one for one in names if one.endswith(ends) and layer.has(one[:-3]))


def column_title(column: str) -> str:
    """Return what a reader sees for a column."""
    if column in COLUMNS:
        return _(COLUMNS[column])
    stem = next((column.removesuffix(end) for end in SUFFIXES if column.endswith(end)), column)
    title = stem.replace("_", " ").capitalize()
    return _(title) if title else column


def unit_of(layer: Layer, column: str) -> str:
    """Return the unit of a column: its field's own, else its own in networks or as it is named."""
    named = UNITS.get(column) or next(
        (unit for end, unit in SUFFIXES.items() if column.endswith(end)), ""
    )
    return (layer.unit(column) if layer.has(column) else "") or named


def written(value: Any, unit: str = "", column: str = "") -> str:
    """Return an attribute of a column as text; empty for what is not there."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | float):
        if not math.isfinite(value):
            return ""
        text = number(value) if 0 < abs(value) < SMALL else tick_texts([round(value, 2)])[0]
        return text + (SPACE + unit if unit else "")
    if isinstance(value, bytes) or value is None:
        return ""
    text = str(value).strip()
    return word(text, column) + (SPACE + unit if unit else "") if text else ""
