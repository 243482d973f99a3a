"""What another set of factors changes: the main indicators, and the elements with most of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from twinview.energy.account_terms import Indicator
from twinview.i18n import _
from twinview.model.twin import Layer, Twin
from twinview.scene.numbers import NOTHING, signed
from twinview.scene.private import groups_for, veiled, whole
from twinview.scene.spans import VALUES_AT_ONCE, block
from twinview.scene.words import name_of
from twinview.session.answer import Answer
from twinview.session.indicator_texts import mass_unit, unit_text, value_text
from twinview.session.indicators import indicators_of
from twinview.session.project import Project
from twinview.session.results import Results, load

MAIN = (
    "scope1", "scope2_location", "scope2_market", "scope3_losses", "emitted_location",
    "emitted_market", "intensity", "avoided", "net_location", "net_market",
)  # fmt: skip
"""Indicators that factors bear on."""
TOP = 10
"""Elements that are listed, those with the largest changes."""
MOST_VALUES = 1_000_000_000
"""Values of elements that are added up at most: a year of hours of a hundred thousand of them."""
SAME = 1e-9
"""Share of a value below which a difference is rounding."""


@dataclass(frozen=True)
class Effect:
    """One indicator under two sets of factors."""

    before: Indicator
    after: Indicator

    @property
    def changed(self) -> bool:
        """Whether the two differ by more than rounding."""
        one, other = self.before.value, self.after.value
        if one != one or other != other:  # noqa: PLR0124 - NaN: it cannot be told
            return (one != one) is not (other != other)  # noqa: PLR0124
        return abs(other - one) > SAME * max(abs(one), abs(other))


def effects(old: Results, before: Project, new: Results, after: Project) -> tuple[Effect, ...]:
    """Return the main indicators of the same district under two sets of factors.

    Parameters
    ----------
    old, before
        Results and project before.
    new, after
        Results and project after.
    """
    first, second = indicators_of(old, before), indicators_of(new, after)
    known = {one.id: one for one in second.items}
    return tuple(
        Effect(one, known[one.id]) for one in first.items if one.id in MAIN and one.id in known
    )


def kept_effects(
    twin: Twin, before: Project, after: Project, path: Path | None
) -> tuple[Effect, ...] | None:
    """Return the effects of what is in the cache; None where one of the two is not computed.

    Parameters
    ----------
    twin
        The district, with or without results.
    before, after, path
        The projects, and where they are kept.
    """
    old, new = load(twin, before, path), load(twin, after, path)
    return None if old is None or new is None else effects(old, before, new, after)


@dataclass(frozen=True, eq=False)
class Shares:
    """What elements of a layer emit by what they use, under two sets of factors.

    Parameters
    ----------
    title
        Of the layer.
    together
        All of it, as far as it may be told.
    largest
        The elements that change most, without dwellings that are kept back.
    withheld
        Dwellings that are not among them.
    """

    title: str
    together: Effect
    largest: tuple[Effect, ...]
    withheld: int


def shares_of(
    old: Twin, new: Twin, project: Project, base: Twin | None = None
) -> tuple[Shares, ...]:
    """Return what a change of factors does to buildings, or to loads where there are none.

    Parameters
    ----------
    old, new
        The same district with the results of before and after.
    project
        Says how large groups of dwellings must be.
    base
        The base case, whose groups count; None where the district is it.
    """
    seen = veiled(new, project.private_group, base)
    found = []
    for layer in new.of_kind("building") or new.of_kind("load"):
        if len(layer) * new.time.count <= MOST_VALUES:
            groups = groups_for(seen, layer.id, "consumption")
            every = np.arange(len(layer))
            kept = whole(groups, every, np.ones(len(layer)))
            single = kept if groups is None else kept & ~groups.inside
            both = np.stack([_emitted(one, layer) for one in (old, new)])
            change = np.where(single & np.isfinite(both).all(axis=0), np.abs(both[1] - both[0]), 0)
            first = np.argsort(-change, kind="stable")[:TOP]
            sums = np.nansum(both[:, kept], axis=1)
            found.append(
                Shares(
                    _(layer.title),
                    _mass(_("All"), *sums),
                    tuple(_mass(name_of(layer, int(k)), *both[:, k]) for k in first if change[k]),
                    int((~single).sum()),
                )
            )
    return tuple(one for one in found if one.together.changed or one.largest)


def _emitted(twin: Twin, layer: Layer) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """Return kg that each element emits by its use over the whole time; NaN where none is known."""
    exact = twin.exact
    total, known = np.zeros(len(layer)), np.zeros(len(layer), dtype=np.bool_)
    high = max(1, VALUES_AT_ONCE // max(len(layer), 1))
    hours = 1.0 if exact.time.static else exact.time.step / 3600
    for start in range(0, exact.time.count, high):
        steps = range(start, min(start + high, exact.time.count))
        values = block(exact, layer, "emission", steps, exact.scenario)
        total += np.nansum(values, axis=0, dtype=np.float64) * hours
        known |= np.isfinite(values).any(axis=0)
    return np.where(known, total, np.nan)


def _mass(title: str, before: float, after: float) -> Effect:
    first, second = (Indicator("", title, float(one), "kg", "") for one in (before, after))
    return Effect(first, second)


def headline(found: tuple[Effect, ...]) -> str:
    """Return in a sentence what a change of factors did: by what is emitted, if that changes."""
    changed = [one for one in found if one.changed]
    if not changed:
        return _("Factors changed; no main indicator does.")
    main = next((one for one in changed if one.after.id == "emitted_location"), changed[0])
    ((title, unit, before, after, change),) = rows((main,))
    return _("Factors changed: {indicator} {before} → {after} {unit} ({change})",
             indicator=title, before=before, after=after, unit=unit, change=change)  # fmt: skip


def changes_answer(found: tuple[Effect, ...], shares: tuple[Shares, ...]) -> Answer:
    """Return indicators and elements that a change of factors changed, as one table."""
    columns = ("", "", _("unit"), ">" + _("Before"), ">" + _("After"), ">" + _("Change"))
    lines = [(_("District"), *row) for row in rows(found)]
    for one in shares:
        lines += [(one.title, *row) for row in rows((one.together, *one.largest))]
    withheld = sum(one.withheld for one in shares)
    remarks = [_("Elements by what they emit through their use over the whole time: the largest "
                 "changes.")] if shares else []  # fmt: skip
    if withheld:
        remarks.append(
            _("{count} dwellings are in the sum alone: their own values are private.",
              count=withheld)
        )  # fmt: skip
    return Answer(_("What the change of factors did"), columns, tuple(lines), tuple(remarks))


def rows(found: tuple[Effect, ...]) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield title, unit, before, after and change of each indicator that differs."""
    mass = mass_unit([one for both in found for one in (both.before, both.after)])
    for one in found:
        if one.changed:
            yield (
                one.after.title,
                unit_text(one.after, mass),
                value_text(one.before, mass),
                value_text(one.after, mass),
                _change(one),
            )


def _change(one: Effect) -> str:
    if not one.before.value:
        return NOTHING
    return signed((one.after.value / one.before.value - 1) * 100, 1) + "\u00a0%"


def as_answer(found: tuple[Effect, ...]) -> Answer:
    """Return the effects as a table."""
    columns = ("", _("unit"), ">" + _("Before"), ">" + _("After"), ">" + _("Change"))
    remarks = () if any(one.changed for one in found) else (_("No main indicator changes."),)
    return Answer(_("What your own factors change"), columns, tuple(rows(found)), remarks)
