"""Series in Zarr folders and classic netCDF files (netCDF 4 is looked at for a network first)."""

from pathlib import Path

from twinview.i18n import _
from twinview.model.part import Part
from twinview.progress import Job, Progress, part_of
from twinview.readers.common import arrays, netcdf, zarrs
from twinview.readers.registry import Options, reader


def sniff(path: Path, head: bytes) -> int:
    """Score a folder that holds a Zarr group, or a netCDF file of version 3."""
    if path.is_dir():
        return 80 if zarrs.is_group(path) else 0
    return 60 if head.startswith(netcdf.CLASSIC) else 0


@reader("Series arrays", patterns=["*.nc"], score=60, sniff=sniff, folders=["*.zarr"])
def read(path: Path, options: Options) -> Job[Part]:
    """Read arrays over time and elements straight into the store."""
    yield Progress(0.05, _("Reading {file}", file=path.name))
    opened = zarrs.opened(path) if path.is_dir() else netcdf.opened(path)
    with opened as variables:
        return (yield from part_of(arrays.read(variables, path, options), 0.05, 1.0))
