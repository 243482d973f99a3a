"""A layer as a GeoDataFrame, for scripts and exports; made only when asked for."""

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from twinview.model.geometry import Geometry
from twinview.model.twin import Layer, Twin

if TYPE_CHECKING:
    import geopandas

_GEOMETRY_TYPE = {
    "point": shapely.GeometryType.MULTIPOINT,
    "line": shapely.GeometryType.MULTILINESTRING,
    "polygon": shapely.GeometryType.MULTIPOLYGON,
    "surface": shapely.GeometryType.MULTIPOLYGON,
}


def frame(twin: Twin, layer: Layer) -> "geopandas.GeoDataFrame":
    """Return a layer's attributes and shapes in the twin's coordinate system.

    Parameters
    ----------
    twin
        Gives coordinate system and origin.
    layer
        One of its layers. A layer without shapes gives empty geometries.

    Returns
    -------
    geopandas.GeoDataFrame
        One row per element, indexed by id; multi-part shapes with three coordinates.
    """
    import geopandas

    table = layer.attributes.to_pandas().set_index("id")
    shapes = (
        np.full(len(layer), None, dtype=object)
        if layer.geometry is None
        else shapes_of(layer.geometry, np.asarray(twin.origin))
    )
    return geopandas.GeoDataFrame(table, geometry=shapes, crs=twin.crs or None)


def shapes_of(geometry: Geometry, origin: Any) -> "np.ndarray[Any, np.dtype[np.object_]]":
    """Return ragged coordinates as shapely objects, moved by `origin`, shape (n,)."""
    coords = geometry.coords + origin
    if geometry.kind == "point":
        return shapely.from_ragged_array(
            _GEOMETRY_TYPE["point"], coords, (geometry.rings[geometry.parts[geometry.elements]],)
        )
    if geometry.kind == "line":
        parts = geometry.parts[geometry.elements]
        return shapely.from_ragged_array(_GEOMETRY_TYPE["line"], coords, (geometry.rings, parts))
    closed, rings = _closed(geometry, coords)
    return shapely.from_ragged_array(
        _GEOMETRY_TYPE[geometry.kind], closed, (rings, geometry.parts, geometry.elements)
    )


def _closed(geometry: Geometry, coords: Any) -> tuple[Any, Any]:
    """Repeat the first point of each ring at its end, as shapely wants it."""
    begin, end = geometry.rings[:-1], geometry.rings[1:]
    order = np.insert(np.arange(len(coords)), end, begin)
    rings = geometry.rings + np.arange(len(geometry.rings), dtype=geometry.rings.dtype)
    return coords[order], rings
