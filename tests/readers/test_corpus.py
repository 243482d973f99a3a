"""Nasty files: each opens, asks or is refused as its row in the manifest says, and does no harm."""

import json
import select
import socket
from pathlib import Path

import pytest

from twinview.model.problem import NeedsAnswer
from twinview.readers.guard import Limits, ReadError

MANIFEST = Path(__file__).parents[3] / "shared" / "corpus" / "manifest.jsonl"
ROWS = (
    [json.loads(line) for line in MANIFEST.read_text("utf-8").splitlines()]
    if MANIFEST.is_file()
    else []
)
SECRET = Path("/tmp/twinview_private/private.csv")
MEGABYTE = 1 << 20

# Formats that are not read yet: to be refused with a sentence that says what is.
NOT_YET = {
    "citygml_xlink.gml", "xxe.gml", "laughs.gml", "dem_vrt_as.tif", "sparse_huge.tif",
    "no_crs.tif", "bomb.kmz", "texture_broken.png", "mqtt_payloads.jsonl",
    "source_paths.txt",
}  # fmt: skip
# Rows that may as well be refused, by their own words.
MAY_REFUSE = {"bad_feature.fgb", "bomb.parquet"}
ANSWERS = {
    "swapped_axes.geojson": {"crs": "EPSG:4326:yx"},
    "no_prj.zip": {"crs": "EPSG:32650"},
    "bad_geo_meta.parquet": {"crs": "EPSG:4326"},
    "dst_twice.csv": {"tz": "Europe/Berlin"},
    "units_mixed.csv": {"unit": "kW"},
}
SAYS = {
    "vrt_as.gpkg": "not a GeoPackage",
    "vrt_remote.geojson": "not a GeoJSON",
    "gdalg_as.geojson": "not a GeoJSON",
    "traversal.zip": "../../pub_evil.geojson",
    "bomb.zip": "629 MB",
    "truncated.geojson": "ends early, at byte 343",
    "empty.geojson": "is empty",
    "nan_transform.city.json": "transform is not a number",
    "deep_boundaries.city.json": "nested too deep",
    "pp_import.json": "twinview_marker_module",
    "pp_function.json": "os.system",
    "pypsa_bad_ref.zip": "l1 at NOPE",
    "net.p": "pandapower JSON",
    "swapped_axes.geojson": "latitudes are over 90",
    "units_mixed.csv": "0.005 MW",
}


@pytest.fixture
def canary():
    """Listen where the corpus points, and fail on a visitor."""
    SECRET.parent.mkdir(exist_ok=True)
    SECRET.write_text("name\nLOCALSECRET\n", encoding="utf-8")
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", 18999))
        listener.listen()
        yield
        assert not select.select([listener], [], [], 0)[0], "something was asked of the network"


def snapshot(folder: Path) -> dict[str, tuple[int, int]]:
    """Return size and time of change of each file."""
    return {
        str(one): (one.stat().st_size, one.stat().st_mtime_ns) for one in sorted(folder.rglob("*"))
    }


def words(part) -> str:
    """Return everything that a part says, as text."""
    tables = [layer.attributes.to_pylist() for layer in part.layers]
    return repr((tables, part.problems, part.about, [t.columns for t in part.tables]))


def features(part) -> int:
    """Return the elements of the layers, of a network's nodes only."""
    return sum(len(layer) for layer in part.layers)


def check(part, row) -> None:
    """Compare what was read with what the row asks for."""
    must = row["must"]
    if "features" in must:
        assert features(part) == must["features"]
    if "dropped" in must:
        assert sum(rows - kept for rows, kept in part.rows.values()) == must["dropped"]
        listed = [p for p in part.problems if p.severity == "error"]
        assert sum(len(p.element_ids) for p in listed) == must["dropped"]
    if "rows" in must:
        assert sum(rows for rows, _kept in part.rows.values()) == must["rows"]
    codes = [problem.code for problem in part.problems]
    assert ("time.duplicate" in codes) == ("duplicates" in must)
    if "gaps" in must:
        assert "time.gap" in codes
    if "flagged" in must:
        assert any(p.code == "storage.range" and "3 values" in p.message for p in part.problems)
    if row["expect"] == "warn" and row["cls"] != "network":
        assert part.problems


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["file"])
def test_corpus(row, read, canary, tmp_path_factory):
    path = MANIFEST.parent / row["file"]
    before = snapshot(MANIFEST.parent)
    limits = Limits(memory=max(1500, row["memory_mb"]) * MEGABYTE, seconds=30)
    refused = row["expect"] == "refuse" or row["file"] in NOT_YET | MAY_REFUSE
    try:
        if refused:
            with pytest.raises(ReadError, match=row["file"]) as why:
                read(path, limits=limits)
            text = str(why.value)
        elif row["expect"] == "ask":
            with pytest.raises(NeedsAnswer, match=row["file"]) as why:
                read(path, limits=limits)
            text = str(why.value)
            assert why.value.option in text
            check(read(path, limits=limits, **ANSWERS[row["file"]]), row)
        else:
            part = read(path, limits=limits)
            check(part, row)
            text = words(part)
    finally:
        assert snapshot(MANIFEST.parent) == before
    assert SAYS.get(row["file"], "") in text
    assert "LOCALSECRET" not in text
    assert "Traceback" not in text


@pytest.mark.skipif(not ROWS, reason="needs ../shared")
def test_texts_of_legacy_files(read):
    part = read(MANIFEST.parent / "gbk_no_cpg.zip")
    assert part.layers[0].column("mc").tolist()[0] == "朝阳区变电站"
    assert any(p.code == "text.encoding" and "GB18030" in p.message for p in part.problems)
    part = read(MANIFEST.parent / "gbk.csv")
    assert part.tables[0].columns == ("一号楼",)


@pytest.mark.skipif(not ROWS, reason="needs ../shared")
def test_clocks_that_go_back_keep_all_rows(read):
    (table,) = read(MANIFEST.parent / "dst_twice.csv", tz="Europe/Berlin").tables
    assert table.time.count == 6
    assert table.time.step == 1800
    assert table.values[:, 0].tolist() == [1, 2, 3, 4, 5, 6]
