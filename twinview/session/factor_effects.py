"""What another set of factors changes: the main indicators before and after."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from twinview.energy.account_terms import Indicator
from twinview.i18n import _
from twinview.model.twin import Twin
from twinview.scene.numbers import NOTHING, signed
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
