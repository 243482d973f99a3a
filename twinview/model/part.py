"""What a reader returns: the content of one file in its own coordinates."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from twinview.model.orders import Facts
from twinview.model.problem import Problem
from twinview.model.time import TimeAxis
from twinview.model.twin import Layer, Network


@dataclass(frozen=True, eq=False)
class Table:
    """A table of series: time down, named columns across, not yet joined to a layer.

    Parameters
    ----------
    id, title
        Unique within the part.
    time
        The steps; times outside a file's own stamps are never made up: gaps are NaN.
    columns
        Names across: element ids, or profile names.
    values
        Shape (count, len(columns)), float32, NaN where missing.
    units
        Unit of each column as the file says it; empty where it does not.
    quantity
        Quantity as far as the file says it; empty otherwise.
    origin
        ``measured``, ``modelled``, ``generated`` or ``given``.
    told
        Whether the user said the origin.
    layer
        ``district`` where the columns are quantities of the whole district; empty where they are
        to be joined to a layer.
    across
        The same values column by column, shape (len(columns), count); None where one order is
        enough (`twinview.model.orders`).
    facts
        What is known of the values once each was looked at; None where nobody did.
    """

    id: str
    title: str
    time: TimeAxis
    columns: tuple[str, ...]
    values: npt.NDArray[np.float32]
    units: tuple[str, ...]
    quantity: str = ""
    origin: str = "given"
    layer: str = ""
    across: npt.NDArray[np.float32] | None = None
    facts: Facts | None = None
    told: bool = False


@dataclass(frozen=True, eq=False)
class Part:
    """The content of one file.

    Parameters
    ----------
    crs
        Coordinate system of the layers' geometry as read (authority code or WKT); empty where the
        file has none and none was given.
    crs_reason
        How it is known: ``file``, ``given``, or the sentence that explains a guess.
    layers, networks, tables
        What was found; layer ids are unique within the part.
    problems
        Everything that was assumed, dropped or repaired.
    rows
        Rows in the file and rows kept, by layer id.
    about
        What the file says of itself (title, origin), for the reader.
    """

    crs: str = ""
    crs_reason: str = ""
    layers: tuple[Layer, ...] = ()
    networks: tuple[Network, ...] = ()
    tables: tuple[Table, ...] = ()
    problems: tuple[Problem, ...] = ()
    rows: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    about: str = ""
