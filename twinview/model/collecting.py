"""What the parts of a district hold together, under ids that are unique in it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from twinview.model.part import Part, Table
from twinview.model.problem import Problem
from twinview.model.twin import Layer, Network


@dataclass(frozen=True, eq=False)
class Collected:
    """What parts hold, under ids that are unique in the district.

    Parameters
    ----------
    layers, networks, tables, problems
        All of them, tables by id.
    owners
        Source of each table, by the table's id.
    """

    layers: tuple[Layer, ...]
    networks: tuple[Network, ...]
    tables: Mapping[str, Table]
    problems: tuple[Problem, ...]
    owners: Mapping[str, str]


def collect(parts: Mapping[str, Part]) -> Collected:
    """Collect layers, networks and tables under ids that are unique in the twin.

    Parameters
    ----------
    parts
        By source id, in drawing order.
    """
    layers: list[Layer] = []
    networks: list[Network] = []
    tables: dict[str, Table] = {}
    owners: dict[str, str] = {}
    problems: list[Problem] = []
    taken: set[str] = set()
    for source, part in parts.items():
        renamed = {layer.id: _free(layer.id, source, taken) for layer in part.layers}
        layers += [replace(layer, id=renamed[layer.id], source=source) for layer in part.layers]
        for network in part.networks:
            renamed_tables = {k: renamed.get(v, v) for k, v in network.tables.items()}
            networks.append(
                replace(network, id=_free(network.id, source, taken), tables=renamed_tables)
            )
        for table in part.tables:
            key = _free(table.id, source, taken)
            tables[key] = replace(table, id=key)
            owners[key] = source
        problems += part.problems
    return Collected(tuple(layers), tuple(networks), tables, tuple(problems), owners)


def _free(wish: str, source: str, taken: set[str]) -> str:
    """Return `wish`, or `source.wish` with a number where it is taken."""
    candidates = [wish, f"{source}.{wish}", *(f"{source}.{wish}.{k}" for k in range(2, 1000))]
    free = next(one for one in candidates if one not in taken)
    taken.add(free)
    return free
