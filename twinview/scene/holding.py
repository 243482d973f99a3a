"""Which elements hold a piece of a word in any of their texts."""

from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from twinview.model.twin import Layer
from twinview.scene.titles import word

Bools = npt.NDArray[np.bool_]

FEW = 2000
"""Different texts of a column up to which the translated words are searched too."""


def containing(layer: Layer, piece: str) -> Bools:
    """Return which elements have a text with this piece in it, in any of their columns."""
    found = np.zeros(len(layer), dtype=np.bool_)
    for name in layer.attributes.column_names:
        column = layer.attributes[name]
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            coded = coded_column(layer, name)
            fits = _holding(coded.dictionary, piece.strip(), name)
            codes = coded.indices.fill_null(len(fits)).to_numpy(zero_copy_only=False)
            found |= np.append(fits, False)[codes]
    return found


@lru_cache(maxsize=128)
def coded_column(layer: Layer, name: str) -> pa.DictionaryArray:
    """Return a column of texts as its different texts and their places."""
    return layer.attributes[name].cast(pa.string()).combine_chunks().dictionary_encode()


def _holding(texts: pa.Array, piece: str, column: str) -> Bools:
    """Tell which texts of a column hold a piece, as they are or as a reader sees them."""
    options = pc.MatchSubstringOptions(piece, ignore_case=True)
    held = pc.call_function("match_substring", [texts], options).fill_null(False)
    found = np.array(held.to_numpy(zero_copy_only=False), dtype=np.bool_)
    if len(texts) <= FEW:
        wanted = piece.casefold()
        found |= np.array(
            [wanted in word(str(one), column).casefold() for one in texts.to_pylist()]
        )
    return found
