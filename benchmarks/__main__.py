"""`make bench`: every measurement, each beside its yardstick in the same run. Names as arguments choose some."""

from __future__ import annotations

import sys

from benchmarks.cases import documented_way, durable_step, growth, idle_workers, job_start, storage, verifying
from benchmarks.language import feel, forms
from benchmarks.pages import http_pages, inbox

BENCHMARKS = {
    "documented_way": documented_way.main,
    "durable_step": durable_step.main,
    "feel": feel.main,
    "forms": forms.main,
    "growth": growth.main,
    "http_pages": http_pages.main,
    "idle_workers": idle_workers.main,
    "inbox": inbox.main,
    "job_start": job_start.main,
    "storage": storage.main,
    "verifying": verifying.main,
}


def main(names: list[str]) -> int:
    """Run the named benchmarks, or all; 2 for a name there is none of."""
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(f"没有这个测量 · no such benchmark: {', '.join(unknown)}; {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    for name in names or BENCHMARKS:
        print(f"== {name}")
        BENCHMARKS[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
