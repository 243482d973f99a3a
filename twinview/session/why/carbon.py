"""Why a carbon intensity or an emission is what it is: mixing at buses, buildings, stores."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from twinview.energy.compute import EMPTY
from twinview.i18n import N_, _
from twinview.scene.numbers import percent
from twinview.session.why.again import Again, again, same
from twinview.session.why.asked import Asked, shortened
from twinview.session.why.derivation import Input, Key, Parts, exact
from twinview.session.why.factor import import_settings, import_sources

NETTED = {True: N_("own generation serves the building first"), False: N_("mixed at the bus")}
LOSSES = {
    "branch": N_("booked to lines and transformers (carbon emission flow)"),
    "gross": N_("borne by the consumers (gross flows)"),
}
TRACE = 5e-4
"""A share below this is not worth a word."""
POLICIES = {
    "pass_on": N_("losses ride with the energy"),
    "owner": N_("losses are booked to the owner"),
    "zero": N_("charging is a load, discharge is free of carbon"),
}


@dataclass(frozen=True)
class Share:
    """One thing that meets at a bus: kW, and its carbon in g/kWh."""

    name: str
    power: float
    intensity: float
    about: Key | None = None

    @property
    def term(self) -> str:
        """As in a worked formula."""
        return f"{exact(self.power)}·{exact(self.intensity)}"

    @property
    def input(self) -> Input:
        """As a row."""
        note = f"× {exact(self.intensity, 'g/kWh')}"
        return Input(self.name, self.power, "kW", note, self.about)


def mixed(shares: Sequence[Share]) -> float:
    """Return the intensity of what meets at a bus; NaN where nothing does."""
    power = sum(one.power for one in shares)
    carbon = sum(one.power * one.intensity for one in shares)
    return carbon / power if power > EMPTY else float("nan")


def choices(asked: Asked) -> tuple[tuple[str, str], ...]:
    """Return the settings that every traced intensity depends on."""
    settings = asked.settings
    return (
        (_("Own generation"), _(NETTED[settings.netting])),
        (_("Network losses"), _(LOSSES[settings.losses])),
        (_("Losses of storage"), _(POLICIES[settings.storage_policy])),
        *import_settings(asked),
    )


def node_intensity(asked: Asked) -> Parts:
    """Explain the intensity at a node by what flows into it."""
    found = again(asked)
    lines = (_("Everything that flows into a node mixes, and leaves it with the same intensity."),)
    formula = "E = (Σ P·E + Σ G·e + Σ D·w) / (Σ P + Σ G + Σ D)"
    if found is None:
        return _untraced(asked, formula, lines)
    shares = meeting(asked, found, asked.row)
    return _traced(asked, found, shares, formula, lines)


def meeting(asked: Asked, found: Again, bus: int) -> list[Share]:
    """Return all that meets at a bus: inflows, injections, stores."""
    gross = found.gross
    shares = [
        Share(
            _("through {name}", name=_branch_name(asked, found, one.branch)),
            one.sent if gross else one.received,
            found.intensity(one.bus),
            _branch_key(asked, found, one.branch),
        )
        for one in found.inflows(bus)
    ]
    return shares + injected(found, bus)


def injected(found: Again, bus: int) -> list[Share]:
    """Return what is put in at a bus by the grid connection, generators and stores."""
    case = found.followed.traced.case
    shares = []
    for k in np.flatnonzero((case.gen_bus == bus) & (case.gen_power[0] > 0)).tolist():
        name, about = _injection(found, k)
        intensity = float(case.gen_intensity[0, k])
        shares.append(Share(name, float(case.gen_power[0, k]), intensity, about))
    for k in np.flatnonzero((case.store_bus == bus) & (case.store_power[0] < 0)).tolist():
        name, about = found.device("storage", k)
        intensity = float(found.followed.traced.store_intensity[0, k])
        power = float(-case.store_power[0, k])
        shares.append(Share(_("out of {name}", name=name), power, intensity, about))
    return shares


def building_intensity(asked: Asked) -> Parts:
    """Explain a building's intensity: its own power first, then that of its node."""
    found = again(asked)
    lines: tuple[str, ...] = (
        _(
            "What the building generates itself serves it first; the rest comes from its node "
            "with the node's intensity."
        )
        if asked.settings.netting
        else _("The building has the intensity of its node, with which all its neighbours mix."),
    )
    formula = "e = (Σ G·e_own + Σ D·w + I·E_node) / (Σ G + Σ D + I)"
    if found is None:
        return _untraced(asked, formula, lines)
    sites = _served(asked, found)
    if len(sites) > 1:
        return _several(asked, found, sites, lines)
    if not sites:
        return _untraced(asked, formula, lines)
    site, _used = sites[0]
    lines += _from_where(found, site)
    return _traced(asked, found, site_shares(asked, found, site), formula, lines)


def site_shares(asked: Asked, found: Again, site: int) -> list[Share]:
    """Return what serves a building at one of its connections."""
    net, node = found.followed.netted, int(found.district.sites[site])
    bus = int(net.building_bus[site])
    if bus == node:
        return meeting(asked, found, node)
    about = found.node_key("carbon_intensity", node)
    title = _("from {name}", name=found.node(node))
    drawn = [
        Share(title, one.received, found.intensity(one.bus), about) for one in found.inflows(bus)
    ]
    return [*injected(found, bus), *drawn]


