"""OpenDSS load shapes: what loads and generators of a feeder do over time.

A shape repeats from its end, as OpenDSS's does, so shapes of one step length share the time of the
longest. Files that shapes name are read here, inside the feeder's own folder only.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from twinview.i18n import _
from twinview.model.part import Table
from twinview.model.time import TimeAxis
from twinview.readers.common import dss_script, texts, times
from twinview.readers.common.draft import Draft, Row
from twinview.readers.registry import Options, ReadError

_COMPONENTS = {"load": "sym_load", "generator": "sym_gen", "pvsystem": "sym_gen"}
_ORDER = ("yearly", "daily")
_STILL = "constant"
_KILO = 1e3
_LENGTHS = {"sinterval": 1.0, "minterval": 60.0, "interval": 3600.0}
_VALUES = ("mult", "pmult", "csvfile")
_MOST = 1_000_000
_FILE = re.compile(r"(?i)\bfile\s*=\s*(?P<name>\"[^\"]*\"|[^\s,)\]]+)")
_COLUMN = re.compile(r"(?i)\bcol\w*\s*=\s*(?P<column>\d+)")

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Shape:
    """One load shape.

    Parameters
    ----------
    values
        Share of the device's power, or kW where `actual`. Shape (n,).
    seconds
        Length of a step.
    actual
        Whether the values are kW.
    """

    values: Numbers
    seconds: int
    actual: bool = False


def follow(draft: Draft, script: dss_script.Script, options: Options) -> list[Table]:
    """Let the rows of a network name their shapes, and return these as a table.

    Parameters
    ----------
    draft
        The network; rows that follow a shape get ``profile`` and ``scale_w``, the others beside
        them keep their power as a profile that stands still.
    script
        The feeder's script.
    options
        What the user says; ``start`` is the first instant.
    """
    wanted = _wanted(draft, script)
    shapes, why = _shapes(script, set(wanted.values()))
    followed = {key: name for key, name in wanted.items() if name in shapes}
    _say_missing(draft, wanted, why)
    if not followed:
        return []
    seconds = _step([shapes[name] for name in followed.values()])
    kept = {name: one for name, one in shapes.items() if one.seconds == seconds}
    _say_other_steps(draft, {key: n for key, n in followed.items() if n not in kept}, seconds)
    followed = {key: name for key, name in followed.items() if name in kept}
    for component in {component for component, _id in followed}:
        for row in draft.rows[component]:
            _name(row, followed.get((component, row["id"]), ""), kept)
    return [_table(draft, kept, seconds, options)]


def _wanted(draft: Draft, script: dss_script.Script) -> dict[tuple[str, str], str]:
    """Return the shape that each row of the network names, by component and id."""
    found = {}
    named = {f"{kind}.{name}".lower(): said for (kind, name), said in script.follows.items()}
    for kind, component in _COMPONENTS.items():
        for row in draft.rows[component]:
            said = named.get(f"{kind}.{row['id']}".lower(), {})
            name = next((said[key] for key in _ORDER if said.get(key)), "")
            if name:
                found[component, str(row["id"])] = name
    return found


def _shapes(script: dss_script.Script, names: set[str]) -> tuple[dict[str, Shape], dict[str, str]]:
    """Return the shapes that can be read, and why the others cannot."""
    found, why = {}, {}
    for name in sorted(names):
        said = script.shapes.get(name)
        if said is None:
            why[name] = _("it is not defined")
            continue
        try:
            found[name] = _shape(script, said)
        except (ReadError, OSError, ValueError) as error:
            why[name] = str(error)
    return found, why


def _shape(script: dss_script.Script, said: dss_script.Definition) -> Shape:
    given = said.values
    seconds = next((float(given[k]) * unit for k, unit in _LENGTHS.items() if k in given), 3600.0)
    text = next((given[key] for key in _VALUES if key in given), "")
    values = _numbers(script, said, text)
    count = int(float(given.get("npts", len(values))))
    values = values[: count or None]
    if not 0 < len(values) <= _MOST or not np.isfinite(values).all() or seconds < 1:
        raise ReadError(_("it has no values with steps of one length"))
    actual = given.get("useactual", "n").lower()[:1] in {"y", "t"}
    return Shape(values, round(seconds), actual)


def _numbers(script: dss_script.Script, said: dss_script.Definition, text: str) -> Numbers:
    """Return the values of a shape: in the script, or one a line in a file."""
    named = _FILE.search(text)
    bare = text.strip("[](){}\"' ")
    if named is None and "csvfile" not in said.values:
        return np.array([float(cell) for cell in re.split(r"[\s,]+", bare) if cell])
    path = dss_script.inside(script, named["name"] if named else bare, said.path)
    column = _COLUMN.search(text)
    place = int(column["column"]) - 1 if column else 0
    content, _encoding, _bad = texts.decode(path.read_bytes())
    lines = [re.split(r"[\s,;]+", line.strip()) for line in content.splitlines() if line.strip()]
    if lines and re.search(r"(?i)header\s*=\s*[yt]", text):
        lines = lines[1:]
    return np.array([float(cells[place]) if place < len(cells) else np.nan for cells in lines])


def _step(shapes: list[Shape]) -> int:
    """Return the step length that most devices follow."""
    lengths = [one.seconds for one in shapes]
    return max(sorted(set(lengths)), key=lengths.count)


def _name(row: Row, name: str, shapes: Mapping[str, Shape]) -> None:
    actual = bool(name) and shapes[name].actual
    row |= {
        "profile": name or _STILL,
        "scale_w": _KILO if actual else row["p_specified"],
    }


def _table(draft: Draft, shapes: dict[str, Shape], seconds: int, options: Options) -> Table:
    count = max(len(one.values) for one in shapes.values())
    start, tz = (
        times.start_of(options.start, options.tz) if options.start else (0, options.tz or "UTC")
    )
    if not options.start:
        message = _(
            "The load shapes of {file} have no times; when they begin is not known.",
            file=draft.file,
        )
        fix = _("Name the first instant with --start.")
        draft.say("warning", "time.unknown", message, fix)
    columns = (*shapes, _STILL)
    values = [np.resize(one.values, count) for one in shapes.values()] + [np.ones(count)]
    axis = TimeAxis(start, seconds, count, tz)
    grid = np.stack(values, axis=1).astype(np.float32)
    title = _("Load shapes")
    return Table("shapes", title, axis, columns, grid, ("",) * len(columns))


def _say_missing(draft: Draft, wanted: Mapping[tuple[str, str], str], why: dict[str, str]) -> None:
    lost: dict[str, list[str]] = defaultdict(list)
    for (_component, device), name in wanted.items():
        if name in why:
            lost[name].append(device)
    if not lost:
        return
    first = next(iter(lost))
    devices = [device for own in lost.values() for device in own]
    message = _(
        "{count} loads and generators stand at their rated power, as {shapes} load shapes that "
        "they follow cannot be read, first {first}: {why}",
        count=len(devices),
        shapes=len(lost),
        first=first,
        why=why[first],
    )
    fix = _("Put the files of the load shapes into the feeder's folder and add it again.")
    draft.say("warning", "opendss.shape", message, fix, devices)


def _say_other_steps(draft: Draft, others: Mapping[tuple[str, str], str], seconds: int) -> None:
    if others:
        message = _(
            "{count} loads and generators stand at their rated power: their load shapes have other "
            "steps than the {minutes:g} minutes of most.",
            count=len(others),
            minutes=seconds / 60,
        )
        ids = [device for _component, device in others]
        draft.say("warning", "opendss.shape_step", message, ids=ids)
