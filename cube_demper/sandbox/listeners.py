"""HTTP servers inside one event loop: uvicorn without its process habits, and able to reset a connection."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from cube_demper.core.errors import ConfigurationError

_LOOPBACK = "127.0.0.1"


def bind(port: int) -> socket.socket:
    """Open a listening socket on loopback; 0 is any free port. A taken port is a clear error."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((_LOOPBACK, port))
    except OSError:
        listener.close()
        raise ConfigurationError(
            f"Порт {port} занят. Задайте другой CUBE_PORT_BASE, например CUBE_PORT_BASE=3200."
        ) from None
    listener.listen(512)
    listener.setblocking(False)
    return listener


class _ResettableProtocol(HttpToolsProtocol):
    """Lets the application break its connection, for the fault «reset»."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["state"]["abort"] = self._reset

    def _reset(self) -> None:
        raw = self.transport.get_extra_info("socket")
        with suppress(OSError, AttributeError):
            # A zero linger makes the kernel send RST instead of a polite FIN.
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.transport.abort()


class _QuietServer(uvicorn.Server):
    """A server that leaves the process's signals alone."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class WebListener:
    """One application on one port."""

    def __init__(self, app: Any, listener: socket.socket) -> None:
        """Serve `app` on an open socket once `start` is called."""
        self.port: int = listener.getsockname()[1]
        self._socket = listener
        self._server = _QuietServer(
            uvicorn.Config(
                app,
                http=_ResettableProtocol,
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                proxy_headers=False,
                server_header=False,
                timeout_keep_alive=75,
                timeout_graceful_shutdown=1,
            )
        )
        self._task: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        """Return the address without a slash at the end."""
        return f"http://{_LOOPBACK}:{self.port}"

    async def start(self) -> None:
        """Begin to serve."""
        self._task = asyncio.create_task(self._server.serve([self._socket]))
        while not self._server.started:
            if self._task.done():
                self._task.result()
            await asyncio.sleep(0.005)

    async def stop(self) -> None:
        """Stop serving; a hanging request is cut off after a second."""
        self._server.should_exit = True
        if self._task:
            await self._task
