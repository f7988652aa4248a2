"""Forward proxies that leave from loopback addresses of their own, so that limits per address are real.

Both ways are spoken: `CONNECT host:port` and a request with an absolute address. Only loopback is reached.
"""

from __future__ import annotations

import asyncio
import base64
import ipaddress
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

_CHUNK = 65_536
_HEAD_END = b"\r\n\r\n"
_DENIED = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
_AUTH_NEEDED = (
    b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n"
    b"Content-Length: 0\r\nConnection: close\r\n\r\n"
)
_UNREACHABLE = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass(slots=True)
class _Head:
    """The first line and the headers of a message, as they came."""

    line: list[bytes]
    headers: list[tuple[bytes, bytes]]

    @classmethod
    def parse(cls, raw: bytes) -> _Head:
        first, *rest = raw.removesuffix(_HEAD_END).split(b"\r\n")
        pairs = [line.partition(b":")[::2] for line in rest]
        return cls(first.split(b" ", 2), [(name, value.strip()) for name, value in pairs])

    def get(self, name: bytes) -> bytes | None:
        return next((value for key, value in self.headers if key.lower() == name), None)

    def dump(self) -> bytes:
        kept = [
            name + b": " + value
            for name, value in self.headers
            if not name.lower().startswith(b"proxy-")
        ]
        return b"\r\n".join([b" ".join(self.line), *kept]) + _HEAD_END


class ForwardProxy:
    """One proxy: listens on 127.0.0.1, connects from `egress`."""

    def __init__(self, egress: str, credentials: tuple[str, str] | None = None) -> None:
        """With `credentials` every client must give this user and password."""
        self.egress = egress
        self.is_down = False
        """While set, connections are dropped without a word."""
        self.served = 0
        self._token = (
            base64.b64encode(":".join(credentials).encode()) if credentials is not None else None
        )
        self._tasks: set[asyncio.Task[None]] = set()

    def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve a client's connection; the callback of `asyncio.start_server`."""
        task = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Drop every connection."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        upstream: dict[tuple[str, int], Stream] = {}
        try:
            while not self.is_down:
                head = _Head.parse(await reader.readuntil(_HEAD_END))
                if not await self._exchange(head, (reader, writer), upstream):
                    break
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            # A side that goes away in the middle takes the other with it, as a real proxy does.
            writer.transport.abort()
        finally:
            for _, other in upstream.values():
                other.close()
            writer.close()

    async def _exchange(
        self, head: _Head, client: Stream, upstream: dict[tuple[str, int], Stream]
    ) -> bool:
        """Serve one request; return whether the connection may be used again."""
        refusal, host, port = self._check(head)
        if refusal:
            client[1].write(refusal)
            return False
        try:
            stream = upstream.pop((host, port), None) or await self._connect(host, port)
        except OSError:
            client[1].write(_UNREACHABLE)
            return False
        upstream[host, port] = stream
        self.served += 1
        if head.line[0] == b"CONNECT":
            client[1].write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await _tunnel(client, stream)
            return False
        parts = urlsplit(head.line[1])
        head.line[1] = (parts.path or b"/") + (b"?" + parts.query if parts.query else b"")
        stream[1].write(head.dump())
        await _copy_body(head, client[0], stream[1])
        answer = _Head.parse(await stream[0].readuntil(_HEAD_END))
        client[1].write(answer.dump())
        await _copy_body(answer, stream[0], client[1], is_answer=True)
        return b"close" not in (answer.get(b"connection"), head.get(b"connection"))

    def _check(self, head: _Head) -> tuple[bytes | None, str, int]:
        given = (head.get(b"proxy-authorization") or b"").removeprefix(b"Basic ")
        if self._token is not None and given != self._token:
            return _AUTH_NEEDED, "", 0
        host, port = _target(head.line[1].decode("latin-1"))
        return (None if _is_loopback(host) else _DENIED), host, port

    async def _connect(self, host: str, port: int) -> Stream:
        return await asyncio.open_connection(host, port, local_addr=(self.egress, 0))


def _target(address: str) -> tuple[str, int]:
    """Return host and port of an absolute address or of CONNECT's `host:port`; no host if unreadable."""
    try:
        parts = urlsplit(address if "://" in address else f"//{address}")
        port = parts.port or 80
    except ValueError:
        return "", 0
    return parts.hostname or "", port


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.IPv4Address(host).is_loopback
    except ValueError:
        return False


async def _copy_body(
    head: _Head,
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    *,
    is_answer: bool = False,
) -> None:
    """Copy a body of known length; an answer of unknown length lasts until its side closes."""
    length = head.get(b"content-length")
    if length is not None:
        writer.write(await reader.readexactly(int(length)))
    elif is_answer and head.get(b"transfer-encoding"):
        await _pour(reader, writer)
    await writer.drain()


async def _tunnel(client: Stream, upstream: Stream) -> None:
    await asyncio.gather(_pour(client[0], upstream[1]), _pour(upstream[0], client[1]))


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while chunk := await reader.read(_CHUNK):
            writer.write(chunk)
            await writer.drain()
        with suppress(OSError):
            writer.write_eof()
    except OSError:
        writer.transport.abort()
