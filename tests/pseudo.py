"""A language of double length, to see whether texts still fit: `install(monkeypatch)`."""

import gettext
import re

from twinview import i18n

CODE = "pseudo"


class Pseudo(gettext.NullTranslations):
    """Makes every text about twice as long; placeholders stay and come once."""

    def gettext(self, message: str) -> str:
        """Return a text and, behind it, its letters once more."""
        filling = re.sub(r"\{[^{}]*\}", "", message).strip()
        return f"{message} {filling}" if filling else message


def install(monkeypatch) -> None:
    """Speak the language of double length until the test ends; `set_language` knows it too."""
    genuine = gettext.translation

    def translation(domain, localedir=None, languages=None, **others):
        if languages == [CODE]:
            return Pseudo()
        return genuine(domain, localedir, languages, **others)

    monkeypatch.setattr(gettext, "translation", translation)
    monkeypatch.setitem(i18n.LANGUAGES, CODE, "Pseudo Pseudo")
    monkeypatch.setattr(i18n, "_state", {})
    i18n.set_language(CODE)
