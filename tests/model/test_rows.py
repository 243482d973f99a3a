"""One id among very many is found without a table of all of them."""

import pyarrow as pa
import pytest

from twinview.model.twin import Layer


@pytest.mark.parametrize("n", [3, 30_000])
def test_rows_by_id(n: int) -> None:
    layer = Layer("a", "a", "other", pa.table({"id": [f"b{k}" for k in range(n)]}))
    assert layer.row_of["b2"] == 2
    assert layer.row_of.get(f"b{n - 1}") == n - 1
    assert layer.row_of.get("c", -1) == -1
    assert "b0" in layer.row_of
    assert None not in layer.row_of
    with pytest.raises(KeyError):
        layer.row_of["c"]
    assert [layer.row_of[f"b{k % n}"] for k in range(0, 300, 3)] == [
        k % n for k in range(0, 300, 3)
    ]
    assert len(layer.row_of) == n
    assert list(layer.row_of)[:2] == ["b0", "b1"]
    assert layer.id_at(2) == "b2"
