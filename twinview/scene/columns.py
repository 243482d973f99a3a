"""Which columns of dwellings and their devices are open: those that say what was built, not used.

A column is kept back unless it is known to be open: files call what people use by many names.
"""

import re
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from twinview.model.grouped import Groups, means
from twinview.model.twin import Layer
from twinview.scene.grouping import HOMES

GUARDED = frozenset({"building", "load", "generator", "storage"})
"""Kinds of layers whose columns may tell what single dwellings use."""
_UNITS = re.compile(r"^[kMGT]?(W|Wh|VA|var|J)(/a|/yr|/year)?$|^k?g(/h|/a)?$|^t(/a)?$")
_USED = re.compile(r"(?i)consum|demand|verbrauch|bedarf|[km]wh|用电|用能|能耗|(^|_)(per|eui)(_|$)")
"""Units and names of what is used, which no other part of a name makes open."""
_BUILT = re.compile(r"(?i)battery|storage|capacity|rated|kwp|mass|weight|intensity")
"""Names of what was built, or of what the grid is, whatever their unit."""
_RATINGS = re.compile(r"(?i)^(energy|power)_|^eta_|_loss")
"""Names of what a store can do."""
_PLAIN = re.compile(
    r"(?i)(^|[_:. ])(id|ids|fid|gid|oid|uuid|nr|no|number|code|class|type|status|kind|zone|zip|plz|"
    r"postcode|ward|x|y|z|lon|lat|longitude|latitude|east|north|age|phases?)($|[_:. ])|"
    r"objectid|height|h[oö]e?he|storeys?|stor(y|ies)$|floor|levels?$|geschoss|stockwerk|area|"
    r"fl(ä|ae)che|footprint|width|length|depth|perimeter|elevation|ground|eaves|ridge|roof|slope|"
    r"tilt|azimuth|orientation|"
    r"(built|constr\w*|renov\w*|bau).?(year|jahr)|year.?(built|of|constr|renov)|^(year|jahr)$|"
    r"高度|层数|面积|年份|年代|^cos_phi$"
)
"""Names of shapes, sizes, ages and keys."""
_KEYS = re.compile(
    r"(?i)^(id|node|building|profile\w*|\w*_profile|charger|vehicle|use|usage|function|carrier)$|"
    r"name|label|title|address|street|house_?n|hausn"
)
"""Texts that may look like numbers and are none."""
_NUMBER = r"^\s*[-+]?\d[\d.,' ]*\s*([kMGT]?(W|Wh|VA|var|J)(/a|/yr)?|%|m³|m3)?\s*$"


def tells(layer: Layer, column: str) -> bool:
    """Tell whether a column may hold what the people in a house use.

    Parameters
    ----------
    layer, column
        A layer of dwellings or their devices, and one of its columns.
    """
    kind = layer.attributes.schema.field(column).type
    if pa.types.is_boolean(kind) or column == "id":
        return False
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return not (_KEYS.search(column) or _open(layer, column)) and _numeric(layer, column)
    return not (pa.types.is_binary(kind) or pa.types.is_null(kind) or _open(layer, column))


def _open(layer: Layer, column: str) -> bool:
    if _BUILT.search(column) or column in HOMES:
        return True
    if layer.kind == "storage" and _RATINGS.search(column):
        return True
    used = _UNITS.match(layer.unit(column)) or _USED.search(column)
    return not used and bool(_PLAIN.search(column))


def _numeric(layer: Layer, column: str) -> bool:
    """Tell whether all texts of a column are numbers, perhaps with a unit."""
    texts = layer.attributes[column].drop_null()
    if not len(texts):
        return False
    asked = pc.MatchSubstringOptions(_NUMBER)
    alike = pc.call_function("match_substring_regex", [texts], asked)
    return bool(pc.call_function("all", [alike]).as_py())


def without_columns(layer: Layer, groups: Groups) -> Layer:
    """Return a layer whose columns of use hold the means of groups; other kinds of them nothing.

    Parameters
    ----------
    layer, groups
        Dwellings or their devices, and their groups.
    """
    table = layer.attributes
    if layer.kind not in GUARDED:
        return layer
    for place, field in enumerate(table.schema):
        if not tells(layer, field.name):
            continue
        if pa.types.is_floating(field.type) or pa.types.is_integer(field.type):
            values = means(layer.numbers(field.name), groups)
            made = pa.array(values, pa.float64(), from_pandas=True)
        else:
            kept = pa.array(np.flatnonzero(~groups.inside))
            made = _only(table[field.name], kept, len(layer))
        told = pa.field(field.name, made.type, metadata=field.metadata)
        table = table.set_column(place, told, made)
    return layer if table is layer.attributes else replace(layer, attributes=table)


def _only(column: pa.ChunkedArray, kept: pa.Array, count: int) -> pa.ChunkedArray:
    """Return a column of which only some rows are left."""
    place = np.full(count, -1, dtype=np.int64)
    place[kept.to_numpy()] = kept.to_numpy()
    return column.take(pa.array(place, mask=place < 0))
