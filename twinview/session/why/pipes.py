"""Why numbers of heat, cooling and gas are what they are: nodes, pipes, users."""

import math
from collections.abc import Sequence

import numpy as np

from twinview.energy.compute import EMPTY
from twinview.energy.heat import WATER
from twinview.energy.mixing import NO_FLOW
from twinview.energy.serving import DENSITY
from twinview.i18n import _
from twinview.model.twin import Layer
from twinview.session.why.again import same
from twinview.session.why.asked import Asked, shortened
from twinview.session.why.carbon import LOSSES, POLICIES, Share, mixed
from twinview.session.why.derivation import Input, Parts, exact
from twinview.session.why.factor import assumed_sources
from twinview.session.why.made import given
from twinview.session.why.piped import Piped, piped, rows_at

MIXING = "E = (Σ P·E + Σ G·e + Σ D·w) / (Σ P + Σ G + Σ D)"
WATERS = "T = Σ ṁ·T_in / Σ ṁ,  T_in = T_g + (T_k − T_g)·exp(−U·L / (ṁ·c_p))"


def choices(asked: Asked) -> tuple[tuple[str, str], ...]:
    """Return the settings that intensities in pipes depend on."""
    settings = asked.settings
    return (
        (_("Network losses"), _(LOSSES[settings.losses])),
        (_("Losses of storage"), _(POLICIES[settings.storage_policy])),
    )


def summed_up(terms: Sequence[str]) -> str:
    """Return terms of a sum, the first ones where they are many."""
    return " + ".join(terms[:4]) + (" + …" if len(terms) > 4 else "")


# ------------------------------------------------------------------------------------------- nodes
def node_intensity(asked: Asked) -> Parts:
    """Explain the intensity at a node of a network of pipes by what flows into it."""
    lines = (_("Everything that flows into a node mixes, and leaves it with the same intensity."),)
    found = piped(asked)
    bare = Parts("method#heat", MIXING, lines=lines, settings=choices(asked))
    if found is None:
        return bare
    shares = meeting(found, asked.row)
    result = mixed(shares)
    if not same(result, asked.of(asked.quantity)):
        return bare
    power = sum(one.power for one in shares)
    worked = f"({summed_up([one.term for one in shares])}) / {exact(power)}"
    return Parts(
        "method#heat",
        MIXING,
        f"{worked} = {exact(result, 'g/kWh')}" if power > EMPTY else "",
        result,
        lines,
        shortened([one.input for one in shares], "kW"),
        choices(asked),
        assumed_sources(asked, found.net.network, found.net.sources.layer),
    )


def meeting(found: Piped, node: int) -> list[Share]:
    """Return all that meets at a node: pipes, suppliers, stores."""
    traced, case = found.traced, found.traced.case
    gross = found.asked.settings.losses == "gross"
    shares = []
    for k, far, sent, got in found.into(node):
        place = found.pipe(k)
        title = _("through {name}", name=found.asked.name(*place))
        key = found.asked.key("power", *place)
        shares.append(Share(title, sent if gross else got, float(traced.intensity[0, far]), key))
    for k in rows_at(case.gen_bus, node):
        if case.gen_power[0, k] > 0:
            name, about = found.supplier(k)
            shares.append(
                Share(name, float(case.gen_power[0, k]), float(case.gen_intensity[0, k]), about)
            )
    for k in rows_at(case.store_bus, node):
        if case.store_power[0, k] < 0:
            name, about = found.store(k)
            content = float(traced.store_intensity[0, k])
            title = _("out of {name}", name=name)
            shares.append(Share(title, float(-case.store_power[0, k]), content, about))
    return shares


def temperature(asked: Asked) -> Parts:
    """Explain the temperature of the supply at a node: what arrives mixes by its mass."""
    lines = (
        _("Water cools towards the ground on its way; at a node all that arrives mixes by mass."),
    )
    found = piped(asked)
    waters = [] if found is None else _arriving(found, asked.row)
    mass = sum(one.value for one, _warm in waters)
    result = sum(one.value * warm for one, warm in waters) / mass if mass > 0 else math.nan
    if found is None or not same(result, asked.of(asked.quantity)):
        return Parts("method#heat", WATERS, lines=lines)
    terms = [f"{exact(one.value)}·{exact(warm)}" for one, warm in waters]
    worked = f"({summed_up(terms)}) / {exact(mass)} = {exact(result, '°C')}"
    ground = Input(_("Ground"), found.net.ground, "°C")
    return Parts("method#heat", WATERS, worked, result, lines,
                 (*(one for one, _warm in waters), ground),
                 sources=(asked.layer_source(asked.layer_id),))  # fmt: skip


