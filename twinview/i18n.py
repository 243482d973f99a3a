"""English and Simplified Chinese, for the core, the command line and the window alike.

`_("text")` translates now, `N_("text")` marks a text that is translated later (in tables).
Placeholders are named (`{count}`), so that a translation can move them.
"""

import gettext
import locale
import os
from functools import cache
from pathlib import Path

LANGUAGES = {"en": "English", "zh_CN": "简体中文"}
DOMAIN = "twinview"
_FOLDER = Path(__file__).parent / "locale"
_state: dict[str, gettext.NullTranslations | str] = {}


def set_language(code: str | None = None) -> str:
    """Switch all texts to a language and return its code.

    Parameters
    ----------
    code
        One of `LANGUAGES`; None follows the system.
    """
    chosen = code if code in LANGUAGES else _system_language()
    _state["code"] = chosen
    _state["catalogue"] = _catalogue(chosen)
    return chosen


def language() -> str:
    """Return the code of the language in use."""
    if "code" not in _state:
        set_language()
    return str(_state["code"])


def _(text: str, /, **values: object) -> str:
    """Translate a text and fill in its named placeholders."""
    language()
    catalogue = _state["catalogue"]
    assert isinstance(catalogue, gettext.NullTranslations)
    translated = catalogue.gettext(text) if text else ""
    return translated.format(**values) if values else translated


def said_in(code: str, text: str) -> str:
    """Translate a text into a language that need not be the one in use.

    Parameters
    ----------
    code
        One of `LANGUAGES`.
    text
        Marked for translation.
    """
    return _catalogue(code).gettext(text) if text else ""


@cache
def _catalogue(code: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, _FOLDER, [code], fallback=True)


def N_(text: str) -> str:  # noqa: N802  (the name that extraction tools know)
    """Mark a text for translation and return it unchanged."""
    return text


def _system_language() -> str:
    named = os.environ.get("TWINVIEW_LANG") or os.environ.get("LC_ALL") or os.environ.get("LANG")
    code = named or (locale.getlocale()[0] or "")
    return "zh_CN" if code.lower().startswith(("zh", "chinese")) else "en"
