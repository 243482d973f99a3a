"""Shapefile, as files side by side or zipped, in whatever encoding its texts are."""

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from twinview.i18n import _
from twinview.model.part import Part
from twinview.model.problem import Problem
from twinview.progress import Job, Progress
from twinview.readers.common import archive, texts
from twinview.readers.common.layers import Source, to_part
from twinview.readers.registry import Options, ReadError, reader

_SIGNATURE = b"\x00\x00\x27\x0a"
_MATES = {".shp", ".shx", ".dbf", ".prj", ".cpg"}
_SAMPLE = 4 << 20


def sniff(path: Path, head: bytes) -> int:
    """Score a file: a shapefile's or a zip archive's signature."""
    return 60 if head.startswith((_SIGNATURE, b"PK\x03\x04")) else 0


@reader("Shapefile", patterns=["*.shp", "*.zip", "*.shz"], score=60, sniff=sniff)
def read(path: Path, options: Options) -> Job[Part]:
    """Read a shapefile, or all shapefiles in a zip archive."""
    yield Progress(0.05, _("Opening {file}", file=path.name))
    with tempfile.TemporaryDirectory() as name:
        files = [path] if path.suffix.lower() == ".shp" else _unpacked(path, Path(name))
        sources: list[Source] = []
        problems: list[Problem] = []
        for place, one in enumerate(files):
            yield Progress(0.1 + 0.6 * place / len(files), _("Reading {layer}", layer=one.stem))
            source, said = _read_one(one, path, options)
            sources.append(source)
            problems += said
    yield Progress(0.8, _("Checking shapes"))
    return to_part(sources, options, problems)


def _unpacked(path: Path, folder: Path) -> list[Path]:
    files = archive.unpack(path, folder, _MATES)
    found = sorted(one for one in files if one.suffix.lower() == ".shp")
    if not found:
        raise ReadError(
            _(
                "{file} holds no shapefile; unpack it and add the files in it.",
                file=path.name,
            )
        )
    return found


def _read_one(shp: Path, path: Path, options: Options) -> tuple[Source, list[Problem]]:
    from twinview.readers.common import gdal

    _check_mates(shp, path)
    encoding, problems = _encoding(shp, path, options)
    found = gdal.read_source(shp, encoding=encoding) if encoding else gdal.read_source(shp)
    return replace(found, file=path.name), problems


def _check_mates(shp: Path, path: Path) -> None:
    have = {one.suffix.lower() for one in shp.parent.glob(shp.stem + ".*")}
    missing = sorted({".shx", ".dbf"} - have)
    if missing:
        raise ReadError(
            _(
                "{file} is not whole: {missing} is missing beside it; "
                "add all files of the shapefile.",
                file=path.name,
                missing=_mates_named(shp, missing),
            )
        )


def _mates_named(shp: Path, suffixes: Sequence[str]) -> str:
    return ", ".join(shp.stem + suffix for suffix in suffixes)


def _encoding(shp: Path, path: Path, options: Options) -> tuple[str, list[Problem]]:
    """Return the encoding of the texts: as said, as the file says, or as its bytes look."""
    if options.encoding:
        return options.encoding, []
    if _mate(shp, ".cpg") is not None:
        return "", []
    dbf = _mate(shp, ".dbf")
    raw = b"" if dbf is None else _texts_of(dbf)
    if all(byte < 0x80 for byte in raw):
        return "", []
    try:
        raw.decode("utf-8")
        found = "UTF-8"
    except UnicodeDecodeError:
        found = "GB18030" if texts.likely_legacy(raw) else "CP1252"
    message = _(
        "{file} does not say the encoding of its texts (no .cpg); they look like {encoding}.",
        file=path.name,
        encoding=found,
    )
    fix = _("If the texts look wrong, name the right one with --encoding.")
    return found, [Problem("warning", "text.encoding", message, fix, path.name, shp.stem)]


def _mate(shp: Path, suffix: str) -> Path | None:
    return next((o for o in shp.parent.glob(shp.stem + ".*") if o.suffix.lower() == suffix), None)


def _texts_of(dbf: Path) -> bytes:
    """Return the records of a table of attributes, the header left out, blanks as line ends."""
    with dbf.open("rb") as file:
        head = file.read(32)
        if len(head) < 32:
            return b""
        file.seek(int.from_bytes(head[8:10], "little"))
        return b"\n".join(file.read(_SAMPLE).split())
