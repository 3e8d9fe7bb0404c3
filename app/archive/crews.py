"""Chooses the crew of a run."""

from app.archive.display import Terminal
from app.archive.inline import Inline
from app.archive.tasks import Executor, Plan, Task
from app.standard import say


def crew_for(plan: Plan, display: Terminal, *, jobs: int, cluster: str | None) -> Executor:
    """Open a crew.

    Args:
        plan: The run.
        display: Shows the progress.
        jobs: Number of processes; 1 means this process.
        cluster: Address of a cluster's scheduler, or None.

    Raises:
        InputError: If the cluster cannot be used.
    """
    if cluster is not None:
        from app.archive.cluster import Cluster

        return Cluster(plan, cluster)
    many = plan.settings.segments > 1 or len(plan.jobs) > 1
    if jobs > 1 and many:
        from app.archive.pool import Pool

        return Pool(plan, jobs if plan.settings.segments > 1 else min(jobs, len(plan.jobs)))
    alone = not plan.settings.sharing

    def advance(task: Task, frames: int, total: int | None) -> None:
        display.advance(task.number, 0, frames, total)

    return Inline(plan, advance, say if alone else display.say, alone=alone)
