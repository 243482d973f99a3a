"""FlatGeobuf: one layer, checked in full before it is touched."""

from pathlib import Path

from twinview.i18n import _
from twinview.model.part import Part
from twinview.progress import Job, Progress
from twinview.readers.common.layers import to_part
from twinview.readers.registry import Options, reader


def sniff(path: Path, head: bytes) -> int:
    """Score a file: FlatGeobuf's own signature, versions 2 and 3."""
    return 60 if head[:3] == b"fgb" and head[3:4] in {b"\x02", b"\x03"} else 0


@reader("FlatGeobuf", patterns=["*.fgb"], score=60, sniff=sniff)
def read(path: Path, options: Options) -> Job[Part]:
    """Read a FlatGeobuf file."""
    yield Progress(0.05, _("Reading {file}", file=path.name))
    from twinview.readers.common import gdal

    source = gdal.read_source(path, VERIFY_BUFFERS="YES")
    yield Progress(0.7, _("Checking shapes"))
    return to_part([source], options)
