"""Inputs without a value: gathered run by run, told, kept with the results, and read again."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from twinview.i18n import _
from twinview.model.lacking import Lacking
from twinview.model.problem import Problem
from twinview.model.time import TimeAxis, format_instant
from twinview.model.twin import Twin

if TYPE_CHECKING:
    from twinview.energy.gaps import Gap

CODE = "computation.no_value"
MOST_NAMED = 1000
FIRST, COUNT = "lacking.first", "lacking.count"


class Missing:
    """What a computation lacks while it runs.

    Parameters
    ----------
    steps
        How many it has.
    """

    def __init__(self, steps: int) -> None:
        self._names: list[str] = []
        self._places: dict[tuple[str, int], int] = {}
        self._holes: dict[tuple[str, int], list[int]] = {}
        self._steps: dict[str, npt.NDArray[np.bool_]] = {}
        self.lacking = Lacking(
            self._names, np.full(steps, -1, dtype=np.int32), np.zeros(steps, dtype=np.int32)
        )

    def take(self, gaps: Sequence["Gap"], first: int) -> None:
        """Add what a run of steps lacks.

        Parameters
        ----------
        gaps
            Of the run.
        first
            Place of its first step.
        """
        for gap in gaps:
            rows = slice(first, first + len(gap.holes))
            steps = self._steps.setdefault(gap.layer, np.zeros_like(self.lacking.steps))
            steps[rows] |= gap.holes.any(axis=1)
            self.lacking.count[rows] += gap.holes.sum(axis=1, dtype=np.int32)
            for column, (row, name) in enumerate(zip(gap.rows.tolist(), gap.ids, strict=True)):
                holes = np.flatnonzero(gap.holes[:, column]) + first
                self._add((gap.layer, row), name, holes)

    def _add(self, key: tuple[str, int], name: str, holes: npt.NDArray[np.int64]) -> None:
        """Note the steps in which one element has no value."""
        if key not in self._places:
            self._places[key] = len(self._names)
            self._names.append(name)
            self._holes[key] = [0, int(holes[0])]
        self._holes[key][0] += holes.size
        free = holes[self.lacking.first[holes] < 0]
        self.lacking.first[free] = self._places[key]

    def problems(self, twin: Twin, axis: TimeAxis, stands_for: str = "") -> list[Problem]:
        """Name the elements without a value, layer by layer.

        Parameters
        ----------
        twin
            The district.
        axis
            The steps.
        stands_for
            Id of the layer whose elements are meant by those of layers that the twin does not have.
        """
        return [self._problem(twin, layer, axis, stands_for) for layer in self._steps]

    def _problem(self, twin: Twin, name: str, axis: TimeAxis, stands_for: str) -> Problem:
        own = {key: holes for key, holes in self._holes.items() if key[0] == name}
        names = [self._names[self._places[key]] for key in own]
        earliest = min(own, key=lambda key: own[key][1])
        layer = twin.layers.get(name) or twin.layers.get(stands_for)
        said = {
            "element": self._names[self._places[earliest]],
            "others": len(own) - 1,
            "count": int(self._steps[name].sum()),
            "all": axis.count,
            "first": format_instant(axis.seconds(own[earliest][1]), axis.tz),
        }
        if axis.static:
            message = _("'{element}' has no value, so nothing is computed.", **said)
        elif len(own) == 1:
            message = _(
                "'{element}' has no value in {count} of {all} steps, first {first}; these steps "
                "are not computed, and storage rests in them.",
                **said,
            )
        else:
            message = _(
                "'{element}' and {others} others have no value in {count} of {all} steps, first "
                "{first}; these steps are not computed, and storage rests in them.",
                **said,
            )
        return Problem(
            "error",
            CODE,
            message,
            _("Fill the gaps in the file; a missing value is not zero."),
            "" if layer is None else layer.source,
            "" if layer is None else layer.id,
            tuple(names[:MOST_NAMED]),
        )

    def terms(self) -> dict[str, npt.NDArray[np.int32]]:
        """Return what each step lacks, under names for a file of arrays."""
        if not self._names:
            return {}
        return {FIRST: self.lacking.first, COUNT: self.lacking.count}

    def manifest(self, axis: TimeAxis) -> list[dict[str, Any]]:
        """Return the elements without a value: layer, id, number of steps, first instant.

        Parameters
        ----------
        axis
            The steps.
        """
        return [
            {
                "layer": key[0],
                "id": self._names[place],
                "steps": self._holes[key][0],
                "first": axis.seconds(self._holes[key][1]),
            }
            for key, place in self._places.items()
        ]


def read(
    terms: Mapping[str, npt.NDArray[Any]], manifest: Sequence[Mapping[str, Any]]
) -> Lacking | None:
    """Return what `Missing` kept; None where nothing was missing.

    Parameters
    ----------
    terms
        What `Missing.terms` gave.
    manifest
        What `Missing.manifest` gave.
    """
    if not manifest:
        return None
    return Lacking([row["id"] for row in manifest], terms[FIRST], terms[COUNT])


def as_dict(
    lacking: Lacking | None, manifest: Sequence[Mapping[str, Any]], axis: TimeAxis, part: slice
) -> dict[str, Any]:
    """Return what is missing in the form of ``compute --json``.

    Parameters
    ----------
    lacking, manifest
        What the results keep.
    axis
        Their steps.
    part
        Those that are asked for.
    """
    if lacking is None:
        return {"not_computed": [], "without_value": []}
    steps = lacking.steps[part].nonzero()[0] + (part.start or 0)
    return {
        "not_computed": [
            {"at": format_instant(axis.seconds(i), axis.tz), "why": lacking.words(i)}
            for i in steps.tolist()
        ],
        "without_value": [
            {**row, "first": format_instant(row["first"], axis.tz)} for row in manifest
        ],
    }
