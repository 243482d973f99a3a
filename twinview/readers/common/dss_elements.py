"""OpenDSS's elements as a balanced network of three phases.

A branch of n phases that carries the power S has the same voltages and losses as a three-phase
branch that carries S over an impedance 3/n times as large. So single- and two-phase laterals and
the split-phase wires behind a centre tap become balanced ones at the line-to-line voltage that
belongs to theirs. Unbalance between the phases of one bus is lost by this.
"""

import math
from importlib import import_module
from typing import Any

import numpy as np

from twinview.i18n import _
from twinview.readers.common import electric
from twinview.readers.common.draft import Draft, Row
from twinview.readers.registry import ReadError

_ROOT = math.sqrt(3)
_KILO = 1e3
_STIFFEST = 1e20
_OMEGA = 2 * math.pi * 50  # of the power flow: admittances are kept, whatever the grid's own
_LOAD_KINDS = {2: 1, 5: 2}  # constant impedance and current; all else is of constant power
_WATCHERS = {"energymeter", "monitor", "sensor"}


def start(file: str) -> Any:
    """Return the engine, with everything off that reaches outside.

    Parameters
    ----------
    file
        Name of the feeder, for the message where there is no engine.
    """
    try:
        engine = import_module("dss").DSS
    except ImportError as error:
        raise ReadError(
            _(
                "{file} is an OpenDSS feeder, which needs OpenDSS's engine; install it with: pip "
                'install "twinview[opendss]".',
                file=file,
            )
        ) from error
    for permission in ("AllowChangeDir", "AllowDOScmd", "AllowEditor", "AllowForms"):
        setattr(engine, permission, False)
    return engine


def run(engine: Any, commands: list[str]) -> list[str]:
    """Run commands; return the reasons of those that failed.

    Parameters
    ----------
    engine
        The engine.
    commands
        Commands of `twinview.readers.common.dss_script`.
    """
    failure = import_module("dss").DSSException
    failed = []
    engine.Text.Command = "clear"
    for command in commands:
        try:
            engine.Text.Command = command
        except failure as error:
            failed.append(f"{command[:60]}: {str(error).splitlines()[0][:120]}")
    return failed


def solved(engine: Any) -> Any:
    """Return the circuit with voltage bases and a solution; None where there is none."""
    failure = import_module("dss").DSSException
    try:
        for command in ("calcvoltagebases", "set controlmode=off", "solve mode=snapshot"):
            engine.Text.Command = command
    except failure:
        pass
    circuit = engine.ActiveCircuit
    return circuit if engine.NumCircuits and circuit.NumBuses else None


def add(draft: Draft, circuit: Any, coords: dict[str, tuple[float, float]]) -> None:
    """Add the elements of a circuit.

    Parameters
    ----------
    draft
        The network.
    circuit
        The solved circuit.
    coords
        Places of buses by name in small letters.
    """
    _nodes(draft, circuit, coords)
    makers = {
        "line": _line,
        "reactor": _line,
        "transformer": _transformer,
        "vsource": _source,
        "load": _load,
        "pvsystem": _generator,
        "generator": _generator,
        "storage": _store,
        "capacitor": _capacitor,
    }
    for full in circuit.AllElementNames:
        circuit.SetActiveElement(full)
        one = circuit.ActiveCktElement
        kind, _dot, name = full.partition(".")
        make = makers.get(kind.lower())
        if make is not None:
            make(draft, one, name)
        elif kind.lower() not in _WATCHERS:
            draft.lost[kind] += 1
    _say(draft, circuit)


def _nodes(draft: Draft, circuit: Any, coords: dict[str, tuple[float, float]]) -> None:
    for name in circuit.AllBusNames:
        circuit.SetActiveBus(name)
        draft.add("node", name, u_rated=circuit.ActiveBus.kVBase * _ROOT * _KILO or math.nan)
        if name in coords:
            draft.points[name] = coords[name]


def _buses(one: Any) -> list[str]:
    return [str(bus).partition(".")[0].lower() for bus in one.BusNames]


def _value(one: Any, name: str, default: float = 0.0) -> float:
    """Return a property as a number; of a list the sum."""
    cells = str(one.Properties(name).Val).strip("[](){} ").replace(",", " ").split()
    try:
        return sum(float(cell) for cell in cells) if cells else default
    except ValueError:
        return default


def _status(one: Any, ends: int) -> Row:
    on = bool(one.Enabled)
    if ends == 1:
        return {"status": int(on)}
    opened = [one.IsOpen(terminal, 0) for terminal in (1, 2)]
    return {"from_status": int(on and not opened[0]), "to_status": int(on and not opened[1])}


