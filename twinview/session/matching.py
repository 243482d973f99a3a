"""How well what somebody types fits a title: beginnings first, then parts, initials, slips."""

import difflib
from collections.abc import Callable, Sequence

EXACT, BEGINS, WORD, PART, INITIALS, SLIP, SCATTERED = 100.0, 90.0, 80.0, 65.0, 55.0, 45.0, 25.0
"""Marks of the ways in which a word can fit, best first."""
ALIKE = 0.75
"""Share of letters in order from which on a word counts as the same with a slip of the fingers."""
_LEAST = 4
"""Letters of a word in which slips are looked for."""
_LOOSE = 3
"""Letters stay together within so many times their number."""


def score(query: str, texts: Sequence[tuple[str, float]], loose: bool = False) -> float | None:
    """Return how well a query fits; None where one of its words fits nothing.

    Parameters
    ----------
    query
        What was typed: words in any order, in any script.
    texts
        What they may be found in, each with its weight (0 to 1).
    loose
        Whether slips of the fingers and scattered letters fit too.

    Returns
    -------
    float or None
        0 to 100, the mean of the words.
    """
    words = query.casefold().split()
    folded = [(text.casefold(), weight) for text, weight in texts if text]
    marks = [max((weight * fits(word, text, loose) for text, weight in folded), default=0.0)
             for word in words]  # fmt: skip
    if not marks or min(marks) <= 0:
        return None
    return sum(marks) / len(marks)


def fits(word: str, text: str, loose: bool = False) -> float:
    """Return the mark of one word in one text, both folded; 0 where it does not fit.

    Among texts that a word fits in the same way, the shorter ones come first.
    """
    mark = _way(word, text) or (_loose_way(word, text) if loose else 0.0)
    return mark - min(len(text), 100) / 25 if mark else 0.0


def _way(word: str, text: str) -> float:
    parts = text.replace(".", " ").replace("_", " ").replace("(", " ").split()
    several = len(word) > 1
    ways: tuple[tuple[float, Callable[[], bool]], ...] = (
        (EXACT, lambda: word == text),
        (BEGINS, lambda: text.startswith(word)),
        (WORD, lambda: any(part.startswith(word) for part in parts)),
        (PART, lambda: word in text),
        (INITIALS, lambda: several and "".join(one[0] for one in parts).startswith(word)),
    )
    return next((mark for mark, holds in ways if holds()), 0.0)


def _loose_way(word: str, text: str) -> float:
    if len(word) >= _LEAST and any(_alike(word, part) for part in text.split()):
        return SLIP
    return SCATTERED if len(word) > 1 and _scattered(word, text) else 0.0


def _alike(word: str, part: str) -> bool:
    part = part[: len(word) + 1]
    if abs(len(part) - len(word)) > 1:
        return False
    return difflib.SequenceMatcher(None, word, part, autojunk=False).ratio() >= ALIKE


def _scattered(word: str, text: str) -> bool:
    """Tell whether the letters of a word stand in a text in their order and not far apart."""
    start = text.find(word[0])
    while start >= 0:
        at = start
        for letter in word[1:]:
            at = text.find(letter, at + 1)
            if at < 0:
                return False
        if at - start < _LOOSE * len(word):
            return True
        start = text.find(word[0], start + 1)
    return False
