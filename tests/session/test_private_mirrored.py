"""What is told does not depend on which dwelling of a group uses what.

Two streets (`test_private`) differ in nothing but what the dwellings of each group use: in the
second one everybody uses what a neighbour of the first would use if it were mirrored at the mean
of the group, at every step. The sums of the groups are the same, while every single value, the
largest and the smallest are not. All that is told of the one, to its last digit, must be told of
the other.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.session.test_private import HOUSES, SEEN, STEP, USED, answers, write_street
from twinview.i18n import set_language
from twinview.model.window import Window
from twinview.scene.overlay import available
from twinview.scene.private import OPEN
from twinview.scene.resolve import resolve
from twinview.scene.view import View
from twinview.session.store import Session, State
from twinview.session.why import Derivation, Key, why

GROUPS = (range(5), range(5, 11))
LOSSLESS = 1e-7
"""Ohm of the cables: what gets lost on the way would differ between the streets."""
OF_LOSSES = OPEN | {"loss"}
"""What tells of the whole grid, and here of rounding alone."""
NUMBER = r"[\u2212]?\d+(?:\.\d+)?"
VIEWS = SEEN | {"range": {"window": Window("range")}, "typical": {"window": Window("typical")}}
EVERY = [f"houses 'house {k}'" for k in range(HOUSES)]


def mirrored() -> np.ndarray:
    """Return kW of each house of the second street."""
    used = USED.copy()
    for group in GROUPS:
        mine = USED[:, group]
        used[:, group] = np.roll(2 * mine.mean(axis=1, keepdims=True) - mine, 1, axis=1)
    return used


def computed(folder: Path, used: np.ndarray) -> State:
    set_language("en")
    session = Session()
    session.run("file.new", *write_street(folder, used, LOSSLESS))
    session.run("project.privacy", "5")
    session.run("compute.run")
    return replace(session.state, view=replace(session.state.view, time=STEP))


@pytest.fixture(scope="module")
def streets(tmp_path_factory) -> list[State]:
    """Return both streets, computed."""
    made = tmp_path_factory.mktemp
    return [computed(made("plain"), USED), computed(made("mirrored"), mirrored())]


@pytest.fixture(autouse=True)
def english():
    """Speak English."""
    set_language("en")


def held(one: Derivation) -> list[float]:
    """Return the numbers behind the texts of a derivation."""
    parts = one.parts
    result = np.nan if parts.result is None else parts.result
    return [one.value, result, *(k.value for k in (*parts.inputs, *parts.weighty))]


def linked(one: Derivation) -> list[Key]:
    return [k.about for k in (*one.parts.inputs, *one.parts.weighty) if k.about is not None]


def reached(state: State) -> Iterator[Derivation]:
    """Yield the derivations of all numbers, and all that can be reached from them by links."""
    made = (why(state, "houses", f"house {k}", q) for k in range(HOUSES)
            for q in ("power", "emission", "consumption"))  # fmt: skip
    known: set[Key] = set()
    waiting = [*answers(state), *made]
    while waiting:
        one = waiting.pop()
        if one.key in known or one.key.quantity in OF_LOSSES:
            continue
        known.add(one.key)
        yield one
        for to in linked(one):
            if to not in known:
                waiting.append(why(state, to.layer, to.element, to.quantity, to.step, to.how,
                                   to.scenario))  # fmt: skip


def spread(text: str) -> tuple[str, list[float], list[float]]:
    """Return a text without its numbers, the numbers, and one in the last place of each."""
    text = re.sub(r"[\u2212\d.]+\s*×\s*10⁻[⁵-⁹]", "0", text.replace("\u202f", ""))
    numbers = re.findall(NUMBER, text)
    last = [10.0 ** -len(one.partition(".")[2]) for one in numbers]
    found = [float(one.replace("\u2212", "-")) for one in numbers]
    return re.sub(NUMBER, "#", text), found, last


def same_text(plain: str, other: str, about: object = "") -> None:
    """Fail where texts differ in more than the last digit of a number.

    What is left of losses (`LOSSLESS`) is taken for nothing.
    """
    (words, ours, last), (others, theirs, _) = spread(plain), spread(other)
    assert words == others, about
    for one, two, place in zip(ours, theirs, last, strict=True):
        assert abs(one - two) < 1.5 * place, (about, one, two)


def same(plain: list[Derivation], other: list[Derivation]) -> None:
    """Fail where two streets are told different things."""
    assert [one.key for one in plain] == [one.key for one in other]
    for one, two in zip(plain, other, strict=True):
        same_text(one.as_text(), two.as_text(), one.key)
        assert held(one) == pytest.approx(held(two), rel=2e-6, abs=1e-6, nan_ok=True), one.key


def test_the_streets_differ_in_every_dwelling_and_in_no_group(streets):
    plain, other = (one.twin.exact.find("houses", "consumption").window(0, 24) for one in streets)
    for group in GROUPS:
        assert plain[:, group].mean(axis=1) == pytest.approx(other[:, group].mean(axis=1), rel=1e-6)
    assert (mirrored() > 0).all()
    single = np.abs(plain / other - 1)[:, :11]
    assert (single > 1e-3).mean() > 0.99
    assert (np.abs(plain.sum(axis=0) / other.sum(axis=0) - 1)[:11] > 1e-3).all()


@pytest.mark.parametrize("seen", VIEWS)
def test_derivations_and_all_they_lead_to_say_the_same(streets, seen):
    plain, other = (
        list(reached(replace(one, view=replace(one.view, **VIEWS[seen])))) for one in streets
    )
    assert len(plain) > 100
    same(plain, other)


@pytest.mark.parametrize("seen", VIEWS)
def test_derivations_of_selections_say_the_same(streets, seen):
    every = [("houses", f"house {k}") for k in range(HOUSES)]
    for chosen in (every[:1], every[:4], every[1:], every[:5], every):
        asked = []
        for state in streets:
            view = replace(state.view, selection=tuple(chosen), **VIEWS[seen])
            asked.append([why(replace(state, view=view), "houses", "selected", quantity)
                          for quantity in ("consumption", "power", "emission")])  # fmt: skip
        same(*asked)


@pytest.mark.parametrize("seen", VIEWS)
def test_maps_and_legends_are_the_same(streets, seen):
    shown = VIEWS[seen]
    overlays = [shown["overlay"]] if "overlay" in shown else available(streets[0].twin)
    assert list(overlays)
    for overlay in overlays:
        view = View(time=STEP, **{**shown, "overlay": overlay})
        plain, other = (resolve(one.twin, view, one.beside) for one in streets)
        assert plain.legend.limits == pytest.approx(other.legend.limits, rel=1e-5)
        assert (plain.legend.note, plain.legend.states) == (other.legend.note, other.legend.states)
        assert plain.paints.keys() == other.paints.keys()
        for key, paint in plain.paints.items():
            np.testing.assert_allclose(
                paint.values, other.paints[key].values, rtol=1e-5, atol=1e-5, err_msg=overlay
            )


def test_series_are_the_same(streets):
    plain, other = (one.twin.series for one in streets)
    assert plain.keys() == other.keys()
    for key, series in plain.items():
        for ours, theirs in (
            (series.window(0, 24), other[key].window(0, 24)),
            (series.limits, other[key].limits),
            ([series.of(j) for j in range(series.size)],
             [other[key].of(j) for j in range(series.size)]),
        ):  # fmt: skip
            np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-5, err_msg=str(key))


COMMANDS = (
    "select.these only houses 'house 1'", "select.summary",
    "select.these only " + " ".join(EVERY[:5]), "select.summary",
    "select.these only " + " ".join(EVERY[1:]), "select.summary",
    "overlay.show power", "select.statistics houses", "overlay.show emission",
    "select.statistics houses",
)  # fmt: skip


@pytest.mark.parametrize("seen", ["instant", "rolling", "cumulative"])
def test_answers_of_commands_are_the_same(streets, seen):
    said = []
    for state in streets:
        session = Session(replace(state, view=replace(state.view, **VIEWS[seen])))
        said.append([])
        session.teller = said[-1].append
        for line in COMMANDS:
            session.do(line)
    plain, other = ([one.as_text() for one in each] for each in said)
    assert len(plain) == 5
    for one, two in zip(plain, other, strict=True):
        same_text(one, two)


@pytest.mark.parametrize("seen", ["instant", "rolling", "cumulative"])
@pytest.mark.parametrize("name", ["table", "elements", "indicators", "curves"])
def test_files_hold_the_same(streets, name, seen, tmp_path):
    cells = []
    for k, state in enumerate(streets):
        view = replace(state.view, overlay="power", **VIEWS[seen])
        session, path = Session(replace(state, view=view)), tmp_path / f"{k}.csv"
        session.do(f"select.these only {' '.join(EVERY[:7])}")
        more = {"elements": ["houses"], "curves": ["consumption"]}.get(name, [])
        session.run(f"export.{name}", path, *more)
        with path.open(encoding="utf-8-sig", newline="") as file:
            # One cell says which data the file is of.
            cells.append([cell for row in csv.reader(file) for cell in row if cell[:1] != "#"])
    plain, other = cells
    assert len(plain) == len(other) > 10
    for one, two in zip(plain, other, strict=True):
        assert one == two or float(one) == pytest.approx(float(two), rel=1e-5, abs=1e-5)
