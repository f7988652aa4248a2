"""Open tabs without a browser: Reflex's own socket.io messages over a WebSocket."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from uuid import uuid4

from wsproto import ConnectionType, WSConnection
from wsproto.events import Message, Ping, Request, TextMessage

_EVENT = "42/_event,"
_PING, _PONG = "2", "3"


@dataclass(eq=False)
class Tab:
    """One tab: what it was told and when (`time.time()`)."""

    received: list[tuple[float, str]] = field(default_factory=list)
    _parts: list[str] = field(default_factory=list)
    _reader: asyncio.StreamReader = field(init=False)
    _writer: asyncio.StreamWriter = field(init=False)
    _ws: WSConnection = field(init=False)
    _task: asyncio.Task[None] = field(init=False)

    async def open(self, url: str, cookie: str, boot: str) -> None:
        """Connect as a browser does and send `boot`, the first message of such a page."""
        parts = urlsplit(url)
        self._reader, self._writer = await asyncio.open_connection(
            "127.0.0.1", parts.port, limit=2**20
        )
        self._ws = WSConnection(ConnectionType.CLIENT)
        request = Request(
            host=parts.netloc,
            target=f"/_event/?token={uuid4()}&EIO=4&transport=websocket",
            extra_headers=[
                (b"Origin", url.encode()),
                (b"Cookie", f"cube_seller={cookie}".encode()),
            ],
        )
        self._writer.write(self._ws.send(request))
        self._task = asyncio.create_task(self._listen(boot))

    async def close(self) -> None:
        """Go away."""
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task
        self._writer.close()

    def told(self, text: str, since: float) -> float | None:
        """Return when an event with this text came."""
        return next((at for at, it in self.received if at >= since and text in it), None)

    async def _listen(self, boot: str) -> None:
        while data := await self._reader.read(65_536):
            at = time.time()
            self._ws.receive_data(data)
            for event in self._ws.events():
                if isinstance(event, Ping):
                    self._writer.write(self._ws.send(event.response()))
                elif isinstance(event, TextMessage):
                    self._parts.append(event.data)
                    if event.message_finished:
                        text, self._parts = "".join(self._parts), []
                        self._take(text, at, boot)

    def _take(self, text: str, at: float, boot: str) -> None:
        if text.startswith("0"):
            self._say(boot)
        elif text == _PING:
            self._say(_PONG)
        elif text.startswith(_EVENT):
            self.received.append((at, text))

    def _say(self, text: str) -> None:
        self._writer.write(self._ws.send(Message(data=text)))
