"""pandapower's composite elements as plain ones: three windings, wards, motors and others."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from twinview.readers.common import electric
from twinview.readers.common.draft import Draft
from twinview.readers.common.ppelements import extras, tap_kind_is_ratio
from twinview.readers.common.pptables import Net, Row, flag, index_of, number

_MEGA, _KILO = 1e6, 1e3
_SIDES = ("hv", "mv", "lv")


@dataclass(frozen=True, eq=False)
class Ends:
    """Where elements end, and whether they are switched on there.

    Parameters
    ----------
    names
        Name of each bus.
    dead
        Buses out of service.
    opened
        Table, element and bus of each open switch at the end of a branch.
    """

    names: Mapping[int, str]
    dead: set[int]
    opened: set[tuple[str, int, int]]

    def node(self, row: Row, column: str) -> str:
        """Return the name of the bus in a column."""
        bus = index_of(row.get(column))
        return self.names.get(bus, str(bus))

    def on(self, table: str, index: int, row: Row, column: str) -> int:
        """Return 1 where an element is in service at the bus in a column, else 0."""
        bus = index_of(row.get(column))
        live = flag(row, "in_service") and bus not in self.dead
        return int(live and (table, index, bus) not in self.opened)


@dataclass(frozen=True, eq=False)
class _Place:
    """One element on its way."""

    draft: Draft
    ends: Ends
    table: str
    index: int
    name: str

    def at(self, row: Row, column: str = "bus") -> Row:
        """Return node and status of a device."""
        on = self.ends.on(self.table, self.index, row, column)
        return {"node": self.ends.node(row, column), "status": on}


def _three_windings(place: _Place, row: Row) -> bool:
    powers = [number(row, f"sn_{side}_mva") * _MEGA for side in _SIDES]
    if not all(power > 0 for power in powers):
        return False
    volts = [number(row, f"vn_{side}_kv") * _KILO for side in _SIDES]
    pairs = []
    for side, a, b in (("hv", 0, 1), ("lv", 0, 2), ("mv", 1, 2)):
        real, short = number(row, f"vkr_{side}_percent"), number(row, f"vk_{side}_percent")
        own = complex(real, math.sqrt(max(0.0, short**2 - real**2))) / 100
        pairs.append(own * powers[0] / min(powers[a], powers[b]))
    tapped = row.get("tap_side")
    if tapped in _SIDES and tap_kind_is_ratio(row) and not flag(row, "tap_at_star_point", False):
        steps = number(row, "tap_pos") - number(row, "tap_neutral")
        volts[_SIDES.index(str(tapped))] *= 1 + steps * number(row, "tap_step_percent") / 100
    unit = electric.ThreeWindings(
        volts,
        electric.star(pairs),
        powers[0],
        powers,
        number(row, "pfe_kw") * _KILO,
        number(row, "i0_percent") / 100,
        (0.0, number(row, "shift_mv_degree"), number(row, "shift_lv_degree")),
        [place.ends.on("trafo3w", place.index, row, f"{side}_bus") for side in _SIDES],
    )
    nodes = [place.ends.node(row, f"{side}_bus") for side in _SIDES]
    electric.add_three_windings(place.draft, place.name, nodes, unit, **extras(row))
    return True


def _impedance(place: _Place, row: Row) -> bool:
    """Add a branch given per unit, where both directions are the same."""
    there, back = (complex(number(row, f"r{k}_pu"), number(row, f"x{k}_pu")) for k in ("ft", "tf"))
    first, second = (complex(number(row, f"g{k}_pu"), number(row, f"b{k}_pu")) for k in "ft")
    base = number(row, "sn_mva") * _MEGA
    if there != back or first != second or base <= 0:
        return False
    ends = (place.ends.node(row, "from_bus"), place.ends.node(row, "to_bus"))
    status = {
        f"{end}_status": place.ends.on("impedance", place.index, row, f"{end}_bus")
        for end in ("from", "to")
    }
    branch = electric.PerUnit(base, there, 2 * first)
    electric.add_per_unit(place.draft, place.name, ends, branch, **status)
    return True


def _ward(place: _Place, row: Row) -> bool:
    """Add a network's equivalent: a load, a shunt, and for an extended one what holds a voltage."""
    at = place.at(row)
    volts = place.draft.rated(str(at["node"]))
    drawn = {"p_specified": "ps_mw", "q_specified": "qs_mvar"}
    powers = {key: number(row, column) * _MEGA for key, column in drawn.items()}
    place.draft.add("sym_load", place.name, **at, type=0, **powers, kind=place.table)
    g1, b1 = (number(row, key) * _MEGA / volts**2 for key in ("pz_mw", "qz_mvar"))
    place.draft.add("shunt", place.name, **at, g1=g1, b1=-b1)
    if place.table == "ward":
        return True
    inner = place.draft.add("node", f"{place.name} inner", u_rated=volts, kind="auxiliary")
    if at["node"] in place.draft.points:
        place.draft.points[inner] = place.draft.points[str(at["node"])]
    z = complex(number(row, "r_ohm"), number(row, "x_ohm"))
    status = {"from_status": at["status"], "to_status": at["status"]}
    made = electric.line(z, 0j, 1.0, i_n=math.nan)
    ends = {"from_node": at["node"], "to_node": inner}
    place.draft.add("line", place.name, **ends, **status, **made)
    still = {"type": 0, "p_specified": 0.0, "q_specified": 0.0}
    wanted = {"u_ref": number(row, "vm_pu", 1.0), "kind": place.table}
    place.draft.add("sym_gen", place.name, node=inner, status=at["status"], **still, **wanted)
    return True


