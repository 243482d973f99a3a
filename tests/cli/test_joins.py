"""Joins, moved files, workbooks, maps and pictures without a background on the command line."""

import json
import shutil

import geopandas
import numpy as np
import openpyxl
import pytest
from PIL import Image

SAVE = "file.save"


def test_a_table_is_joined_listed_and_parted(twinview, village):
    (village.parent / "heat.csv").write_text(
        "time,house 0,house 1\n2024-03-30T23:00Z,3,4\n2024-03-31T00:00Z,5,6\n", encoding="utf-8"
    )
    told = twinview("do", village, "data.coverage heat.csv houses heat_consumption")
    assert "2 / 3" in told.stdout
    assert "house 2" in told.stdout
    twinview("do", village, "data.join heat.csv houses heat_consumption unit=kW", SAVE)
    told = twinview("do", village, "data.joins").stdout
    assert "id: {id}" in told
    number = next(line.split()[0] for line in told.splitlines() if " heat " in line)
    twinview("do", village, f"data.unjoin {number}", SAVE)
    assert " heat " not in twinview("do", village, "data.joins").stdout


def test_check_names_the_remedy_for_a_moved_file(twinview, village, tmp_path):
    (tmp_path / "moved").mkdir()
    shutil.move(tmp_path / "houses.geojson", tmp_path / "moved")
    told = twinview("check", village, code=1).stdout
    assert "file.relink houses.geojson NEW" in " ".join(told.split())
    twinview("do", village, "file.relink houses.geojson moved", SAVE)
    assert "source.missing" not in twinview("check", village, "--json").stdout


def test_endings_choose_what_is_written(twinview, village, tmp_path):
    twinview("export", village, "-o", "a.xlsx", "--at", "2024-03-31T12:00", "--layer", "houses")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == ["Values", "Columns", "Sources", "Factors", "About"]
    assert book["Values"].max_row == 4
    twinview("export", village, "-o", "a.gpkg", "--layer", "houses", "--from", "2024-03-31",
             "--to", "2024-04-01")  # fmt: skip
    found = geopandas.read_file(tmp_path / "a.gpkg", layer="houses")
    assert len(found) == 3
    assert "consumption [kWh]" in found
    ran = twinview("export", village, "-o", "b.gpkg", "--what", "consumption", code=2)
    assert "leave --what out" in ran.stderr


@pytest.mark.usefixtures("qapp")
def test_a_picture_without_background_has_four_channels(process, village, tmp_path):
    process("snapshot", village, "-o", "a.png", "--size", "320x200", "--view", "top",
            "--transparent")  # fmt: skip
    with Image.open(tmp_path / "a.png") as image:
        assert image.mode == "RGBA"
        cover = np.asarray(image)[..., 3]
    assert (cover == 0).mean() > 0.2
    assert (cover == 255).any()


def test_a_table_of_profiles_is_parted_and_joined_again_as_it_was(twinview, answer, village):
    def joins():
        return json.loads(village.read_text(encoding="utf-8"))["joins"]

    before = joins()
    ran = twinview("do", village, "data.coverage curves sym_load")
    assert "scale=scale_w" in ran.stdout
    twinview("do", village, "data.unjoin 2", "file.save")
    assert len(joins()) == 2
    twinview("do", village, "data.join curves sym_load", "file.save")
    assert joins()[-1] == before[1]
    twinview("do", village, "data.rejoin 3 unit=kW", "file.save")
    assert joins()[-1] == {**before[1], "unit": "kW"}
    ran = twinview("do", village, "data.join curves houses", code=2)
    assert "source.intensity_profile, sym_load.profile, sym_gen.profile" in ran.stderr
    ran = twinview("do", village, "data.join curves sym_load power scale=name", code=2)
    assert "'name' of 'sym_load' holds no numbers" in ran.stderr
