"""City models: parts merged, one level of detail, meanings kept, damage listed."""

import copy
import json

import numpy as np
import pytest

from twinview.model.geometry import SEMANTICS
from twinview.model.problem import CommandError, NeedsAnswer

CUBE = [
    [[0, 3, 2, 1]],
    [[4, 5, 6, 7]],
    [[0, 1, 5, 4]],
    [[1, 2, 6, 5]],
    [[2, 3, 7, 6]],
    [[3, 0, 4, 7]],
]
FLOOR = {"type": "MultiSurface", "lod": "0", "boundaries": [[[0, 1, 2, 3]]]}
SOLID = {
    "type": "Solid",
    "lod": "2.2",
    "boundaries": [CUBE],
    "semantics": {
        "surfaces": [{"type": "GroundSurface"}, {"type": "RoofSurface"}, {"type": "+Odd"}],
        "values": [[0, 1, 2, None, None, 99]],
    },
}
SKIN = {"type": "MultiSurface", "lod": "2.2", "boundaries": CUBE}
POINTS = [[0, 0, 0], [9, 0, 0], [9, 9, 0], [0, 9, 0], [0, 0, 6], [9, 0, 6], [9, 9, 6], [0, 9, 6]]


def city(objects, **more) -> dict:
    """Return a city model with one cube's points."""
    return {
        "type": "CityJSON",
        "version": "2.0",
        "transform": {"scale": [1, 1, 1], "translate": [85000, 446000, 0]},
        "metadata": {"referenceSystem": "https://www.opengis.net/def/crs/EPSG/0/7415"},
        "CityObjects": objects,
        "vertices": POINTS,
        **more,
    }


@pytest.fixture
def save(tmp_path):
    def write(content, name: str = "a.city.json"):
        path = tmp_path / name
        lines = content if isinstance(content, list) else [content]
        path.write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
        return path

    return write


def codes(part) -> list[str]:
    return [problem.code for problem in part.problems]


def building(*geometry, **more) -> dict:
    return {"type": "Building", "geometry": list(geometry), **more}


def test_a_body_has_faces_meanings_and_a_height(save, parse):
    part = parse(save(city({"b": building(FLOOR, SOLID, SKIN, attributes={"use": {"a": 1}})})))
    (layer,) = part.layers
    shape = layer.geometry
    assert (layer.kind, shape.kind, part.crs) == ("building", "surface", "EPSG:7415")
    assert len(shape.parts) - 1 == 6
    assert [SEMANTICS[k] for k in shape.semantics] == ["ground", "roof", "other"] + ["unknown"] * 3
    assert shape.bounds == (85000, 85009, 446000, 446009, 0, 6)
    assert layer.numbers("height_m").tolist() == [6]
    assert layer.column("use").tolist() == ['{"a": 1}']


@pytest.mark.parametrize(("lod", "faces", "kind"), [("0", 1, "polygon"), ("1", 1, "polygon"),
                                                    ("2.2", 6, "surface"), ("3", 6, "surface"),
                                                    ("much", 6, "surface")])  # fmt: skip
def test_the_level_of_detail_is_chosen(save, parse, lod, faces, kind):
    part = parse(save(city({"b": building(FLOOR, SOLID)})), lod=lod)
    assert len(part.layers[0].geometry.parts) - 1 == faces
    assert part.layers[0].geometry.kind == kind


def test_parts_belong_to_their_building_also_in_a_circle(save, parse):
    part = parse(save(city({
        "b": building(FLOOR, children=["p", "q"]),
        "p": {"type": "BuildingPart", "geometry": [SOLID], "parents": ["b"], "children": ["b"]},
        "q": {"type": "BuildingPart", "geometry": [SKIN], "parents": ["b"], "children": ["gone"]},
        "room": {"type": "BuildingRoom", "geometry": [SKIN], "parents": ["b"]},
        "x": building(SOLID, parents=["y"], children=["y"]),
        "y": building(SKIN, parents=["x"], children=["x"]),
        "group": {"type": "CityObjectGroup", "children": ["b"]},
    })))  # fmt: skip
    (layer,) = part.layers
    assert layer.ids.tolist() == ["b", "x"]
    assert np.diff(layer.geometry.elements).tolist() == [12, 12]


