"""SimBench CSV: a folder of tables whose loads and generators name relative profiles."""

import math
from collections.abc import Mapping
from pathlib import Path

from twinview.i18n import _
from twinview.model.part import Part, Table
from twinview.model.problem import Problem
from twinview.progress import Job, Progress
from twinview.readers.common import electric, folders, profiles, rows, switchgear
from twinview.readers.common.draft import Draft, Row, finish, hold_voltage, profiled_stores
from twinview.readers.common.rows import TextRow, number, text
from twinview.readers.registry import Options, reader

_SIGNS = ("Node.csv", "ExternalNet.csv")
_MEGA, _KILO, _MICRO = 1e6, 1e3, 1e-6
_OMEGA = 2 * math.pi * 50
_STIFF = 1e20
_ZONE = "Europe/Berlin"
_HERE = {
    "Node", "Coordinates", "Line", "LineType", "Transformer", "TransformerType", "Transformer3W",
    "Transformer3WType", "Load", "RES", "PowerPlant", "Storage", "ExternalNet", "Shunt", "Switch",
    "LoadProfile", "RESProfile", "PowerPlantProfile",
}  # fmt: skip
_LOST = ("DCLine",)
_WARDS = {"Ward", "ward", "xWard", "xward"}

Tables = dict[str, list[dict[str, str]]]


def sniff(path: Path, head: bytes) -> int:
    """Score a folder, or an archive of one, by the tables that it holds."""
    return 78 if folders.holds(path, head, _SIGNS) else 0


@reader("SimBench", patterns=["*.zip"], score=78, sniff=sniff, folders=["*"])
def read(path: Path, options: Options) -> Job[Part]:
    """Read a grid with the profiles that its devices name."""
    yield Progress(0.1, _("Reading {file}", file=path.name))
    with folders.opened(path, {".csv"}) as folder:
        tables = {name: rows.load(folder / f"{name}.csv", options, ";") for name in
                  sorted(_HERE | set(_LOST)) if not name.endswith("Profile")}  # fmt: skip
        draft = Draft(path.name)
        _nodes(draft, tables)
        _lines(draft, tables)
        _transformers(draft, tables)
        _three_windings(draft, tables)
        _devices(draft, tables)
        _stores(draft, tables)
        switchgear.apply(draft, tables["Switch"], _auxiliary(tables))
        yield Progress(0.5, _("Reading profiles"))
        series, said = _profiles(draft, folder, options)
        _say_ignored(draft, tables, folder)
    draft.problems += said
    yield Progress(0.9, _("Building the network"))
    reason = _("SimBench writes places as longitude and latitude")
    return finish(draft, options, crs="EPSG:4326", reason=reason, tables=series, about=path.stem)


def _by_id(table: list[dict[str, str]]) -> Mapping[str, TextRow]:
    return {row.get("id", ""): row for row in table}


def _auxiliary(tables: Tables) -> set[str]:
    return {row["id"] for row in tables["Node"] if row.get("type") == "auxiliary"}


def _nodes(draft: Draft, tables: Tables) -> None:
    """Add the nodes; auxiliary ones, which only part switches from lines, come last."""
    places = _by_id(tables["Coordinates"])
    for row in sorted(tables["Node"], key=lambda row: row.get("type") == "auxiliary"):
        node = draft.add(
            "node", row.get("id", ""), u_rated=number(row, "vmR", math.nan) * _KILO, **_words(row)
        )
        place = places.get(row.get("coordID", ""))
        if place is not None:
            draft.points[node] = (number(place, "x", math.nan), number(place, "y", math.nan))


def _words(row: TextRow) -> Row:
    """Return the columns that only describe."""
    names = {"subnet": "subnet", "substation": "substation", "type": "kind"}
    return {new: text(row, old) for old, new in names.items() if text(row, old)}


def _typed(
    draft: Draft, table: list[dict[str, str]], types: list[dict[str, str]], name: str
) -> list[tuple[TextRow, TextRow]]:
    """Return rows with the row of their type; those of an unknown type are named and left out."""
    known = _by_id(types)
    bare = [row.get("id", "") for row in table if row.get("type", "") not in known]
    if bare:
        message = _(
            "{count} of {table} have a type that is not in {types}.csv and were left out, first "
            "{first}.",
            count=len(bare),
            table=name,
            types=f"{name}Type",
            first=bare[0],
        )
        draft.say("error", "network.type", message, ids=bare)
    return [(row, known[row["type"]]) for row in table if row.get("type", "") in known]


