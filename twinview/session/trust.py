"""Which files outside a project's own folder the user has allowed it to read."""

import json
import os
from pathlib import Path, PurePosixPath

from twinview import paths
from twinview.session.files import atomic_write

_FOREIGN = ("\\\\", "//", "/vsi", "/dev/", "/proc/", "/sys/")


def _file() -> Path:
    return paths.user_state() / "allowed.json"


def _table() -> dict[str, list[str]]:
    try:
        table = json.loads(_file().read_bytes())
    except (OSError, ValueError):
        return {}
    return table if isinstance(table, dict) else {}


def allow(project: Path, sources: list[Path]) -> None:
    """Remember that the user chose these files for this project."""
    table = _table()
    key = str(project.resolve())
    known = [*table.get(key, []), *(str(one.resolve()) for one in sources)]
    table[key] = sorted(dict.fromkeys(known))
    atomic_write(_file(), json.dumps(table, indent=1).encode())


def resolved(project: Path, source: str) -> Path | None:
    """Return the file that a project's source names, None where the project may not read it.

    Files in the project's own folder (and below) are its own; others must have been chosen by the
    user for this very project. Addresses, device files and names with a driver in front never pass.
    """
    if _suspicious(source):
        return None
    folder = project.resolve().parent
    path = Path(os.path.normpath(folder / source))
    real = path.resolve()
    if real.is_relative_to(folder):
        return path
    return path if str(real) in _table().get(str(project.resolve()), []) else None


def _suspicious(source: str) -> bool:
    head = PurePosixPath(source).parts[:1]
    drive = len(source) > 1 and source[1] == ":" and source[0].isalpha()
    named = ":" in (head[0] if head else "") and not (drive and os.name == "nt")
    return "\0" in source or "://" in source or named or source.lower().startswith(_FOREIGN)
