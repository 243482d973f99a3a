"""Which elements of a layer fit a text: a piece of a word, or an expression such as
``height_m > 20 and use == "office"`` (`twinview.scene.expressions`).
"""

import re
from collections.abc import Mapping

import numpy as np

from twinview.model.twin import Layer
from twinview.scene.expressions import TOKEN, Bools, Floats, Numbers, Reader
from twinview.scene.holding import containing

_EXPRESSION = re.compile(
    r"[<>]|[=!]=|\w\s*=|\bis\s+(?:not\s+)?missing\b|\bin\s*\(|\bcontains\b|^\s*not\s+\w+\s*$"
)


def is_expression(text: str) -> bool:
    """Tell whether a text is an expression, or else a piece of a word to look for."""
    return bool(_EXPRESSION.search(text))


def expression(text: str) -> str:
    """Return a text as an expression: a piece of a word becomes one that looks for it anywhere."""
    if not text.strip() or is_expression(text):
        return text.strip()
    quote = "'" if '"' in text else '"'
    return f"any contains {quote}{text.strip()}{quote}"


def fitting(layer: Layer, text: str, more: Mapping[str, Numbers] | None = None) -> Bools:
    """Return which elements of a layer fit a text, shape (n,).

    Parameters
    ----------
    layer
        Whose columns are asked.
    text
        A piece of a word, or an expression; nothing fits all.
    more
        Makers of further columns of numbers by name, such as a quantity at the instant.

    Raises
    ------
    CommandError
        The expression cannot be read, or names a column that is not there.
    """
    if not text.strip():
        return np.ones(len(layer), dtype=np.bool_)
    if is_expression(text):
        return Reader(layer, text, more or {}).fit().yes
    return containing(layer, text)


def reckoned(layer: Layer, text: str, more: Mapping[str, Numbers] | None = None) -> Floats:
    """Return the numbers that an expression such as ``consumption / floor_area_m2`` makes.

    Parameters
    ----------
    layer, text, more
        As for `fitting`.

    Returns
    -------
    Floats
        Shape (n,), NaN where something is missing or divided by 0.

    Raises
    ------
    CommandError
        The expression cannot be read, names a column that is not there, or makes no numbers.
    """
    return Reader(layer, text, more or {}).numbers()


def names(text: str) -> frozenset[str]:
    """Return the names that an expression may ask for; none for a piece of a word."""
    if not is_expression(text):
        return frozenset()
    found = (one.group("name") for one in TOKEN.finditer(text))
    return frozenset(one.strip("`") for one in found if one)
