"""Layers from GIS files: formats, ids, heights, kinds, repairs; counts always add up."""

import json
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from twinview.model.problem import CommandError, NeedsAnswer
from twinview.progress import drain
from twinview.readers.common import archive
from twinview.readers.guard import Options
from twinview.readers.registry import choose

X, Y = 450000.0, 5400000.0
CRS = "EPSG:25832"


def houses(**columns) -> gpd.GeoDataFrame:
    boxes = [shapely.box(X + 20 * k, Y, X + 20 * k + 10, Y + 10) for k in range(3)]
    return gpd.GeoDataFrame(columns, geometry=boxes, crs=CRS)


def codes(part) -> dict[str, int]:
    return {problem.code: len(problem.element_ids) for problem in part.problems}


WRITERS = {
    "houses.gpkg": lambda frame, path: frame.to_file(path, layer="houses"),
    "houses.fgb": lambda frame, path: frame.to_file(path, driver="FlatGeobuf", SPATIAL_INDEX="NO"),
    "houses.shp": lambda frame, path: frame.to_file(path),
    "houses.parquet": lambda frame, path: frame.to_parquet(path),
}


@pytest.mark.parametrize("name", WRITERS)
def test_each_format_gives_the_same_layer(name, tmp_path, read):
    frame = houses(id=["a", "b", "c"], height=[3.0, 4.5, None], name=["Rathaus", "楼", None])
    path = tmp_path / name
    WRITERS[name](frame, path)
    before = sorted((one.name, one.read_bytes()) for one in tmp_path.iterdir())
    part = read(path)
    assert sorted((one.name, one.read_bytes()) for one in tmp_path.iterdir()) == before
    (layer,) = part.layers
    assert (layer.id, layer.kind, part.crs, part.rows) == (
        "houses",
        "building",
        CRS,
        {"houses": (3, 3)},
    )
    assert layer.ids.tolist() == ["a", "b", "c"]
    assert layer.column("name").tolist() == ["Rathaus", "楼", None]
    assert layer.numbers("height_m").tolist() == [3.0, 4.5, 6.0]
    assert layer.column("height_source").tolist() == ["measured", "measured", "default"]
    assert layer.unit("height_m") == "m"
    shape = layer.geometry
    assert shape.kind == "polygon"
    assert np.diff(shape.points_of).tolist() == [4, 4, 4]
    assert shape.bounds[:4] == (X, X + 50, Y, Y + 10)
    assert codes(part)["height.default"] == 1


def test_geojson_and_its_many_shapes(tmp_path, parse):
    hole = [[[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]], [[1, 1], [1, 2], [2, 2], [2, 1], [1, 1]]]
    shapes = [
        {"type": "Polygon", "coordinates": hole},
        {"type": "MultiPolygon", "coordinates": [hole, [[[6, 0], [7, 0], [7, 1], [6, 0]]]]},
        {"type": "LineString", "coordinates": [[0, 0, 5], [1, 1, 6]]},
        {"type": "MultiLineString", "coordinates": [[[0, 0], [1, 1]], [[2, 2], [3, 3], [4, 4]]]},
        {"type": "Point", "coordinates": [1, 2]},
        {"type": "MultiPoint", "coordinates": [[1, 2], [3, 4]]},
        {"type": "GeometryCollection", "geometries": [
            {"type": "Point", "coordinates": [0, 0]},
            {"type": "LineString", "coordinates": [[0, 0], [9, 9]]}]},
    ]  # fmt: skip
    rows = [
        {"type": "Feature", "id": k, "properties": {}, "geometry": g} for k, g in enumerate(shapes)
    ]
    path = tmp_path / "mixed.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": rows}), "utf-8")
    part = parse(path)
    areas, lines, points = part.layers
    assert [layer.id for layer in part.layers] == ["mixed", "mixed-lines", "mixed-points"]
    assert areas.ids.tolist() == ["0", "1"]
    assert areas.geometry.elements.tolist() == [0, 1, 3]
    assert areas.geometry.parts.tolist() == [0, 2, 4, 5]
    assert np.diff(areas.geometry.rings).tolist() == [4, 4, 4, 4, 3]
    assert lines.ids.tolist() == ["2", "3", "6"]
    assert np.diff(lines.geometry.rings).tolist() == [2, 2, 3, 2]
    assert lines.geometry.coords[:2, 2].tolist() == [5, 6]
    assert points.geometry.elements.tolist() == [0, 1, 3]
    assert part.rows == {"mixed": (2, 2), "mixed-lines": (3, 3), "mixed-points": (2, 2)}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["a", "a", "b"], ["a", "a-2", "b"]),
        (["a", None, "b"], ["a", "houses-2", "b"]),
        ([1.0, 2.0, 3.0], ["1", "2", "3"]),
        ([10**17, 10**17 + 1, 3], ["100000000000000000", "100000000000000001", "3"]),
    ],
)
def test_ids_are_unique_text(tmp_path, read, values, expected):
    path = tmp_path / "houses.gpkg"
    houses(uID=values).to_file(path, layer="houses")
    part = read(path)
    assert part.layers[0].ids.tolist() == expected
    assert ("id.not_unique" in codes(part)) == (expected[1] in {"a-2", "houses-2"})


