"""What layers and the values of columns are called: known names are translated, others stay."""

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
    "stores": N_("Storage"),
    "links": N_("Links"),
    "shunts": N_("Shunts"),
    "weather": N_("Weather"),
}


def title(layer: Layer) -> str:
    """Return the name of a layer as a reader sees it."""
    return _(_KNOWN.get(layer.title.lower(), layer.title))


def word(value: str) -> str:
    """Return a value as a reader sees it; `model/schema/words.csv` lists the translated ones."""
    return _(value.replace("_", " "))
