"""What the user answered when files were opened, as one word of a command line."""

from collections.abc import Collection, Mapping

from twinview.i18n import _
from twinview.model.problem import CommandError


def to_text(answers: Mapping[str, str]) -> str:
    """Return answers as an argument: ``crs=EPSG:25832;tz=Europe/Berlin``."""
    return ";".join(f"{option}={answer}" for option, answer in answers.items())


def from_text(text: str) -> dict[str, str]:
    """Return the answers by option."""
    pairs = (pair.partition("=") for pair in text.split(";"))
    return {option: answer for option, _sign, answer in pairs if answer}


def choices_in(text: str, known: Collection[str]) -> dict[str, str]:
    """Return the choices that a text such as ``year=2023;tz=Europe/Berlin`` makes.

    Parameters
    ----------
    text
        Words and values.
    known
        Words that there are.

    Raises
    ------
    CommandError
        A word is not known.
    """
    found = {word.strip(): value.strip() for word, value in from_text(text).items()}
    unknown = next((word for word in found if word not in known), None)
    if unknown is not None:
        raise CommandError(
            _(
                "There is no choice '{word}'; there are {known}, written WORD=VALUE with "
                "semicolons between.",
                word=unknown,
                known=", ".join(known),
            )
        )
    return found
