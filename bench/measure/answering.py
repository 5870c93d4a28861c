"""What the measurements of pages and of the API share: visitors, the target of RELIABILITY (e), and a slow control."""

from collections.abc import Sequence

from bench.frame import Asked, Report, percentile, spread
from bench.load import Question, server, visit

TARGET = 0.5
"""Seconds within which 95 of 100 answers come (RELIABILITY e, soak)."""


def measure(asked: Asked, questions: Sequence[Question]) -> Report:
    """Visitors ask the server of `make run`; then the same at a door that waits, where the target has to be missed."""
    report = Report()
    visitors, seconds = asked.pick(quick=(4, 8.0), full=(50, 120.0))
    # A person reads: fifty who click every five seconds are ten requests a second.
    pause = asked.pick(quick=0.0, full=5.0)
    with server(asked) as port:
        asked.tell("every question once, to warm up")
        visit(port, questions, visitors=1, seconds=0)
        asked.tell(f"{visitors} visitors for {seconds:.0f} s")
        told = visit(port, questions, visitors=visitors, seconds=seconds, pause=pause)
        alone = visit(port, questions, visitors=1, seconds=asked.pick(quick=3.0, full=20.0))
    asked.tell("the control: the same behind a door that waits")
    with server(asked, app="bench.measure.slow") as port:
        late = visit(port, questions[:4], visitors=4, seconds=1.0)
    report.measured = {
        "visitors": visitors,
        "pause_seconds": pause,
        "requests": len(told.all_seconds),
        "per_second": told.per_second,
        "all_ms": spread(told.all_seconds),
        "by_name_ms": {name: spread(took) for name, took in told.seconds.items()},
        "one_visitor_ms": {name: spread(took)["p50"] for name, took in alone.seconds.items()},
        "one_visitor_per_second": alone.per_second,
    }
    report.promise("every answer is the wanted one", wanted={}, found=dict(told.wrong + alone.wrong))
    slow = percentile(told.all_seconds, 0.95)
    report.promise(
        "95 of 100 answers within 500 ms",
        wanted="<= 500",
        found=round(slow * 1000, 1),
        kept=slow <= TARGET,
        timing=True,
    )
    behind = percentile(late.all_seconds, 0.95)
    report.controlled(
        "behind a door that waits 600 ms the target is missed", shown=behind > TARGET, p95_ms=round(behind * 1000, 1)
    )
    return report
