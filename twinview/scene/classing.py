"""Where classes of numbers begin and end: equal widths, equal counts, or at natural gaps."""

from typing import Literal

import numpy as np
import numpy.typing as npt

from twinview.i18n import N_

Floats = npt.NDArray[np.float64]
Method = Literal["", "equal", "quantiles", "natural", "manual"]

METHODS: dict[str, str] = {
    "": N_("Continuous"),
    "equal": N_("Classes of equal width"),
    "quantiles": N_("Classes of equal count"),
    "natural": N_("Natural breaks"),
    "manual": N_("Breaks by hand"),
}
"""What readers see for each method (marked for translation)."""
SAID: dict[str, str] = {
    "equal": N_("classes of equal width"),
    "quantiles": N_("classes of equal count"),
    "natural": N_("classes at natural breaks"),
    "manual": N_("classes by hand"),
}
"""The same in the note of a legend (marked for translation)."""
FEWEST, MOST = 2, 9
"""Classes that a reader can still tell apart."""
SAMPLED = 1000
"""Values of which natural breaks are looked for, about."""


def breaks_of(
    values: npt.NDArray[np.floating], method: Method, count: int, limits: tuple[float, float]
) -> tuple[float, ...]:
    """Return the inner breaks between classes, rising; fewer where values coincide.

    Parameters
    ----------
    values
        Shape (n,); what is not finite is left out.
    method
        ``equal``, ``quantiles`` or ``natural``; any other counts as ``equal``.
    count
        Classes wanted.
    limits
        Between which classes of equal width lie.
    """
    count = min(max(count, FEWEST), MOST)
    known = np.asarray(values, dtype=np.float64)
    known = known[np.isfinite(known)]
    if method == "quantiles" and known.size:
        found = np.quantile(known, np.arange(1, count) / count)
    elif method == "natural" and known.size:
        found = natural(known, count)
    else:
        found = np.linspace(*limits, count + 1)[1:-1]
    return _rounded(np.unique(found), known)


def _rounded(found: Floats, known: Floats) -> tuple[float, ...]:
    """Return breaks as exact as their distances ask for: nobody reads more in a legend."""
    ends = [known.min(), known.max()] if known.size else []
    apart = np.diff(np.unique(np.concatenate([ends, found])))
    decimals = max(0, 1 - int(np.floor(np.log10(apart.min())))) if apart.size else 6
    return tuple(float(one) for one in np.unique(np.round(found, decimals)))


def natural(values: Floats, count: int) -> Floats:
    """Return the breaks for which values lie closest to the means of their classes.

    Fisher's exact optimum (W. D. Fisher, "On grouping for maximum homogeneity", Journal of the
    American Statistical Association 53, 1958) of the values, or of quantiles of them where there
    are many. A break is half way between the last value of a class and the first of the next.

    Parameters
    ----------
    values
        Shape (n,), finite, at least one.
    count
        Classes wanted.

    Returns
    -------
    breaks
        Shape (k,), k < count, rising.
    """
    ordered = np.sort(values)
    if len(ordered) > SAMPLED:
        ordered = np.quantile(ordered, np.linspace(0, 1, SAMPLED))
    n, count = len(ordered), min(count, len(np.unique(ordered)))
    # Shifted to their mean, sums of squares keep their digits.
    sums = np.concatenate([[0.0], np.cumsum(ordered - ordered.mean())])
    squares = np.concatenate([[0.0], np.cumsum((ordered - ordered.mean()) ** 2)])
    best = np.full(n + 1, np.inf)
    best[0] = 0.0
    first = np.zeros((count, n + 1), dtype=np.int64)
    for k in range(count):
        before, best = best, np.full(n + 1, np.inf)
        for end in range(k + 1, n + 1):
            begin = np.arange(k, end)
            spread = squares[end] - squares[begin] - (sums[end] - sums[begin]) ** 2 / (end - begin)
            whole = before[begin] + spread
            place = int(whole.argmin())
            best[end], first[k, end] = whole[place], begin[place]
    breaks, end = [], n
    for k in range(count - 1, 0, -1):
        end = int(first[k, end])
        breaks.append((ordered[end - 1] + ordered[end]) / 2)
    return np.array(breaks[::-1])
