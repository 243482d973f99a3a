"""The district's curves behind the time bar: load and generation at every step of the clock."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from twinview.i18n import N_, _
from twinview.model.lacking import Lacking, lacking_of
from twinview.model.series import STRIDE, Series, known_total
from twinview.model.twin import DISTRICT, Twin, consumers, power_grid
from twinview.scene.natures import Natures, named_natures, nature_of, unknown
from twinview.scene.numbers import number

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Curves:
    """Load and generation of the district in kW at each step of the clock; NaN where unknown.

    Parameters
    ----------
    load, generation
        Shape (count,).
    computed
        Shape (count,), bool: steps that have been computed; None where nothing is.
    natures
        For each of ``load`` and ``generation`` what its steps are made of. Shape (count,).
    lacking
        Steps of the clock that were not computed because a value is missing, and their places in
        `reasons`.
    reasons
        What the computed steps lack; None for nothing.
    """

    load: Floats
    generation: Floats
    computed: npt.NDArray[np.bool_] | None = None
    natures: Mapping[str, Natures] = field(default_factory=dict)
    lacking: Mapping[int, int] = field(default_factory=dict)
    reasons: Lacking | None = None

    def why(self, i: int) -> str:
        """Say why a step of the clock was not computed; empty where nothing is missing."""
        return "" if self.reasons is None or i not in self.lacking else self.reasons.words(
            self.lacking[i]
        )  # fmt: skip

    def texts(self, i: int) -> list[str]:
        """Return load and generation at a step, in words."""
        load, generation = float(self.load[i]), float(self.generation[i])
        found = [self._said("load", _("load {value}", value=number(load, unit="kW")), i)]
        if np.isfinite(generation):
            text = _("generation {value}", value=number(generation, unit="kW"))
            found.append(self._said("generation", text, i))
        return found

    def _said(self, name: str, text: str, i: int) -> str:
        known = np.isfinite(getattr(self, name)[i]) and name in self.natures
        return named_natures(text, int(self.natures[name][i])) if known else text

    @cached_property
    def top(self) -> float:
        """Largest value, at least 1."""
        both = np.concatenate([self.load, self.generation])
        finite = both[np.isfinite(both)]
        return max(1.0, float(finite.max())) if finite.size else 1.0


SUMMED = {"load": ("consumption", "power"), "generation": ("generation",)}
"""Quantities of consumers that make up a curve, the most wanted first."""
DEVICES = {"load": "load", "generation": "generator"}
"""Kinds of the layers whose power makes up a curve that is computed from a grid."""


def curves(twin: Twin, scenario: str) -> Curves:
    """Return the district's curves: computed ones, else sums of what the data hold."""
    load, computed = _district(twin, "load", scenario)
    generation, _same = _district(twin, "generation", scenario)
    found = Curves(
        _filled(load, _summed(twin, SUMMED["load"], scenario)),
        _filled(generation, _summed(twin, SUMMED["generation"], scenario)),
        computed,
        natures(twin, scenario),
        *_lacking(twin, scenario),
    )
    for values in (found.load, found.generation):  # a sum without the missing one is no sum
        values[[*found.lacking]] = np.nan
    return found


def natures(twin: Twin, scenario: str) -> dict[str, Natures]:
    """Return what load and generation are made of at each step of the clock.

    A district that is computed from a grid is made of the grid's own devices: modelled use enters
    only where there is none.
    """
    found = {}
    for name, quantities in SUMMED.items():
        made = _natures(twin, _firsts(twin, quantities, scenario))
        own = twin.find(DISTRICT, name, scenario)
        if own is not None:
            of_own = made if own.meaning.origin == "computed" else _natures(twin, [own])
            if own.meaning.origin == "computed" and power_grid(twin) is not None:
                devices = twin.of_kind(DEVICES[name])
                series = [twin.find(layer.id, "power", scenario) for layer in devices]
                of_own = _natures(twin, [one for one in series if one is not None])
            made = np.where(np.isfinite(on_clock(twin, own, own.of(0))), of_own, made)
        found[name] = made
    return found


def _natures(twin: Twin, several: Iterable[Series]) -> Natures:
    """Return all natures of several series at each step of the clock, within their own spans."""
    made = unknown(twin.time.count)
    for series in several:
        known = np.isfinite(on_clock(twin, series, np.zeros(series.time.count, dtype=np.float32)))
        made |= np.where(known, nature_of(series.meaning.origin), np.uint8(0))
    return made


def _lacking(twin: Twin, scenario: str) -> tuple[dict[int, int], Lacking | None]:
    """Return which steps of the clock were not computed for want of a value, and why."""
    series = twin.find(DISTRICT, "load", scenario) or twin.find(DISTRICT, "emission", scenario)
    lacking = lacking_of(series)
    if series is None or lacking is None:
        return {}, None
    own = np.where(lacking.steps, np.arange(series.time.count), np.nan).astype(np.float32)
    places = on_clock(twin, series, own)
    steps = np.flatnonzero(np.isfinite(places)).tolist()
    return {i: int(places[i]) for i in steps}, lacking