def _line(draft: Draft, one: Any, name: str) -> None:
    """Add a line, or a reactor in series, by its own admittances, which know all units."""
    buses, phases = _buses(one), int(one.NumPhases)
    if len(set(buses)) < 2:
        draft.lost[_("reactors to ground")] += 1
        return
    z, y = _sequence(np.asarray(one.Yprim, dtype=np.float64), phases)
    high, low = draft.rated(buses[0]), draft.rated(buses[1])
    row = {**_status(one, 2), "phases": phases}
    limit = _value(one, "normamps", math.nan) * phases / 3
    if abs(high - low) > 1e-6 * high:
        ohm = low**2 / 1e6
        own = electric.PerUnit(1e6, z / ohm, y * ohm, ratio=low / high)
        electric.add_per_unit(draft, name, (buses[0], buses[1]), own, **row)
        return
    made = electric.line(z, y, _OMEGA, i_n=limit or math.nan)
    draft.add("line", name, from_node=buses[0], to_node=buses[1], **row, **made)


def _sequence(flat: Any, phases: int) -> tuple[complex, complex]:
    """Return impedance and shunt admittance of the balanced branch that stands for a primitive."""
    size = round(math.sqrt(flat.size / 2))
    full = flat.view(np.complex128).reshape(size, size) if flat.size else np.zeros((0, 0))
    n = size // 2
    if not n or not np.abs(full[:n, n:]).any():
        return 0j, 0j
    series = -np.linalg.inv(full[:n, n:])
    shunt = (full[:n, :n] + full[:n, n:]) * 2
    return _positive(series) * 3 / phases, 1j * max(0.0, _positive(shunt).imag) * phases / 3


def _positive(matrix: Any) -> complex:
    n = len(matrix)
    own = np.trace(matrix) / n
    between = (matrix.sum() - np.trace(matrix)) / (n * (n - 1)) if n > 1 else 0.0
    return complex(own - between)


def _windings(one: Any) -> list[Row]:
    """Return the windings: bus, live nodes, rated voltage as of three phases, power, R and tap."""
    phases, found = int(one.NumPhases), []
    for k, bus in enumerate(str(b).lower() for b in one.BusNames):
        one.Properties("wdg").Val = str(k + 1)
        name, *nodes = bus.split(".")
        live = [node for node in nodes if node != "0"]
        across = phases > 1 or len(live) > 1
        volts = _value(one, "kV") * (1.0 if across else _ROOT) * _KILO
        found.append(
            {
                "bus": name,
                "u": volts * _value(one, "tap", 1.0),
                "s": _value(one, "kVA") * _KILO,
                "r": _value(one, "%R") / 100,
                "delta": "delta" in str(one.Properties("conn").Val).lower(),
            }
        )
    return found


def _transformer(draft: Draft, one: Any, name: str) -> None:
    windings = _windings(one)
    base = windings[0]["s"]
    pairs = [_value(one, key) / 100 for key in ("xhl", "xht", "xlt")]
    losses = {"p0": _value(one, "%noloadloss") / 100 * base, "i0": _value(one, "%imag") / 100}
    row = {**_status(one, 2), "phases": int(one.NumPhases)}
    buses = [winding["bus"] for winding in windings]
    if len(windings) == 3 and len(set(buses)) == 3:
        x = [1j * one.real for one in electric.star([complex(x) for x in pairs])]
        star = [complex(w["r"], 0) + own for w, own in zip(windings, x, strict=True)]
        unit = electric.ThreeWindings(
            [w["u"] for w in windings], star, base, [w["s"] for w in windings], **losses,
            on=[row["from_status"]] * 3,
        )  # fmt: skip
        electric.add_three_windings(draft, name, buses, unit, phases=row["phases"])
        return
    if len(windings) == 3 and buses[1] == buses[2]:
        z = _centre_tapped(windings, pairs)
    elif len(windings) == 2:
        z = complex(windings[0]["r"] + windings[1]["r"], pairs[0])
    else:
        draft.lost[_("transformers of {count} windings", count=len(windings))] += 1
        return
    turned = windings[0]["delta"] != windings[1]["delta"]
    made = electric.transformer(
        (windings[0]["u"], windings[1]["u"]), base, z or 1j * electric.LEAST, **losses,
        shift=electric.CLOCK if turned else 0.0,
    )  # fmt: skip
    draft.add("transformer", name, from_node=buses[0], to_node=buses[1], **row, **made)


def _centre_tapped(windings: list[Row], pairs: list[float]) -> complex:
    """Return the impedance of a centre-tapped transformer that both halves load alike."""
    first, second, third = electric.star([complex(x) for x in pairs])
    reactance = first.real + (second.real + third.real) / 4
    return complex(windings[0]["r"] + (windings[1]["r"] + windings[2]["r"]) / 4, reactance)


