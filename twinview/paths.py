"""Where things lie: shipped data, the user's folders, a project's cache; and the display."""

import os
import sys
from pathlib import Path

import platformdirs

_PACKAGE = Path(__file__).parent
APP = "twinview"
TRIAL = "TWINVIEW_TRIAL"
"""Environment variable that, being set, has the window say its first picture and close."""


def _shipped(installed: str, checkout: str) -> Path:
    """Return a shipped folder: inside an installed package, or beside it in a checkout."""
    inside = _PACKAGE / installed
    return inside if inside.is_dir() else _PACKAGE.parent / checkout


def demo_folder() -> Path:
    """Return the folder of the built-in demo district."""
    return _shipped("_data/demo", "data/demo")


def demo_file() -> Path:
    """Return the project file of the built-in demo district."""
    return demo_folder() / "demo.twin"


def assets_folder() -> Path:
    """Return the folder of icons, fonts, style and help pages."""
    return _shipped("_assets", "assets")


def user_cache() -> Path:
    """Return the user's cache folder (not necessarily existing)."""
    return Path(platformdirs.user_cache_dir(APP, appauthor=False))


def user_config() -> Path:
    """Return the user's settings folder (not necessarily existing)."""
    return Path(platformdirs.user_config_dir(APP, appauthor=False))


def user_state() -> Path:
    """Return the user's state folder: recovery files, window layout, logs."""
    return Path(platformdirs.user_state_dir(APP, appauthor=False))


def user_data() -> Path:
    """Return the user's data folder that all programs share (not necessarily existing)."""
    return Path(platformdirs.user_data_dir())


def writable(folder: Path) -> bool:
    """Tell whether files can be made in `folder`, or in its nearest existing parent."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return os.access(folder, os.W_OK)


def has_display() -> bool:
    """Tell whether a window can be seen here."""
    if os.environ.get("QT_QPA_PLATFORM", "") in {"offscreen", "minimal"}:
        return False
    named = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return sys.platform in {"win32", "darwin"} or bool(named)
