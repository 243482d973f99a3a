"""JSON of pandapower and pandapipes as plain tables: nothing in it is imported or built."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from twinview.i18n import _
from twinview.readers.registry import ReadError

_TRUSTED = {"pandas", "numpy", "pandapower", "pandapipes", "networkx", "shapely", "geopandas"}
Row = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Net:
    """A pandapower network as tables.

    Parameters
    ----------
    tables
        By name, then by index: rows as mappings.
    values
        Plain entries, such as ``f_hz``, and other objects as the JSON they are written in.
    """

    tables: Mapping[str, Mapping[int, Row]]
    values: Mapping[str, Any]

    def table(self, name: str) -> Mapping[int, Row]:
        """Return a table, an empty one where the file has none."""
        return self.tables.get(name, {})


def to_net(content: Any, path: Path) -> Net:
    """Return the tables of a network.

    Parameters
    ----------
    content
        The file's JSON.
    path
        The file.

    Raises
    ------
    ReadError
        For a file that names functions or modules beside tables.
    """
    body = content.get("_object") if isinstance(content, dict) else None
    body = json.loads(body) if isinstance(body, str) else body
    if not isinstance(body, dict):
        raise ReadError(_("{file} holds no tables of a pandapower network.", file=path.name))
    tables, values = {}, {}
    for name, one in body.items():
        if not isinstance(one, dict) or "_class" not in one:
            values[name] = one
            continue
        _check_class(one, path)
        if one["_class"] == "DataFrame":
            tables[name] = frame_rows(one, name, path)
        else:
            values[name] = one
    return Net(tables, values)


def _check_class(one: Mapping[str, Any], path: Path) -> None:
    module, kind = str(one.get("_module", "")), str(one.get("_class"))
    if kind == "function" or module.split(".", maxsplit=1)[0] not in _TRUSTED:
        raise ReadError(
            _(
                "{file} is not opened: beside its tables it names {name}, which would be run. "
                "Save the network again with tables only.",
                file=path.name,
                name=f"{module}.{one.get('_object') if kind == 'function' else kind}"[:80],
            )
        )


def frame_rows(one: Mapping[str, Any], name: str, path: Path) -> dict[int, Row]:
    """Return the rows of a table as pandas writes it, by index.

    Parameters
    ----------
    one
        The table as JSON.
    name, path
        Its name and its file, for the message.
    """
    try:
        body = one["_object"]
        body = json.loads(body) if isinstance(body, str) else body
        if one.get("orient", "split") != "split" or "columns" not in body:
            return {}
        columns = [str(column) for column in body["columns"]]
        rows = zip(body["index"], body["data"], strict=True)
        return {
            int(index): dict(zip(columns, row, strict=True))
            for index, row in rows
            if isinstance(index, int | float)
        }
    except (TypeError, KeyError, ValueError) as error:
        raise ReadError(
            _(
                "{file} is damaged in its table {table} ({reason}); nothing was kept. "
                "Save the network again.",
                file=path.name,
                table=name,
                reason=str(error)[:120],
            )
        ) from error


def number(row: Row, name: str, default: float = 0.0) -> float:
    """Return a value as a number, `default` where it is missing or none.

    Parameters
    ----------
    row, name
        Row and column.
    default
        Value for a missing one.
    """
    value = row.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:  # noqa: PLR0124
        return float(value) if isinstance(value, bool) else default
    return float(value)


def flag(row: Row, name: str, default: bool = True) -> bool:
    """Return a value as yes or no.

    Parameters
    ----------
    row, name
        Row and column.
    default
        Value for a missing one.
    """
    value = row.get(name)
    return default if value is None else bool(value)


def index_of(value: Any) -> int:
    """Return the index that a cell names, -1 for none.

    Parameters
    ----------
    value
        A cell.
    """
    return int(value) if isinstance(value, int | float) and value == value else -1  # noqa: PLR0124


def points(geo: Any) -> list[list[float]]:
    """Return the coordinates in a cell: GeoJSON as text or object, or a list of pairs; none else.

    Parameters
    ----------
    geo
        Value of a column ``geo`` or ``coords``.
    """
    if isinstance(geo, str):
        try:
            geo = json.loads(geo)
        except ValueError:
            return []
    if isinstance(geo, dict):
        listed = geo.get("coordinates")
        geo = [listed] if geo.get("type") == "Point" else listed
    if not isinstance(geo, list):
        return []
    good = [p[:2] for p in geo if isinstance(p, list) and len(p) > 1 and _numeric(p[:2])]
    return good if len(good) == len(geo) else []


_FARTHEST = 1e12


def _numeric(pair: list[Any]) -> bool:
    return all(
        isinstance(v, int | float) and not isinstance(v, bool) and abs(v) < _FARTHEST for v in pair
    )
