"""The promises of the command line: exit codes, one JSON object, one sentence, no remains."""

import json
import os
import signal
import subprocess
import sys

import pytest

from tests.cli.conftest import left_over
from twinview import __version__

SPAN = {"from", "to", "steps", "step_seconds"}
ENERGY = {
    "import", "export", "generation", "load", "storage_in", "storage_out", "loss", "residual",
}  # fmt: skip
CARBON = {"import", "generation", "load", "loss", "storage_delta", "export", "residual"}


IMPATIENT = """
import sys
from twinview.__main__ import main
from twinview.cli import output
output.PATIENCE = 0.0
complain = output.complain
def halt(text):
    complain(text)
    if "Power flow" in text:
        sys.stdin.readline()
output.complain = halt
sys.exit(main())
"""
"""The program, told to say how far it is at once and to wait there until it is spoken to."""


def one_sentence(text: str) -> str:
    """Return the only line of an error, having checked that it is one."""
    lines = [line for line in text.splitlines() if " % " not in line]
    assert len(lines) == 1, text
    assert lines[0].rstrip().endswith((".", "...", "?", ")")), lines[0]
    return lines[0]


def test_version_and_help(process):
    assert process("--version").stdout == f"twinview {__version__}\n"
    text = process("--help").stdout
    for verb in ("demo", "new", "info", "check", "compute", "snapshot", "export", "do", "doctor"):
        assert verb in text


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["report", "x.twin"], "Unknown command"),
        (["animate", "x.twin"], "requires an argument"),
        (["compute"], "requires an argument"),
        (["compute", "a.twin", "--nosuch"], "--nosuch"),
        (["compute", "missing.twin"], "is not there"),
        (["check", "notes.txt"], "is not a project"),
        (["info", "missing.gpkg"], "is not there"),
        (["info"], "Name a project"),
        (["new", "a.twin", "--add", "missing.gpkg"], "is not there"),
        (["snapshot", "a.twin", "-o", "a.jpeg"], ".png"),
        (["snapshot", "a.twin", "-o", "a.png", "--size", "big"], "1920x1080"),
        (["snapshot", "a.twin", "-o", "a.png", "--lang", "fr"], "zh_CN"),
        (["snapshot", "a.twin", "-o", "nowhere/a.png"], "there is no folder"),
        (["export", "a.twin", "-o", "nowhere/a.csv"], "there is no folder"),
        (["bench", "nosuch"], "scrub, camera, film, slice, load, flow, start"),
        (["nosuch.twin"], "is not there"),
        (["do", "a.twin"], "at least one command"),
        (["do", "a.twin", "-f", "nosuch.txt"], "nosuch.txt"),
    ],
)
def test_bad_usage_is_one_sentence_and_code_2(twinview, arguments, says):
    ran = twinview(*arguments, code=2)
    assert says in one_sentence(ran.stderr)
    assert ran.stdout == ""


def test_without_display_the_window_says_so(twinview, monkeypatch):
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    ran = twinview(code=2)
    assert "display" in one_sentence(ran.stderr)


def test_new_makes_a_project_and_prints_one_object(answer, village, tmp_path):
    found = answer("new", "again.twin", "--add", tmp_path / "houses.geojson")
    assert found["project"] == "again.twin"
    assert [(one["id"], one["elements"]) for one in found["layers"]] == [("houses", 3)]
    assert json.loads((tmp_path / "again.twin").read_text())["version"] == 2


def test_new_keeps_a_project_that_is_there(twinview, village, tmp_path):
    before = village.read_bytes()
    ran = twinview("new", "village", "--add", tmp_path / "houses.geojson", code=2)
    assert "--force" in one_sentence(ran.stderr)
    assert village.read_bytes() == before
    twinview("new", "village", "--add", tmp_path / "houses.geojson", "--force")
    assert village.read_bytes() != before


def test_info_tells_what_is_in_a_project(answer, village):
    found = answer("info", village)
    assert found["time"] == {
        "from": "2024-03-31T00:00+01:00",
        "to": "2024-04-02T01:00+02:00",
        "steps": 48,
        "step_seconds": 3600,
        "zone": "Europe/Berlin",
    }
    used = next(one for one in found["series"] if one["quantity"] == "consumption")
    assert used["share"] == pytest.approx(2 / 3)
    houses = next(one for one in found["layers"] if one["id"] == "houses")
    assert houses["heights"] == {"measured": 3}
    assert found["crs"] == "EPSG:32632"
    source = next(one for one in found["sources"] if one["id"] == "houses")
    assert source["crs_known_from"] == "file"
    assert source["rows"] == {"houses": {"read": 3, "kept": 3}}


