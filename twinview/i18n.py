"""English and Simplified Chinese, for the core, the command line and the window alike.

`_("text")` translates now, `N_("text")` marks a text that is translated later (in tables).
Placeholders are named (`{count}`), so that a translation can move them.
"""

import gettext
import locale
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

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


class Said(str):
    """A translated text that knows what it was made of, so that it can be said again.

    Attributes
    ----------
    id, values
        The text before translation, and what fills its placeholders.
    """

    __slots__ = ("id", "values")
    id: str
    values: Mapping[str, object]


def _(text: str, /, **values: object) -> str:
    """Translate a text and fill in its named placeholders."""
    language()
    catalogue = _state["catalogue"]
    assert isinstance(catalogue, gettext.NullTranslations)
    translated = catalogue.gettext(text) if text else ""
    said = Said(translated.format(**values) if values else translated)
    said.id, said.values = text, values
    return said


def again(text: str) -> str:
    """Say a text in the language in use now; one that was put together stays as it is.

    Parameters
    ----------
    text
        As `_` returned it, or any other text.
    """
    if not isinstance(text, Said):
        return text
    filled = {key: again(one) if isinstance(one, str) else one for key, one in text.values.items()}
    return _(text.id, **filled)


def kept(text: str) -> Any:
    """Return a text in a form that can be written as JSON and be said again (`from_kept`)."""
    if not isinstance(text, Said):
        return str(text)
    return {"id": text.id, "values": {key: _plain(one) for key, one in text.values.items()}}


def from_kept(said: Any) -> str:
    """Say in the language in use what `kept` returned."""
    if not isinstance(said, Mapping):
        return str(said)
    filled = {key: from_kept(one) if isinstance(one, str | Mapping) else one
              for key, one in said["values"].items()}  # fmt: skip
    return _(said["id"], **filled)


def _plain(value: object) -> Any:
    if isinstance(value, str):
        return kept(value)
    whole = getattr(value, "item", None)  # a number of numpy
    value = whole() if callable(whole) else value
    return value if isinstance(value, int | float) else str(value)


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
