"""What `pyproject.toml`, the constraints and the set-up scripts promise to a stranger."""

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import twinview

ROOT = Path(__file__).parents[1]
SETUP = ROOT / "packaging" / "setup.sh"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PYTHONS = ["3.11", "3.12", "3.13"]


def pins() -> list[Requirement]:
    """Return the lines of the constraints file."""
    lines = (ROOT / "packaging" / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return [Requirement(line) for line in lines if line.strip() and not line.startswith("#")]


def wanted() -> list[Requirement]:
    """Return what the project asks for, with all extras."""
    extras = PROJECT["optional-dependencies"].values()
    return [Requirement(text) for group in (PROJECT["dependencies"], *extras) for text in group]


def test_every_pin_is_exact_and_names_no_address():
    for pin in pins():
        assert re.fullmatch(r"==[\w.!+]+", str(pin.specifier)), str(pin)
        assert pin.url is None


@pytest.mark.parametrize("python", PYTHONS)
def test_every_dependency_has_one_fitting_pin(python):
    here = {"python_version": python, "python_full_version": f"{python}.1"}
    for need in wanted():
        if need.marker is not None and not need.marker.evaluate(here):
            continue
        found = [
            pin
            for pin in pins()
            if canonicalize_name(pin.name) == canonicalize_name(need.name)
            and (pin.marker is None or pin.marker.evaluate(here))
        ]
        assert len(found) == 1, f"{need} on Python {python}: {found or 'no pin'}"
        version = next(iter(found[0].specifier)).version
        assert need.specifier.contains(version), f"{need} on Python {python}: {version}"


def test_version_is_told_once_everywhere():
    changes = (ROOT / "packaging" / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## (\S+)", changes, re.MULTILINE)
    assert newest is not None
    assert PROJECT["version"] == twinview.__version__ == newest[1]


def test_wheel_carries_the_demo_and_the_assets(tmp_path):
    code = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"
    ran = subprocess.run(
        [sys.executable, "-c", code, tmp_path], cwd=ROOT, capture_output=True, text=True, check=True
    )
    names = zipfile.ZipFile(tmp_path / ran.stdout.split()[-1]).namelist()
    tops = {name.split("/")[0] for name in names if ".dist-info/" not in name}
    assert tops == {"twinview"}
    for folder, installed in (("data/demo", "_data/demo"), ("assets", "_assets")):
        here = [path for path in (ROOT / folder).rglob("*") if path.is_file()]
        there = [name for name in names if name.startswith(f"twinview/{installed}/")]
        shipped = [path for path in here if ".twin.cache" not in path.as_posix()]
        assert len(there) == len(shipped), f"{folder}: {len(there)} of {len(shipped)} files"
    assert not [name for name in names if "__pycache__" in name or ".twin.cache" in name]


def shell(code: str, path: str = os.environ["PATH"]) -> subprocess.CompletedProcess[str]:
    """Run a few lines of bash with the set-up functions loaded."""
    return subprocess.run(
        ["bash", "-c", f'set -euo pipefail; source "$0"; {code}', SETUP],
        env=os.environ | {"PATH": path}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def stub(folder: Path, name: str, body: str) -> None:
    """Write a small program to stand in for a real one."""
    file = folder / name
    file.write_text(f"#!/bin/bash\n{body}\n")
    file.chmod(0o755)


@pytest.fixture
def bare_path(tmp_path):
    """Return a PATH folder that holds only what the set-up's plumbing needs."""
    for name in ("dirname", "tr", "sed", "grep", "env", "cat"):
        target = subprocess.run(["bash", "-c", f"type -P {name}"], capture_output=True, text=True)  # noqa: PLW1510
        (tmp_path / name).symlink_to(target.stdout.strip())
    (tmp_path / "bash").symlink_to("/bin/bash")
    return tmp_path


def test_python_that_does_not_start_or_is_old_is_passed_over(bare_path):
    stub(bare_path, "python3", "exit 1")
    stub(bare_path, "python3.12", "echo 'command not found' >&2; exit 127")
    stub(bare_path, "python3.11", "exit 0")
    assert shell("find_python", str(bare_path)).stdout == f"{bare_path}/python3.11\n"


def test_without_any_python_one_sentence_says_so(bare_path):
    ran = shell("find_python", str(bare_path))
    assert ran.returncode == 1
    assert ran.stderr.startswith("twinview needs Python 3.11 or newer")
    assert len(ran.stderr.splitlines()) == 1


def test_only_missing_packages_are_named_and_either_name_counts(bare_path):
    listed = "installed libegl1\ninstalled libglib2.0-0t64\nconfig-files libgl1"
    stub(bare_path, "dpkg-query", f"echo '{listed}'; exit 1")
    ran = shell(
        "missing_packages libegl1 libgl1 'libglib2.0-0|libglib2.0-0t64' xvfb", str(bare_path)
    )
    assert ran.stdout.split() == ["libgl1", "xvfb"]


def test_without_rights_the_exact_line_is_printed(bare_path):
    stub(bare_path, "dpkg-query", "exit 1")
    stub(bare_path, "sudo", "exit 1")
    stub(bare_path, "apt-get", "exit 0")
    ran = shell("may_install() { false; }; install_system libegl1 xvfb", str(bare_path))
    assert ran.returncode == 1
    assert "sudo apt-get install -y --no-install-recommends libegl1 xvfb" in ran.stderr


def test_scripts_are_valid_bash():
    for name in ("run", "test", "setup.sh"):
        subprocess.run(["bash", "-n", ROOT / "packaging" / name], check=True)
