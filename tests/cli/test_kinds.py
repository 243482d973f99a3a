"""Kinds that are told of layers on the command line."""

import json

import pytest

from tests.village import houses


@pytest.fixture
def files(tmp_path):
    """Return two files with the same three squares under names that say nothing."""
    made = [tmp_path / "a.geojson", tmp_path / "b.geojson"]
    for one in made:
        one.write_text(json.dumps(houses()), encoding="utf-8")
    return made


def test_a_kind_is_told_of_one_layer_or_of_all(twinview, files):
    ran = twinview("info", *files, "--kind", "a=site,tree", "--json")
    kinds = {one["id"]: one["kind"] for one in json.loads(ran.stdout)["layers"]}
    assert kinds == {"a": "site", "b": "tree"}
    ran = twinview("new", "one.twin", "--add", *files, "--kind", "b=water", "--json")
    kinds = {one["id"]: one["kind"] for one in json.loads(ran.stdout)["layers"]}
    assert kinds == {"a": "building", "b": "water"}


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ("c=building", "There is no layer 'c' whose kind could be told; there are a, b."),
        ("a=castle", "There is no kind 'castle'; there are building, annex,"),
        ("castle", "There is no kind 'castle'; there are building, annex,"),
    ],
)
def test_a_kind_that_fits_nothing_is_refused_in_one_sentence(twinview, files, tmp_path, told, says):
    ran = twinview("new", "one.twin", "--add", *files, "--kind", told, code=2)
    assert ran.stderr.splitlines()[-1].startswith(says)
    assert not (tmp_path / "one.twin").exists()
