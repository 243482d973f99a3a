"""What the user answered when files were opened, as one word of a command line."""

from collections.abc import Mapping


def to_text(answers: Mapping[str, str]) -> str:
    """Return answers as an argument: ``crs=EPSG:25832;tz=Europe/Berlin``."""
    return ";".join(f"{option}={answer}" for option, answer in answers.items())


def from_text(text: str) -> dict[str, str]:
    """Return the answers by option."""
    pairs = (pair.partition("=") for pair in text.split(";"))
    return {option: answer for option, _sign, answer in pairs if answer}
