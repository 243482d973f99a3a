"""What tells a district's data from others': results that lie under it are of these data."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from twinview.model.join import Join
from twinview.readers.registry import Options
from twinview.session import cache
from twinview.session.project import Source


def digest_of(
    hashes: Mapping[str, str], sources: Sequence[Source], joins: Sequence[Join], crs: str
) -> str:
    """Return a name for data as they were read.

    Parameters
    ----------
    hashes
        Of the files' content, by source id; of those that were read alone.
    sources
        How they are read.
    joins, crs
        How their tables hang together, and the district's coordinate system.
    """
    ways = {one.id: way for one in sources if one.id in hashes and (way := _way(one))}
    joined = [one.__dict__ for one in joins]
    return cache.key(sorted(hashes.items()), joined, crs, *([ways] if ways else []))


def _way(source: Source) -> dict[str, str]:
    """Return what the content of a source depends on beside its file's, as far as it is said.

    The name of the file names layers and tables; a source is called like it at first.
    """
    name = Path(source.path).stem
    named = {} if name == source.id else {"name": name}
    return {**Options.from_dict(source.options).as_dict(), **named}
