"""Compute a town with a cluster of two workers, and lose one half way; run by `test_cluster`.

Prints JSON: steps computed, whether each byte is that of the computation here, and how many workers
were lost.
"""

import json
import os
import signal
import sys

from twinview.energy import compute as computing
from twinview.energy.ahead import Threads
from twinview.energy.bench_city import city
from twinview.energy.cluster import Cluster
from twinview.energy.compute import Assumptions, Run, compute
from twinview.energy.district import make_district

STEPS, RUN, HALF = 120, 6, 10
CHOICES = Assumptions(store_intensity=300.0)


def content(run: Run) -> list[bytes]:
    """Return all bytes of a run."""
    tables = [*run.fields.values(), *run.balance.carbon.values(), run.carbon, run.converged]
    return [table.tobytes() for table in tables]


def main() -> None:
    """Compute here and there and compare."""
    from distributed import LocalCluster

    computing.run_length = lambda _district: RUN
    twin = city(60, STEPS)
    district = make_district(twin, twin.networks["grid"])
    here = [content(run) for run in compute(district, range(STEPS), CHOICES, Threads(1))]
    there = []
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as cluster:
        pids = [worker.pid for worker in cluster.workers.values()]
        for run in compute(district, range(STEPS), CHOICES, Cluster(cluster.scheduler_address)):
            there.append(content(run))
            if len(there) == HALF:
                os.kill(pids[0], signal.SIGKILL)
        lost = len(set(pids) - {worker.pid for worker in cluster.workers.values()})
    found = {"steps": len(there) * RUN, "same": here == there, "lost": lost}
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
