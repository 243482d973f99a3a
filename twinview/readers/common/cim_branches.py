"""Lines, transformers and switches of a CIM model."""

import math
from collections import defaultdict

from twinview.i18n import _
from twinview.readers.common import electric
from twinview.readers.common.cim_nodes import Ends
from twinview.readers.common.cimxml import Model, Thing
from twinview.readers.common.draft import Draft, Row

_MEGA, _KILO = 1e6, 1e3
_OMEGA = 2 * math.pi * 50
_SIZE = 100.0
"""MVA of a transformer that names no rating."""
_SWITCHES = ("Breaker", "Disconnector", "LoadBreakSwitch", "Switch", "GroundDisconnector", "Fuse",
             "Jumper", "ProtectedSwitch")  # fmt: skip
_SERIES = ("ACLineSegment", "SeriesCompensator")
_PERMANENT = "patl"


def _between(ends: Ends, thing: Thing) -> Row:
    (first, on), (second, too) = ends.both(thing)[:2]
    return {"from_node": first, "to_node": second, "from_status": on, "to_status": too}


def lines(draft: Draft, model: Model, ends: Ends) -> None:
    """Add the lines, with the lowest of their permanent current limits.

    Parameters
    ----------
    draft, model, ends
        The network, the model, and where its equipment hangs.
    """
    limits = _limits(model)
    for one in model.of(*_SERIES):
        kind = one.kind
        z = complex(one.number(f"{kind}.r"), one.number(f"{kind}.x"))
        y = complex(one.number(f"{kind}.gch"), one.number(f"{kind}.bch"))
        row = _between(ends, one)
        own = [
            limits[key]
            for key in (one.id, *(t.id for t in ends.terminals[one.id]))
            if key in limits
        ]
        high, low = draft.rated(row["from_node"]), draft.rated(row["to_node"])
        extra = {"length_km": one.number("Conductor.length", math.nan), "mrid": one.id}
        if abs(high - low) > 1e-6 * high:
            ohm = low**2 / (_SIZE * _MEGA)
            branch = electric.PerUnit(_SIZE * _MEGA, z / ohm, y * ohm, ratio=low / high)
            pair = (row.pop("from_node"), row.pop("to_node"))
            electric.add_per_unit(draft, one.name, pair, branch, **row, **extra)
            continue
        made = electric.line(z, y, _OMEGA, i_n=min(own, default=math.nan))
        draft.add("line", one.name, **row, **made, **extra)


def _limits(model: Model) -> dict[str, float]:
    """Return the lowest permanent current limit by id of equipment or terminal."""
    found: dict[str, float] = {}
    for one in model.of("CurrentLimit"):
        kind = model.at(one, "OperationalLimit.OperationalLimitType")
        words = " ".join(kind.values.values()).lower() if kind else _PERMANENT
        group = model.at(one, "OperationalLimit.OperationalLimitSet")
        value = one.number("CurrentLimit.value", one.number("CurrentLimit.normalValue", math.nan))
        if group is None or _PERMANENT not in words or not value > 0:
            continue
        for key in ("OperationalLimitSet.Terminal", "OperationalLimitSet.Equipment"):
            target = group.values.get(key)
            if target:
                found[target] = min(found.get(target, math.inf), value)
    return found


def transformers(draft: Draft, model: Model, ends: Ends) -> None:
    """Add the transformers, taps as in the hypothesis, else as in the state.

    Parameters
    ----------
    draft, model, ends
        The network, the model, and where its equipment hangs.
    """
    windings: dict[str, list[Thing]] = defaultdict(list)
    for end in model.of("PowerTransformerEnd"):
        windings[end.values.get("PowerTransformerEnd.PowerTransformer", "")].append(end)
    steps = {
        one.values.get("SvTapStep.TapChanger", ""): one.number("SvTapStep.position", math.nan)
        for one in model.of("SvTapStep")
    }
    taps = {
        one.values.get("RatioTapChanger.TransformerEnd", ""): (one, steps.get(one.id, math.nan))
        for one in model.of("RatioTapChanger")
    }
    strange = []
    for one in model.of("PowerTransformer"):
        own = sorted(windings[one.id], key=lambda end: end.number("TransformerEnd.endNumber"))
        if any(end.number("PowerTransformerEnd.ratedU") <= 0 for end in own):
            own = []
        if len(own) == 2:
            _two(draft, model, ends, one, own, taps)
        elif len(own) == 3:
            _three(draft, model, ends, one, own, taps)
        else:
            strange.append(one.name)
    if strange:
        message = _(
            "{count} transformers have no two or three windings with a rated voltage and were "
            "left out, first {first}.",
            count=len(strange),
            first=strange[0],
        )
        draft.say("error", "network.transformer", message, ids=strange)


