"""GeoPackage: all tables with shapes; views are named and not opened."""

import contextlib
import sqlite3
from pathlib import Path

from twinview.i18n import _
from twinview.model.part import Part
from twinview.model.problem import Problem
from twinview.progress import Job, Progress
from twinview.readers.common.layers import Source, to_part
from twinview.readers.registry import Options, ReadError, reader

_LONGEST = 64 << 20  # bytes of one value
_STEPS = 20_000_000  # of SQLite's machine, for listing tables: a fraction of a second


def sniff(path: Path, head: bytes) -> int:
    """Score a file: SQLite's own signature."""
    return 60 if head.startswith(b"SQLite format 3\0") else 0


@reader("GeoPackage", patterns=["*.gpkg"], score=60, sniff=sniff)
def read(path: Path, options: Options) -> Job[Part]:
    """Read all tables of a GeoPackage that hold shapes."""
    yield Progress(0.05, _("Listing {file}", file=path.name))
    tables, problems = list_tables(path)
    if not tables:
        raise ReadError(_("{file} holds no table with shapes; nothing was read.", file=path.name))
    if options.layer:
        if options.layer not in tables:
            raise ReadError(
                _("{file} holds no layer '{name}'; there are {known}.",
                  file=path.name, name=options.layer, known=", ".join(tables))
            )  # fmt: skip
        tables = [options.layer]
    sources = []
    for place, name in enumerate(tables):
        yield Progress(0.1 + 0.7 * place / len(tables), _("Reading {layer}", layer=name))
        sources.append(_read_table(path, name))
    yield Progress(0.8, _("Checking shapes"))
    return to_part(sources, options, problems)


def list_tables(path: Path) -> tuple[list[str], list[Problem]]:
    """Return the names of the tables with shapes, and a problem for each view.

    Parameters
    ----------
    path
        The file; it is opened without any right to change it.
    """
    try:
        with contextlib.closing(_connect(path)) as base:
            listed = base.execute(
                "SELECT c.table_name, c.data_type, m.type FROM gpkg_contents c "
                "LEFT JOIN sqlite_master m ON lower(m.name) = lower(c.table_name)"
            ).fetchall()
            shaped = {
                name for (name,) in base.execute("SELECT table_name FROM gpkg_geometry_columns")
            }
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise ReadError(
            _(
                "{file} is damaged ({reason}); nothing was read. Fetch or export it again.",
                file=path.name,
                reason=error,
            )
        ) from error
    problems = [_left_out(path, name, what) for name, _kind, what in listed if what != "table"]
    tables = [
        n for n, kind, what in listed if what == "table" and kind == "features" and n in shaped
    ]
    return tables, problems


def _connect(path: Path) -> sqlite3.Connection:
    base = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
    base.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
    base.execute("PRAGMA trusted_schema = OFF")
    base.set_progress_handler(lambda: 1, _STEPS)
    return base


def _left_out(path: Path, name: str, what: str | None) -> Problem:
    message = (
        _(
            "The layer {layer} was not opened: it is a view, and a view can run without end.",
            layer=name,
        )
        if what == "view"
        else _("The layer {layer} is listed in the file and is not there.", layer=name)
    )
    return Problem(
        "warning",
        "layer.view" if what == "view" else "layer.missing",
        message,
        _("Save it as a table in the program that the file comes from."),
        path.name,
        name,
    )


def _read_table(path: Path, name: str) -> Source:
    from twinview.readers.common import gdal

    return gdal.read_source(path, name, LIST_ALL_TABLES="NO", IMMUTABLE="YES")
