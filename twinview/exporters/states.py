"""Why a value is there or not, as words in a column of a file."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from twinview.scene.paint import State

WORDS = {
    State.VALUE: "value",
    State.MISSING: "no data",
    State.PENDING: "not computed",
    State.FAILED: "not converged",
    State.ESTIMATED: "estimated",
    State.LACKING: "input missing",
}
"""What stands in a state column, the same in every language, so that scripts can rely on it. An
empty state means that the quantity does not exist for such elements."""

GROUPED = "group mean"
"""Stands in a state column for single dwellings, whose values are the means of their groups."""

_CODE = {state: code for code, state in enumerate(WORDS)}


def codes_of(states: npt.NDArray[np.uint8]) -> npt.NDArray[np.int32]:
    """Return the place in `WORDS` of each state."""
    lookup = np.zeros(len(State), dtype=np.int32)
    for state, code in _CODE.items():
        lookup[state] = code
    return lookup[states]


def words_of(codes: npt.NDArray[np.int32]) -> pa.DictionaryArray:
    """Return states as texts: `WORDS` by place, then `GROUPED`; nothing below 0."""
    words = pa.array([*WORDS.values(), GROUPED], pa.string())
    return pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes < 0), words)
