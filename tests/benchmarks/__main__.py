"""`make bench`: every benchmark, one after the other; figures on standard output, no assertions."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path


def main() -> None:
    """Run the `main()` of each module beside this one; `--long` adds those named `long_*`."""
    is_long = "--long" in sys.argv[1:]
    for path in sorted(Path(__file__).parent.glob("[a-z]*.py")):
        if path.stem.startswith("long_") and not is_long:
            continue
        sys.stdout.write(f"\n{path.stem}\n")
        sys.stdout.flush()
        importlib.import_module(f"tests.benchmarks.{path.stem}").main()


if __name__ == "__main__":
    main()