def test_tables_fit_80_columns_without_colour(twinview, village):
    text = twinview("info", village).stdout
    tables = text[text.index("Sources") : text.index("Network")]
    assert max(len(line) for line in tables.splitlines()) <= 80
    assert "\x1b" not in text


def test_check_lists_problems_and_tells_errors_by_its_code(answer, twinview, village, tmp_path):
    found = answer("check", village)
    keys = {"severity", "source", "layer", "element_ids", "code", "message", "fix"}
    assert found["problems"]
    assert all(set(one) == keys for one in found["problems"])
    (tmp_path / "curves.csv").unlink()
    gone = answer("check", village, code=1)["problems"][0]
    assert (gone["severity"], gone["code"]) == ("error", "source.missing")
    assert "curves.csv" in twinview("check", village, code=1).stdout


def test_compute_prints_a_balance_that_closes(answer, village):
    found = answer("compute", village)
    assert set(found["span"]) == SPAN
    assert set(found["energy_kwh"]) == ENERGY
    assert set(found["carbon_kg"]) == CARBON
    energy, carbon = found["energy_kwh"], found["carbon_kg"]
    came = energy["import"] + energy["generation"] + energy["storage_out"]
    went = sum(energy[name] for name in ("load", "storage_in", "export", "loss", "residual"))
    assert came == pytest.approx(went)
    assert abs(energy["residual"]) < 1e-6 * came
    assert carbon["import"] + carbon["generation"] == pytest.approx(
        sum(carbon[name] for name in ("load", "loss", "storage_delta", "export", "residual"))
    )
    assert energy["load"] == pytest.approx(48 * 0.75 * 2)
    assert found["converged_steps"] == 48
    assert found["not_converged"] == []


def test_spans_include_their_start_and_exclude_their_end(answer, village):
    span = ("--from", "2024-03-31T06:00", "--to", "2024-04-01T06:00+02:00")
    whole = answer("compute", village, *span)
    found = whole["span"]
    assert whole["computed_from"] == "2024-03-31T00:00+01:00"  # where the data begin
    assert found["from"] == "2024-03-31T06:00+02:00"
    assert found["to"] == "2024-04-01T06:00+02:00"
    assert found["steps"] == 24


def test_a_scenario_is_computed_beside_the_base(answer, twinview, village):
    ran = twinview("compute", village, "--scenario", "pv", code=2)
    assert "only 'base'" in one_sentence(ran.stderr)
    twinview("do", village, "scenario.new 'Clean & more'", "scenario.set_factor x0.5", "file.save")
    name = "clean-more"
    alone = answer("compute", village, "--scenario", name)
    base = answer("compute", village)
    assert set(alone) == {*base, "scenario"}
    both = answer("compute", village, "--scenario", name)
    assert set(both) == {*base, "scenario", "base", "difference"}
    assert both["scenario"] == name
    assert both["energy_kwh"] == base["energy_kwh"] == both["base"]["energy_kwh"]
    assert both["carbon_kg"]["import"] == pytest.approx(base["carbon_kg"]["import"] / 2)
    assert both["difference"]["carbon_kg"]["import"] == pytest.approx(
        -base["carbon_kg"]["import"] / 2
    )
    assert "Beside the base" in twinview("compute", village, "--scenario", name).stdout
    (told,) = answer("info", village)["scenarios"]
    assert (told["id"], told["title"], told["parent"]) == (name, "Clean & more", "base")
    assert told["changes"] == ["intensity of imports × 0.5"]
    assert told["computed"]["steps"] == 48
    ran = twinview("compute", village, "--scenario", "nosuch", code=2)
    assert f"'base', '{name}'" in one_sentence(ran.stderr)
    twinview("export", village, "-o", "a.csv", "--scenario", name, "--layer", "district")
    assert f"scenario={name}" in (village.parent / "a.csv").read_text()


def test_problems_of_scenarios_are_listed(answer, village):
    data = json.loads(village.read_text())
    data["scenarios"] = [{"id": "a", "changes": [{"kind": "weather"}]}]
    village.write_text(json.dumps(data))
    assert "scenario.unread" in {one["code"] for one in answer("check", village)["problems"]}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("2024-03-31T02:30", "skip"),
        ("noon", "is not a time"),
        ("2031-01-01", "No step"),
    ],
)
def test_instants_that_cannot_be_are_one_sentence(twinview, village, text, says):
    ran = twinview("compute", village, "--from", text, code=2)
    assert says in one_sentence(ran.stderr)


