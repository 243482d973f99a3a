"""The order of layers: that of their kinds, and what a reader makes of it."""

import numpy as np
import pyarrow as pa

from tests.gui.hamlet import hamlet
from twinview.model.geometry import lines, points
from twinview.model.twin import Layer
from twinview.scene.layering import lies, natural, ordered, ranks


def named(kind: str, shape=None, name: str = "") -> Layer:
    shape = shape or lines([np.array([[0.0, 0], [1, 1]])])
    return Layer(name or kind, kind, kind, pa.table({"id": ["a"]}), shape)


DOT = points(np.zeros((1, 2)))
LAYERS = {
    one.id: one
    for one in (named("road"), named("pipe"), named("line"), named("other", DOT, "dots"),
                named("tree", DOT))
}  # fmt: skip


def test_points_lie_above_lines_bodies_between_lines_and_roads():
    assert natural(LAYERS) == ["dots", "line", "pipe", "tree", "road"]
    assert list(hamlet().layers) == ["houses", "cables", "stores"]
    assert natural(hamlet().layers) == ["cables", "houses", "stores"]


def test_a_wanted_order_holds_and_the_others_join_where_their_kind_belongs():
    assert ordered(LAYERS, ["road", "line"]) == ["dots", "pipe", "tree", "road", "line"]
    assert ordered(LAYERS, ["gone", "pipe", "line"]) == ["dots", "pipe", "line", "tree", "road"]
    assert ordered(LAYERS, []) == natural(LAYERS)


def test_only_what_lies_on_the_ground_is_ranked():
    assert [one for one in LAYERS if not lies(LAYERS[one])] == ["tree"]
    # A tree that is listed elsewhere covers nothing else than before.
    assert ranks(LAYERS, ["tree"]) == {}
    found = ranks(LAYERS, ["road", "dots", "line", "pipe"])
    assert sorted(found, key=found.get) == ["pipe", "line", "dots", "road"]
    assert min(found.values()) > 1
    assert max(found.values()) < 10
