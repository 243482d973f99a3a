"""Why a band between a source and a use is as wide as it is: its steps, and what was traced."""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from twinview.energy.shares import Origin
from twinview.i18n import _
from twinview.model.problem import CommandError
from twinview.scene.aggregation import clock_text
from twinview.scene.numbers import number
from twinview.scene.words import quantity_title
from twinview.session.bands import Band, Bands, How, Users, bands, remarks_on, steps_in, users_of
from twinview.session.origins import words
from twinview.session.why.asked import Asked
from twinview.session.why.carbon import choices
from twinview.session.why.derivation import Derivation, Input, Parts, exact
from twinview.session.why.factor import import_sources
from twinview.session.why.members import (
    ORIGIN,
    key_of,
    other_key,
    step_key,
    subject_of,
    view_of,
    when_of,
)
from twinview.session.why.window import MOST

Rows = npt.NDArray[np.int64]


def _supply(asked: Asked, rows: Rows, rest: str) -> Derivation:
    """Explain the energy of a band, or of all bands of a source or a use."""
    source, _sign, use = rest.partition(":")
    users = users_of(asked.twin, asked.state.project, asked.layer, rows)
    steps, how = steps_in(asked.twin, view_of(asked))
    found = bands(users, steps, how)
    mine = _meant(found, source, use)
    if not mine:
        raise CommandError(_("Nothing flows from '{source}' to '{use}'.", source=source, use=use))
    units = ("kWh", "kg") if found.span else ("kW", "kg/h")
    energy, carbon = sum(one.energy for one in mine), sum(one.carbon for one in mine)
    title = " → ".join(filter(None, (_source(source), use)))
    lines = (
        _("Traced by proportional sharing: what a node gives has the mix of what comes in."),
        *remarks_on(found),
    )
    inputs = (
        *_between(asked, mine, (source, use), units[0]),
        Input(quantity_title("emission"), carbon, units[1]),
        Input(quantity_title("carbon_intensity"), carbon / energy * 1000, "g/kWh"),
        Input(_("All energy of the selection"), found.energy, units[0],
              _("{share} of it", share=f"{energy / found.energy:.0%}")),
    )  # fmt: skip
    parts = Parts(
        "method#tracing", "E = Σ P_t · s_t · Δt" if found.span else "P = Σ P_i · s_i",
        f"Σ = {exact(energy, units[0])}", energy, lines, inputs, choices(asked),
        import_sources(asked), _heaviest(asked, users, steps, how, (source, use)),
    )  # fmt: skip
    return Derivation(
        key=key_of(asked), title=f"{_('Supply')} · {title}",
        subject=subject_of(asked, len(rows)), value=energy, text=number(energy, 3, units[0]),
        when=when_of(asked), origin=_(ORIGIN), parts=parts, over=asked.windowed,
    )  # fmt: skip


def _meant(found: Bands, source: str, use: str) -> list[Band]:
    """Return the bands of a source, of a use, or of both."""
    return [one for one in found.items
            if source in {"", one.source} and use in {"", one.use}]  # fmt: skip


def _source(kind: str) -> str:
    return words([Origin(kind, 0.0, 0.0)])[0] if kind else ""


def _between(asked: Asked, mine: Sequence[Band], ends: tuple[str, str], unit: str) -> list[Input]:
    """Return the bands that a source or a use is made of; none for a band itself."""
    if all(ends):
        return []
    made = []
    for one in sorted(mine, key=lambda band: -band.energy):
        name = _source(one.source) if ends[1] else one.use
        key = other_key(asked, f"supply:{one.source}:{one.use}")
        made.append(Input(name, one.energy, unit, "", key))
    return made


def _heaviest(
    asked: Asked, users: Users, steps: Sequence[int], how: How, ends: tuple[str, str]
) -> tuple[Input, ...]:
    """Return the steps that give most, each with the way to its own bands."""
    if len(steps) < 2:
        return ()
    each = [sum(one.energy for one in _meant(users.bands((k,), how), *ends)) for k in steps]
    unit = "kWh" if how == "sum" else "kW"
    order = np.argsort(-np.array(each), kind="stable")[:MOST]
    return tuple(
        Input(clock_text(asked.twin.time, steps[k]), each[k], unit, "",
              step_key(asked, steps[k], asked.figure))
        for k in order.tolist()
        if each[k] > 0
    )  # fmt: skip


FIGURES: dict[str, Callable[[Asked, Rows, str], Derivation]] = {"supply": _supply}
"""By name of the figure."""
