"""Zip archives: judged by their directory before anything is unpacked."""

import stat
import zipfile
from pathlib import Path, PurePosixPath

from twinview.i18n import _
from twinview.readers.registry import ReadError

_RATIO = 200
_SMALL = 1 << 20  # a few repeated lines pack well; nobody dies of a megabyte
_TOTAL = 2 << 30
_MEMBERS = 5000
_PIECE = 1 << 20
_ARCHIVES = {".zip", ".kmz", ".gz", ".bz2", ".xz", ".7z", ".rar", ".tar", ".tgz", ".shz"}


def unpack(path: Path, folder: Path, wanted: set[str]) -> list[Path]:
    """Unpack the members with wanted suffixes into a folder, side by side, and return them.

    Parameters
    ----------
    path
        The archive.
    folder
        An empty folder.
    wanted
        Suffixes in small letters.

    Raises
    ------
    ReadError
        For an archive that would unpack to too much, or whose members leave the folder.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = [one for one in archive.infolist() if not one.is_dir()]
            check(path, members)
            return [
                _extract(path, archive, one, folder)
                for one in members
                if PurePosixPath(one.filename).suffix.lower() in wanted
            ]
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError, OSError) as error:
        raise ReadError(
            _(
                "{file} is a damaged archive ({reason}); nothing was read. Fetch or pack it again.",
                file=path.name,
                reason=str(error)[:120],
            )
        ) from error


def check(path: Path, members: list[zipfile.ZipInfo]) -> None:
    """Raise ReadError for an archive whose directory shows that it is not to be unpacked."""
    if len(members) > _MEMBERS:
        raise ReadError(
            _(
                "{file} holds {count} files, more than {most}; it is not unpacked.",
                file=path.name,
                count=len(members),
                most=_MEMBERS,
            )
        )
    for one in members:
        reason = _wrong(one)
        if reason:
            raise ReadError(
                _(
                    "{file} is not unpacked: its member {member} {reason}.",
                    file=path.name,
                    member=one.filename[:80],
                    reason=reason,
                )
            )
    size, packed = sum(m.file_size for m in members), sum(m.compress_size for m in members)
    if size > _TOTAL or (size > _SMALL and size > _RATIO * max(1, packed)):
        raise ReadError(
            _(
                "{file} would unpack to {size} MB from {packed} MB and is not unpacked; "
                "unpack it yourself if you trust it.",
                file=path.name,
                size=round(size / 1e6),
                packed=f"{packed / 1e6:.1f}",
            )
        )


def _wrong(one: zipfile.ZipInfo) -> str:
    name = one.orig_filename
    parts = PurePosixPath(name).parts
    if name.startswith(("/", "\\")) or ".." in parts or "\\" in name or ":" in name or "\0" in name:
        return _("points outside of the archive")
    if stat.S_ISLNK(one.external_attr >> 16):
        return _("is a link")
    if one.flag_bits & 1:
        return _("is encrypted")
    if PurePosixPath(name).suffix.lower() in _ARCHIVES:
        return _("is an archive itself")
    return ""


def _extract(path: Path, archive: zipfile.ZipFile, one: zipfile.ZipInfo, folder: Path) -> Path:
    """Write one member; its bytes are counted, whatever the directory claims."""
    target = folder / PurePosixPath(one.filename).name
    if target.exists():
        raise ReadError(
            _(
                "{file} holds two files named {name}; pack one layer per archive.",
                file=path.name,
                name=target.name,
            )
        )
    left = one.file_size
    with archive.open(one) as source, target.open("wb") as sink:
        while piece := source.read(_PIECE):
            left -= len(piece)
            if left < 0:
                raise zipfile.BadZipFile("a member is larger than its directory says")
            sink.write(piece)
    return target
