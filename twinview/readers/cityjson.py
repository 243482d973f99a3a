"""CityJSON 1.0 to 2.0 and CityJSONSeq: buildings and other objects as bodies with meanings."""

import json
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from twinview.i18n import N_, _
from twinview.model.geometry import Kind
from twinview.model.part import Part
from twinview.model.problem import Problem
from twinview.model.twin import Layer
from twinview.progress import Job, Progress
from twinview.readers import crs as systems
from twinview.readers.common import bodies, cityobjects, columns, heights, network, texts
from twinview.readers.registry import Options, ReadError, reader

Points = npt.NDArray[np.float64]

_NAMES = {
    "building": ("buildings", N_("Buildings")),
    "road": ("roads", N_("Roads")),
    "water": ("water", N_("Water")),
    "tree": ("trees", N_("Trees")),
    "other": ("other", N_("Other objects")),
}
_DROPPED = {
    "none": N_("{count} objects of {layer} have no shape and were left out."),
    "index": N_("{count} objects of {layer} name points that are not there and were left out."),
    "flat": N_("{count} objects of {layer} have no face with three corners and were left out."),
    "damaged": N_("{count} objects of {layer} have damaged shapes and were left out."),
    "not_finite": N_(
        "{count} objects of {layer} have a coordinate that is not a number; left out."
    ),
}
_COLLECTED: dict[str, str] = {"polygon": "footprints", "line": "lines", "point": "points"}


def sniff(path: Path, head: bytes) -> int:
    """Score a file: JSON that says CityJSON in its first or last bytes."""
    return (
        90 if texts.is_json(head) and texts.mentions(path, head, '"(CityJSON|CityObjects)"') else 0
    )


@reader("CityJSON", patterns=["*.json", "*.jsonl"], score=90, sniff=sniff)
def read(path: Path, options: Options) -> Job[Part]:
    """Read a CityJSON file or sequence."""
    yield Progress(0.05, _("Reading {file}", file=path.name))
    head, pieces, problems = _load(path, options)
    found: list[cityobjects.Element] = []
    for place, (objects, space) in enumerate(pieces):
        if place % 500 == 0:
            yield Progress(0.3 + 0.5 * place / len(pieces), _("Building bodies"))
        found += cityobjects.elements(objects, space, options.lod)
    problems += _notes(head, pieces, path)
    yield Progress(0.85, _("Building layers"))
    layers, said, rows = _layers(found, path)
    crs, reason = _system(head, layers, options, path)
    if options.crs and systems.split_swapped(options.crs)[1]:
        layers = [_swapped(layer) for layer in layers]
    title = _metadata(head).get("title", "")
    return Part(
        crs,
        reason,
        tuple(layers),
        problems=tuple(problems + said + _lods(found, path)),
        rows=rows,
        about=str(title),
    )


def _load(
    path: Path, options: Options
) -> tuple[dict[str, Any], list[tuple[dict[str, Any], cityobjects.Space]], list[Problem]]:
    """Return the file's head, its sets of objects with their points, and what was noticed."""
    if path.suffix.lower() == ".jsonl":
        lines, problems = _lines(path, options)
    else:
        content, problems = texts.load_json(path, options.encoding)
        lines = [content]
    head = lines[0] if lines and isinstance(lines[0], dict) else {}
    if head.get("type") not in {"CityJSON", "CityJSONFeature"}:
        raise ReadError(_("{file} is no CityJSON.", file=path.name))
    pieces = []
    for one in lines:
        objects = one.get("CityObjects") if isinstance(one, dict) else None
        if isinstance(objects, dict) and objects:
            pieces.append((objects, _space(one, head, path)))
    if not pieces:
        message = _("{file} holds no city objects.", file=path.name)
        problems.append(Problem("warning", "layer.empty", message, "", path.name))
    return head, pieces, problems


def _lines(path: Path, options: Options) -> tuple[list[Any], list[Problem]]:
    text, encoding, bad = texts.decode(path.read_bytes(), options.encoding)
    found, broken = [], []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip("\x1e \t"):
            try:
                found.append(json.loads(line.strip("\x1e")))
            except json.JSONDecodeError:
                broken.append(number)
    problems = texts.encoding_problems(path, encoding, bad)
    if broken:
        message = _(
            "{count} lines of {file} are damaged and were left out, first line {line}.",
            count=len(broken),
            file=path.name,
            line=broken[0],
        )
        problems.append(Problem("error", "row.left_out", message, "", path.name))
    return found, problems


def _space(one: dict[str, Any], head: dict[str, Any], path: Path) -> cityobjects.Space:
    scale, shift = _transform(head if "transform" in head else one, path)
    said = one.get("geometry-templates", head.get("geometry-templates"))
    templates = said if isinstance(said, dict) else {}
    return cityobjects.Space(
        _points(one.get("vertices", []), path) * scale + shift,
        tuple(templates.get("templates") or ()),
        _points(templates.get("vertices-templates") or [], path),
    )


def _points(listed: Any, path: Path) -> Points:
    try:
        points = np.array(listed, dtype=np.float64).reshape(-1, 3)
    except (TypeError, ValueError) as error:
        raise ReadError(
            _(
                "{file} is damaged: its points are not three numbers each. Export it again.",
                file=path.name,
            )
        ) from error
    return points


def _transform(one: dict[str, Any], path: Path) -> tuple[Points, Points]:
    said = one.get("transform")
    if said is None:
        return np.ones(3), np.zeros(3)
    try:
        scale, shift = (np.array(said[key], dtype=np.float64) for key in ("scale", "translate"))
    except (TypeError, KeyError, ValueError) as error:
        raise ReadError(
            _("{file} is damaged: its transform is not a number. Export it again.", file=path.name)
        ) from error
    if scale.shape != (3,) or shift.shape != (3,) or not np.isfinite([scale, shift]).all():
        raise ReadError(
            _("{file} is damaged: its transform is not a number. Export it again.", file=path.name)
        )
    return scale, shift


