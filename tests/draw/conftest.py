"""One application for all drawing tests, shipped fonts, English."""

import pytest

from twinview import i18n
from twinview.draw.fonts import shipped_fonts


@pytest.fixture(autouse=True)
def drawing(qapp):
    """Draw as pictures are drawn: with the shipped fonts, in English."""
    i18n.set_language("en")
    with shipped_fonts():
        yield
    i18n.set_language("en")
