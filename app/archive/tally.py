"""The result of a run over many films, as text and exit code."""

from collections import Counter
from collections.abc import Mapping

from app.archive.closing import Tale
from app.archive.run import DAMAGED, FAILED, INTERRUPTED, SKIPPED, STATES, Result
from app.archive.tasks import Plan

_LISTED = 40
_LATER = "interrupted or not started"


def tale_of(plan: Plan, results: Mapping[int, Result]) -> Tale:
    """Unfinished films."""
    counts = Counter(result.state for result in results.values())
    jobs, failed, others = [], [], []
    for number, job in enumerate(plan.jobs):
        result = results.get(number)
        if result is not None and result.state == FAILED:
            failed.append((str(job.identity.path or job.spec), result.reason))
        if result is not None and result.state not in (FAILED, INTERRUPTED):
            jobs.append(job)
        else:
            others.append(job)
    return Tale({state: counts[state] for state in STATES}, jobs, failed, others)


def films_table(plan: Plan, results: Mapping[int, Result], tale: Tale, seconds: float) -> str:
    """The number of films per outcome, and the problems of individual films."""
    whole = sum(result.duration_s for result in results.values() if result.state not in (SKIPPED, FAILED))
    count = len(plan.jobs)
    lines = [f"{count} {'film' if count == 1 else 'films'} in {seconds:.0f} s ({whole:.0f} s of film analysed)"]
    lines += [f"  {state:<8}{tale.counts[state]:>7}" for state in STATES]
    left = len(plan.jobs) - sum(tale.counts.values())
    if left:
        lines.append(f"  {_LATER}: {left}; run the same command again to continue with them")
    odd = [(result.state, plan.jobs[number].spec, result.reason) for number, result in sorted(results.items())]
    odd = [one for one in odd if one[0] in (DAMAGED, FAILED)]
    lines += [
        f"  {state}: {reason if spec in reason else f'{spec}: {reason}'}" for state, spec, reason in odd[:_LISTED]
    ]
    if len(odd) > _LISTED:
        lines.append(f"  and {len(odd) - _LISTED} more; see the result files")
    return "\n".join(lines)


def code_of(results: Mapping[int, Result], *, interrupted: bool) -> int:
    """The exit code of a run."""
    found = results.values()
    if interrupted or any(result.state == INTERRUPTED for result in found):
        return 130
    if any(result.is_fault for result in found):
        return 1
    return 2 if any(result.state == FAILED or result.broke_off for result in found) else 0
