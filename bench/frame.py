"""What every measurement shares: what was asked, what is reported, what the machine is, and what counts as kept.

A measurement is a module with `run(asked) -> Report`. Progress goes to stderr, the JSON object is the last line of stdout.
A promise that is broken, or a control that does not show what it must, makes the exit code 1. A promise about time says
nothing on a machine that was busy with other work before the measurement began: then it is reported and does not count.
"""

import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

ROOT = Path(__file__).resolve().parents[1]
BUSY_PER_CPU = 0.75
"""Waiting processes per processor, in the minute before, above which times say nothing."""

LOAD_BEFORE = "TREDE_BENCH_LOAD_BEFORE"
"""How busy the machine was before a row of measurements began; the row itself makes it busy."""

T = TypeVar("T")


@dataclass(frozen=True)
class Asked:
    """What is measured and how: `kind` is bench or soak, `database` sqlite or postgresql."""

    kind: str
    name: str
    quick: bool
    database: str
    url: str = ""
    folder: Path = ROOT / "var"

    def pick(self, *, quick: T, full: T) -> T:
        """The figure for this length."""
        return quick if self.quick else full

    def tell(self, text: str) -> None:
        """A line of progress, with the time."""
        print(
            f"{time.strftime('%H:%M:%SZ', time.gmtime())} {self.kind} {self.name}: {text}", file=sys.stderr, flush=True
        )


@dataclass(frozen=True)
class Promise:
    """Something that has to hold. `timing`: it is about speed, which other work on the machine spoils."""

    what: str
    wanted: Any
    found: Any
    kept: bool
    timing: bool = False


@dataclass
class Report:
    """What came out. `control` says what had to go wrong to show that the measurement can see it, and whether it did."""

    measured: dict[str, Any] = field(default_factory=dict)
    control: dict[str, Any] = field(default_factory=dict)
    promises: list[Promise] = field(default_factory=list)

    def promise(self, what: str, *, wanted: Any, found: Any, kept: bool | None = None, timing: bool = False) -> None:
        """Notes a promise; without `kept` it is kept when the two are equal."""
        self.promises.append(Promise(what, wanted, found, wanted == found if kept is None else kept, timing))

    def controlled(self, what: str, *, shown: bool, **seen: Any) -> None:
        """Notes the control; a second one has to show as well."""
        before = self.control
        together = {key: value for key, value in before.items() if key not in {"what", "shown"}} | seen
        self.control = {
            "what": f"{before['what']}; {what}" if before else what,
            "shown": shown and before.get("shown", True),
            **together,
        }

    def kept(self, *, busy: bool) -> bool:
        """Whether every promise holds and the control showed."""
        counting = [promise for promise in self.promises if not (promise.timing and busy)]
        return bool(self.control.get("shown")) and all(promise.kept for promise in counting)


def load_before() -> float:
    """Processes that wanted a processor, on average over the minute before the first measurement."""
    return float(os.environ.get(LOAD_BEFORE) or round(os.getloadavg()[0], 2))


def is_busy(load: float) -> bool:
    return load > BUSY_PER_CPU * (os.cpu_count() or 1)


def machine() -> dict[str, Any]:
    """What it ran on."""
    import django

    cpu = next((line for line in _lines("/proc/cpuinfo") if line.startswith("model name")), ":").split(":")[1].strip()
    memory = next((line for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), "MemTotal: 0").split()[1]
    load = load_before()
    return {
        "cpus": os.cpu_count(),
        "cpu": cpu,
        "memory_gb": round(int(memory) / 1024**2, 1),
        "system": platform.platform(),
        "python": platform.python_version(),
        "django": django.get_version(),
        "load_before": load,
        "busy": is_busy(load),
    }


def commit() -> str:
    """The commit measured; `+` behind it: with changes that are not committed. Empty outside a checkout."""
    with_hash = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if with_hash.returncode != 0:
        return ""
    changed = subprocess.run(
        ["git", "status", "--porcelain", "--untracked-files=no"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return with_hash.stdout.strip() + ("+" if changed.stdout.strip() else "")


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` (0.95) of the values do not exceed: the nearest rank, never between two."""
    if not values:
        raise ValueError("nothing was measured")
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, max(0, -int(-share * len(ranked) // 1) - 1))]


def spread(seconds: Sequence[float]) -> dict[str, Any]:
    """Times in milliseconds: how many, median, 95th and 99th percentile, longest."""
    parts = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "longest": 1.0}
    return {"n": len(seconds)} | {name: round(percentile(seconds, at) * 1000, 1) for name, at in parts.items()}


def child(module: str, *arguments: str, environment: dict[str, str] | None = None) -> subprocess.Popen[str]:
    """Another Python process that answers with JSON on its last line."""
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", module, *arguments],
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def answer_of(process: subprocess.Popen[str], *, patience: float) -> Any:
    """What a child answered. Raises RuntimeError with its last words when it failed."""
    import json

    try:
        out, err = process.communicate(timeout=patience)
    except BaseException:
        process.kill()
        process.wait()
        raise
    if process.returncode != 0:
        raise RuntimeError(err[-3000:])
    return json.loads(out.splitlines()[-1])


def _lines(path: str) -> Iterator[str]:
    try:
        yield from Path(path).read_text().splitlines()
    except OSError:
        return