def _lines(draft: Draft, tables: Tables) -> None:
    for row, kind in _typed(draft, tables["Line"], tables["LineType"], "Line"):
        length = number(row, "length")
        z = complex(number(kind, "r"), number(kind, "x")) * length
        made = electric.line(
            z, 1j * number(kind, "b") * _MICRO * length, _OMEGA, i_n=number(kind, "iMax", math.nan)
        )
        extra = {"std_type": row["type"], "length_km": length, "subnet": text(row, "subnet")}
        draft.add("line", row["id"], **_between(row, "nodeA", "nodeB"), **made, **extra)


def _between(row: TextRow, first: str, second: str) -> Row:
    ends = {"from_node": row.get(first, ""), "to_node": row.get(second, "")}
    return {**ends, "from_status": 1, "to_status": 1}


def _transformers(draft: Draft, tables: Tables) -> None:
    turned = []
    for row, kind in _typed(draft, tables["Transformer"], tables["TransformerType"], "Transformer"):
        sn = number(kind, "sR") * _MEGA
        real = number(kind, "pCu") * _KILO / sn
        short = number(kind, "vmImp") / 100
        pair = (number(kind, "vmHV") * _KILO, number(kind, "vmLV") * _KILO)
        made = electric.transformer(
            pair,
            sn,
            complex(real, math.sqrt(max(0.0, short**2 - real**2))),
            p0=number(kind, "pFe") * _KILO,
            i0=number(kind, "iNoLoad") / 100,
            shift=number(kind, "va0"),
        )
        made |= _taps(row, kind, pair)
        if number(kind, "dVa") and made["tap_pos"] != made["tap_nom"]:
            turned.append(row["id"])
        extra = {"std_type": row["type"], **_words(row), "kind": "transformer"}
        draft.add("transformer", row["id"], **_between(row, "nodeHV", "nodeLV"), **made, **extra)
    if turned:
        message = _(
            "{count} transformers change phase by taps; of these taps only the change of voltage "
            "was read.",
            count=len(turned),
        )
        draft.say("warning", "network.tap_phase", message, ids=turned)


def _taps(row: TextRow, kind: TextRow, u: tuple[float, float]) -> Row:
    side = int(text(kind, "tapside").upper() == "LV")
    neutral = round(number(kind, "tapNeutr"))
    return {
        "tap_side": side,
        "tap_pos": round(number(row, "tappos", neutral)),
        "tap_min": round(number(kind, "tapMin", neutral)),
        "tap_max": round(number(kind, "tapMax", neutral)),
        "tap_nom": neutral,
        "tap_size": number(kind, "dVm") / 100 * u[side] if rows.flag(kind, "tapable") else 0.0,
    }


def _three_windings(draft: Draft, tables: Tables) -> None:
    sides = ("HV", "MV", "LV")
    pairs = (("HVMV", "HV", (0, 1)), ("HVLV", "LV", (0, 2)), ("MVLV", "MV", (1, 2)))
    for row, kind in _typed(
        draft, tables["Transformer3W"], tables["Transformer3WType"], "Transformer3W"
    ):
        powers = [number(kind, f"sR{side}") * _MEGA for side in sides]
        volts = [number(kind, f"vm{side}") * _KILO for side in sides]
        z = []
        for pair, winding, (a, b) in pairs:
            real = number(kind, f"pCu{winding}") * _KILO / powers[sides.index(winding)]
            short = number(kind, f"vmImp{pair}") / 100
            own = complex(real, math.sqrt(max(0.0, short**2 - real**2)))
            z.append(own * powers[0] / min(powers[a], powers[b]))
        for k, side in enumerate(sides):
            steps = number(row, f"tappos{side}") - number(kind, f"tapNeutr{side}")
            volts[k] *= 1 + steps * number(kind, f"dVm{side}") / 100
        unit = electric.ThreeWindings(
            volts,
            electric.star(z),
            powers[0],
            powers,
            number(kind, "pFe") * _KILO,
            number(kind, "iNoLoad") / 100,
            (0.0, number(kind, "vaHVMV"), number(kind, "vaHVLV")),
        )
        nodes = [row.get(f"node{side}", "") for side in sides]
        electric.add_three_windings(draft, row["id"], nodes, unit, std_type=row["type"])


