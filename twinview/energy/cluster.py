"""Power flows on a cluster of `dask.distributed`.

The grid goes to the scheduler once, as a task whose answer the workers keep: a worker that is lost
takes nothing along that the scheduler could not have made again. Runs of steps follow, as many as
keep the workers busy.
"""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import version
from platform import python_version_tuple
from typing import Any

from twinview.energy.ahead import Crew
from twinview.energy.batch import Flow
from twinview.energy.grid import Grid
from twinview.energy.powerflow import Injections, Ready
from twinview.energy.voltage import Control
from twinview.i18n import _
from twinview.model.problem import CommandError

ANSWER = 5.0
"""Seconds within which a scheduler has to answer and to have a worker."""
AHEAD = 2
"""Runs for each thread of the cluster: one under way, one waiting beside it."""
LARGE_TASKS = {"distributed.admin.large-graph-warning-threshold": "1 TB"}
"""Powers travel with their task, so that the scheduler can send them again: no warning of that."""
FETCHED = 4
"""Flows that are brought here at a time."""
PACKAGES = ("twinview", "numpy", "power-grid-model")
"""What must be the same everywhere, so that the numbers are."""

Versions = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Cluster:
    """The workers of a scheduler.

    Parameters
    ----------
    address
        Of the scheduler, such as ``tcp://10.0.0.5:8786``.
    """

    address: str

    @contextmanager
    def engage(self, grid: Grid, control: Control | None, runs: int) -> Iterator[Crew]:
        """Make ready for a grid; see `Workers`.

        Raises
        ------
        CommandError
            The cluster cannot be reached or used; the sentence says why.
        ValueError
            The grid has a fatal finding.
        """
        ready = Ready(grid, control)
        client = connected(self.address)
        dask: Any = import_module("dask")
        fetching = ThreadPoolExecutor(FETCHED, thread_name_prefix="fetch")
        try:
            with dask.config.set(LARGE_TASKS):
                held = client.submit(_hold, ready, pure=False)
                threads = sum(client.nthreads().values())

                def submit(injections: Injections) -> _Answer:
                    future = client.submit(_solve, held, injections, versions(), pure=False)
                    return _Answer(future, fetching.submit(_fetch, future, self.address))

                yield Crew(submit, max(1, min(AHEAD * threads, runs)))
        finally:
            fetching.shutdown(wait=False, cancel_futures=True)
            client.close(timeout=ANSWER)


def connected(address: str) -> Any:
    """Return a client of a scheduler that has workers.

    Parameters
    ----------
    address
        Of the scheduler.

    Raises
    ------
    CommandError
        The extra is not installed, nobody answers, or there is no worker.
    """
    try:
        distributed: Any = import_module("distributed")
    except ImportError as error:
        raise CommandError(
            _('Computing on a cluster needs dask.distributed: install "twinview[cluster]".')
        ) from error
    try:
        # A client that is made in vain for an address of no known kind cannot be closed either.
        import_module("distributed.comm").get_address_host(address)
        client = distributed.Client(address, timeout=ANSWER, set_as_default=False)
    except (OSError, ValueError) as error:  # TimeoutError is an OSError
        raise CommandError(
            _(
                "No scheduler answers at '{address}'. Start one with 'dask scheduler' and give its "
                "address, or leave --scheduler out to compute here.",
                address=address,
            )
        ) from error
    try:
        client.wait_for_workers(1, timeout=ANSWER)
    except TimeoutError as error:
        client.close()
        raise CommandError(
            _(
                "The scheduler at '{address}' has no worker. Start some with "
                "'dask worker {address}'.",
                address=address,
            )
        ) from error
    return client


@cache
def versions() -> Versions:
    """Return the versions that numbers depend on, here."""
    python = ".".join(python_version_tuple()[:2])
    return (("python", python), *((name, version(name)) for name in PACKAGES))


def differing(theirs: Versions, ours: Versions) -> str:
    """Return in words which versions differ; empty where none does.

    Parameters
    ----------
    theirs, ours
        Of a worker and of whoever asks.
    """
    known = dict(theirs)
    pairs = [(name, known.get(name, "-"), one) for name, one in ours if known.get(name) != one]
    return ", ".join(f"{name} {there} ({here})" for name, there, here in pairs)


def _hold(ready: Ready) -> Ready:
    return ready


def _solve(ready: Ready, injections: Injections, asked: Versions) -> Flow:
    """Solve a run of steps; in a worker."""
    wrong = differing(versions(), asked)
    if wrong:
        raise OtherVersions(wrong)
    return ready.solve(injections)


class OtherVersions(Exception):
    """A worker has other versions than whoever asks it."""


@dataclass(frozen=True, eq=False)
class _Answer:
    """A flow that a cluster is solving, and the thread that waits for it."""

    future: Any
    fetched: Future[Flow]

    def result(self, timeout: float | None = None) -> Flow:
        """Return the flow; raise TimeoutError when it is not there in time."""
        return self.fetched.result(timeout)

    def cancel(self) -> None:
        """Give it up."""
        self.fetched.cancel()
        self.future.cancel()


def _fetch(future: Any, address: str) -> Flow:
    """Wait for a flow and bring it here, once: a request that is given up half way goes on."""
    distributed: Any = import_module("distributed")
    killed: Any = import_module("distributed.scheduler").KilledWorker
    try:
        found: Flow = future.result()
    except (OtherVersions, ImportError) as error:
        raise CommandError(_unlike(error)) from error
    except killed as error:
        raise CommandError(
            _("Several workers were lost at the same steps, perhaps for want of memory.")
        ) from error
    except (distributed.CancelledError, OSError, RuntimeError) as error:
        raise CommandError(
            _("The cluster at '{address}' was lost: {why}.", address=address, why=error)
        ) from error
    return found


def _unlike(error: Exception) -> str:
    if isinstance(error, ImportError):
        return _(
            "A worker of the cluster lacks what is needed ({why}); install the same twinview "
            "there.",
            why=error,
        )
    return _(
        "A worker of the cluster has {versions}; install the same versions there, or the numbers "
        "would not be the same.",
        versions=error,
    )
