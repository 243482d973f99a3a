"""What the elements of a layer are, guessed from names and shapes; the guess is always said."""

import re

import numpy as np
import pyarrow as pa
import shapely

from twinview.i18n import _
from twinview.readers.common.heights import has_heights

_WORDS: dict[str, dict[str, str]] = {
    "polygon": {
        "place": r"\bplaces?\b",
        "site": r"\bsites?\b",
        "other": r"tessell|voronoi|plot|parcel|parzell|flurst|grundst|cadast|zone|zoning|district"
        r"|block|ward|quarter|bezirk|boundar|grenz|admin|region|landuse|land_use|site_origin|green|park"
        r"|街区|地块|行政|边界|用地|绿地",
        "water": r"water|wasser|river|lake|pond|sea|harbour|harbor|canal|水",
        "road": r"road|street|strasse|straße|highway|pavement|carriageway|道路",
        "building": r"build|bldg|footprint|geb(ae|ä)ude|haus|h(ae|ä)user|house|roof|batiment"
        r"|bâtiment|edific|budov|建筑|房屋|楼",
    },
    "line": {
        "road": r"road|street|strasse|straße|highway|way|path|rail|transport|track"
        r"|道路|路网|街道|铁路",
        "water": r"water|wasser|river|stream|canal|水|河",
        "line": r"cable|power|electric|feeder|conductor|wire|grid|电缆|线路|电网",
    },
    "point": {
        "tree": r"tree|baum|b(ae|ä)ume|vegetation|arbre|树",
        "place": r"place|name|label|poi|address|amenit|town|village|地名|兴趣点",
        "node": r"^bus(es)?$|node|junction|节点|母线",
    },
}
_BUILDING_COLUMNS = re.compile(
    r"^(building|building_?type|bldg.*|year_?built|yearbuilt|roof.*|wall_?material|"
    r"number_of_(stories|floors)|建筑.*)$"
)
_COLUMNS = {
    ("line", "highway"): "road",
    ("line", "waterway"): "water",
    ("polygon", "natural_water"): "water",
    ("point", "species"): "tree",
    ("point", "crown_diameter"): "tree",
}
ENOUGH = 2000
"""Shapes that are looked at for a guess."""
_LARGEST_HOUSE = 3000.0  # square metres, median


def guess(name: str, shape: str, table: pa.Table, area: float) -> tuple[str, str]:
    """Return the likely kind of a layer, and why.

    Parameters
    ----------
    name
        Names of the layer and its file.
    shape
        ``polygon``, ``line``, ``point`` or "" for a table without shapes.
    table
        Attributes.
    area
        Median area of the polygons in square metres, NaN where unknown.
    """
    for kind, words in _WORDS.get(shape, {}).items():
        if re.search(words, name.lower()):
            return kind, _("from the name {name}", name=name)
    for column in table.column_names:
        kind = _COLUMNS.get((shape, column.lower()), "")
        if shape == "polygon" and _BUILDING_COLUMNS.match(column.lower()):
            kind = "building"
        if kind:
            return kind, _("from the column {column}", column=column)
    if shape == "polygon" and has_heights(table):
        return "building", _("from its heights")
    if shape == "polygon" and area < _LARGEST_HOUSE:
        return "building", _("from the size of its areas")
    return "other", _("nothing says what it is")


def median_area(shapes: np.ndarray[tuple[int], np.dtype[np.object_]], degrees: bool) -> float:
    """Return the median area of polygons in square metres, roughly.

    Parameters
    ----------
    shapes
        Polygons.
    degrees
        True where their coordinates are degrees.
    """
    if not len(shapes):
        return float("nan")
    few = shapes[:: max(1, len(shapes) // ENOUGH)]
    area = float(np.median(shapely.area(few)))
    if not degrees:
        return area
    latitude = float(shapely.get_y(shapely.centroid(few[0])))
    return area * 111_320.0**2 * float(np.cos(np.radians(latitude)))
