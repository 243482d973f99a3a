"""Buildings of a district as buses of the tracing."""

from twinview.energy.arrays import Bools
from twinview.energy.district import District
from twinview.energy.following import Stretch
from twinview.energy.netting import Devices as Placed
from twinview.energy.netting import Netted, net_buildings
from twinview.energy.powerflow import Flow

MANY_SITES = 20_000
"""Sites beyond which only those that need it are traced as buses of their own."""


def net_sites(district: District, stretch: Stretch, flow: Flow, netting: bool) -> Netted:
    """Put each building behind a bus of its own, so that its own power serves it first.

    Parameters
    ----------
    district
        The network.
    stretch, flow
        Its powers and their flow.
    netting
        Whether a building's own generation serves it first.
    """
    grid, at, many = district.grid, district.place, len(district.loads)
    real = ~grid.is_link | ~grid.closed
    every = bool(real.all())  # nothing has to be picked out of large tables
    return net_buildings(
        int(at.max(initial=-1)) + 1,
        (
            at[grid.from_bus[real]],
            at[grid.to_bus[real]],
            flow.p_from if every else flow.p_from[:, real],
            flow.p_to if every else flow.p_to[:, real],
        ),
        at[district.sites],
        Placed(at[district.gens.bus], flow.gen_p, district.gens.site),
        Placed(at[district.loads.bus], flow.load_p[:, :many], district.loads.site),
        Placed(at[district.stores.bus], stretch.storing.power, district.stores.site),
        rule="netted" if netting else "mixed",
        apart=_apart(district, flow),
    )


def _apart(district: District, flow: Flow) -> Bools | None:
    """Return which sites are more than a part of their node's load; None for all of few. [b]."""
    if district.sites.size <= MANY_SITES:
        return None
    site, apart = district.loads.site, district.active.copy()
    giving = (flow.load_p[:, : site.size] < 0).any(axis=0)
    apart[site[giving & (site >= 0)]] = True
    return apart
