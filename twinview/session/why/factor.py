"""Where the intensity of imports comes from: a series, a setting, or a factor of the book."""

import numpy as np

from twinview.energy.factors import Factor
from twinview.i18n import N_, _
from twinview.model.problem import CommandError
from twinview.model.twin import Layer, Network
from twinview.scene.numbers import number
from twinview.session.factor_book import assumed_factor, choose, parse_reference
from twinview.session.why.again import Again
from twinview.session.why.asked import Asked
from twinview.session.why.derivation import Parts
from twinview.session.why.made import given
from twinview.session.why.piped import carrier_of

VERIFIED = {
    "primary": N_("read in the publication"),
    "secondary": N_("read in a text that quotes it"),
    "no": N_("not verified"),
}


def has_series(asked: Asked) -> bool:
    """Tell whether the import has an intensity over time."""
    return any(
        asked.series(one.id, "carbon_intensity") is not None for one in asked.twin.of_kind("source")
    )


def import_settings(asked: Asked) -> tuple[tuple[str, str], ...]:
    """Return what the import's intensity is taken from."""
    settings = asked.settings
    if has_series(asked):
        return ((_("Intensity of imports"), _("time series of the grid connection")),)
    if settings.import_intensity is not None:
        value = number(settings.import_intensity, 4, "g/kWh")
        return ((_("Intensity of imports"), _("{value}, set in the project", value=value)),)
    return ((_("Intensity of imports"), _("factor {name}", name=settings.import_factor)),)


def import_sources(asked: Asked, found: Again | None = None) -> tuple[str, ...]:
    """Return source, validity and verified flag of the import's intensity."""
    if has_series(asked):
        layer = next(
            one
            for one in asked.twin.of_kind("source")
            if asked.series(one.id, "carbon_intensity") is not None
        )
        return given(asked, layer.id, 0, "carbon_intensity")
    if asked.settings.import_intensity is not None:
        return ()
    try:
        named = asked.settings.import_factor
        wanted = parse_reference(named, "electricity", _("the import of electricity"))
        chosen = choose(asked.state.project, asked.twin.time, wanted)
    except CommandError as error:
        return (str(error),)
    assumed = (
        ()
        if found is None
        else tuple(one.message for one in found.said if one.code == "storage.initial_content")
    )
    return (told(chosen.factor), *(one.message for one in chosen.problems), *assumed)


def assumed_sources(asked: Asked, network: Network, sources: Layer | None) -> tuple[str, ...]:
    """Return where the intensity of what feeds a network of pipes is from: file, or factor.

    Parameters
    ----------
    asked
        The question.
    network, sources
        The network and the table of its sources, if it has one.
    """
    if sources is None:
        return ()
    if asked.series(sources.id, "carbon_intensity") is not None:
        return given(asked, sources.id, 0, "carbon_intensity")
    column = "intensity_g_per_kwh"
    said = np.isfinite(sources.numbers(column))
    found = []
    if said.any():
        found.append(_("{file}: layer '{layer}', column '{column}'", column=column,
                       file=asked.file(sources.source), layer=sources.title))  # fmt: skip
    factor = None if said.all() else assumed_factor(network.carrier, asked.state.project)
    if factor is not None:
        found.append(told(factor))
    return tuple(found)


def told(factor: Factor) -> str:
    """Return a factor in words: value, statistic, validity, source, how well it was checked."""
    begin, end = factor.valid_from, factor.valid_to
    return _(
        "Factor {value} ({region}, {kind}, valid {begin} to {end}): {source}; {verified}.",
        value=number(factor.value, 4, factor.unit),
        region=factor.region,
        kind=factor.kind,
        begin=begin or _("always"),
        end=end or _("today"),
        source=factor.source,
        verified=_(VERIFIED[factor.verified]),
    )


def import_intensity(asked: Asked) -> Parts:
    """Explain the intensity of a grid connection that has a series of its own."""
    value = asked.of("carbon_intensity")
    if carrier_of(asked) not in {"", "electricity"}:
        return Parts(
            "method#factors",
            "e = e(t)",
            result=value,
            lines=(_("Average intensity of what this source delivers in this step."),),
            sources=given(asked, asked.layer_id, asked.row, "carbon_intensity"),
        )
    return Parts(
        "method#factors",
        "e = e(t)",
        result=value,
        lines=(_("Average intensity of the power that the outer grid delivers in this step."),),
        settings=import_settings(asked),
        sources=import_sources(asked),
    )
