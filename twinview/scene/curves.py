"""The district's curves behind the time bar: load and generation at every step of the clock."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from twinview.model.series import Series, known_total
from twinview.model.twin import DISTRICT, Twin, consumers

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
    """

    load: Floats
    generation: Floats
    computed: npt.NDArray[np.bool_] | None = None

    @property
    def top(self) -> float:
        """Largest value, at least 1."""
        both = np.concatenate([self.load, self.generation])
        finite = both[np.isfinite(both)]
        return max(1.0, float(finite.max())) if finite.size else 1.0


def curves(twin: Twin, scenario: str) -> Curves:
    """Return the district's curves: computed ones, else sums of what the data hold."""
    load, computed = _district(twin, "load", scenario)
    generation, _same = _district(twin, "generation", scenario)
    return Curves(
        _filled(load, _summed(twin, ("consumption", "power"), scenario)),
        _filled(generation, _summed(twin, ("generation",), scenario)),
        computed,
    )


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
    for layer in consumers(twin):
        found = [twin.find(layer.id, quantity, scenario) for quantity in quantities]
        series = next((one for one in found if one is not None), None)
        # Only sums that are known: a large series would be read whole for others.
        known = None if series is None else known_total(series)
        if series is not None and known is not None:
            values = on_clock(twin, series, known)
            result = np.where(np.isnan(result), values, result + np.nan_to_num(values))
    return result


def _filled(values: Floats | None, others: Floats) -> Floats:
    return others if values is None else np.where(np.isnan(values), others, values)


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
