"""What layers and the values of columns are called: known names are translated, others stay."""

from twinview.i18n import N_, _
from twinview.model.quantities import words
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


_NAMING = frozenset({
    "id", "node", "from_node", "to_node", "building", "station", "element", "cable", "profile",
    "intensity_profile",
})  # fmt: skip
"""Columns that name other things: what stands in them is shown as it is."""


def word(value: str, column: str = "") -> str:
    """Return a value of a column as a reader sees it; `model/schema/words.csv` lists known ones.

    Others are shown as they are, but for words that are joined by low lines: with a digit or a
    capital it is the name of something.
    """
    if column in _NAMING:
        return value
    plain, known = value.replace("_", " "), words()
    said = known.get((plain, column)) or known.get((plain, ""))
    if said is None:
        naming = not value.islower() or any(map(str.isdigit, value))
        said = value if naming else plain
    return _(said)
