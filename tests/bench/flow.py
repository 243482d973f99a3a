"""Measure a year of power flow against pandapower in an environment of its own; keep the record.

    python tests/bench/flow.py [FOLDER FOR THE ENVIRONMENT]

makes the environment where it is not there (`python -m venv`, `pip install pandapower numba`: the
network is needed once), runs ``twinview bench flow --json`` with it, and writes the answer beside
this file. Only the ratios of one run mean anything: both ways share the same machine and moment.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

RECORD = Path(__file__).with_name("flow.json")
PACKAGES = ("pandapower==3.5.6", "numba")


def environment(folder: Path) -> Path:
    """Return the Python of an environment with pandapower, made where it is not there."""
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
    return python


def main() -> None:
    """Measure and write the record."""
    default = Path(tempfile.gettempdir()) / "twinview-bench-pandapower"
    python = environment(Path(sys.argv[1]) if len(sys.argv) > 1 else default)
    command = [sys.executable, "-m", "twinview", "bench", "flow", "--reference", python, "--json"]
    found = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    record = json.loads(found)
    record["machine"] = {name: record["machine"][name] for name in ("processor", "cores", "python")}
    RECORD.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(found)


if __name__ == "__main__":
    main()
