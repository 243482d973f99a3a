"""What this machine offers, what is missing, and what to do about it."""

import importlib.metadata
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from twinview import __version__, paths
from twinview.i18n import _

PATIENCE = 120
"""Seconds that a trial in a child process may take."""
APT = (
    "apt-get install -y --no-install-recommends libegl1 libgl1-mesa-dri libgl1 libglib2.0-0 "
    "libfontconfig1 libxkbcommon0 libdbus-1-3 libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 "
    "libxcb-shape0 libxkbcommon-x11-0 libwayland-cursor0 libwayland-egl1"
)
FONTS = "apt-get install -y --no-install-recommends fonts-dejavu-core fonts-noto-cjk"
_LEAST_MEMORY, _LEAST_DISK = 2 << 30, 1 << 30
_GIB = 1 << 30
_STANDS_ON = (
    ("Python", "python"), ("Qt/PySide6", "pyside6-essentials"), ("VTK", "vtk"),
    ("PyVista", "pyvista"), ("GeoPandas", "geopandas"), ("pandas", "pandas"), ("NumPy", "numpy"),
    ("pyarrow", "pyarrow"), ("power-grid-model", "power-grid-model"),
)  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Parameters
    ----------
    id, title
        Stable name, and what a reader sees.
    ok
        False where something does not work without a remedy.
    found
        What is there.
    remedy
        What to do; empty where nothing has to be done.
    """

    id: str
    title: str
    ok: bool
    found: str
    remedy: str = ""


def examine() -> list[Finding]:
    """Look at everything that the program needs; trials run in child processes."""
    return [
        _python(),
        _libraries(),
        _trial("picture", _("pictures without a window"), _PICTURE, _("Install: {line}", line=APT)),
        _window(),
        _trial("fonts", _("Chinese letters"), _FONTS, _("Install: {line}", line=FONTS)),
        _trial("formats", _("map formats"), _FORMATS, _("Install pyogrio again.")),
        _trial("solver", _("power flow"), _SOLVER, _("Install power-grid-model again.")),
        _zones(),
        _demo(),
        *(_folder(*one) for one in _FOLDERS),
        _memory(),
        _disk(),
    ]


def machine() -> dict[str, Any]:
    """Return what measured figures depend on."""
    return {
        "system": platform.platform(),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / _GIB, 1),
        "python": platform.python_version(),
        "twinview": __version__,
        **{name: _version(name) for name in ("vtk", "numpy", "pyside6-essentials")},
    }


def stands_on() -> list[str]:
    """Return the libraries that the program stands on, with their versions."""
    return [f"{title} {_version(name)}" for title, name in _STANDS_ON if _version(name)]


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _version(name: str) -> str:
    if name == "python":
        return platform.python_version()
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _python() -> Finding:
    version = platform.python_version()
    broken = sys.version_info < (3, 12) and _version("pyside6-essentials").startswith("6.12")
    remedy = _("Install pyside6-essentials older than 6.12, or use Python 3.12.") if broken else ""
    return Finding("python", "Python", not broken, version, remedy)


def _libraries() -> Finding:
    title = _("libraries")
    try:
        wanted = importlib.metadata.requires("twinview") or []
    except importlib.metadata.PackageNotFoundError:
        return Finding("libraries", title, True, _("not installed as a package"))
    here = [line for line in wanted if "extra ==" not in line]
    names = dict.fromkeys(_name(line) for line in here)
    missing = [name for name in names if not _version(name)]
    found = _("{count} of {all}", count=len(names) - len(missing), all=len(names))
    remedy = _("Install: {line}", line=f"pip install {' '.join(missing)}") if missing else ""
    return Finding("libraries", title, not missing, found, remedy)


def _name(requirement: str) -> str:
    end = next((k for k, c in enumerate(requirement) if c in "<>=!~;[ ("), len(requirement))
    return requirement[:end]


def _trial(id_: str, title: str, code: str, remedy: str) -> Finding:
    """Run a few lines in a child, because what is missing often ends the process."""
    try:
        ran = subprocess.run(
            [sys.executable, "-I", "-c", code],
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Finding(id_, title, False, _("no answer in {s} s", s=PATIENCE), remedy)
    words = ran.stdout.strip().splitlines()
    if ran.returncode == 0 and words:
        said = json.loads(words[-1])
        return Finding(id_, title, said["ok"], said["found"], "" if said["ok"] else remedy)
    why = ran.stderr.strip().splitlines()
    ended = _("ended by signal {n}", n=-ran.returncode) if ran.returncode < 0 else _("failed")
    return Finding(id_, title, False, why[-1][:200] if why else ended, remedy)


def _window() -> Finding:
    title = _("window")
    if sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        return Finding("window", title, True, _("no display here; the command line works without"))
    return _trial("window", title, _WINDOW, _("Install: {line}", line=APT))


def _zones() -> Finding:
    from twinview.model.time import zone

    try:
        zone("Europe/Berlin")
    except ValueError as error:
        return Finding("zones", _("time zones"), False, str(error), _("Install tzdata."))
    return Finding("zones", _("time zones"), True, _("available"))


def _demo() -> Finding:
    there = paths.demo_file().exists()
    remedy = "" if there else _("Install twinview again.")
    found = _("available") if there else _("missing")
    return Finding("demo", _("demo district"), there, found, remedy)


def _folder(id_: str, where: Callable[[], Path]) -> Finding:
    folder = where()
    can = paths.writable(folder)
    found = str(folder) if can else _("{folder} cannot be written", folder=folder)
    title = {"cache": _("cache folder"), "settings": _("settings folder")}.get(
        id_, _("state folder")
    )
    return Finding(id_, title, can, found, "" if can else _("Give yourself the right to write it."))


_FOLDERS = (
    ("cache", paths.user_cache),
    ("settings", paths.user_config),
    ("state", paths.user_state),
)


def _memory() -> Finding:
    memory = psutil.virtual_memory()
    found = _(
        "{free:.1f} of {all:.1f} GiB free", free=memory.available / _GIB, all=memory.total / _GIB
    )
    enough = memory.available >= _LEAST_MEMORY
    return Finding("memory", _("memory"), enough, found, "" if enough else _("Close programs."))


def _disk() -> Finding:
    folder = paths.user_cache()
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    enough = free >= _LEAST_DISK
    found = _("{free:.1f} GiB free", free=free / _GIB)
    return Finding("disk", _("disk"), enough, found, "" if enough else _("Free some space."))


_PICTURE = """
import json
from vtkmodules.vtkCommonCore import vtkVersion
from twinview.render.studio import _trial, window
_trial()
one = window((8, 8))
from vtkmodules.vtkRenderingCore import vtkRenderer
one.AddRenderer(vtkRenderer())
one.Render()
said = (line.partition(":") for line in one.ReportCapabilities().splitlines())
table = {key.strip(): value.strip() for key, _colon, value in said}
named = [table.get(f"OpenGL {word} string", "") for word in ("version", "renderer")]
found = ", ".join([one.GetClassName().removeprefix("vtk"), *named])
one.Finalize()
print(json.dumps({"ok": True, "found": f"VTK {vtkVersion().GetVTKVersion()}, {found}"}))
"""

_WINDOW = """
import json
from PySide6.QtCore import qVersion
from PySide6.QtGui import QOffscreenSurface, QOpenGLContext
from PySide6.QtWidgets import QApplication
app = QApplication([])
context, surface = QOpenGLContext(), QOffscreenSurface()
surface.create()
made = context.create() and context.makeCurrent(surface)
version = context.format().version()
found = f"Qt {qVersion()} on {app.platformName()}, OpenGL {version[0]}.{version[1]}"
print(json.dumps({"ok": bool(made and tuple(version) >= (3, 2)), "found": found}))
"""

_FONTS = """
import json
from twinview.draw.fonts import CHINESE, ensure_application
from PySide6.QtGui import QFontDatabase
ensure_application()
here = [name for name in CHINESE if name in QFontDatabase.families()]
print(json.dumps({"ok": bool(here), "found": here[0] if here else "-"}))
"""

_FORMATS = """
import json, pyogrio
have = pyogrio.list_drivers()
want = ["GPKG", "GeoJSON", "ESRI Shapefile", "FlatGeobuf", "KML"]
found = f"GDAL {pyogrio.__gdal_version_string__}, " + ", ".join(w for w in want if w in have)
print(json.dumps({"ok": all(w in have for w in want), "found": found}))
"""

_SOLVER = """
import json, importlib.metadata
import power_grid_model
version = importlib.metadata.version("power-grid-model")
print(json.dumps({"ok": True, "found": f"power-grid-model {version}"}))
"""
