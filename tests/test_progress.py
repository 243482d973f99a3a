"""Jobs: generators that say how far they are, return a result, and tidy up when closed."""

import pytest

from twinview.progress import Progress, changed, drain, part_of


def counting(n, log):
    """Count to n; note the end."""
    try:
        for k in range(n):
            yield Progress(k / n, str(k))
        return n
    finally:
        log.append("tidy")


def test_draining_gives_the_result_and_reports_each_step():
    log, seen = [], []
    assert drain(counting(3, log), seen.append) == 3
    assert [step.message for step in seen] == ["0", "1", "2"]
    assert log == ["tidy"]


def test_a_part_runs_over_its_stretch():
    def whole():
        first = yield from part_of(counting(2, []), 0.0, 0.5)
        second = yield from part_of(counting(2, []), 0.5, 1.0)
        return first + second

    seen = []
    assert drain(whole(), seen.append) == 4
    assert [step.fraction for step in seen] == [0.0, 0.25, 0.5, 0.75]


def test_closing_a_job_tidies_its_parts():
    log = []
    job = part_of(counting(3, log), 0.0, 1.0)
    next(job)
    job.close()
    assert log == ["tidy"]


def test_a_reporter_that_stops_the_work_tidies_too():
    log = []

    def stop(_step):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        drain(counting(3, log), stop)
    assert log == ["tidy"]


def test_first_versions_are_changed_on_the_way_and_the_result_is_not():
    def job():
        yield Progress(0.1)
        yield Progress(0.5, partial=2)
        return 3

    told = []
    assert drain(changed(job(), lambda one: one * 10), told.append) == 3
    assert [one.partial for one in told] == [None, 20]