def _served(asked: Asked, found: Again) -> list[tuple[int, float]]:
    """Return site and load in kW of each connection of the building that draws something."""
    loads, used = found.district.loads, found.followed.traced.case.load_power[0]
    pairs = [
        (int(site), float(used[: len(loads)][loads.site == site].sum()))
        for site in found.sites_of(asked.row)
    ]
    return [pair for pair in pairs if pair[1] > EMPTY] or pairs[:1]


def _several(
    asked: Asked, found: Again, sites: list[tuple[int, float]], lines: tuple[str, ...]
) -> Parts:
    """Explain a building that is connected at several nodes: the mean by load."""
    net, sites_at = found.followed.netted, found.district.sites
    shares = [
        Share(
            _("load at {name}", name=found.node(int(sites_at[site]))),
            used,
            found.intensity(int(net.building_bus[site])),
            found.node_key("carbon_intensity", int(sites_at[site])),
        )
        for site, used in sites
    ]
    lines += (_("The building is connected at several nodes; its load weights them."),)
    return _traced(asked, found, shares, "e = Σ L·E / Σ L", lines)


def _traced(
    asked: Asked, found: Again, shares: list[Share], formula: str, lines: tuple[str, ...]
) -> Parts:
    """Return the parts of an intensity worked out of shares, if they give the number shown."""
    result, shown = mixed(shares), asked.of("carbon_intensity")
    if not same(result, shown):
        return _untraced(asked, formula, lines)
    power = sum(one.power for one in shares)
    worked = ""
    if power > EMPTY:
        sums = " + ".join(one.term for one in shares[:4]) + (" + …" if len(shares) > 4 else "")
        worked = f"({sums}) / {exact(power)} = {exact(result, 'g/kWh')}"
    return Parts(
        "method#tracing",
        formula,
        worked,
        result,
        lines,
        shortened([one.input for one in shares], "kW"),
        choices(asked),
        import_sources(asked, found),
    )


def _untraced(asked: Asked, formula: str, lines: tuple[str, ...]) -> Parts:
    said = _("The step could not be worked out again from what is kept; only the method is shown.")
    return Parts("method#tracing", formula, lines=(*lines, said), settings=choices(asked))


def _from_where(found: Again, site: int) -> tuple[str, ...]:
    """Say which sources the power at a connection comes from, however far away they are."""
    traced, district = found.followed.traced, found.district
    bus = int(found.followed.netted.building_bus[site])
    by_source, by_store = traced.source_share(bus)[0], traced.store_share(bus)[0]
    if not np.isfinite(by_source).all():
        return ()
    imports, gens = len(district.sources), len(district.gens)
    made = by_source[imports : imports + gens]
    own = district.gens.site == site
    rows = (
        (_("grid import"), by_source[:imports].sum()),
        (_("own generation"), made[own].sum()),
        (_("generation elsewhere in the district"), made[~own].sum()),
        (_("storage"), by_store.sum()),
    )
    told = [f"{name} {percent(float(share), 3)}" for name, share in rows if share > TRACE]
    return (_("Where the power comes from: {shares}.", shares=" · ".join(told)),) if told else ()


def _branch_name(asked: Asked, found: Again, k: int) -> str:
    place = found.branch(k)
    if place is not None:
        return asked.name(*place)
    row = int(found.district.building_row[_site_of(found, k)])
    assert found.district.building is not None
    return asked.name(found.district.building.id, row)


def _branch_key(asked: Asked, found: Again, k: int) -> Key | None:
    place = found.branch(k)
    return None if place is None else asked.key("power", *place)


def _site_of(found: Again, k: int) -> int:
    """Return the site that a connection of a building, a branch without a line, belongs to."""
    net = found.followed.netted
    ends = (int(net.from_bus[k]), int(net.to_bus[k]))
    return int(np.flatnonzero(np.isin(net.building_bus, ends))[0])


def _injection(found: Again, k: int) -> tuple[str, Key | None]:
    """Return name and key of an injection of the tracing: sources, generators, loads that give."""
    district = found.district
    for component, devices in (("source", district.sources), ("sym_gen", district.gens)):
        if k < len(devices):
            return found.device(component, k)
        k -= len(devices)
    giving = np.flatnonzero(found.followed.flow.load_p[0, : len(district.loads)] < 0)
    return found.device("sym_load", int(giving[k]))


def load_intensity(asked: Asked) -> Parts:
    """Explain the intensity of a load that belongs to no building."""
    found = again(asked)
    formula = "e = E_node"
    if found is None or found.district.loads.layer is None:
        return _untraced(asked, formula, ())
    node = int(found.district.loads.bus[asked.row])
    shares = meeting(asked, found, int(found.followed.netted.load_bus[asked.row]))
    lines = (_("The load has the intensity of {name}.", name=found.node(node)),)
    return _traced(asked, found, shares, formula, lines)


def emission(asked: Asked) -> Parts:
    """Explain an emission: what is used now times how carbon-heavy that is now."""
    used, carbon = asked.of("consumption"), asked.of("carbon_intensity")
    result = used * carbon / 1000
    return Parts(
        "method#indicators",
        "Ė = P · e / 1000",
        f"{exact(used)} · {exact(carbon)} / 1000 = {exact(result, 'kg/h')}",
        result,
        (_("What is used in this step times how carbon-heavy that is; heat and fuel are apart."),),
        (
            Input(_("Consumption"), used, "kW", about=asked.key("consumption")),
            Input(_("Carbon intensity"), carbon, "g/kWh", about=asked.key("carbon_intensity")),
        ),
        choices(asked),
    )
