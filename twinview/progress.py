"""What long work says while it runs.

A long piece of work is a generator: it yields `Progress` and returns its result. Whoever drives it
(the window, the command line, a test) decides what to do with the progress, and cancels by closing
the generator.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from typing import Any, TypeVar


@dataclass(frozen=True)
class Progress:
    """How far a job is.

    Parameters
    ----------
    fraction
        Share of the work done, 0 to 1.
    message
        What is being done now, translated.
    partial
        A first version of the result, of the result's own type, that can be shown already.
    """

    fraction: float
    message: str = ""
    partial: Any = None


T = TypeVar("T")
Job = Generator[Progress, None, T]


def drain(job: Job[T], report: Callable[[Progress], None] | None = None) -> T:
    """Run a job to its end and return its result.

    Parameters
    ----------
    job
        The generator to run.
    report
        Called with each progress, if given.
    """
    try:
        while True:
            step = next(job)
            if report is not None:
                report(step)
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]
    finally:
        job.close()


def part_of(job: Job[T], start: float, stop: float) -> Job[T]:
    """Run `job` as the stretch from `start` to `stop` of a larger one."""
    try:
        while True:
            step = next(job)
            yield replace(step, fraction=start + (stop - start) * step.fraction)
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]
    finally:
        job.close()


def changed(job: Job[T], change: Callable[[Any], Any]) -> Job[T]:
    """Run `job` with first versions of its result changed on the way."""
    try:
        while True:
            step = next(job)
            yield step if step.partial is None else replace(step, partial=change(step.partial))
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]
    finally:
        job.close()