def test_layers_are_told_apart_by_name(tmp_path, read, parse):
    path = tmp_path / "city.gpkg"
    houses().to_file(path, layer="buildings")
    houses().to_file(path, layer="parcels")
    lines = gpd.GeoDataFrame(geometry=[shapely.LineString([(X, Y), (X + 9, Y)])], crs=CRS)
    lines.to_file(path, layer="streets")
    points = gpd.GeoDataFrame(geometry=[shapely.Point(X, Y)], crs="EPSG:3857")
    points.to_file(path, layer="trees")
    part = read(path)
    assert [layer.kind for layer in part.layers] == ["building", "other", "road", "tree"]
    assert codes(part).keys() >= {"layer.kind", "height.default", "crs.mixed"}
    (only,) = read(path, layer="streets").layers
    assert only.id == "streets"
    assert read(path, layer="parcels", kind="building").layers[0].kind == "building"
    with pytest.raises(CommandError, match="no layer 'nothing'; there are buildings, parcels"):
        parse(path, layer="nothing")


@pytest.mark.parametrize(
    ("column", "values", "heights", "sources"),
    [
        ("levels", [1, 2, None], [3, 6, 6], ["storeys", "storeys", "default"]),
        ("层数", ["3", "x", None], [9, 6, 6], ["storeys", "default", "default"]),
        (
            "building:height",
            ["12 m", "10 ft", "-4"],
            [12, 3.048, 6],
            ["measured"] * 2 + ["default"],
        ),
        ("measuredHeight", [9.5, 0, 5000], [9.5, 6, 6], ["measured", "default", "default"]),
    ],
)
def test_heights_say_where_they_come_from(tmp_path, read, column, values, heights, sources):
    path = tmp_path / "houses.gpkg"
    houses(**{column: values}).to_file(path, layer="houses")
    (layer,) = read(path).layers
    np.testing.assert_allclose(layer.numbers("height_m"), heights)
    assert layer.column("height_source").tolist() == sources


def test_shapefile_in_a_zip_in_chinese(tmp_path, read):
    folder = tmp_path / "files"
    folder.mkdir()
    houses(名称=["朝阳区", "变电站", "一号楼"]).to_file(folder / "a.shp", encoding="GB18030")
    (folder / "a.cpg").unlink()
    packed = tmp_path / "a.zip"
    with zipfile.ZipFile(packed, "w") as pack:
        for one in folder.iterdir():
            pack.write(one, one.name)
    part = read(packed)
    assert part.layers[0].column("名称").tolist() == ["朝阳区", "变电站", "一号楼"]
    assert "text.encoding" in codes(part)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.zip", "files"]
    (folder / "a.dbf").unlink()
    with pytest.raises(CommandError, match=r"a\.dbf is missing"):
        read(folder / "a.shp")