def _arriving(found: Piped, node: int) -> list[tuple[Input, float]]:
    """Return the water that comes to a node, kg/s, and how warm it arrives, °C."""
    served, net = found.served, found.net
    if served.mass is None or served.sent is None or served.temperature is None:
        return []
    waters = []
    for k, head, tail in zip(range(net.pipes.heads.size), net.pipes.heads, net.pipes.tails,
                             strict=True):  # fmt: skip
        flow = float(served.mass[0, k])
        if int(tail if flow >= 0 else head) != node or abs(flow) <= NO_FLOW:
            continue
        far = float(served.temperature[0, head if flow >= 0 else tail])
        kept = math.exp(-float(net.pipes.leak[k]) / (abs(flow) * WATER))
        warm = net.ground + (far - net.ground) * kept
        place = found.pipe(k)
        note = _("sets out at {start}, arrives at {end}", start=exact(far, "°C"),
                 end=exact(warm, "°C"))  # fmt: skip
        title = _("through {name}", name=found.asked.name(*place))
        waters.append(
            (Input(title, abs(flow), "kg/s", note, found.asked.key("velocity", *place)), warm)
        )
    supply = [*net.supply[net.sources.on], *(one.supply for one in found.carriers.givers(net))]
    for k in rows_at(served.flow.source_node, node):
        if served.sent[0, k] > NO_FLOW:
            name, about = found.supplier(k)
            note = "× " + exact(float(supply[k]), "°C")
            sent = Input(name, float(served.sent[0, k]), "kg/s", note, about)
            waters.append((sent, float(supply[k])))
    return waters


# ------------------------------------------------------------------------------------------- pipes
def pipe_power(asked: Asked) -> Parts:
    """Explain what a pipe carries: both ends, and what is lost between."""
    lines = (
        _("What flows into a node comes out of it; so a pipe carries what is used, lost and stored "
          "behind it, less what is fed in there."),
    )  # fmt: skip
    formula, sources = "P_from = −P_to + P_loss", (asked.layer_source(asked.layer_id),)
    found = piped(asked)
    k = None if found is None else found.pipe_number()
    if (
        found is None
        or k is None
        or not same(float(found.served.flow.p_from[0, k]), asked.of("power"))
    ):
        return Parts("method#heat", formula, lines=lines, sources=sources)
    flow = found.served.flow
    sent, back = float(flow.p_from[0, k]), float(flow.p_to[0, k])
    inputs = [
        Input(_("Into the pipe at its from-end"), sent, "kW"),
        Input(_("Into the pipe at its to-end"), back, "kW"),
        Input(_("Lost in the pipe"), sent + back, "kW"),
    ]
    if found.served.temperature is not None:
        inputs += [
            Input(
                _("Supply temperature at {name}", name=found.node(int(node))),
                float(found.served.temperature[0, node]),
                "°C",
                about=found.node_key("supply_temperature", int(node)),
            )
            for node in (flow.from_node[k], flow.to_node[k])
        ]
    worked = f"{exact(-back)} + {exact(sent + back)} = {exact(sent, 'kW')}"
    return Parts("method#heat", formula, worked, sent, lines, tuple(inputs), sources=sources)


def pipe_loading(asked: Asked) -> Parts:
    """Explain the loading of a pipe: its power over the power that it is made for."""
    power, rated = asked.of("power"), float(asked.layer.numbers("capacity_w")[asked.row]) / 1e3
    result = abs(power) / rated * 100
    inputs = (
        Input(_("Power"), power, "kW", about=asked.key("power")),
        Input(_("Rated power"), rated, "kW"),
    )
    worked = f"{exact(abs(power))} / {exact(rated)} · 100 % = {exact(result, '%')}"
    sources = (_("{file}: rating in column '{column}'", column="capacity_w",
                 file=asked.file(asked.layer.source)),)  # fmt: skip
    return Parts("method#heat", "|P| / P_n", worked, result, (), inputs, sources=sources)


def velocity(asked: Asked) -> Parts:
    """Explain the velocity of the water: its mass over density and bore."""
    lines = (_("Consumers draw the water that carries their power at their design temperatures."),)
    formula, sources = "v = ṁ / (ρ · π·d² / 4)", (asked.layer_source(asked.layer_id),)
    found = piped(asked)
    k = None if found is None else found.pipe_number()
    if found is None or k is None or found.served.mass is None:
        return Parts("method#heat", formula, lines=lines, sources=sources)
    mass = abs(float(found.served.mass[0, k]))
    bore = float(asked.layer.numbers("diameter_m")[asked.row])
    result = mass / (DENSITY * math.pi * bore**2 / 4)
    inputs = (
        Input(_("Water"), mass, "kg/s"),
        Input(_("Density"), DENSITY, "kg/m³"),
        Input(_("Bore"), bore, "m"),
    )
    worked = f"{exact(mass)} / ({exact(DENSITY)} · π·{exact(bore)}² / 4) = {exact(result, 'm/s')}"
    return Parts("method#heat", formula, worked, result, lines, inputs, sources=sources)


