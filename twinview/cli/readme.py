"""The table of commands in the README, made from the code.

`python -m twinview.cli.readme README.md` writes it anew.
"""

import inspect
import sys
from pathlib import Path

from twinview.cli.app import app
from twinview.cli.bench import _BENCHES
from twinview.session.files import atomic_write

BEGIN, END = "<!-- commands -->", "<!-- end of commands -->"

USES = {
    "demo": "twinview demo [--out DIR]",
    "new": "twinview new PROJECT --add FILE ... [--crs EPSG:n] [--tz ZONE] [--json]",
    "info": "twinview info FILE ... [--json]",
    "check": "twinview check PROJECT [--json]",
    "compute": "twinview compute PROJECT [--from T --to T] [--scenario ID] [--json]",
    "snapshot": (
        "twinview snapshot PROJECT -o FILE.png [--at T] [--overlay ID] [--scenario ID] "
        "[--size WxH] [--view NAME] [--lang en|zh_CN] [--compare ID,ID[,difference]] "
        "[--offset T,T] [--transparent] [--bare] [--title TEXT] [--json]"
    ),
    "animate": (
        "twinview animate PROJECT -o FILE.mp4|DIR [--from T --to T] [--step 1h] [--fps 30] "
        "[--overlay ID] [--scenario ID] [--size WxH] [--view NAME] [--lang en|zh_CN] "
        "[--compare ID,ID[,difference]] [--offset T,T] [--json]"
    ),
    "export": (
        "twinview export PROJECT -o FILE.{csv,parquet,xlsx,gpkg,geoparquet} [--what QUANTITY ...] "
        "[--layer ID] [--at T | --from T --to T] [--scenario ID]"
    ),
    "do": 'twinview do PROJECT "COMMAND ARG ..." ... [-f SCRIPT] [--list]',
    "desktop": "twinview desktop install|uninstall",
    "doctor": "twinview doctor [--json]",
    "bench": f"twinview bench [{'|'.join(_BENCHES)}] [--buildings N] [--json]",
}
"""How each verb is written, the usual options only."""


def command_table() -> str:
    """Return the table of all verbs as Markdown, each with the first sentence of its help."""
    rows = ["| command | does |", "|---|---|"]
    rows.append("| `twinview [FILE ...]` | Open the window, with a project or with data files. |")
    for name, use in USES.items():
        function = app[name].default_command
        said = (inspect.getdoc(function) or "").split("\n\n")[0].replace("\n", " ")
        rows.append(f"| `{use.replace('|', '&#124;')}` | {said} |".replace("&#124;", "\\|"))
    return "\n".join(rows)


def verbs() -> list[str]:
    """Return the names of all verbs."""
    return [name for name in app if not name.startswith("-")]


def filled(text: str) -> str:
    """Return a README with the table between its marks made anew."""
    before, rest = text.split(BEGIN)
    _old, after = rest.split(END)
    return f"{before}{BEGIN}\n{command_table()}\n{END}{after}"


def main(path: Path) -> None:
    """Write the table of a README anew."""
    atomic_write(path, filled(path.read_text(encoding="utf-8")).encode())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
