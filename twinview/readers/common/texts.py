"""Reading JSON and other text files, with plain words for what is wrong with them."""

import codecs
import json
import re
from pathlib import Path
from typing import Any

from twinview.i18n import _
from twinview.model.problem import Problem
from twinview.readers.registry import ReadError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_TAIL = 4096


def head_text(head: bytes) -> str:
    """Return the first bytes of a file as text, whatever its encoding.

    Parameters
    ----------
    head
        The bytes.
    """
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return head.decode(encoding, "ignore").lstrip("\ufeff")
    return head.decode("utf-8", "ignore")


def is_json(head: bytes) -> bool:
    """Tell whether a file begins like a JSON object or list."""
    return head_text(head).lstrip()[:1] in {"{", "["}


def mentions(path: Path, head: bytes, pattern: str) -> bool:
    """Tell whether a pattern stands in the first or last bytes of a file.

    Parameters
    ----------
    path, head
        The file and its first bytes.
    pattern
        Regular expression.
    """
    if re.search(pattern, head_text(head)):
        return True
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL))
        return re.search(pattern, file.read().decode("utf-8", "ignore")) is not None


def decode(raw: bytes, encoding: str | None = None) -> tuple[str, str, int]:
    """Return bytes as text, the encoding that was found, and how many signs could not be read.

    Parameters
    ----------
    raw
        The bytes.
    encoding
        What the user says.
    """
    for mark, marked in _MARKS:
        if raw.startswith(mark):
            text = raw.decode(marked, "replace")
            return text, marked, text.count("\ufffd")
    if encoding:
        text = raw.decode(encoding, "replace")
        return text, encoding, text.count("\ufffd")
    try:
        return raw.decode("utf-8"), "utf-8", 0
    except UnicodeDecodeError:
        pass
    legacy = likely_legacy(raw)
    if legacy:
        return raw.decode(legacy, "replace"), legacy, 0
    text = raw.decode("utf-8", "replace")
    return text, "utf-8", text.count("\ufffd")


def likely_legacy(raw: bytes) -> str:
    """Return ``gb18030`` for bytes that read as common Chinese, else "".

    Parameters
    ----------
    raw
        Bytes that are not UTF-8.
    """
    try:
        text = raw.decode("gb18030")
    except UnicodeDecodeError:
        return ""
    foreign = [sign for sign in text if ord(sign) > 0x7F]
    chinese = [
        sign
        for sign in foreign
        if "\u4e00" <= sign <= "\u9fff"
        or "\u3000" <= sign <= "\u303f"
        or "\uff00" <= sign <= "\uffef"
    ]
    # GB2312's two levels: what ordinary Chinese is written in; mojibake rarely stays within.
    common = sum(0xB0 <= sign.encode("gb18030")[0] <= 0xF7 for sign in chinese)
    return "gb18030" if foreign and common >= 0.8 * len(foreign) else ""


def load_json(path: Path, encoding: str | None = None) -> tuple[Any, list[Problem]]:
    """Return the content of a JSON file and what was noticed on the way.

    Parameters
    ----------
    path
        The file.
    encoding
        What the user says.

    Raises
    ------
    ReadError
        For text that is no JSON; one that ends early is said to.
    """
    try:
        text, found, bad = decode(path.read_bytes(), encoding)
    except LookupError as error:
        raise ReadError(_("The encoding {name} is not known.", name=encoding)) from error
    problems = encoding_problems(path, found, bad)
    try:
        return json.loads(text.lstrip("\ufeff")), problems
    except json.JSONDecodeError as error:
        place = len(text[: error.pos].encode("utf-8", "replace"))
        if not text[error.pos :].strip() or place >= path.stat().st_size - 1 or _ends_inside(text):
            raise ReadError(
                _(
                    "{file} ends early, at byte {byte}: it is cut off; nothing was kept. "
                    "Fetch or export it again.",
                    file=path.name,
                    byte=path.stat().st_size,
                )
            ) from error
        raise ReadError(
            _(
                "{file} is no proper JSON: {reason} in line {line}; nothing was kept. "
                "Export it again from the program it comes from.",
                file=path.name,
                reason=error.msg,
                line=error.lineno,
            )
        ) from error


def encoding_problems(path: Path, encoding: str, bad: int) -> list[Problem]:
    """Return what is to be said of a file's encoding.

    Parameters
    ----------
    path
        The file.
    encoding, bad
        As `decode` returned them.
    """
    found = []
    if encoding not in {"utf-8", "utf-8-sig"}:
        message = _("{file} is written in {encoding}.", file=path.name, encoding=encoding)
        fix = _("If the texts look wrong, name the right one with --encoding.")
        found.append(Problem("info", "text.encoding", message, fix, path.name))
    if bad:
        found.append(
            Problem(
                "warning",
                "text.unreadable",
                _(
                    "{count} signs in {file} cannot be read; they are shown as \ufffd.",
                    count=bad,
                    file=path.name,
                ),
                _("Save the file as UTF-8, or name its encoding with --encoding."),
                path.name,
            )
        )
    return found


def _ends_inside(text: str) -> bool:
    """Tell whether text stops before the brackets that it opened are closed."""
    bare = re.sub(r'"(?:[^"\\]|\\.)*"', "", text)
    return bare.count("{") + bare.count("[") > bare.count("}") + bare.count("]")
