"""Starts worker processes in a blink: all workers are imported once, then one is forked for each order.

`python nursery.py` reads one JSON order a line: {"call", "arguments", "env", "log", "clock"}; answers
{"born": pid} to each, and {"died": pid, "code": code} when one ends. `call` is `module:function`; that
of `python -m workers` is `workers.__main__:main`. Without a `log` the child writes to our stderr;
with a `clock` it runs on the harness's. It leads a session of its own, with whatever it starts.
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
from importlib import import_module
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from faults.clock import LeapingClock

from cube_demper import bootstrap
from workers.__main__ import NAMES

_PR_SET_PDEATHSIG = 1


def serve() -> None:
    """Take orders until the harness goes away."""
    gc.disable()  # what imports make is no garbage
    for name in NAMES:
        import_module(f"workers.{name}")
    gc.freeze()
    gc.enable()
    waiting, children = b"", dict[int, int]()
    while True:
        readable, _, _ = select.select([0, *children], [], [])
        for ended in (fd for fd in readable if fd):
            bury(children.pop(ended), ended)
        if 0 in readable:
            read = os.read(0, 65536)
            if not read:
                return
            *lines, waiting = (waiting + read).split(b"\n")
            for line in lines:
                pid = give_birth(json.loads(line), children)
                children[os.pidfd_open(pid)] = pid
                say(born=pid)


def give_birth(order: dict[str, Any], children: dict[int, int]) -> int:
    owner = os.getpid()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            for other in children:
                os.close(other)
            code = live(order, owner)
        except BaseException:  # noqa: BLE001 - what it wrote is all that is left of it
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
    os.setsid()
    write_to(order.get("log"))
    os.environ.update(order["env"])
    if clock := order.get("clock"):
        bootstrap.clock_from = lambda _text: LeapingClock(  # type: ignore[assignment]
            datetime.fromisoformat(clock["start"]),
            clock["speed"],
            Path(clock["shared"]),
            skew=clock["skew"],
        )
    module, function = order["call"].split(":")
    code = getattr(import_module(module), function)(order["arguments"])
    return int(code or 0)


def write_to(log: str | None) -> None:
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    if log is not None:
        os.dup2(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644), 2)
    os.dup2(2, 1)


def bury(pid: int, ended: int) -> None:
    _, status = os.waitpid(pid, 0)
    os.close(ended)
    say(died=pid, code=os.waitstatus_to_exitcode(status))


def say(**what: int) -> None:
    os.write(1, json.dumps(what).encode() + b"\n")


if __name__ == "__main__":
    serve()
