"""Where the numbers of a file come from, as the user says it."""

from dataclasses import replace

from twinview.model.part import Part
from twinview.model.twin import ORIGIN, Layer
from twinview.scene.words import ORIGINS

SAYABLE = tuple(one for one in ORIGINS if one != "computed")
"""Origins that a file may have: what the program computes is no file's."""


def with_origin(part: Part, origin: str | None) -> Part:
    """Return the content of a file whose numbers are of the origin that the user says.

    Parameters
    ----------
    part
        The content; what it says of itself counts where the user says nothing.
    origin
        One of `SAYABLE`; None and empty where nothing is said.
    """
    if not origin:
        return part
    tables = tuple(replace(one, origin=origin, told=True) for one in part.tables)
    layers = tuple(_marked(one, origin) for one in part.layers)
    return replace(part, tables=tables, layers=layers)


def _marked(layer: Layer, origin: str) -> Layer:
    said = {**(layer.attributes.schema.metadata or {}), ORIGIN: origin.encode()}
    return replace(layer, attributes=layer.attributes.replace_schema_metadata(said))
