"""OpenDSS scripts cut down to data: what reaches the engine can neither read a file nor run one.

The language is a program's: it exports, opens editors, loads libraries. So scripts are read here,
redirections are followed inside the feeder's own folder only, and just the definitions of network
elements, with properties from a list, are handed on.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from twinview.i18n import _
from twinview.readers.common import texts
from twinview.readers.registry import ReadError

_DEEPEST = 20
_MOST = 2_000_000
_TOKEN = re.compile(
    r"""\s*(?:(?P<name>[%\w.-]+)\s*=\s*)?
    (?P<value>"[^"]*"|'[^']*'|\([^)]*\)|\[[^\]]*\]|\{[^}]*\}|[^\s,=]+)\s*,?""",
    re.VERBOSE,
)
_COMMENT = re.compile(r"""("[^"]*"|'[^']*')|(?:!|//).*""")
_OUTSIDE = re.compile(r"(file|dll)\s*=|[\\/]{1}.*\.(so|dll|dylib)\b|@", re.IGNORECASE)
_BRANCH = "phases bus1 bus2 enabled basefreq normamps emergamps "
_DEVICE = "phases bus1 kv kw kvar pf kva model conn vminpu vmaxpu status enabled class "
CLASSES: dict[str, frozenset[str]] = {
    name: frozenset(properties.split())
    for name, properties in {
        "circuit": "bus1 basekv pu angle frequency phases mvasc3 mvasc1 isc3 isc1 r1 x1 r0 x0 "
        "z1 z0 basefreq x1r1 x0r0 basemva",
        "vsource": "bus1 bus2 basekv pu angle frequency phases mvasc3 mvasc1 isc3 isc1 r1 x1 "
        "r0 x0 z1 z0 basefreq x1r1 x0r0 basemva enabled",
        "linecode": "nphases r1 x1 r0 x0 c1 c0 b1 b0 units rmatrix xmatrix cmatrix basefreq "
        "normamps emergamps kron neutral rg xg rho like",
        "line": _BRANCH + "linecode length r1 x1 r0 x0 c1 c0 b1 b0 rmatrix xmatrix cmatrix "
        "switch rg xg rho geometry units spacing wires cncables tscables like",
        "wiredata": "rdc rac runits gmrac gmrunits radius radunits normamps emergamps diam like",
        "cndata": "k diastrand gmrstrand rstrand epsr inslayer diains diacable rdc rac runits "
        "gmrac gmrunits radius radunits normamps emergamps diam like",
        "tsdata": "diashield tapelayer tapelap epsr inslayer diains diacable rdc rac runits "
        "gmrac gmrunits radius radunits normamps emergamps diam like",
        "linespacing": "nconds nphases x h units like",
        "linegeometry": "nconds nphases cond wire x h units normamps emergamps reduce spacing "
        "wires cncable tscable cncables tscables like",
        "xfmrcode": "phases windings wdg conn kv kva tap %r rneut xneut conns kvs kvas taps xhl "
        "xht xlt xscarray %loadloss %noloadloss %imag %rs maxtap mintap numtaps x12 "
        "x13 x23 like",
        "transformer": "phases windings wdg bus conn kv kva tap %r rneut xneut buses conns kvs "
        "kvas taps xhl xht xlt xscarray %loadloss %noloadloss %imag %rs maxtap "
        "mintap numtaps xfmrcode x12 x13 x23 sub enabled normhkva emerghkva like",
        "load": _DEVICE + "xfkva allocationfactor numcust zipv like",
        "generator": _DEVICE + "like",
        "pvsystem": _DEVICE + "irradiance pmpp %pmpp like",
        "storage": _DEVICE + "kwrated kwhrated kwhstored %stored %effcharge %effdischarge "
        "%idlingkw %reserve state like",
        "capacitor": "bus1 bus2 phases kvar kv conn cuf r xl numsteps states enabled like",
        "reactor": _BRANCH + "kvar kv conn r x rp rmatrix xmatrix z1 z2 z0 z lmh like",
    }.items()
}  # fmt: skip
_OPTIONS = {"voltagebases", "defaultbasefrequency", "defaultbasefreq", "loadmult", "frequency"}
_SILENT = {"clear", "clearall", "solve", "calcvoltagebases", "calcv", "makebuslist", "set", "//"}


