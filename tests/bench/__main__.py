"""`make bench`: the production server on fresh data, measured from outside; the table, and build/bench.json."""

import sys
import time

from portal.config import ROOT

from .measures import Pace
from .rows import table, write
from .run import measure


def main() -> int:
    """Measure everything, print the table, write build/bench.json; 1 when an answer was wrong."""
    begun = time.monotonic()
    rows, wrong = measure(Pace(), tell=lambda text: print(text, file=sys.stderr, flush=True))
    write(rows, ROOT / "build" / "bench.json")
    print(table(rows))
    print(f"\n{time.monotonic() - begun:.0f} s; {len(wrong)} wrong answers")
    for text in wrong[:5]:
        print(f"  {text}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
