"""What the window remembers between runs: layout, theme, language, recent files. One JSON file."""

import base64
import binascii
import json
import logging
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from twinview import paths
from twinview.model.problem import CommandError
from twinview.session.files import atomic_write

log = logging.getLogger(__name__)

MOST_RECENT = 8
MOST_USED = 12


@dataclass(frozen=True)
class Settings:
    """What the window remembers.

    Parameters
    ----------
    theme
        ``light``, ``dark`` or empty to follow the system.
    language
        Code of the language, or empty to follow the system.
    geometry, layout
        Qt's description of the window and its docks, in base 64.
    recent
        Project files, newest first.
    used
        What was done by the palette, latest first.
    contrast
        ``high`` or ``usual``; empty for high contrast where the system asks for it.
    hours
        ``12`` for times of day from 1 to 12; empty for 24 hours.
    units
        ``larger`` for t, MW and MWh where numbers are large; empty for the data's own.
    drag
        ``pan`` where a drag with the left button moves the view; empty where it turns it.
    quality
        ``fine`` or ``quick`` for all moving pictures; empty as the machine can.
    memory
        ``quarter`` or ``most`` of the machine's memory for drawing large cities; empty for half.
    reduced_motion
        Whether nothing may move by itself.
    keys
        What has other keys than delivered: name and keys, a tab between each.
    picture
        Width and height of the last picture, and ``transparent`` and ``bare`` where it was so.
    toured
        Whether the tour has been offered; it comes by itself only once.
    updates
        Whether a newer version may be looked for once a day.
    looked
        The day of the last such look.
    """

    theme: str = ""
    language: str = ""
    geometry: str = ""
    layout: str = ""
    recent: tuple[str, ...] = ()
    used: tuple[str, ...] = ()
    contrast: str = ""
    hours: str = ""
    units: str = ""
    drag: str = ""
    quality: str = ""
    memory: str = ""
    reduced_motion: bool = False
    keys: tuple[str, ...] = ()
    picture: tuple[str, ...] = ()
    toured: bool = False
    updates: bool = False
    looked: str = ""

    def with_recent(self, path: Path) -> "Settings":
        """Return the settings with a file in front of the recent ones."""
        name = str(path.resolve())
        others = [one for one in self.recent if one != name]
        return replace(self, recent=tuple([name, *others][:MOST_RECENT]))

    def without_recent(self, path: Path) -> "Settings":
        """Return the settings without one of the recent files."""
        return replace(self, recent=tuple(one for one in self.recent if one != str(path)))

    def with_used(self, id_: str) -> "Settings":
        """Return the settings with something in front of what was done lately."""
        others = [one for one in self.used if one != id_]
        return replace(self, used=tuple([id_, *others][:MOST_USED]))


def file() -> Path:
    """Return where the settings lie."""
    return paths.user_state() / "window.json"


def load() -> Settings:
    """Read the settings; what cannot be read counts as not set."""
    try:
        data = json.loads(file().read_bytes())
    except (OSError, ValueError):
        return Settings()
    if not isinstance(data, dict):
        return Settings()
    if data.get("contrast") is True:  # as an earlier version kept it
        data["contrast"] = "high"
    plain = Settings()
    return Settings(**{one.name: _fitting(data.get(one.name), getattr(plain, one.name))
                       for one in fields(Settings)})  # fmt: skip


def _fitting(value: Any, plain: Any) -> Any:
    """Return a value that was read where it is of the kind that is expected, else the plain one."""
    if isinstance(plain, tuple) and isinstance(value, list):
        return tuple(str(one) for one in value)
    return value if type(value) is type(plain) else plain


def save(settings: Settings) -> None:
    """Write the settings; a full or slow disk is no reason to stop anybody."""
    try:
        atomic_write(file(), json.dumps(asdict(settings), indent=1).encode(), settled=False)
    except CommandError as error:
        log.info("the window's settings were not saved: %s", error)


def to_text(data: bytes) -> str:
    """Return bytes as text."""
    return base64.b64encode(data).decode()


def to_bytes(text: str) -> bytes:
    """Return the bytes of a text; none where it is damaged."""
    try:
        return base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        return b""
