"""One layer as GeoParquet 1.1: a Parquet table with shapes as well-known binary."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

if TYPE_CHECKING:
    import geopandas

VERSION = "1.1.0"
SHAPES = "geometry"


def write_geoparquet(path: Path, layer: str, made: "geopandas.GeoDataFrame", told: str) -> None:
    """Write a table with shapes.

    Parameters
    ----------
    path, layer
        The file, and the id of what it holds.
    made
        Attributes and values, and shapes in the column ``geometry``.
    told
        Provenance, JSON.
    """
    shapes = made.geometry.to_numpy()
    table = pa.Table.from_pandas(made.drop(columns=SHAPES), preserve_index=False)
    binary = pa.array(shapely.to_wkb(shapes, flavor="iso"), pa.binary())
    about = {"geo": json.dumps(_described(made, shapes)), "twinview": told, "layer": layer}
    described = table.append_column(SHAPES, binary).replace_schema_metadata(about)
    pq.write_table(described, path, compression="zstd")


def _described(made: "geopandas.GeoDataFrame", shapes: "np.ndarray[Any, Any]") -> dict[str, Any]:
    """Return what the format says of its shapes: encoding, kinds, coordinate system, bounds."""
    deep = np.asarray(shapely.has_z(shapes))
    kinds = {
        f"{one.geom_type} Z" if high else one.geom_type
        for one, high in zip(shapes, deep, strict=True)
        if one is not None
    }
    column: dict[str, Any] = {"encoding": "WKB", "geometry_types": sorted(kinds)}
    # Without an entry the format means WGS 84; an unknown system is said to be unknown.
    column["crs"] = None if made.crs is None else made.crs.to_json_dict()
    bounds = shapely.total_bounds(shapes)
    if np.isfinite(bounds).all():
        column["bbox"] = bounds.tolist()
    return {"version": VERSION, "primary_column": SHAPES, "columns": {SHAPES: column}}
