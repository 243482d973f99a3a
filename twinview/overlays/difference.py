"""B - A: a scenario less the base, or an instant less another one."""

from twinview.i18n import N_
from twinview.model.twin import BASE, Twin
from twinview.scene.overlay import Painted, overlay
from twinview.scene.painting import DIFFERENCE, comparable, difference
from twinview.scene.view import View


def available(twin: Twin) -> bool:
    """Tell whether there is anything to compare, and something to compare it with."""
    return (twin.scenario != BASE or twin.time.count > 1) and bool(comparable(twin))


@overlay(DIFFERENCE, N_("Difference"), available, order=85)
def paint(twin: Twin, view: View) -> Painted:
    """Colour by the difference of two instants; that of two cases is made where both are known."""
    return difference(twin, view)
