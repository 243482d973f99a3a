"""Uses of buildings: words, codes, and what stays unknown."""

import csv

from twinview.energy.demand import read_archetypes
from twinview.energy.uses import TABLE, WITHOUT, uses_of


def test_words_of_openstreetmap_and_others():
    said = ["apartments", "Semidetached_House", "Food service", "garage", None, "yes", ""]
    found = uses_of(said)
    assert found.words == ("residential", "residential", "restaurant", WITHOUT, "", "", "")
    assert not found.unchecked.any()


def test_the_same_number_means_two_things():
    # 1120: housing with trade in the cadastre, an office in the list of SIG 3D.
    assert uses_of(["1120", "1010"]).words == ("", "")
    assert uses_of(["1120", "1010"], "citygml").words == ("office", "residential")
    assert uses_of(["1120", "1010"], "alkis").words == ("", "residential")
    assert uses_of(["31001_3021"]).words == ("school",)
    assert uses_of(["31001_3021"]).unchecked.all()


def test_a_use_of_the_table_of_archetypes_stands_for_itself():
    assert uses_of(["laboratory"]).words == ("",)
    assert uses_of(["Laboratory", "apartments"], known=("laboratory", "apartments")).words == (
        "laboratory", "apartments",
    )  # fmt: skip


def test_every_row_leads_to_an_archetype():
    with TABLE.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    known = {one.use for one in read_archetypes() if one.carrier == "electricity"} | {WITHOUT}
    assert {row["use"] for row in rows} <= known
    assert len({(row["scheme"], row["code"]) for row in rows}) == len(rows)
