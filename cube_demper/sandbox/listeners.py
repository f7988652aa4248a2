"""HTTP servers inside one event loop: uvicorn's protocol without its process, able to reset a connection."""

from __future__ import annotations

import asyncio
import socket
import struct
from contextlib import suppress
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from cube_demper.core.errors import ConfigurationError

_LOOPBACK = "127.0.0.1"


def bind(port: int) -> socket.socket:
    """Open a listening socket on loopback; 0 is any free port. A taken port is a clear error."""
    # asyncio sends at once (TCP_NODELAY) only where it reads TCP in the socket's protocol: without it
    # every second answer of a connection waits 40 ms for an acknowledgement.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
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


class WebListener:
    """One application on one port."""

    def __init__(self, app: Any, listener: socket.socket) -> None:
        """Serve `app` on an open socket once `start` is called."""
        self.port: int = listener.getsockname()[1]
        self._socket = listener
        self._state = ServerState()
        self._config = uvicorn.Config(
            app,
            http=_ResettableProtocol,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            timeout_keep_alive=75,
        )
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Begin to serve."""
        self._config.load()
        self._server = await asyncio.get_running_loop().create_server(
            self._protocol, sock=self._socket
        )

    async def stop(self) -> None:
        """Stop serving at once; requests that hang are cut off."""
        if self._server:
            self._server.close()
        tasks = list(self._state.tasks)
        for connection in list(self._state.connections):
            connection.shutdown()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._socket.close()

    def _protocol(self) -> asyncio.Protocol:
        return _ResettableProtocol(config=self._config, server_state=self._state, app_state={})
