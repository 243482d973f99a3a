"""Joins, moved files, workbooks, maps and pictures without a background on the command line."""

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