# ------------------------------------------------------------------------------------------- users
def consumption(asked: Asked) -> Parts:
    """Explain what a building or the district draws from the networks of a carrier."""
    carrier = asked.quantity.removesuffix("_consumption")
    whole = asked.layer_id not in asked.twin.layers
    inputs = []
    for layer in loads_of(asked, carrier):
        for row in _drawing(asked, layer, whole):
            power = asked.of("power", layer.id, row)
            if np.isfinite(power):
                about = asked.key("power", layer.id, row)
                inputs.append(Input(asked.name(layer.id, row), power, "kW", about=about))
    result = sum(one.value for one in inputs)
    worked = f"{summed_up([exact(one.value) for one in inputs])} = {exact(result, 'kW')}"
    lines = (
        _("What its loads draw from the network in this step, added up; what machines take is "
          "apart."),
    )  # fmt: skip
    sources = () if whole else tuple(
        dict.fromkeys(line for one in inputs if one.about is not None for line in given(
            asked, one.about.layer, asked.twin.layers[one.about.layer].row_of[one.about.element],
            "power"))
    )  # fmt: skip
    return Parts("data#joins", "P = Σ P_d", worked, result, lines, shortened(inputs, "kW"),
                 sources=sources)  # fmt: skip


def loads_of(asked: Asked, carrier: str) -> list[Layer]:
    """Return the tables of loads of a carrier's networks."""
    ids = [
        network.tables.get("load", "")
        for network in asked.twin.networks.values()
        if network.carrier == carrier
    ]
    return [asked.twin.layers[one] for one in ids if one in asked.twin.layers]


def _drawing(asked: Asked, layer: Layer, whole: bool) -> list[int]:
    """Return the rows of the loads in question that are in service."""
    on = layer.numbers("status", 1.0) != 0
    if not whole and asked.layer_id != layer.id:
        if not layer.has("building"):
            return []
        on &= layer.column("building") == asked.element
    return [int(row) for row in np.flatnonzero(on)]


def used_intensity(asked: Asked) -> Parts:
    """Explain the intensity of what a building draws from pipes: that of its nodes, by load."""
    carrier = asked.quantity.removesuffix("_intensity")
    shares = []
    for layer in loads_of(asked, carrier):
        nodes = _nodes_of(asked, layer)
        for row in _drawing(asked, layer, whole=False):
            node = str(layer.column("node")[row])
            if nodes is None or node not in nodes.row_of:
                continue
            at = nodes.row_of[node]
            shares.append(Share(
                _("load at {name}", name=asked.name(nodes.id, at)),
                asked.of("power", layer.id, row), asked.of(asked.quantity, nodes.id, at),
                asked.key(asked.quantity, nodes.id, at)))  # fmt: skip
    shares = [one for one in shares if np.isfinite(one.power) and one.power > EMPTY]
    result, power = mixed(shares), sum(one.power for one in shares)
    worked = f"({summed_up([one.term for one in shares])}) / {exact(power)}"
    lines = (_("Every load has the intensity of its node; the power of the loads weights them."),)
    return Parts("method#heat", "e = Σ L·E / Σ L", f"{worked} = {exact(result, 'g/kWh')}", result,
                 lines, shortened([one.input for one in shares], "kW"), choices(asked))  # fmt: skip


def load_intensity(asked: Asked) -> Parts:
    """Explain the intensity of one load of a network of pipes: that of its node."""
    nodes = _nodes_of(asked, asked.layer)
    node = str(asked.layer.column("node")[asked.row])
    at = nodes.row_of[node] if nodes is not None and node in nodes.row_of else None
    if nodes is None or at is None:
        return Parts("method#heat", "e = E_node", settings=choices(asked))
    value = asked.of(asked.quantity, nodes.id, at)
    name = asked.name(nodes.id, at)
    about = asked.key(asked.quantity, nodes.id, at)
    lines = (_("The load has the intensity of {name}.", name=name),)
    return Parts("method#heat", "e = E_node", f"e = {exact(value, 'g/kWh')}", value, lines,
                 (Input(name, value, "g/kWh", about=about),), choices(asked))  # fmt: skip


def _nodes_of(asked: Asked, loads: Layer) -> Layer | None:
    """Return the nodes of the network that some loads belong to."""
    for network in asked.twin.networks.values():
        if network.tables.get("load") == loads.id:
            return asked.twin.layers.get(network.tables["node"])
    return None
