"""Results of users that are the same for all users of a place, kept once.

A building that only draws takes what its node gives: its intensity is its node's, so a million
buildings need no more columns than there are nodes. Whoever makes or stores something of its own,
or stands at several nodes, keeps a column for itself.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from twinview.energy.arrays import Bools, Floats, Ints
from twinview.energy.district import Devices, District
from twinview.model.twin import Layer

LEAST_BYTES = 64 * 2**20
"""Size of a dense series of float32 up to which nothing is packed."""
WORTH = 2
"""How many times smaller it has to become."""


@dataclass(frozen=True, eq=False)
class Packing:
    """Which elements stand for which.

    Parameters
    ----------
    layer
        Id of the layer of the elements.
    chosen
        Elements whose values are kept. Shape [c].
    index
        Place in `chosen` of the element that has the same values, -1 for elements without values.
        Shape [n].
    """

    layer: str
    chosen: Ints
    index: npt.NDArray[np.int32]

    def packed(self, values: Floats) -> Floats:
        """Return the values that are kept, [T, c], of those of all elements, [T, n].

        Parameters
        ----------
        values
            Of all elements.
        """
        return values[:, self.chosen]


def packing_of(district: District, steps: int) -> Packing | None:
    """Return how the intensities of users are packed; None where they are kept as they are.

    Parameters
    ----------
    district
        The network.
    steps
        How many there will be.
    """
    layer = district.building or district.loads.layer
    if layer is None or len(layer) * steps * 4 < LEAST_BYTES or _any_gives(district.loads):
        return None
    index = _shared(*_sites(district, layer), len(layer))
    kept, first = np.unique(index[index >= 0], return_index=True)
    if kept.size * WORTH > len(layer):
        return None
    return Packing(layer.id, np.flatnonzero(index >= 0)[first], index.astype(np.int32))


def _any_gives(loads: Devices) -> bool:
    """Tell whether any load may ever give: then its user is a source to others."""
    return loads.power is not None and loads.power.limits[0] < 0


def _sites(district: District, layer: Layer) -> tuple[Ints, Ints, Bools]:
    """Return element, place, and whether it only draws, of each site or else of each load."""
    if district.building is None:
        loads = district.loads
        return np.arange(len(layer)), district.place[loads.bus], np.ones(len(layer), dtype=np.bool_)
    return district.building_row, district.place[district.sites], ~district.active


def _shared(row: Ints, place: Ints, draws: Bools, size: int) -> Ints:
    """Return the number of the group of each element, -1 for none. [size]."""
    sites = np.bincount(row, minlength=size)
    single = draws & (sites[row] == 1)
    index = np.full(size, -1, dtype=np.int64)
    places = int(place.max(initial=-1)) + 1
    index[row[~single]] = places + row[~single]
    index[row[single]] = place[single]
    there = index >= 0
    index[there] = np.unique(index[there], return_inverse=True)[1]
    return index