def _devices(draft: Draft, tables: Tables) -> None:
    held: list[str] = []
    setting = _by_id(tables["Node"])
    for row in tables["Load"]:
        made = _powers(row, "pLoad", "qLoad", ("_pload", "_qload"))
        draft.add("sym_load", row["id"], node=row.get("node", ""), status=1, **made, **_words(row))
    for table, p, q in (("RES", "pRES", "qRES"), ("PowerPlant", "pPP", "qPP")):
        for row in tables[table]:
            if row.get("calc_type") == "vavm":
                _source(draft, row, setting)
                continue
            made = _powers(row, p, q, ("", ""))
            words = {**_words(row), "node": row.get("node", ""), "status": 1}
            if row.get("calc_type") == "pvm":
                wanted = setting.get(row.get("node", ""), {})
                limits = {f"q_{end}_var": number(row, f"q{end.title()}", math.nan) * _MEGA
                          for end in ("min", "max")}  # fmt: skip
                words |= {"u_ref": number(wanted, "vmSetp", 1.0), **limits}
            name = draft.add("sym_gen", row["id"], **words, **made)
            held += [name] if "u_ref" in words else []
    hold_voltage(draft, held)
    _outside(draft, tables, setting)


def _outside(draft: Draft, tables: Tables, setting: Mapping[str, TextRow]) -> None:
    """Add connections to other networks and shunts."""
    for row in tables["ExternalNet"]:
        if row.get("calc_type") in _WARDS:
            draft.lost["ExternalNet (Ward)"] += 1
        elif row.get("calc_type") == "pq":
            made = _powers(row, "pExtNet", "qExtNet", ("", ""))
            draft.add("sym_gen", row["id"], node=row.get("node", ""), status=1, **made)
        else:
            _source(draft, row, setting)
    for row in tables["Shunt"]:
        per_volt = _MEGA * number(row, "step", 1.0) / (number(row, "vmR", 1.0) * _KILO) ** 2
        made = {"g1": number(row, "p0") * per_volt, "b1": -number(row, "q0") * per_volt}
        draft.add("shunt", row["id"], node=row.get("node", ""), status=1, **made)


def _source(draft: Draft, row: TextRow, setting: Mapping[str, TextRow]) -> None:
    node = row.get("node", "")
    wanted = setting.get(node, {})
    draft.add(
        "source",
        row["id"],
        node=node,
        status=1,
        u_ref=number(wanted, "vmSetp", 1.0),
        u_ref_angle=math.radians(number(wanted, "vaSetp")),
        sk=_STIFF,
    )


def _powers(row: TextRow, p: str, q: str, suffix: tuple[str, str]) -> Row:
    """Return the powers of a device and its profiles, which are relative to them."""
    made: Row = {
        "type": 0,
        "p_specified": number(row, p) * _MEGA,
        "q_specified": number(row, q) * _MEGA,
    }
    profile = text(row, "profile")
    if profile:
        made |= {"profile": profile + suffix[0], "scale_w": made["p_specified"]}
        if suffix[1]:
            made |= {"profile_q": profile + suffix[1], "scale_var": made["q_specified"]}
    return made


def _stores(draft: Draft, tables: Tables) -> None:
    """Add the stores; SimBench writes the efficiency as a fraction."""
    for row in tables["Storage"]:
        efficiency = number(row, "etaStore", 1.0)
        one_way = math.sqrt(min(1.0, efficiency if efficiency <= 1 else efficiency / 100))
        power = max(number(row, "sR"), abs(number(row, "pMin")), abs(number(row, "pMax")))
        draft.add(
            "storage",
            row["id"],
            node=row.get("node", ""),
            status=1,
            energy_wh=number(row, "eStore") * _MEGA,
            power_w=power * _MEGA,
            eta_charge=one_way,
            eta_discharge=one_way,
            standing_loss_per_hour=number(row, "sdStore") / 100 / 24,
            soc0=min(1.0, number(row, "chargeLevel", 0.5)),
            **_words(row),
        )
    profiled_stores(draft, len(tables["Storage"]))


def _profiles(draft: Draft, folder: Path, options: Options) -> tuple[list[Table], list[Problem]]:
    """Return the profiles that devices name, in the local time of Germany, as SimBench has it."""
    zoned = Options.from_dict({"tz": _ZONE, **options.as_dict()})
    used = {
        row[key]
        for name in ("sym_load", "sym_gen")
        for row in draft.rows[name]
        for key in ("profile", "profile_q")
        if key in row
    }
    titles = {
        "LoadProfile": _("Load profiles"),
        "RESProfile": _("Profiles of renewables"),
        "PowerPlantProfile": _("Profiles of power plants"),
    }
    tables, problems = [], []
    for name, title in titles.items():
        found, said = profiles.load(folder / f"{name}.csv", zoned, ";", used, title)
        tables += found
        problems += said
    return tables, problems


def _say_ignored(draft: Draft, tables: Tables, folder: Path) -> None:
    for name in _LOST:
        draft.lost[name] = len(tables[name])
    for one in sorted(folder.glob("*.csv")):
        if one.stem not in _HERE | set(_LOST):
            with one.open("rb") as file:
                draft.ignored[one.stem] = max(0, sum(1 for _line in file) - 1)
