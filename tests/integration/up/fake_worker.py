"""Stands in for `python -m workers NAME`: what it does is said by FAKE_WORKER."""

from __future__ import annotations

import os
import signal
import sys
import time

behaviour = os.environ.get("FAKE_WORKER", "")
print(f"pid={os.getpid()} key={os.environ['SECRET_KEYS']}", flush=True)  # noqa: T201 - to its log
if behaviour == "misconfigured":
    sys.stderr.write("SECRET_KEYS: ключ не подходит к данным\n")
    sys.exit(2)
if behaviour == "deaf":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
time.sleep(600)
