"""OpenDSS feeders, by OpenDSS's own engine, as balanced networks."""

from pathlib import Path

from twinview.i18n import _
from twinview.model.part import Part
from twinview.progress import Job, Progress
from twinview.readers.common import dss_feeder, dss_shapes, texts
from twinview.readers.common.draft import finish
from twinview.readers.registry import Options, reader

_CIRCUIT = r"(?i)\bnew\s+\"?(object\s*=\s*)?\"?circuit\."


def sniff(path: Path, head: bytes) -> int:
    """Score a script that defines a circuit, or a folder with a ``Master.dss``."""
    if path.is_dir():
        return 72 if dss_feeder.masters(path) else 0
    return 72 if texts.mentions(path, head, _CIRCUIT) else 0


@reader("OpenDSS", patterns=["*.dss"], score=72, sniff=sniff, folders=["*"])
def read(path: Path, options: Options) -> Job[Part]:
    """Read a feeder: its scripts as far as they define elements, its figures from the engine.

    Loads and generators follow the load shapes that they name.
    """
    yield Progress(0.1, _("Reading {file}", file=path.name))
    draft, script = dss_feeder.load(path)
    yield Progress(0.8, _("Reading profiles"))
    tables = dss_shapes.follow(draft, script, options)
    yield Progress(0.9, _("Building the network"))
    system = "EPSG:4326" if script.degrees else ""
    return finish(draft, options, crs=system, tables=tables, about=draft.title)
