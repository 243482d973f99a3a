"""GeoJSON, read by our own code: GDAL's reader follows web links and gives up on one bad ring."""

import json
import re
from pathlib import Path
from typing import Any

from twinview.i18n import _
from twinview.model.part import Part
from twinview.model.problem import Problem
from twinview.progress import Job, Progress
from twinview.readers.common import features, texts
from twinview.readers.common.layers import Source, to_part
from twinview.readers.crs import WGS84
from twinview.readers.registry import Options, ReadError, reader

_GEOMETRIES = (
    "Point",
    "MultiPoint",
    "LineString",
    "MultiLineString",
    "Polygon",
    "MultiPolygon",
    "GeometryCollection",
)
TYPES = rf'"type"\s*:\s*"(FeatureCollection|Feature|{"|".join(_GEOMETRIES)})"'
_LARGEST = 300 << 20


def sniff(path: Path, head: bytes) -> int:
    """Score a file: JSON with a type of GeoJSON in its first or last bytes."""
    return 50 if texts.is_json(head) and texts.mentions(path, head, TYPES) else 0


@reader("GeoJSON", patterns=["*.geojson", "*.json", "*.geojsonl"], score=50, sniff=sniff)
def read(path: Path, options: Options) -> Job[Part]:
    """Read a GeoJSON file."""
    yield Progress(0.05, _("Reading {file}", file=path.name))
    content, problems = load(path, options)
    found = members(content, path)
    yield Progress(0.5, _("Building shapes"))
    crs, said = system(content, path)
    source = to_source(path.stem, path, found, crs)
    yield Progress(0.7, _("Checking shapes"))
    return to_part([source], options, problems + said)


def load(path: Path, options: Options) -> tuple[Any, list[Problem]]:
    """Return the content of a file, a line of features per line as well.

    Parameters
    ----------
    path
        The file.
    options
        What the user says.
    """
    if path.stat().st_size > _LARGEST:
        raise ReadError(
            _("{file} is larger than 300 MB; save it as GeoPackage or FlatGeobuf.", file=path.name)
        )
    if path.suffix.lower() != ".geojsonl":
        return texts.load_json(path, options.encoding)
    text, encoding, bad = texts.decode(path.read_bytes(), options.encoding)
    try:
        lines = [json.loads(line) for line in text.splitlines() if line.strip("\x1e \t")]
    except json.JSONDecodeError as error:
        raise ReadError(
            _("{file} has a line that is no JSON ({reason}).", file=path.name, reason=error.msg)
        ) from error
    problems = texts.encoding_problems(path, encoding, bad)
    return {"type": "FeatureCollection", "features": lines}, problems


def members(content: Any, path: Path) -> list[Any]:
    """Return the features of a GeoJSON object; a bare geometry is one feature."""
    kind = content.get("type") if isinstance(content, dict) else None
    if kind == "FeatureCollection" and isinstance(content.get("features"), list):
        return list(content["features"])
    if kind == "Feature":
        return [content]
    if kind in _GEOMETRIES:
        return [{"properties": {}, "geometry": content}]
    raise ReadError(_("{file} is no GeoJSON: it holds no features.", file=path.name))


def to_source(name: str, path: Path, found: list[Any], crs: str) -> Source:
    """Return features as one table with shapes."""
    shapes, reasons = features.to_shapes(
        [one.get("geometry") if isinstance(one, dict) else None for one in found]
    )
    return Source(name, path.name, features.to_table(found), shapes, reasons, crs)


def system(content: Any, path: Path) -> tuple[str, list[Problem]]:
    """Return the coordinate system: WGS 84, or what the former member ``crs`` names.

    Parameters
    ----------
    content
        The GeoJSON object.
    path
        The file.
    """
    said = content.get("crs") if isinstance(content, dict) else None
    if said is None:
        return WGS84, []
    properties = said.get("properties") if isinstance(said, dict) else None
    name = str(properties.get("name") or "") if isinstance(properties, dict) else ""
    if isinstance(said, dict) and said.get("type") == "name" and name:
        return _authority(name), []
    message = _(
        "{file} names its coordinate system by a link, which was not followed; WGS 84 is assumed.",
        file=path.name,
    )
    fix = _("If that is wrong, name the right one with --crs.")
    return WGS84, [Problem("warning", "crs.link", message, fix, path.name)]


def _authority(name: str) -> str:
    if re.search(r"CRS:?84$", name):
        return WGS84
    found = re.search(r"EPSG:[\d.]*:?(\d{4,6})$", name)
    return f"EPSG:{found[1]}" if found else name
