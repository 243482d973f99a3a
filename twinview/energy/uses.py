"""What buildings are used for: words and codes of other people's tables in the words of ours.

Words are those of OpenStreetMap's ``building=*``, of City Energy Analyst and of URBANopt; codes are
those of the German cadastre (ALKIS, AX_Gebaeudefunktion; in CityGML behind ``31001_``) and of the
code list of SIG 3D for ``bldg:function`` in CityGML. The two code lists give the same numbers other
meanings, so a bare number needs to be told which of them it is of.
"""

import csv
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from twinview.energy.arrays import Bools

TABLE = Path(__file__).with_name("data") / "uses.csv"
SCHEMES = ("alkis", "citygml")
PREFIX = "31001_"
WITHOUT = "none"
"""Use of garages, sheds and the like: their demand is taken as nothing."""


@dataclass(frozen=True, eq=False)
class Uses:
    """Uses of buildings in the words of the table of archetypes.

    Parameters
    ----------
    words
        Use of each; empty where it is not known. Shape [n].
    unchecked
        Which of them were read through a code that nobody has checked. Shape [n].
    """

    words: tuple[str, ...]
    unchecked: Bools


@cache
def _table() -> dict[tuple[str, str], tuple[str, bool]]:
    with TABLE.open(encoding="utf-8", newline="") as stream:
        return {
            (row["scheme"], row["code"]): (row["use"], row["verified"] == "no")
            for row in csv.DictReader(stream)
        }


def uses_of(said: Sequence[str | None], scheme: str = "", known: Collection[str] = ()) -> Uses:
    """Return what buildings are used for.

    Parameters
    ----------
    said
        What a column says of each. Shape [n].
    scheme
        List that bare numbers are of: `SCHEMES`; empty leaves them unknown.
    known
        Uses of a table of archetypes; a building that is said to be one of them is that.
    """
    found = [_use(str(one or "").strip().lower(), scheme, known) for one in said]
    words = tuple(word for word, _unchecked in found)
    return Uses(words, np.array([unchecked for _word, unchecked in found], dtype=np.bool_))


def _use(text: str, scheme: str, known: Collection[str]) -> tuple[str, bool]:
    if text in known:
        return text, False
    if text.startswith(PREFIX):
        return _table().get(("alkis", text.removeprefix(PREFIX)), ("", False))
    return _table().get((scheme if text.isdigit() else "word", text), ("", False))