@dataclass(frozen=True, eq=False)
class Mix:
    """What the sources of the district give at each step of the clock, kW.

    Parameters
    ----------
    parts
        ``generation``, ``stores`` and ``import``, those that are known, from the bottom up.
        Shape (count,) each.
    natures
        What the generation is made of, and what the others are, which balance it with the load.
        Shape (count,) each.
    """

    parts: Mapping[str, Floats]
    natures: Mapping[str, Natures] = field(default_factory=dict)

    @cached_property
    def given(self) -> Mapping[str, Floats]:
        """What each source gives, none of it below zero; NaN where any of them is not known."""
        every = np.isfinite(np.stack(list(self.parts.values()))).all(axis=0)
        return {
            name: np.where(every, np.maximum(values, 0.0), np.nan).astype(np.float32)
            for name, values in self.parts.items()
        }

    @cached_property
    def total(self) -> Floats:
        """What all sources give: NaN where one of them is not known, a sum without it is none."""
        return np.asarray(np.sum(list(self.given.values()), axis=0), dtype=np.float32)

    @cached_property
    def top(self) -> float:
        """Largest sum, at least 1."""
        return max(1.0, float(np.nan_to_num(self.total).max(initial=0.0)))

    def nature(self, name: str) -> Natures:
        """Return what a source is made of at each step."""
        return self.natures.get(name, unknown(len(self.total)))

    def texts(self, i: int) -> list[str]:
        """Return what each source gives at a step, in words."""
        return [
            named_natures(
                f"{_(SOURCES[name])} {number(float(values[i]), unit='kW')}",
                int(self.nature(name)[i]),
            )
            for name, values in self.parts.items()
            if np.isfinite(values[i])
        ]


SOURCES = {"generation": N_("generation"), "stores": N_("storage"), "import": N_("import")}
"""What the sources are called (marked for translation)."""


def mix(twin: Twin, scenario: str) -> Mix | None:
    """Return what the sources of a computed district give; None where nothing is computed."""
    found = {name: _district(twin, name, scenario)[0] for name in ("generation", "import")}
    if found["import"] is None:
        return None
    parts = {"generation": found["generation"], "stores": _given(twin, scenario)}
    parts["import"] = found["import"]
    made = natures(twin, scenario)
    rest = made["load"] | made["generation"]
    return Mix(
        {name: values for name, values in parts.items() if values is not None},
        {"generation": made["generation"], "stores": rest, "import": rest},
    )


def _given(twin: Twin, scenario: str) -> Floats | None:
    """Return what all stores that discharge give, kW; None where there are no stores."""
    found = [twin.find(layer.id, "power", scenario) for layer in twin.of_kind("storage")]
    given: Floats | None = None
    for series in found:
        if series is not None and series.time == twin.time:
            parts = [
                np.maximum(-np.nan_to_num(series.window(a, min(a + STRIDE, twin.time.count))), 0.0)
                for a in range(0, twin.time.count, STRIDE)
            ]
            sums = np.concatenate([one.sum(axis=1) for one in parts])
            given = sums if given is None else given + sums
    return given


def _district(
    twin: Twin, quantity: str, scenario: str
) -> tuple[Floats | None, npt.NDArray[np.bool_] | None]:
    series = twin.find(DISTRICT, quantity, scenario)
    if series is None:
        return None, None
    values = on_clock(twin, series, series.of(0))
    done = getattr(series, "done", None)
    return values, None if done is None else np.isfinite(values)


def _summed(twin: Twin, quantities: tuple[str, ...], scenario: str) -> Floats:
    """Return the sum over the consumers of the first of some quantities that they have."""
    result = np.full(twin.time.count, np.nan, dtype=np.float32)
    for series in _firsts(twin, quantities, scenario):
        # Only sums that are known: a large series would be read whole for others.
        known = known_total(series)
        if known is not None:
            values = on_clock(twin, series, known)
            result = np.where(np.isnan(result), values, result + np.nan_to_num(values))
    return result


def _firsts(twin: Twin, quantities: tuple[str, ...], scenario: str) -> list[Series]:
    """Return of each consumer layer the series of the first of some quantities that it has."""
    every = ([twin.find(one.id, name, scenario) for name in quantities] for one in consumers(twin))
    firsts = (next((one for one in found if one is not None), None) for found in every)
    return [one for one in firsts if one is not None]


def _filled(values: Floats | None, others: Floats) -> Floats:
    return others.copy() if values is None else np.where(np.isnan(values), others, values)


def on_clock(twin: Twin, series: Series, values: Floats) -> Floats:
    """Return the values of a series at every step of the twin's clock; NaN outside of its own."""
    if series.time == twin.time:
        return values
    if series.time.static:
        return np.full(twin.time.count, values[0], dtype=np.float32)
    clock = twin.time
    seconds = clock.start + clock.step * np.arange(clock.count)
    step = (seconds - series.time.start) // max(series.time.step, 1)
    inside = (step >= 0) & (step < series.time.count)
    result = np.full(clock.count, np.nan, dtype=np.float32)
    result[inside] = values[step[inside]]
    return result
