"""Notes: instants that the user has marked, kept with the project."""

from twinview.model.kept import Kept


class Note(Kept):
    """An instant that the user has marked.

    Parameters
    ----------
    seconds
        Instant, seconds since 1970 in UTC.
    title
        What it says; notes are told apart by it.
    """

    seconds: int
    title: str