def _source(draft: Draft, one: Any, name: str) -> None:
    bus = _buses(one)[0]
    volts = _value(one, "basekv") * (_ROOT if int(one.NumPhases) == 1 else 1.0) * _KILO
    z = complex(_value(one, "R1"), _value(one, "X1"))
    power = min(_STIFFEST, volts**2 / abs(z)) if z else _STIFFEST
    draft.add(
        "source",
        name,
        node=bus,
        **_status(one, 1),
        u_ref=_value(one, "pu", 1.0) * volts / draft.rated(bus),
        u_ref_angle=math.radians(_value(one, "angle")),
        sk=power,
        rx_ratio=z.real / z.imag if z.imag else 0.1,
    )


def _load(draft: Draft, one: Any, name: str) -> None:
    powers = {"p_specified": _value(one, "kW") * _KILO, "q_specified": _value(one, "kvar") * _KILO}
    kind = _LOAD_KINDS.get(round(_value(one, "model", 1.0)), 0)
    more = {"phases": int(one.NumPhases), "type": kind}
    draft.add("sym_load", name, node=_buses(one)[0], **_status(one, 1), **powers, **more)


def _generator(draft: Draft, one: Any, name: str) -> None:
    """Add a generator or a field of panels at its power in full sun."""
    sun = one.Name.lower().startswith("pvsystem.")
    if sun:
        power = (
            _value(one, "pmpp") * _value(one, "irradiance", 1.0) * _value(one, "%pmpp", 100) / 100
        )
        powers = {"p_specified": min(power, _value(one, "kVA")) * _KILO, "q_specified": 0.0}
    else:
        powers = {
            key: _value(one, k) * _KILO
            for key, k in (("p_specified", "kW"), ("q_specified", "kvar"))
        }
    more = {"phases": int(one.NumPhases), "type": 0, "kind": "PV" if sun else "generator"}
    draft.add("sym_gen", name, node=_buses(one)[0], **_status(one, 1), **powers, **more)


def _store(draft: Draft, one: Any, name: str) -> None:
    draft.add(
        "storage",
        name,
        node=_buses(one)[0],
        **_status(one, 1),
        energy_wh=_value(one, "kWhrated") * _KILO,
        power_w=_value(one, "kWrated") * _KILO,
        eta_charge=_value(one, "%EffCharge", 90) / 100,
        eta_discharge=_value(one, "%EffDischarge", 90) / 100,
        standing_loss_per_hour=0.0,
        soc0=min(1.0, _value(one, "%stored", 100) / 100),
    )


def _capacitor(draft: Draft, one: Any, name: str) -> None:
    buses = _buses(one)
    if len(set(buses)) > 1:
        draft.lost[_("capacitors in series")] += 1
        return
    volts = _value(one, "kv") * (_ROOT if int(one.NumPhases) == 1 else 1.0) * _KILO
    made = {"g1": 0.0, "b1": _value(one, "kvar") * _KILO / volts**2 if volts else 0.0}
    draft.add("shunt", name, node=buses[0], **_status(one, 1), **made)


def _say(draft: Draft, circuit: Any) -> None:
    """Say what the step to a balanced network is, beside what OpenDSS itself gets."""
    single = sum(
        row.get("phases", 3) < 3 for name in ("line", "sym_load") for row in draft.rows[name]
    )
    power, losses = circuit.TotalPower, circuit.Losses
    message = _(
        "The feeder is read as a balanced one: {count} lines and loads of fewer phases stand for "
        "three. OpenDSS itself gets {power} kW from the source, of which {loss} kW are lost.",
        count=single,
        power=f"{-float(power[0]):.1f}",
        loss=f"{float(losses[0]) / _KILO:.1f}",
    )
    draft.say("warning", "opendss.balanced", message)
    if draft.rows["sym_load"]:
        message = _(
            "Loads keep their power at any voltage, while OpenDSS makes them impedances outside of "
            "their 'vminpu' to 'vmaxpu' (0.95 to 1.05 if not set): there it gets other voltages."
        )
        draft.say("info", "opendss.load_kind", message)
    bare = [row["id"] for row in draft.rows["node"] if math.isnan(row["u_rated"])]
    if bare:
        message = _(
            "{count} buses have no voltage base, first {first}; they cannot be computed.",
            count=len(bare),
            first=bare[0],
        )
        fix = _("Set the voltage bases in the feeder's master script (Set Voltagebases).")
        draft.say("error", "network.voltage_unknown", message, fix, bare)