def test_snapshot_says_what_it_shows(answer, village, tmp_path):
    options = ("--at", "2024-03-31T12:00", "--overlay", "carbon", "--size", "320x240")
    found = answer("snapshot", village, "-o", "a.png", *options, "--view", "top")
    assert set(found) == {
        "file", "at", "age", "overlay", "size", "elements", "limits", "unit", "project_hash",
    }  # fmt: skip
    assert found["at"] == "2024-03-31T12:00+02:00"
    assert found["overlay"] == "carbon"
    assert found["size"] == [320, 240]
    assert found["elements"] == {"shown": 2, "missing": 1}
    assert found["unit"] == "g/kWh"
    from PIL import Image

    with Image.open(tmp_path / "a.png") as picture:
        assert picture.size == (320, 240)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--overlay", "nosuch"], "there are carbon"),
        (["--at", "2031-01-01T00:00"], "outside the data"),
        (["--view", "below"], "top"),
        (["--theme", "pink"], "light or dark"),
        (["--attribute", "houses.nosuch"], "LAYER.COLUMN"),
    ],
)
def test_snapshot_refuses_what_is_not_there(twinview, village, tmp_path, arguments, says):
    ran = twinview("snapshot", village, "-o", "a.png", *arguments, code=2)
    assert says in one_sentence(ran.stderr)
    assert not (tmp_path / "a.png").exists()


def test_do_runs_commands_and_saves_only_when_asked(twinview, village, tmp_path):
    before = village.read_bytes()
    twinview("do", village, "project.rename Anew")
    assert village.read_bytes() == before
    (tmp_path / "script.txt").write_text("# a new name\nproject.rename 'Neu Dorf'\n\nfile.save\n")
    ran = twinview("do", village, "-f", "script.txt", "export.table numbers.csv")
    assert ran.stdout == ""
    assert json.loads(village.read_text())["name"] == "Neu Dorf"
    assert (tmp_path / "numbers.csv").exists()


def test_do_names_the_command_that_failed(twinview, village, tmp_path):
    (tmp_path / "script.txt").write_text("time.start\nlayer.toggle nosuch\n")
    ran = twinview("do", village, "-f", "script.txt", code=2)
    assert "script.txt, line 2 (layer.toggle nosuch)" in one_sentence(ran.stderr)
    ran = twinview("do", village, "time.og 3", code=2)
    assert "Did you mean 'time.go'" in one_sentence(ran.stderr)


def test_names_in_other_scripts_survive_a_plain_locale(process):
    ran = process("check", "楼.twin", env=os.environ | {"LC_ALL": "C", "LANG": "C"}, code=2)
    assert "is not there" in one_sentence(ran.stderr)


def test_output_that_nobody_reads_is_no_error(village):
    line = f"'{sys.executable}' -m twinview info '{village}' | true; exit ${{PIPESTATUS[0]}}"
    ran = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=False)
    assert (ran.returncode, "Traceback" in ran.stderr) == (0, False), ran.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_cancelling_ends_with_130_and_leaves_nothing(tmp_path, process, number):
    from tests.village import write_village

    files = write_village(tmp_path, hours=2_000)
    process("new", "long.twin", "--add", *files)
    before = (tmp_path / "long.twin").read_bytes()
    ran = subprocess.Popen(
        [sys.executable, "-c", IMPATIENT, "compute", tmp_path / "long.twin"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert ran.stderr is not None
    assert ran.stdin is not None
    with ran.stderr:
        for line in ran.stderr:
            if "Power flow" in line:
                break
        ran.send_signal(number)
        ran.stdin.close()
        rest = ran.stderr.read()
    assert ran.stdout is not None
    ran.stdout.close()
    assert ran.wait(timeout=20) == 130
    assert "Cancelled" in rest
    assert not left_over(tmp_path)
    assert not list(tmp_path.rglob("results.json"))
    assert (tmp_path / "long.twin").read_bytes() == before


def test_indicators_stand_beside_the_balance(answer, twinview, village, tmp_path):
    found = answer("compute", village)["indicators"]
    assert found["emitted_location"]["value"] == pytest.approx(found["scope2_location"]["value"])
    assert {"value", "unit", "why", "source"} == set(found["self_sufficiency"])
    out = tmp_path / "houses.csv"
    ran = twinview("export", village, "-o", out, "--what", "indicators")
    assert "3 rows" in ran.stderr
    header = out.read_text(encoding="utf-8-sig").splitlines()[0]
    assert '"carbon [kg]"' in header
    assert '"self_sufficiency"' in header


def test_sources_and_factors_are_told_on_the_command_line(answer, twinview, village):
    answer("compute", village)
    asked = "share.of houses 'house 1' 2024-03-31T14:00"
    told = twinview("do", village, asked, "factors.list electricity DE").stdout
    assert "kW" in told
    assert "Umweltbundesamt" in told