def _motor(place: _Place, row: Row) -> bool:
    """Add a motor as the load that it is at its shaft power, efficiency and power factor."""
    efficiency = number(row, "efficiency_percent", 100.0) / 100
    cosine = number(row, "cos_phi", 1.0)
    if efficiency <= 0 or not 0 < cosine <= 1:
        return False
    share = number(row, "loading_percent", 100.0) / 100 * number(row, "scaling", 1.0)
    power = number(row, "pn_mech_mw") * _MEGA / efficiency * share
    powers = {"p_specified": power, "q_specified": power * math.tan(math.acos(cosine))}
    place.draft.add("sym_load", place.name, **place.at(row), type=0, **powers, kind="motor")
    return True


def _asymmetric(place: _Place, row: Row) -> bool:
    """Add a device of three phases as a balanced one of their sum."""
    scale = number(row, "scaling", 1.0) * _MEGA
    powers = {
        f"{key}_specified": scale * sum(number(row, f"{key}_{phase}_m{unit}") for phase in "abc")
        for key, unit in (("p", "w"), ("q", "var"))
    }
    component = "sym_load" if place.table == "asymmetric_load" else "sym_gen"
    place.draft.add(component, place.name, **place.at(row), type=0, **powers, **extras(row))
    return True


_MAKERS: Mapping[str, Callable[[_Place, Row], bool]] = {
    "trafo3w": _three_windings,
    "impedance": _impedance,
    "ward": _ward,
    "xward": _ward,
    "motor": _motor,
    "asymmetric_load": _asymmetric,
    "asymmetric_sgen": _asymmetric,
}


TABLES = tuple(_MAKERS)


def add(
    draft: Draft, net: Net, ends: Ends, titles: Callable[[str], Mapping[int, str]]
) -> dict[str, list[str]]:
    """Add the composite elements; return by table the names of those that have no counterpart.

    Parameters
    ----------
    draft
        The network; its nodes are there.
    net
        pandapower's tables.
    ends
        Where elements end.
    titles
        Returns the names of a table's rows.
    """
    lost: dict[str, list[str]] = {}
    for table, make in _MAKERS.items():
        names = titles(table)
        for index, row in net.table(table).items():
            if not make(_Place(draft, ends, table, index, names[index]), row):
                lost.setdefault(table, []).append(names[index])
    return lost