@pytest.mark.filterwarnings("ignore:.crs. was not provided")
def test_without_a_system_it_is_asked_for(tmp_path, read):
    path = tmp_path / "houses.gpkg"
    houses().set_crs(None, allow_override=True).to_file(path, layer="houses")
    with pytest.raises(NeedsAnswer, match="EPSG:25832") as asked:
        read(path)
    assert asked.value.option == "--crs"
    part = read(path, crs=CRS)
    assert (part.crs, part.crs_reason) == (CRS, "given")


def test_degrees_that_are_metres_are_noticed(tmp_path, parse):
    path = tmp_path / "houses.geojson"
    path.write_text(json.dumps({"type": "Point", "coordinates": [X, Y]}), "utf-8")
    with pytest.raises(NeedsAnswer, match="too large"):
        parse(path)


def test_broken_shapes_are_listed_and_mended(tmp_path, read):
    bow = shapely.Polygon([(X, Y), (X + 10, Y + 10), (X + 10, Y), (X, Y + 10)])
    flat = shapely.Polygon([(X, Y), (X + 10, Y), (X + 5, Y)])
    frame = gpd.GeoDataFrame({"id": ["bow", "flat", "none", "empty"]},
                             geometry=[bow, flat, None, shapely.Polygon()], crs=CRS)  # fmt: skip
    path = tmp_path / "houses.gpkg"
    frame.to_file(path, layer="houses")
    part = read(path)
    assert part.layers[0].ids.tolist() == ["bow"]
    assert part.rows == {"houses": (4, 1)}
    found = codes(part)
    assert found["geometry.repaired"] == 1
    assert sum(v for k, v in found.items() if k.startswith("geometry.")) == 4


def test_a_damaged_geopackage_is_a_sentence(tmp_path, read):
    path = tmp_path / "houses.gpkg"
    houses().to_file(path, layer="houses")
    raw = path.read_bytes()
    path.write_bytes(raw[:100] + b"\0" * 4000 + raw[4100:])
    with pytest.raises(CommandError, match=r"houses\.gpkg"):
        read(path)


@pytest.mark.parametrize(
    ("name", "says"),
    [("../a.shp", "outside"), ("/a.shp", "outside"), ("C:a.shp", "outside"), ("b.zip", "archive")],
)
def test_archives_are_judged_by_their_directory(tmp_path, name, says):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as pack:
        pack.writestr(name, b"x")
    with pytest.raises(CommandError, match=says):
        archive.unpack(path, tmp_path, {".shp"})
    assert [one.name for one in tmp_path.iterdir()] == ["a.zip"]


POSITION = st.one_of(
    st.tuples(st.floats(-179, 179), st.floats(-89, 89)).map(list),
    st.lists(st.one_of(st.floats(), st.text(max_size=2), st.none()), max_size=3),
)
GEOMETRY = st.one_of(
    st.none(),
    st.builds(
        lambda kind, body: {"type": kind, "coordinates": body},
        st.sampled_from(["Point", "LineString", "Polygon", "MultiPolygon", "MultiPoint", "Curve"]),
        st.recursive(POSITION, lambda inner: st.lists(inner, max_size=5), max_leaves=12),
    ),
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(GEOMETRY, min_size=1, max_size=6))
def test_counts_add_up_for_any_geojson(tmp_path: Path, geometries):
    rows = [{"type": "Feature", "properties": {}, "geometry": one} for one in geometries]
    path = tmp_path / "any.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": rows}), "utf-8")
    part = drain(choose(path).read(path, Options(crs="EPSG:25832")))
    kept = sum(len(layer) for layer in part.layers)
    listed = sum(len(p.element_ids) for p in part.problems if p.severity == "error")
    assert kept + listed == len(geometries)
    assert sum(total for total, _kept in part.rows.values()) == len(geometries)
    assert sum(good for _total, good in part.rows.values()) == kept