def _metadata(head: dict[str, Any]) -> dict[str, Any]:
    said = head.get("metadata")
    return said if isinstance(said, dict) else {}


def _system(
    head: dict[str, Any], layers: Sequence[Layer], options: Options, path: Path
) -> tuple[str, str]:
    said = str(_metadata(head).get("referenceSystem") or "")
    shapes = [layer.geometry for layer in layers if layer.geometry is not None]
    corners = np.array([shape.bounds for shape in shapes]).reshape(-1, 6)
    bounds = (
        [float(f(corners[:, k])) for k, f in enumerate((np.min, np.max) * 3)]
        if len(corners)
        else [0.0] * 6
    )
    if options.crs:
        name, swapped = systems.split_swapped(options.crs)
        systems.check_given(path.name, name, bounds, swapped)
        return systems.name_of(name), _("given")
    code = re.search(r"EPSG(?:/[\d.]+/|::?|:[\d.]+:)(\d{4,6})$", said)
    if code:
        crs = systems.name_of(f"EPSG:{code[1]}")
        if not systems.plausible(crs, bounds):
            raise systems.ask(path.name, bounds, _("its numbers do not fit {crs}", crs=crs))
        return crs, _("file")
    if not shapes:
        return "", ""
    raise systems.ask(path.name, bounds)


def _layers(
    found: Sequence[cityobjects.Element], path: Path
) -> tuple[list[Layer], list[Problem], dict[str, tuple[int, int]]]:
    layers: list[Layer] = []
    problems: list[Problem] = []
    rows: dict[str, tuple[int, int]] = {}
    for group, (name, title) in _NAMES.items():
        own = [one for one in found if one.group == group]
        good = [one for one in own if not one.reason]
        problems += _dropped([one for one in own if one.reason], name, path)
        shapes = [
            k for k in ("surface", "polygon", "line", "point") if any(o.shape == k for o in good)
        ]
        for place, shape in enumerate(shapes):
            some = [one for one in good if one.shape == shape]
            layer_id = name if place == 0 else f"{name}-{_COLLECTED[shape]}"
            layer, said = _layer(layer_id, _(title), group, shape, some)  # type: ignore[arg-type]
            layers.append(layer)
            problems += said
            rows[layer_id] = (len(some) + (len(own) - len(good) if place == 0 else 0), len(some))
        if own and not shapes:
            rows[name] = (len(own), 0)
    return layers, problems, rows


def _layer(
    name: str, title: str, group: str, shape: Kind, own: list[cityobjects.Element]
) -> tuple[Layer, tuple[Problem, ...]]:
    table, _left_out, _bad = columns.plain(network.to_table([one.attributes for one in own]))
    table = table.drop_columns(["id"])
    table = columns.with_ids(table, columns.unique([one.id for one in own], name))
    problems: tuple[Problem, ...] = ()
    if group == "building":
        seen = np.array([bodies.height(one.body) for one in own])
        table, problems = heights.add_heights(table, name, seen)
    geometry = bodies.to_geometry([one.body for one in own], shape)
    return Layer(name, title, group, table, geometry), problems


def _swapped(layer: Layer) -> Layer:
    if layer.geometry is None:
        return layer
    moved = layer.geometry.moved(layer.geometry.coords[:, [1, 0, 2]])
    return Layer(layer.id, layer.title, layer.kind, layer.attributes, moved, layer.source)


def _dropped(own: list[cityobjects.Element], name: str, path: Path) -> list[Problem]:
    reasons: dict[str, list[str]] = {}
    for one in own:
        reasons.setdefault(one.reason, []).append(one.id)
    return [
        Problem(
            "error",
            f"geometry.{reason}",
            _(_DROPPED[reason], count=len(ids), layer=name),
            _("Mend them in the program that the file comes from."),
            path.name,
            name,
            tuple(ids),
        )
        for reason, ids in reasons.items()
    ]


def _lods(found: Sequence[cityobjects.Element], path: Path) -> list[Problem]:
    levels = Counter(one.lod for one in found if one.lod)
    thin = sum(one.body.thin for one in found)
    problems = []
    if levels:
        shown = ", ".join(f"{lod}: {count}" for lod, count in sorted(levels.items()))
        message = _("{file}: objects by level of detail ({levels}).", file=path.name, levels=shown)
        fix = _("Choose another level with --lod.")
        problems.append(Problem("info", "cityjson.lod", message, fix, path.name))
    if thin:
        message = _(
            "{count} faces in {file} have fewer than three corners and were left out.",
            count=thin,
            file=path.name,
        )
        problems.append(Problem("warning", "cityjson.face", message, "", path.name))
    return problems


def _notes(
    head: dict[str, Any], pieces: Sequence[tuple[dict[str, Any], Any]], path: Path
) -> list[Problem]:
    problems = []
    if any("appearance" in one for one in (head, *(piece for piece, _s in pieces))):
        message = _("{file} has materials or textures, which are not read.", file=path.name)
        problems.append(Problem("info", "cityjson.appearance", message, "", path.name))
    extra = Counter(
        str(one.get("type"))
        for objects, _space in pieces
        for one in objects.values()
        if isinstance(one, dict) and str(one.get("type", "")).startswith("+")
    )
    if extra:
        message = _(
            "{file} has objects of an extension ({types}); they are shown as other objects.",
            file=path.name,
            types=", ".join(sorted(extra)),
        )
        problems.append(Problem("info", "cityjson.extension", message, "", path.name))
    return problems
