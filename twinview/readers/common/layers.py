"""From a table and its shapes to layers; whatever was assumed, dropped or repaired is said."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import shapely

from twinview.i18n import N_, _
from twinview.model.geometry import Geometry, Kind
from twinview.model.part import Part
from twinview.model.problem import CommandError, Problem
from twinview.model.twin import Layer
from twinview.readers import crs as systems
from twinview.readers.common import columns, heights, kinds, ragged, shapes
from twinview.readers.common.kinds_told import told_of
from twinview.readers.registry import Options

Objects = npt.NDArray[np.object_]

_DROPPED = {
    "none": N_("{count} of {layer} have no shape and were left out."),
    "empty": N_("{count} of {layer} have an empty shape and were left out."),
    "not_finite": N_(
        "{count} of {layer} have a coordinate that is not a number and were left out."
    ),
    "flat": N_("{count} of {layer} have no area or length and were left out."),
    "damaged": N_("{count} of {layer} have a damaged shape and were left out."),
    "nested": N_(
        "{count} of {layer} have a shape nested too deep to be genuine and were left out."
    ),
    "collection": N_("{count} of {layer} mix shapes in a way that cannot be drawn; left out."),
    "ring": N_("{count} of {layer} have a ring of fewer than three corners and were left out."),
    "points": N_("{count} of {layer} have a line of fewer than two points and were left out."),
    "numbers": N_("{count} of {layer} have coordinates that are not numbers and were left out."),
    "unknown": N_("{count} of {layer} have a shape of an unknown kind and were left out."),
}
_NOTED = {
    "repaired": N_("{count} areas of {layer} crossed themselves and were repaired."),
    "not_repaired": N_(
        "{count} areas of {layer} cross themselves, too large to repair; drawn as they are."
    ),
    "simplified": N_("{count} areas of {layer} have over 50,000 corners and were simplified."),
    "collection": N_("{count} of {layer} mix shapes; areas were kept before lines before points."),
}
_TITLES: dict[str, str] = {"point": N_("points"), "line": N_("lines"), "polygon": N_("areas")}


@dataclass(frozen=True, eq=False)
class Source:
    """One table with shapes, as found in a file.

    Parameters
    ----------
    name, title
        Name of the layer.
    file
        Name of the file.
    table
        Attributes.
    shapes
        One per row, None where missing, in the file's coordinates, east first; None for a table
        without a place.
    reasons
        Why a shape is missing, as far as known ("" else).
    crs
        What the file says; empty where it does not.
    ready
        Polygons that need no object; their rows have no shape.
    """

    name: str
    file: str
    table: pa.Table
    shapes: Objects | None
    reasons: Objects | None = None
    crs: str = ""
    title: str = ""
    ready: ragged.Ready | None = None


def to_part(sources: Iterable[Source], options: Options, problems: Iterable[Problem] = ()) -> Part:
    """Return the layers of a file.

    Parameters
    ----------
    sources
        Its tables.
    options
        What the user says.
    problems
        What was found already.

    Raises
    ------
    NeedsAnswer
        Where no coordinate system is known.
    """
    found = list(problems)
    layers: list[Layer] = []
    rows: dict[str, tuple[int, int]] = {}
    crs, reason = "", ""
    for source in sources:
        made = _Made(source, options)
        if made.crs and not crs:
            crs, reason = made.crs, made.reason
        for layer in made.layers:
            layers.append(_in_system(layer, made.crs, crs))
            rows[layer.id] = made.rows[layer.id]
        found += made.problems
        if made.crs and made.crs != crs:
            found.append(
                Problem(
                    "info",
                    "crs.mixed",
                    _(
                        "The layer {layer} is in {crs}; it was turned into {other}.",
                        layer=source.name,
                        crs=made.crs,
                        other=crs,
                    ),
                    source=source.file,
                    layer=source.name,
                )
            )
    return Part(crs, reason, tuple(layers), problems=tuple(found), rows=rows)


def _in_system(layer: Layer, crs: str, wanted: str) -> Layer:
    if layer.geometry is None or crs == wanted:
        return layer
    coords = systems.reproject(layer.geometry.coords, crs, wanted)
    geometry = layer.geometry.moved(coords)
    return Layer(layer.id, layer.title, layer.kind, layer.attributes, geometry, layer.source)


class _Made:
    """The layers made of one source: one for each kind of shape in it."""

    def __init__(self, source: Source, options: Options) -> None:
        self.source, self.options, self.ready = source, options, source.ready
        self.problems: list[Problem] = []
        self.layers: list[Layer] = []
        self.rows: dict[str, tuple[int, int]] = {}
        self.crs, self.reason = "", ""
        count = source.table.num_rows if source.shapes is None else len(source.shapes)
        table, left_out, bad = columns.plain(source.table)
        self._say_columns(left_out, bad)
        ids = columns.find_ids(table, source.name, count)
        self._say_ids(ids)
        self.table = columns.with_ids(table, ids)
        if source.shapes is None:
            self._without_shapes()
        else:
            self._with_shapes(source.shapes)

    def _say(
        self, severity: str, code: str, message: str, fix: str = "", rows: Iterable[int] = ()
    ) -> None:
        ids = self.ids.of(rows)
        self.problems.append(
            Problem(severity, code, message, fix, self.source.file, self.source.name, ids)  # type: ignore[arg-type]
        )

    def _without_shapes(self) -> None:
        name = self.source.name
        kind = told_of(self.options.kind, name)
        kind = "other" if kind in {"", "table"} else kind
        self.layers = [Layer(name, self.source.title or name, kind, self.table)]
        count = self.table.num_rows
        self.rows = {name: (count, count)}

    def _with_shapes(self, raw: Objects) -> None:
        done = shapes.clean(
            raw, self.source.reasons, None if self.ready is None else self.ready.known
        )
        self._find_crs(done)
        self._say_cleaned(done)
        found = shapes.kinds(done.shapes)
        if self.ready is not None:
            found[self.ready.known] = "polygon"
        present = [kind for kind in ("polygon", "line", "point") if (found == kind).any()]
        for place, kind in enumerate(present or ["point"]):
            rows = np.flatnonzero(found == kind)
            name = self.source.name if place == 0 else f"{self.source.name}-{_TITLES[kind]}"
            self._add(name, kind, rows, done.shapes)  # type: ignore[arg-type]
            self.rows[name] = (len(rows), len(rows))
        lost = sum(len(rows) for rows in done.dropped.values())
        first = self.source.name
        self.rows[first] = (self.rows[first][0] + lost, self.rows[first][1])

    def _add(self, name: str, shape: Kind, rows: npt.NDArray[np.int64], drawn: Objects) -> None:
        every = len(rows) == self.table.num_rows
        table = self.table if every else self.table.take(pa.array(rows))
        kind = told_of(self.options.kind, name) or self._guessed(
            name, shape, table, self._few(drawn, rows)
        )
        if kind == "building" and shape == "polygon":
            table, said = heights.add_heights(table, name)
            self.problems += said
        geometry = self._geometry(drawn, rows, shape)
        self.layers.append(Layer(name, self.source.title or name, kind, table, geometry))

    def _geometry(self, drawn: Objects, rows: npt.NDArray[np.int64], shape: Kind) -> Geometry:
        if self.ready is None or shape != "polygon":
            return shapes.to_geometry(drawn[rows], shape)
        rest = shapes.to_geometry(drawn[rows[~self.ready.known[rows]]], shape)
        return ragged.merged(self.ready, rest, rows)

    def _few(self, drawn: Objects, rows: npt.NDArray[np.int64]) -> Objects:
        """Return some of the shapes of some rows, enough for a guess."""
        few = rows[:: max(1, len(rows) // kinds.ENOUGH)]
        own = drawn[few]
        if self.ready is not None:
            known = self.ready.known[few]
            own[known] = self.ready.shapes(few[known])
        return own

    def _guessed(self, name: str, shape: Kind, table: pa.Table, own: Objects) -> str:
        """Guess what the elements are, and say why."""
        system = systems.parse(self.crs) if self.crs else None
        area = (
            kinds.median_area(own, bool(system and system.is_geographic))
            if shape == "polygon"
            else np.nan
        )
        hint = f"{name} {self.source.title} {self.source.file}"
        kind, reason = kinds.guess(hint, shape, table, area)
        self.problems.append(
            Problem(
                "info",
                "layer.kind",
                _(
                    "The layer {layer} ({count}) is taken for {kind}: {reason}.",
                    layer=name,
                    count=table.num_rows,
                    kind=kind,
                    reason=reason,
                ),
                _("Say what it is with --kind."),
                self.source.file,
                name,
            )
        )
        return kind

    def _find_crs(self, done: shapes.Cleaned) -> None:
        """Settle the coordinate system, and turn north before east round where the user says so."""
        there = done.shapes[~shapely.is_missing(done.shapes)]
        bounds = self._bounds(there)
        said, swapped = systems.split_swapped(self.options.crs or "")
        if said:
            self.crs, self.reason = systems.name_of(said), _("given")
            systems.check_given(self.source.file, self.crs, bounds, swapped)
        elif self.source.crs:
            self.crs, self.reason = self._from_file(bounds), _("file")
        elif len(there) or self.ready is not None:
            raise systems.ask(self.source.file, bounds)
        if swapped:
            done.shapes[:] = shapely.transform(done.shapes, lambda xy: xy[:, ::-1])
            self.ready = self.ready and self.ready.swapped()

    def _bounds(self, there: Objects) -> tuple[float, float, float, float]:
        """Return the extent (x0, x1, y0, y1) of all shapes, zeros where there are none."""
        boxes = [shapely.total_bounds(there)] if len(there) else []
        if self.ready is not None:
            x0, x1, y0, y1, *_heights = self.ready.geometry.bounds
            boxes.append(np.array([x0, y0, x1, y1]))
        if not boxes:
            return (0.0,) * 4
        low, high = np.min(boxes, axis=0), np.max(boxes, axis=0)
        return float(low[0]), float(high[2]), float(low[1]), float(high[3])

    def _from_file(self, bounds: tuple[float, float, float, float]) -> str:
        try:
            name = systems.name_of(self.source.crs)
        except CommandError as error:
            reason = _(
                "its coordinate system cannot be understood ({text})", text=self.source.crs[:60]
            )
            raise systems.ask(self.source.file, bounds, reason) from error
        if not systems.plausible(name, bounds):
            raise systems.ask(self.source.file, bounds, _implausible(name, bounds))
        return name

    def _say_columns(self, left_out: tuple[str, ...], bad: int) -> None:
        self.ids = columns.Ids(pa.array([], pa.string()), "")
        if left_out:
            self._say(
                "warning",
                "column.left_out",
                _(
                    "The columns {columns} of {layer} hold no text or numbers and were left out.",
                    columns=", ".join(left_out),
                    layer=self.source.name,
                ),
            )
        if bad:
            self._say(
                "warning",
                "text.encoding",
                _(
                    "{count} texts of {layer} are not UTF-8; "
                    "the unreadable signs are shown as \ufffd.",
                    count=bad,
                    layer=self.source.name,
                ),
                _("Save the file as UTF-8."),
            )

    def _say_ids(self, ids: columns.Ids) -> None:
        self.ids = ids
        if ids.doubled:
            self._say(
                "warning",
                "id.not_unique",
                _(
                    "{count} ids of {layer} (column {column}) are missing or come twice; "
                    "they got a number behind.",
                    count=len(ids.doubled),
                    layer=self.source.name,
                    column=ids.column,
                ),
                _("Give each element an id of its own."),
                ids.doubled,
            )
        if not ids.column:
            self._say(
                "info",
                "id.numbered",
                _(
                    "The layer {layer} has no column of ids; its rows are numbered.",
                    layer=self.source.name,
                ),
            )

    def _say_cleaned(self, done: shapes.Cleaned) -> None:
        for reason, rows in done.dropped.items():
            text = _(_DROPPED[reason], count=len(rows), layer=self.source.name)
            self._say(
                "error",
                f"geometry.{reason}",
                text,
                _("Mend them in the program that the file comes from."),
                rows,
            )
        for reason, rows in done.noted.items():
            text = _(_NOTED[reason], count=len(rows), layer=self.source.name)
            severity = "info" if reason == "repaired" else "warning"
            self._say(severity, f"geometry.{reason}", text, "", rows)


def _implausible(name: str, bounds: tuple[float, float, float, float]) -> str:
    x0, x1, y0, y1 = bounds
    if max(abs(x0), abs(x1)) <= 90 and max(abs(y0), abs(y1)) <= 180:
        return _(
            "its latitudes are over 90 ({latitude}), so latitude and longitude look swapped",
            latitude=f"{max(abs(y0), abs(y1)):.6g}",
        )
    return _(
        "it is said to be in degrees ({crs}), but its numbers are too large for that", crs=name
    )
