"""Whether things may move by themselves: flights of the camera, arrows on the lines."""

import json
from pathlib import Path

from twinview.session import settings

_read: tuple[Path, int, bool] | None = None


def motion_allowed() -> bool:
    """Tell whether things may move by themselves; not where the user prefers reduced motion."""
    global _read  # noqa: PLW0603  (asked for each frame: the file is read once per change)
    path = settings.file()
    try:
        stamp = path.stat().st_mtime_ns
    except OSError:
        return True
    if _read is None or _read[:2] != (path, stamp):
        _read = (path, stamp, _reduced(path))
    return not _read[2]


def _reduced(path: Path) -> bool:
    try:
        data = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(data, dict) and data.get("reduced_motion") is True
