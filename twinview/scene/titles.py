"""What layers, columns and their values are called: known names are translated, others stay."""

from twinview.i18n import N_, _
from twinview.model.twin import Layer

_KNOWN = {
    "buildings": N_("Buildings"),
    "annexes": N_("Annexes"),
    "roads": N_("Roads"),
    "trees": N_("Trees"),
    "places": N_("Places"),
    "sites": N_("Sites"),
    "nodes": N_("Nodes"),
    "lines": N_("Lines"),
    "transformers": N_("Transformers"),
    "grid connections": N_("Grid connections"),
    "loads": N_("Loads"),
    "generators": N_("Generators"),
    "stores": N_("Stores"),
    "links": N_("Links"),
    "shunts": N_("Shunts"),
    "weather": N_("Weather"),
}

_COLUMNS = {
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
}


def title(layer: Layer) -> str:
    """Return the name of a layer as a reader sees it."""
    return _(_KNOWN.get(layer.title.lower(), layer.title))


def column_title(column: str) -> str:
    """Return the name of a column as a reader sees it."""
    known = _COLUMNS.get(column)
    return _(known) if known else column


def word(value: str) -> str:
    """Return a value as a reader sees it; `model/schema/words.csv` lists the translated ones."""
    return _(value.replace("_", " "))
