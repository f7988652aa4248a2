"""`python -m workers NAME [--once] [--until-idle]`: starts one worker process."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

from cube_demper.core.errors import ConfigurationError

# A worker is a module `workers.<name>` with `run(options) -> exit code`; imported only when asked for.
NAMES = ("demping", "orders", "outbox", "logins", "messaging", "billing")


def main(arguments: Sequence[str]) -> int:
    """Run the named worker; 2 for a name or a setting that is wrong."""
    parser = argparse.ArgumentParser(prog="python -m workers", add_help=True)
    parser.add_argument("name")
    parser.add_argument("--once", action="store_true", help="один проход")
    parser.add_argument("--until-idle", action="store_true", help="пока есть что делать")
    given = parser.parse_args(arguments)
    if given.name not in NAMES:
        sys.stderr.write(f"Воркера «{given.name}» нет. Есть: {', '.join(NAMES)}\n")
        return 2
    try:
        from workers.runtime import Options  # noqa: PLC0415 - reads no settings, but imports much

        worker = import_module(f"workers.{given.name}")
        code: int = worker.run(Options(once=given.once, until_idle=given.until_idle))
    except ConfigurationError as error:
        sys.stderr.write(f"{error.message}\n")
        return 2
    return code


def _import_structlog_alone() -> None:
    """Import structlog as if rich were not installed; it has no other switch, and others may use rich.

    It would import rich for tracebacks that we never print: 52 modules and 3 MB of every worker.
    """
    sys.modules["rich"] = None  # type: ignore[assignment] # how Python is told that there is none
    try:
        import_module("structlog")
    finally:
        del sys.modules["rich"]


if __name__ == "__main__":
    _import_structlog_alone()
    sys.exit(main(sys.argv[1:]))
