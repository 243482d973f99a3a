"""Opening files with GDAL's few allowed drivers. To be imported in a reader process only."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError

from twinview.i18n import _
from twinview.readers.common import wkb
from twinview.readers.common.drivers import ALLOWED, MoreDrivers
from twinview.readers.common.layers import Source
from twinview.readers.registry import ReadError

# What pyogrio and Arrow raise for damage that they meet on the way.
_DAMAGE = (OSError, IndexError, ValueError)


def check_drivers() -> None:
    """Raise MoreDrivers where GDAL would use a driver that is not allowed.

    Raises
    ------
    MoreDrivers
        With the names; the process must be started again with them switched off.
    """
    more = set(pyogrio.list_drivers()) - ALLOWED
    if more:
        raise MoreDrivers(more)


def read_source(path: Path, layer: str | None = None, **open_options: Any) -> Source:
    """Return one layer of a file, checked.

    Parameters
    ----------
    path
        File on this machine.
    layer
        Name of the layer; the only one by default.
    **open_options
        Passed to GDAL's driver; ``encoding`` names the encoding of a shapefile's texts.

    Raises
    ------
    ReadError
        For a file that is damaged.
    """
    check_drivers()
    try:
        meta, table = pyogrio.read_arrow(path, layer=layer, **open_options)
        # GDAL's stream of a damaged file can carry offsets out of bounds; touching them kills.
        _check(table)
    except (DataSourceError, DataLayerError, pa.ArrowException, *_DAMAGE) as error:
        raise ReadError(
            _(
                "{file} is damaged ({reason}); nothing was read. Fetch or export it again.",
                file=path.name,
                reason=str(error)[:200],
            )
        ) from error
    name = layer or path.stem
    geometry = meta.get("geometry_name") or "wkb_geometry"
    if geometry not in table.column_names:
        return Source(name, path.name, table, None)
    shapes, reasons, ready = wkb.read(table, geometry)
    crs = meta.get("crs") or ""
    bare = table.drop_columns([geometry])
    return Source(name, path.name, bare, shapes, reasons, crs, ready=ready)


def _check(table: pa.Table) -> None:
    """Validate a table in full; texts that are not UTF-8 are let through, they are mended later."""
    for column in table.columns:
        kind = column.type
        if pa.types.is_string(kind) or pa.types.is_large_string(kind):
            raw = pa.binary() if pa.types.is_string(kind) else pa.large_binary()
            for chunk in column.chunks:
                chunk.view(raw).validate(full=True)
        else:
            column.validate(full=True)
