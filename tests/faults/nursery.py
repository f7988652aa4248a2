"""Starts worker processes in a blink: a worker imported once, then forked for each order.

`python nursery.py` reads one JSON order a line: {"arguments", "env", "log", "clock"}; answers
{"born": pid} to each, and {"died": pid, "code": code} when one ends. A child runs
`workers.__main__.main`, what `python -m workers` runs, on the harness's clock.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import select
import signal
import sys
import traceback
from datetime import datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from faults.clock import LeapingClock

import workers.demping
import workers.outbox  # noqa: F401
from cube_demper import bootstrap
from workers.__main__ import main as run_worker

_PR_SET_PDEATHSIG = 1
_POLL = 0.02


def serve() -> None:
    """Take orders until the harness goes away."""
    gc.freeze()
    os.set_blocking(0, False)
    waiting, is_open = b"", True
    while is_open:
        if select.select([0], [], [], _POLL)[0]:
            read = os.read(0, 65536)
            is_open = bool(read)
            *lines, waiting = (waiting + read).split(b"\n")
            for line in lines:
                say(born=give_birth(json.loads(line)))
        bury()


def give_birth(order: dict[str, Any]) -> int:
    owner = os.getpid()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            code = live(order, owner)
        except BaseException:  # noqa: BLE001 - the log is all that is left of it
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    return pid


def live(order: dict[str, Any], owner: int) -> int:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    if os.getppid() != owner:
        return 1
    nothing = os.open(os.devnull, os.O_RDONLY)
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    for source, target in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(source, target)
    os.environ.update(order["env"])
    clock = order["clock"]
    bootstrap.clock_from = lambda _text: LeapingClock(  # type: ignore[assignment]
        datetime.fromisoformat(clock["start"]),
        clock["speed"],
        Path(clock["shared"]),
        skew=clock["skew"],
    )
    return run_worker(order["arguments"])


def bury() -> None:
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid:
            return
        say(died=pid, code=os.waitstatus_to_exitcode(status))


def say(**what: int) -> None:
    os.write(1, json.dumps(what).encode() + b"\n")


if __name__ == "__main__":
    serve()
