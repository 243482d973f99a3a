"""Why a line carries what it carries, how near its limit it is, and where a voltage stands."""

import math

import numpy as np

from twinview.energy.batch import TOLERANCE
from twinview.i18n import _
from twinview.scene.numbers import number
from twinview.session.why.again import Again, again, same
from twinview.session.why.asked import Asked
from twinview.session.why.derivation import Input, Parts, exact


def branch_power(asked: Asked) -> Parts:
    """Explain the power through a line or transformer: both ends, and what is lost between."""
    value = asked.of("power")
    lines = (
        _("The power flow finds the voltages at which every node balances; this is what then "
          "goes into the branch at its from-end."),
    )  # fmt: skip
    sources = (asked.layer_source(asked.layer_id),)
    found, k = _located(asked)
    if found is None or k is None or not same(float(found.followed.flow.p_from[0, k]), value):
        return Parts("method#power-flow", "P = Re(U · I*)", lines=lines, sources=sources)
    flow = found.followed.flow
    sent, back = float(flow.p_from[0, k]), float(flow.p_to[0, k])
    inputs = (
        Input(_("Into the branch at its from-end"), sent, "kW", _outwards(sent)),
        Input(_("Into the branch at its to-end"), back, "kW", _outwards(back)),
        Input(_("Lost in the branch"), sent + back, "kW"),
        Input(_("Reactive power at the from-end"), float(flow.q_from[0, k]), "kvar"),
        *_ends(found, k),
    )
    worked = f"{exact(-back)} + {exact(sent + back)} = {exact(sent, 'kW')}"
    return Parts("method#power-flow", "P_from = −P_to + P_loss", worked, sent, lines, inputs,
                 sources=sources)  # fmt: skip


def _outwards(power: float) -> str:
    return _("negative: comes out there") if power < 0 else ""


def _located(asked: Asked) -> tuple[Again | None, int | None]:
    found = again(asked)
    return found, None if found is None else found.branch_number(asked.layer_id, asked.row)


def _ends(found: Again, k: int) -> tuple[Input, ...]:
    """Return the voltages at both ends."""
    grid = found.district.grid
    return tuple(
        Input(
            _("Voltage at {name}", name=found.node(int(node))),
            float(found.followed.flow.voltage[0, node]),
            "p.u.",
            about=found.node_key("voltage", int(node)),
        )
        for node in (grid.from_bus[k], grid.to_bus[k])
    )


def loading(asked: Asked) -> Parts:
    """Explain a loading: current over rated current, or apparent over rated power."""
    line = asked.kind == "line"
    lines = (
        _("The larger current of the two ends over the rated current.")
        if line
        else _("The larger apparent power of the two sides over the rated power."),
    )
    formula = "I = √(P² + Q²) / (√3 · U),  I / I_n" if line else "S = √(P² + Q²),  S / S_n"
    sources = (_("{file}: rating in column '{column}'", column="i_n" if line else "sn",
                 file=asked.file(asked.layer.source)),)  # fmt: skip
    found, k = _located(asked)
    if found is None or k is None:
        return Parts("method#loading", formula, lines=lines, sources=sources)
    return (
        _line_loading(asked, found, k, (formula, lines, sources))
        if line
        else _apparent(asked, found, k, (formula, lines, sources))
    )


Said = tuple[str, tuple[str, ...], tuple[str, ...]]


def _line_loading(asked: Asked, found: Again, k: int, said: Said) -> Parts:
    formula, lines, sources = said
    flow, grid = found.followed.flow, found.district.grid
    rated = grid.rows("node")["u_rated"]
    currents = []
    for p, q, node in (
        (flow.p_from[0, k], flow.q_from[0, k], grid.from_bus[k]),
        (flow.p_to[0, k], flow.q_to[0, k], grid.to_bus[k]),
    ):
        volts = float(flow.voltage[0, node] * rated[node])
        amps = math.hypot(float(p), float(q)) * 1e3 / (math.sqrt(3) * volts) if volts > 0 else 0.0
        currents.append((amps, float(p), float(q), volts))
    amps, p, q, volts = max(currents)
    limit = float(asked.layer.numbers("i_n")[asked.row])
    result = amps / limit * 100
    if not same(result, asked.of("loading")):
        return Parts("method#loading", formula, lines=lines, sources=sources)
    inputs = (
        Input(_("Active power"), p, "kW", about=asked.key("power")),
        Input(_("Reactive power"), q, "kvar"),
        Input(_("Voltage between phases"), volts, "V"),
        Input(_("Current"), amps, "A"),
        Input(_("Rated current"), limit, "A"),
    )
    worked = f"{exact(amps)} / {exact(limit)} · 100 % = {exact(result, '%')}"
    return Parts("method#loading", formula, worked, result, lines, inputs, sources=sources)