Taps = dict[str, tuple[Thing, float]]


def _hung(model: Model, ends: Ends, own: list[Thing]) -> list[tuple[str, int]]:
    """Return the nodes of the windings, and whether they are connected."""
    found = []
    for end in own:
        terminal = model.at(end, "TransformerEnd.Terminal")
        found.append(ends.of(terminal) if terminal is not None else (_("nowhere"), 0))
    return found


def _volts(end: Thing) -> float:
    return end.number("PowerTransformerEnd.ratedU") * _KILO


def _ohms(end: Thing) -> complex:
    return complex(end.number("PowerTransformerEnd.r"), end.number("PowerTransformerEnd.x"))


def _siemens(end: Thing) -> complex:
    return complex(end.number("PowerTransformerEnd.g"), end.number("PowerTransformerEnd.b"))


def _two(draft: Draft, model: Model, ends: Ends, unit: Thing, own: list[Thing], taps: Taps) -> None:
    size = (own[0].number("PowerTransformerEnd.ratedS") or _SIZE) * _MEGA
    z = sum(_ohms(end) / _volts(end) ** 2 for end in own) * size
    y = sum(_siemens(end) * _volts(end) ** 2 for end in own) / size
    clock = own[1].number("PowerTransformerEnd.phaseAngleClock") * electric.CLOCK
    made = electric.transformer(
        (_volts(own[0]), _volts(own[1])),
        size,
        z or complex(0.0, electric.LEAST),
        p0=max(0.0, y.real) * size,
        i0=abs(y),
        shift=clock,
    )
    for side, end in enumerate(own):
        if end.id in taps:
            made |= _tap(*taps[end.id], side, _volts(end))
    (first, on), (second, too) = _hung(model, ends, own)
    row = {"from_node": first, "to_node": second, "from_status": on, "to_status": too}
    draft.add("transformer", unit.name, **row, **made, mrid=unit.id)


def _step(changer: Thing, solved: float) -> float:
    """Return the position of a tap changer: hypothesis first, then state, then the normal one."""
    normal = changer.number("TapChanger.normalStep", changer.number("TapChanger.neutralStep"))
    return changer.number("TapChanger.step", normal if math.isnan(solved) else solved)


def _tap(changer: Thing, solved: float, side: int, volts: float) -> Row:
    neutral = round(changer.number("TapChanger.neutralStep"))
    return {
        "tap_side": side,
        "tap_pos": round(_step(changer, solved)),
        "tap_min": round(changer.number("TapChanger.lowStep", neutral)),
        "tap_max": round(changer.number("TapChanger.highStep", neutral)),
        "tap_nom": neutral,
        "tap_size": changer.number("RatioTapChanger.stepVoltageIncrement") / 100 * volts,
    }


def _three(
    draft: Draft, model: Model, ends: Ends, unit: Thing, own: list[Thing], taps: Taps
) -> None:
    """Add a transformer of three windings, whose ends hold the impedances of the star."""
    size = (own[0].number("PowerTransformerEnd.ratedS") or _SIZE) * _MEGA
    volts = []
    for end in own:
        changer, solved = taps.get(end.id, (None, math.nan))
        ratio = 1.0
        if changer is not None:
            steps = _step(changer, solved) - changer.number("TapChanger.neutralStep")
            ratio += steps * changer.number("RatioTapChanger.stepVoltageIncrement") / 100
        volts.append(_volts(end) * ratio)
    leak = sum(_siemens(end) * _volts(end) ** 2 for end in own)
    hung = _hung(model, ends, own)
    data = electric.ThreeWindings(
        volts,
        [_ohms(end) * size / _volts(end) ** 2 for end in own],
        size,
        [(end.number("PowerTransformerEnd.ratedS") * _MEGA) or size for end in own],
        max(0.0, leak.real),
        abs(leak) / size,
        [end.number("PowerTransformerEnd.phaseAngleClock") * electric.CLOCK for end in own],
        [on for _node, on in hung],
    )
    nodes = [node for node, _on in hung]
    electric.add_three_windings(draft, unit.name, nodes, data, mrid=unit.id)


def switches(draft: Draft, model: Model, ends: Ends) -> None:
    """Make the two nodes of each closed switch one.

    Parameters
    ----------
    draft, model, ends
        The network, the model, and where its equipment hangs.
    """
    for one in model.of(*_SWITCHES):
        (first, on), (second, too) = ends.both(one)[:2]
        opened = one.flag("Switch.open", one.flag("Switch.normalOpen", False))
        if not opened and on and too and first != second:
            draft.joined.append((first, second))