def test_kinds_are_layers_of_their_own(save, parse):
    line = {"type": "MultiLineString", "lod": 0, "boundaries": [[0, 1, 2], [2, 3]]}
    spot = {"type": "MultiPoint", "lod": 0, "boundaries": [0, 1]}
    part = parse(save(city({
        "b": building(SOLID),
        "r": {"type": "Road", "geometry": [line]},
        "t": {"type": "SolitaryVegetationObject", "geometry": [spot]},
        "w": {"type": "WaterBody", "geometry": [SKIN]},
        "e": {"type": "+Extra", "geometry": [SKIN]},
    }, appearance={})))  # fmt: skip
    assert {layer.id: (layer.kind, layer.geometry.kind) for layer in part.layers} == {
        "buildings": ("building", "surface"),
        "roads": ("road", "line"),
        "water": ("water", "surface"),
        "trees": ("tree", "point"),
        "other": ("other", "surface"),
    }
    assert {"cityjson.appearance", "cityjson.extension", "cityjson.lod"} <= set(codes(part))


def test_templates_are_put_in_their_places(save, parse):
    turn = [0, -2, 0, 1, 2, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]
    place = {
        "type": "GeometryInstance",
        "template": 0,
        "boundaries": [1],
        "transformationMatrix": turn,
    }
    tree = {"type": "MultiSurface", "lod": "1", "boundaries": [[[0, 1, 2]]]}
    more = {"templates": [tree], "vertices-templates": [[0, 0, 0], [1, 0, 0], [0, 0, 1]]}
    objects = {
        "t": {"type": "SolitaryVegetationObject", "geometry": [place]},
        "u": {"type": "PlantCover", "geometry": [{**place, "template": 7}]},
    }
    part = parse(save(city(objects, **{"geometry-templates": more})))
    coords = part.layers[0].geometry.coords - [85000, 446000, 0]
    assert coords.tolist() == [[10, 0, 0], [10, 2, 0], [10, 0, 1]]
    assert part.rows == {"trees": (2, 1)}
    assert "geometry.index" in codes(part)


@pytest.mark.parametrize(
    ("boundaries", "reason"),
    [
        ([[[0, 1, 99]]], "index"),
        ([[[0, 1, -1]]], "index"),
        ([[[0, 1, 2.5]]], "damaged"),
        ([[[0, 1, True]]], "damaged"),
        ([[0, 1, 2]], "damaged"),
        ([[[0, 1]]], "flat"),
        ([], "none"),
        (None, "none"),
    ],
)
def test_damaged_bodies_are_listed(save, parse, boundaries, reason):
    bad = {"type": "MultiSurface", "lod": "1", "boundaries": boundaries}
    part = parse(save(city({"good": building(SKIN), "bad": building(bad)})))
    assert part.layers[0].ids.tolist() == ["good"]
    assert part.rows == {"buildings": (2, 1)}
    (problem,) = [one for one in part.problems if one.severity == "error"]
    assert (problem.code, problem.element_ids) == (f"geometry.{reason}", ("bad",))


def test_sequences_have_points_of_their_own(save, parse):
    head = city({})
    head["metadata"] = {}
    features = [
        {"type": "CityJSONFeature", "id": k, "CityObjects": {k: building(SOLID)},
         "vertices": [[x + 10 * n, y, z] for x, y, z in POINTS]}
        for n, k in enumerate("ab")
    ]  # fmt: skip
    path = save([head, *features], "a.city.jsonl")
    with pytest.raises(NeedsAnswer, match="EPSG:28992") as asked:
        parse(path)
    assert asked.value.option == "--crs"
    part = parse(path, crs="EPSG:28992")
    assert part.layers[0].geometry.bounds[:2] == (85000, 85019)
    path.write_text(path.read_text("utf-8") + '\n{"type": "CityJSONFea', "utf-8")
    assert "row.left_out" in codes(parse(path, crs="EPSG:28992"))


def test_version_1_writes_levels_as_numbers_and_has_no_transform(save, parse):
    old = city({"b": building({**copy.deepcopy(SOLID), "lod": 2})}, version="1.0")
    del old["transform"]
    old["metadata"] = {"referenceSystem": "urn:ogc:def:crs:EPSG::28992"}
    part = parse(save(old))
    assert part.crs == "EPSG:28992"
    assert part.layers[0].geometry.bounds == (0, 9, 0, 9, 0, 6)


@pytest.mark.parametrize("more", [{"vertices": [[0, 0]]}, {"vertices": [["a", 0, 0]]},
                                  {"vertices": 5},
                                  {"transform": {"scale": [1, 1]}}, {"type": "Other"}])  # fmt: skip
def test_damaged_files_are_sentences(save, parse, more):
    with pytest.raises(CommandError, match=r"a\.city\.json"):
        parse(save(city({"b": building(SOLID)}, **more)))