def _apparent(asked: Asked, found: Again, k: int, said: Said) -> Parts:
    formula, lines, sources = said
    flow = found.followed.flow
    sides = [
        (math.hypot(float(p), float(q)), float(p), float(q))
        for p, q in (
            (flow.p_from[0, k], flow.q_from[0, k]),
            (flow.p_to[0, k], flow.q_to[0, k]),
        )
    ]
    apparent, p, q = max(sides)
    limit = float(asked.layer.numbers("sn")[asked.row]) / 1e3
    result = apparent / limit * 100
    if not same(result, asked.of("loading")):
        return Parts("method#loading", formula, lines=lines, sources=sources)
    inputs = (
        Input(_("Active power"), p, "kW", about=asked.key("power")),
        Input(_("Reactive power"), q, "kvar"),
        Input(_("Apparent power"), apparent, "kVA"),
        Input(_("Rated apparent power"), limit, "kVA"),
    )
    worked = f"{exact(apparent)} / {exact(limit)} · 100 % = {exact(result, '%')}"
    return Parts("method#loading", formula, worked, result, lines, inputs, sources=sources)


def voltage(asked: Asked) -> Parts:
    """Explain a voltage: over the rated one of its node, as the power flow found it."""
    value, rated = asked.of("voltage"), float(asked.layer.numbers("u_rated")[asked.row])
    volts = value * rated
    inputs = [
        Input(_("Voltage between phases"), volts, "V"),
        Input(_("Rated voltage"), rated, "V"),
    ]
    for source in asked.twin.of_kind("source"):
        inputs += [
            Input(_("Set point of {name}", name=asked.name(source.id, row)), float(value), "p.u.")
            for row, value in enumerate(source.numbers("u_ref")[:1])
        ]
    lines = (
        _("The power flow starts from the set point of the grid connection and ends when no "
          "voltage moves by more than {tolerance} p.u.", tolerance=number(TOLERANCE, 1)),
    )  # fmt: skip
    worked = f"{exact(volts)} / {exact(rated)} = {exact(value, 'p.u.')}"
    return Parts("method#power-flow", "u = U / U_rated", worked, value, lines, tuple(inputs),
                 sources=(asked.layer_source(asked.layer_id),))  # fmt: skip


def reactive(asked: Asked) -> Parts:
    """Explain the reactive power of a generator that holds its voltage: what its node needs."""
    formula = "Q = Σ Q_branch + Σ Q_load − Σ Q_other"
    lines = (
        _("A generator that holds the voltage of its node gives the reactive power that this "
          "takes, as far as its limits let; others have what the data say."),
    )  # fmt: skip
    sources = (asked.layer_source(asked.layer_id),)
    found = again(asked)
    if found is None or found.district.gens.layer is None:
        return Parts("method#power-flow", formula, lines=lines, sources=sources)
    node = int(found.district.gens.bus[asked.row])
    terms = _at_node(asked, found, node)
    result = sum(sign * one.value for sign, one in terms)
    if not same(result, asked.of("reactive_power")):
        return Parts("method#power-flow", formula, lines=lines, sources=sources)
    worked = " ".join(f"{'+' if sign > 0 else '−'} ({exact(one.value)})" for sign, one in terms)
    return Parts("method#power-flow", formula, f"{worked} = {exact(result, 'kvar')}", result,
                 lines, (*(one for _sign, one in terms), _held(asked, found, node)),
                 sources=sources)  # fmt: skip


def _held(asked: Asked, found: Again, node: int) -> Input:
    key = found.node_key("voltage", node)
    return Input(_("Voltage at {name}", name=found.node(node)),
                 float(found.followed.flow.voltage[0, node]), "p.u.", about=key)  # fmt: skip


def _at_node(asked: Asked, found: Again, node: int) -> list[tuple[int, Input]]:
    """Return what takes reactive power at a node (+1) and what else gives it there (-1), kvar."""
    flow, district = found.followed.flow, found.district
    step = found.retraced.ready.time.step_at(asked.twin.time, asked.step) or 0
    loads = flow.load_p[:, : len(district.loads)]
    drawn = district.loads.reactive(loads, range(step, step + 1))[0]
    terms = []
    for ends, values in ((district.grid.from_bus, flow.q_from), (district.grid.to_bus, flow.q_to)):
        for k in np.flatnonzero(ends == node).tolist():
            place = found.branch(k)
            name = "" if place is None else asked.name(*place)
            terms.append((1, Input(_("Into {name}", name=name), float(values[0, k]), "kvar")))
    for k in np.flatnonzero(district.loads.bus == node).tolist():
        name, about = found.device("sym_load", k)
        terms.append((1, Input(name, float(drawn[k]), "kvar", about=about)))
    for k in np.flatnonzero(district.gens.bus == node).tolist():
        if k != asked.row:
            name, about = found.device("sym_gen", k)
            terms.append((-1, Input(name, float(flow.gen_q[0, k]), "kvar", about=about)))
    return terms
