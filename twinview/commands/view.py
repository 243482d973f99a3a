"""Look at the district: overlay, theme, layers, language."""

from dataclasses import replace

from twinview.i18n import LANGUAGES, N_, _, set_language
from twinview.model.problem import CommandError
from twinview.scene.daylight import sun_at
from twinview.scene.overlay import available, overlays
from twinview.scene.painting import DIFFERENCE, comparable
from twinview.scene.view import Against, View
from twinview.session.cases import check_scenario
from twinview.session.command import Need, command
from twinview.session.store import Session

MOST_SHADOWS = 100_000
"""Buildings up to which shadows follow the clock quickly enough."""


@command("overlay.show", N_("Show an overlay"), menu=N_("View"))
def show(session: Session, overlay: str) -> View:
    """Show an overlay by its id."""
    if overlay not in overlays():
        raise CommandError(
            _(
                "There is no overlay '{id}'; there are {known}.",
                id=overlay,
                known=", ".join(overlays()),
            )
        )
    if overlay not in available(session.state.twin):
        raise CommandError(
            _(
                "The data do not hold what '{id}' shows; compute first, or choose one of {known}.",
                id=overlay,
                known=", ".join(available(session.state.twin)),
            )
        )
    return replace(session.state.view, overlay=overlay)


@command("overlay.attribute", N_("Colour by attribute..."), menu=N_("View"), icon="fa6s.palette")
def attribute(session: Session, column: str) -> View:
    """Colour a layer by one of its columns, written layer.column."""
    layer_id, _dot, name = column.rpartition(".")
    layer = session.state.twin.layers.get(layer_id)
    if layer is None or not layer.has(name):
        raise CommandError(_("There is no column '{column}'; write LAYER.COLUMN.", column=column))
    return replace(session.state.view, overlay="attribute", attribute=column)


def _check_comparable(session: Session) -> None:
    """Refuse where no overlay has numbers that could be subtracted, or nothing to subtract."""
    state = session.state
    if not comparable(state.twin):
        raise CommandError(
            _("There is nothing to subtract yet: compute first, or open data with series.")
        )
    if state.twin.time.static and len(state.beside.twins) == 1:
        raise CommandError(
            _("There is nothing to compare with: the data hold one instant and no scenario. "
              "Make one with 'New scenario'.")
        )  # fmt: skip


@command("overlay.difference", N_("Difference..."), menu=N_("View"), icon="fa6s.code-compare",
         needs=(Need(_check_comparable),))  # fmt: skip
def difference(session: Session, of: str, scenario: str = "", hours: float = 0.0) -> View:
    """Show B - A of an overlay, such as emission: what is shown less the same of a case (base, or
    a scenario) or of an instant some hours later (-168: the same hour a week before).
    """
    state = session.state
    able = comparable(state.twin)
    if of not in able:
        raise CommandError(
            _("There is no difference of '{id}'; there are {known}.", id=of,
              known=", ".join(able) or _("none yet"))
        )  # fmt: skip
    if scenario:
        check_scenario(state.project, scenario)
    return replace(state.view, overlay=DIFFERENCE, against=Against(of, scenario, hours))


@command("view.theme", N_("Light or dark"), menu=N_("View"), icon="fa6s.circle-half-stroke")
def theme(session: Session, name: str) -> View:
    """Choose the light or the dark look."""
    if name not in {"light", "dark"}:
        raise CommandError(_("The theme is light or dark, not '{name}'.", name=name))
    return replace(session.state.view, theme="dark" if name == "dark" else "light")


@command("view.sun", N_("Sun and shadows"), menu=N_("View"), icon="fa6s.sun")
def sun(session: Session) -> View:
    """Let the sun of the instant light the city and shade the ground, or a light that is fixed."""
    state = session.state
    if not state.view.sun:
        if sun_at(state.twin, state.view.time) is None:
            raise CommandError(_("The sun needs a clock and a known place on Earth."))
        count = sum(len(one) for one in state.twin.of_kind("building"))
        if count > MOST_SHADOWS:
            raise CommandError(
                _("Shadows of the sun are drawn for at most {most} buildings.", most=MOST_SHADOWS)
            )
    return replace(state.view, sun=not state.view.sun)


@command("view.language", N_("Language"), menu=N_("View"), icon="fa6s.language")
def language(session: Session, code: str) -> View:
    """Switch all texts to a language."""
    if code not in LANGUAGES:
        raise CommandError(
            _(
                "There is no language '{code}'; there are {known}.",
                code=code,
                known=", ".join(LANGUAGES),
            )
        )
    set_language(code)
    return replace(session.state.view)


@command("view.refresh", N_("Draw anew"))
def refresh(session: Session) -> View:
    """Draw the view anew as it is."""
    return replace(session.state.view)