_FOLLOWING = frozenset({"yearly", "daily"})
_FOLLOWERS = frozenset({"load", "generator", "pvsystem"})


@dataclass(frozen=True, eq=False)
class Definition:
    """A definition as it is written.

    Parameters
    ----------
    path
        The script that it stands in.
    values
        Its properties.
    """

    path: Path
    values: dict[str, str] = field(default_factory=dict)


@dataclass(eq=False)
class Script:
    """A feeder as commands that the engine may run.

    Parameters
    ----------
    root
        The feeder's folder.
    commands
        Commands, with full names and checked values.
    coords
        Places of buses by name in small letters.
    left_out
        Elements of classes that are not used, by class.
    not_run
        Commands that were not run, by name.
    dropped
        Properties that were not used, by class and name.
    shapes
        Load shapes by name in small letters; what they name is not read yet.
    follows
        Shapes that elements follow, by class and name: ``yearly`` and ``daily``.
    degrees
        Whether the places are latitudes and longitudes.
    """

    root: Path
    commands: list[str] = field(default_factory=list)
    coords: dict[str, tuple[float, float]] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)
    not_run: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)
    shapes: dict[str, Definition] = field(default_factory=dict)
    follows: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    degrees: bool = False


def load(master: Path) -> Script:
    """Return the commands of a feeder.

    Parameters
    ----------
    master
        The script that defines its circuit.

    Raises
    ------
    ReadError
        Where it leads outside of its folder, or to a script that is not there.
    """
    script = Script(master.parent.resolve())
    _read(script, master, 0)
    return script


def _read(script: Script, path: Path, depth: int) -> None:
    if depth > _DEEPEST or len(script.commands) > _MOST:
        raise ReadError(
            _("{file} redirects in a circle or without end; nothing of it was read.",
              file=path.name)
        )  # fmt: skip
    for line in _commands(path):
        _take(script, line, path, depth)


def _commands(path: Path) -> Iterator[str]:
    """Yield the commands of a file: comments gone, continued lines joined."""
    text, _encoding, _bad = texts.decode(path.read_bytes())
    text = re.sub(r"(?s)/\*.*?\*/", "", text.lstrip("\ufeff"))
    held = ""
    for line in text.splitlines():
        bare = _COMMENT.sub(lambda found: found[1] or "", line).strip()
        more = re.match(r"(?i)(~|more\b)\s*", bare)
        if more:
            held += " " + bare[more.end() :]
            continue
        if held:
            yield held
        held = bare
    if held:
        yield held


def _take(script: Script, line: str, path: Path, depth: int) -> None:
    verb, _sep, rest = line.partition(" ")
    verb, rest = verb.lower(), rest.strip()
    if verb in {"redirect", "compile"}:
        _read(script, inside(script, rest, path), depth + 1)
    elif verb in {"buscoords", "latlongcoords"}:
        script.degrees = script.degrees or verb == "latlongcoords"
        script.coords |= _places(inside(script, rest, path))
    elif verb in {"new", "edit"}:
        _define(script, verb, rest, path)
    elif verb == "set":
        _set(script, rest)
    elif verb in {"open", "close", "enable", "disable", "batchedit"}:
        _switch(script, verb, rest)
    elif re.match(r"^\w+\.[^=\s]+\.[%\w]+\s*=", line):
        kind, name, edit = line.split(".", 2)
        _define(script, "edit", f"{kind}.{name} {edit}", path)
    elif verb not in _SILENT:
        script.not_run[verb[:30]] += 1


