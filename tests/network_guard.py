"""Forbids the tests of this process every network but the loopback.

An audit hook sees each connection and look-up, whatever library makes it, and cannot be taken off;
so it stays silent outside tests. Children of a test are processes of their own and are not watched.
"""

from __future__ import annotations

import ipaddress
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_LOCAL_NAMES = {"", "localhost", "localhost.localdomain", "ip6-localhost"}


class OutsideNetworkError(RuntimeError):
    """A test reached for the outside world."""


class _Guard:
    def __init__(self) -> None:
        self.is_on = False
        self.seen: list[str] = []

    def watch(self, event: str, arguments: tuple[object, ...]) -> None:
        if not self.is_on or event not in {"socket.connect", "socket.getaddrinfo"}:
            return
        address = arguments[1] if event == "socket.connect" else arguments[0]
        host = address[0] if isinstance(address, tuple) else address
        # A socket of the file system has a path, not a pair.
        is_path = event == "socket.connect" and not isinstance(address, tuple)
        if not is_path and not is_local(host):
            self.seen.append(f"{event} {host}")
            raise OutsideNetworkError(f"no network in tests: {event} {host}")


def is_local(host: object) -> bool:
    """Tell whether a host is this machine's loopback."""
    if host is None:
        return True
    name = host.decode() if isinstance(host, bytes) else str(host)
    if name.lower() in _LOCAL_NAMES:
        return True
    try:
        address = ipaddress.ip_address(name.split("%")[0])
    except ValueError:
        return False
    # 0.0.0.0 is where a server listens; nobody outside answers there.
    return address.is_loopback or address.is_unspecified


_guard = _Guard()
sys.addaudithook(_guard.watch)


@contextmanager
def no_outside_network() -> Iterator[list[str]]:
    """Refuse outside connections inside the block; yields what was refused."""
    _guard.seen.clear()
    _guard.is_on = True
    try:
        yield _guard.seen
    finally:
        _guard.is_on = False
