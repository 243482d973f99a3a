"""Which paths may be opened at all: a file or folder of this machine, nothing else."""

import re
import stat
from pathlib import Path

from twinview.i18n import _
from twinview.readers.registry import ReadError

# "PG:", "MEM:", "http://": a driver or protocol before a name. One letter is a Windows drive.
_PREFIX = re.compile(r"^[A-Za-z][A-Za-z0-9_+.-]+:")
_REMOTE = re.compile(r"^(/vsi|\\\\|//[^/])", re.IGNORECASE)


def refused_name(text: str) -> str:
    """Return why a name can be no local file, empty where it can.

    Parameters
    ----------
    text
        A source as written in a project or given by the user.
    """
    if not text.strip() or "\0" in text or text.lstrip().startswith(("<", "{")):
        return _("it is no file name")
    if _REMOTE.match(text) or "/vsi" in text.replace("\\", "/").lower():
        return _("it names something outside this machine or inside another file")
    if _PREFIX.match(text):
        return _("it names a driver or an address, not a file")
    return ""


def check_path(path: Path) -> None:
    """Raise ReadError unless a path is an existing regular file or folder that may be read."""
    reason = refused_name(str(path))
    if reason:
        raise ReadError(_("{file} is not opened: {reason}.", file=path, reason=reason))
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise ReadError(
            _("{file} cannot be opened: {reason}.", file=path, reason=error.strerror or error)
        ) from error
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise ReadError(_("{file} is not opened: it is a device, not a file.", file=path))
    try:
        if stat.S_ISREG(mode):
            path.open("rb").close()
    except OSError as error:
        raise ReadError(
            _("{file} cannot be opened: {reason}.", file=path, reason=error.strerror or error)
        ) from error