def inside(script: Script, text: str, path: Path) -> Path:
    """Return the file that a script names, if it is in the feeder's folder.

    Parameters
    ----------
    script
        The feeder's script.
    text
        The name as it is written.
    path
        The file that it is written in.

    Raises
    ------
    ReadError
        Where it leads outside of the folder, or is not there.
    """
    name = text.strip("\"'()[]{} ").replace("\\", "/")
    target = (path.parent / name).resolve()
    if not target.is_relative_to(script.root):
        raise ReadError(
            _(
                "{file} is not opened: it leads to {target}, outside of its folder. Put all parts "
                "of the feeder into one folder.",
                file=path.name,
                target=name[:80],
            )
        )
    if not target.is_file():
        same = [one for one in target.parent.glob("*") if one.name.lower() == target.name.lower()]
        if not same or not same[0].is_file():
            raise ReadError(
                _(
                    "{file} names {target}, which is not in its folder; nothing was read. Add the "
                    "whole folder of the feeder.",
                    file=path.name,
                    target=name[:80],
                )
            )
        target = same[0]
    return target


def _define(script: Script, verb: str, rest: str, path: Path) -> None:
    """Take the definition of an element, with the properties of its class that are known."""
    tokens = list(_TOKEN.finditer(rest))
    if not tokens or (tokens[0]["name"] or "object").lower() != "object":
        script.not_run[verb] += 1
        return
    name = tokens[0]["value"].strip("\"'")
    kind, _dot, own = name.lower().partition(".")
    said = {(token["name"] or "").lower(): token["value"] for token in tokens[1:]}
    if kind == "loadshape":
        known = script.shapes.get(own) if verb == "edit" else None
        script.shapes[own] = Definition(path, (known.values if known else {}) | said)
        return
    if kind not in CLASSES:
        script.left_out[kind] += verb == "new"
        return
    if kind in _FOLLOWERS:
        _follow(script, kind, own, said)
    kept = _known(script, kind, tokens[1:])
    if re.fullmatch(r"[^\s\"'=,]+", name):
        script.commands.append(" ".join([verb, name, *kept]))
    else:
        script.not_run[verb] += 1


def _known(script: Script, kind: str, tokens: list[re.Match[str]]) -> list[str]:
    """Return the properties that may reach the engine; those left out are counted."""
    kept = []
    for token in tokens:
        key, value = (token["name"] or "").lower(), token["value"]
        if kind in _FOLLOWERS and key in _FOLLOWING:
            continue
        if key not in CLASSES[kind] or _OUTSIDE.search(value) or not value.isprintable():
            script.dropped[f"{kind}.{key or '?'}"] += 1
        else:
            kept.append(f"{key}={value}")
    return kept


def _follow(script: Script, kind: str, name: str, said: dict[str, str]) -> None:
    """Keep the shapes that an element follows, or that of the element that it is like."""
    before = script.follows.get((kind, said.get("like", name).lower()), {})
    own = {key: said[key].strip("\"'").lower() for key in _FOLLOWING & said.keys()}
    if before or own:
        script.follows[kind, name] = before | own


def _set(script: Script, rest: str) -> None:
    for token in _TOKEN.finditer(rest):
        key = (token["name"] or "").lower()
        if key in _OPTIONS and not _OUTSIDE.search(token["value"]):
            script.commands.append(f"set {key}={token['value']}")


def _switch(script: Script, verb: str, rest: str) -> None:
    """Take a command that switches elements of a class that is used."""
    found = re.fullmatch(
        r"(\w+)\.[^\s=\"']+(\s+(\d+|enabled?\s*=\s*\w+)){0,2}", rest, re.IGNORECASE
    )
    if found is None:
        script.not_run[verb] += 1
    elif found[1].lower() in CLASSES:
        script.commands.append(f"{verb} {rest}")


def _places(path: Path) -> dict[str, tuple[float, float]]:
    """Return the places in a file of bus, x and y."""
    found = {}
    text, _encoding, _bad = texts.decode(path.read_bytes())
    for line in text.splitlines():
        cells = [cell for cell in re.split(r"[\s,]+", line.strip()) if cell]
        try:
            found[cells[0].strip("\"'").lower()] = (float(cells[1]), float(cells[2]))
        except (IndexError, ValueError):
            continue
    return found
