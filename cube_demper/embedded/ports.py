"""Ports: free ones for the tests, and one clear line for a taken one."""

from __future__ import annotations

import socket
from collections.abc import Iterable

from cube_demper.core.errors import ConfigurationError

LOOPBACK = "127.0.0.1"


def is_free(port: int, host: str = LOOPBACK) -> bool:
    """Tell whether nobody listens on the port; connections on their way out do not count."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def require_free(ports: Iterable[int]) -> None:
    """Refuse to start when a port is taken. Raises ConfigurationError naming CUBE_PORT_BASE."""
    for port in ports:
        if not is_free(port):
            raise ConfigurationError(
                f"Порт {port} занят другой программой: задайте другой CUBE_PORT_BASE, "
                "например CUBE_PORT_BASE=4000"
            )


def free_ports(count: int) -> list[int]:
    """Return ports that nobody listens on right now, all different."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind((LOOPBACK, 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()
