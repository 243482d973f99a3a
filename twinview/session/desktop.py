"""The program in the menu of a Linux desktop, and its files known there: all in the user's folders.

By the XDG base directory, desktop entry, shared MIME info and icon theme specifications.
"""

import shutil
import subprocess
import sys
from pathlib import Path

from twinview import paths
from twinview.i18n import LANGUAGES, N_, _, said_in
from twinview.model.problem import CommandError
from twinview.session.files import atomic_write
from twinview.session.project import SUFFIX

MIME = "application/vnd.twinview+json"
CLAIM, KIND = N_("A digital twin of a city's energy and carbon"), N_("twinview project")
_KEYWORDS = "GIS;energy;carbon;grid;city;3D;"
_PATIENCE = 60
_RESERVED = " \t\n\"'\\><~|&;$*?#()`"
_UPDATES = (
    ("update-mime-database", "mime"),
    ("update-desktop-database", "applications"),
    ("gtk-update-icon-cache", "icons/hicolor"),
)
"""Programs that read the folders anew, where they are installed."""


def files() -> dict[str, Path]:
    """Return where everything is put, by what it is."""
    home = paths.user_data()
    icons = home / "icons" / "hicolor"
    kind = MIME.replace("/", "-")
    return {
        "entry": home / "applications" / f"{paths.APP}.desktop",
        "mime": home / "mime" / "packages" / f"{paths.APP}.xml",
        "icon": icons / "scalable" / "apps" / f"{paths.APP}.svg",
        "picture": icons / "256x256" / "apps" / f"{paths.APP}.png",
        "document": icons / "scalable" / "mimetypes" / f"{kind}.svg",
    }


def install() -> list[Path]:
    """Put the program into the menu and have its projects open by a double click.

    Returns
    -------
    list of Path
        The files that were written.

    Raises
    ------
    CommandError
        On other systems, and where the files cannot be written.
    """
    if not sys.platform.startswith("linux"):
        raise CommandError(_("Only the desktops of Linux have their menus in such files."))
    place = files()
    svg = (paths.assets_folder() / "icon.svg").read_bytes()
    content = {
        "entry": entry().encode(),
        "mime": mime().encode(),
        "icon": svg,
        "picture": (paths.assets_folder() / "icon.png").read_bytes(),
        "document": svg,
    }
    for what, data in content.items():
        atomic_write(place[what], data, settled=False)
    _update()
    return list(place.values())


def uninstall() -> list[Path]:
    """Take everything out again that `install` has put there, and return what was there."""
    there = [file for file in files().values() if file.exists()]
    for file in there:
        file.unlink()
    _update()
    return there


def entry() -> str:
    """Return the desktop entry."""
    lines = [
        "[Desktop Entry]",
        "Type=Application",
        f"Name={paths.APP}",
        f"Comment={CLAIM}",
        *(f"Comment[{code}]={said_in(code, CLAIM)}" for code in LANGUAGES if code != "en"),
        f"Exec={' '.join(quoted(word) for word in program())} %F",
        f"Icon={paths.APP}",
        "Terminal=false",
        "StartupNotify=true",
        f"StartupWMClass={paths.APP}",
        "Categories=Science;Geoscience;",
        f"Keywords={_KEYWORDS}",
        f"MimeType={MIME};",
    ]
    return "\n".join(lines) + "\n"


def mime() -> str:
    """Return the description of the project file."""
    said = [f'    <comment xml:lang="{code}">{said_in(code, KIND)}</comment>'
            for code in LANGUAGES if code != "en"]  # fmt: skip
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<mime-info xmlns="http://www.freedesktop.org/standards/shared-mime-info">',
        f'  <mime-type type="{MIME}">',
        f"    <comment>{KIND}</comment>",
        *said,
        '    <sub-class-of type="application/json"/>',
        f'    <glob pattern="*{SUFFIX}"/>',
        "  </mime-type>",
        "</mime-info>",
    ]
    return "\n".join(lines) + "\n"


def program() -> list[str]:
    """Return the words that start this very program."""
    beside = Path(sys.executable).with_name(paths.APP)
    if beside.exists():
        return [str(beside)]
    found = shutil.which(paths.APP)
    return [found] if found else [sys.executable, "-m", paths.APP]


def quoted(word: str) -> str:
    """Return a word as the key ``Exec`` takes it."""
    escaped = word.replace("%", "%%")
    if not any(letter in _RESERVED for letter in word):
        return escaped
    for letter in '\\"`$':
        escaped = escaped.replace(letter, "\\" + letter)
    # The value is a string of the entry too, in which each backslash is written twice.
    return '"' + escaped.replace("\\", "\\\\") + '"'


def _update() -> None:
    """Have the desktop look; where its programs are missing, it looks at the next start."""
    for name, folder in _UPDATES:
        found, where = shutil.which(name), paths.user_data() / folder
        if found and where.is_dir():
            subprocess.run([found, str(where)], capture_output=True, check=False, timeout=_PATIENCE)
