"""MATLAB text as data: matrices, numbers and lists of texts that are assigned; nothing is run."""

import itertools
import math
import re
from dataclasses import dataclass, field

_ASSIGN = re.compile(r"^(?:mpc\s*\.\s*)?([A-Za-z]\w*)\s*=\s*(?=[\[{'\"\d.+-])")
_NAME = re.compile(r"function\s+(?:.*=\s*)?([A-Za-z]\w*)")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eEdD][+-]?\d+)?")
_BLOCK = re.compile(r"(?ms)^[ \t]*%\{[ \t]*$.*?^[ \t]*%\}[ \t]*$")
_SIGNS = re.compile(r"(?s)'(?:[^'\n]|'')*'|\"[^\"\n]*\"|\.\.\.|.")
_OPEN, _CLOSE = set("[{("), set("]})")
_WORDS = {"inf": math.inf, "+inf": math.inf, "-inf": -math.inf, "nan": math.nan}
_NO_DATA = re.compile(
    r"\s*(function\b.*|end|return|\[[\w\s,]*\]=(idx_\w+|deal\(.*\))|"
    r"Vbase=mpc\.bus\(1,BASE_KV\)\*1e3|Sbase=mpc\.baseMVA\*1e6)?"
)
# The two conversions that MATPOWER's distribution cases end with, without blanks.
_OHMS = "mpc.branch(:,[BR_RBR_X])=mpc.branch(:,[BR_RBR_X])/(Vbase^2/Sbase)"
_KILOWATTS = "mpc.bus(:,[PD,QD])=mpc.bus(:,[PD,QD])/1e3"


@dataclass(eq=False)
class Case:
    """What a file assigns.

    Parameters
    ----------
    name
        Name of its function.
    matrices, scalars, texts
        By name; cells of a matrix that are no numbers are NaN.
    statements
        Whatever else it would have done.
    ohms, kilowatts
        Whether branches are in ohm and loads in kilowatts, as the closing conversions say.
    """

    name: str = ""
    matrices: dict[str, list[list[float]]] = field(default_factory=dict)
    scalars: dict[str, float] = field(default_factory=dict)
    texts: dict[str, list[str]] = field(default_factory=dict)
    statements: list[str] = field(default_factory=list)
    ohms: bool = False
    kilowatts: bool = False


def parse(text: str) -> Case:
    """Return what a text assigns.

    Parameters
    ----------
    text
        The content of a ``.m`` file.
    """
    case = Case()
    found = _NAME.search(text)
    case.name = found[1] if found else ""
    for statement in _statements(text):
        _take(case, statement)
    return case


def _statements(text: str) -> list[str]:
    """Cut a text into statements: at line ends and semicolons outside of brackets and texts."""
    found: list[str] = []
    piece: list[str] = []
    depth = 0
    for token in _SIGNS.findall(_code(text)):
        depth = max(0, depth + (token in _OPEN) - (token in _CLOSE))
        if depth or token not in {";", "\n"}:
            piece.append(token)
            continue
        found.append("".join(piece))
        piece = []
    return [one.strip() for one in (*found, "".join(piece)) if one.strip()]


def _code(text: str) -> str:
    """Return a text without its comments, with continued lines joined."""
    bare = _BLOCK.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    lines = []
    for line in bare.split("\n"):
        kept = list(itertools.takewhile(lambda t: t not in {"%", "..."}, _SIGNS.findall(line)))
        end = " " if _SIGNS.findall(line)[len(kept) : len(kept) + 1] == ["..."] else "\n"
        lines.append("".join(kept) + end)
    return "".join(lines)


def _take(case: Case, statement: str) -> None:
    found = _ASSIGN.match(statement)
    value = statement[found.end() :].strip() if found else ""
    if found and value.startswith("[") and value.endswith("]"):
        case.matrices[found[1]] = _matrix(value[1:-1])
    elif found and value.startswith("{") and value.endswith("}"):
        case.texts[found[1]] = re.findall(r"'((?:[^']|'')*)'", value)
    elif found and _NUMBER.fullmatch(value):
        case.scalars[found[1]] = _number(value)
    elif not (found and value[:1] in {"'", '"'}):
        _other(case, statement)


def _other(case: Case, statement: str) -> None:
    bare = re.sub(r"\s+", "", statement)
    if bare == _OHMS:
        case.ohms = True
    elif bare == _KILOWATTS:
        case.kilowatts = True
    elif not _NO_DATA.fullmatch(bare) and not re.match(r"\s*function\b", statement):
        case.statements.append(statement)


def _matrix(body: str) -> list[list[float]]:
    rows = [re.split(r"[\s,]+", line.strip(" \t,")) for line in re.split(r"[;\n]", body)]
    return [[_number(cell) for cell in row] for row in rows if row != [""]]


def _number(text: str) -> float:
    if _NUMBER.fullmatch(text):
        return float(text.lower().replace("d", "e"))
    return _WORDS.get(text.lower(), math.nan)
