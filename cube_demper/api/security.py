"""Security headers on every answer, and no socket or write for a page of another site."""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cube_demper.core.settings import Settings

_INLINE_SCRIPT = re.compile(
    rb"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE
)
_PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
_YEAR = 31_536_000


class OriginFence:
    """Refuses sockets and writes that a page of another site started; our own pages send our Origin."""

    def __init__(self, app: ASGIApp, origins: Sequence[str]) -> None:
        """Let `origins` through, and callers that are no browser: those send no Origin and no cookie."""
        self._app, self._origins = app, frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check the Origin of a socket, and of a request that changes something."""
        origin = Headers(scope=scope).get("origin")
        if scope["type"] == "websocket" and origin is not None and origin not in self._origins:
            await send({"type": "websocket.close", "code": 1008, "reason": "foreign origin"})
            return
        is_write = scope["type"] == "http" and scope["method"] not in ("GET", "HEAD", "OPTIONS")
        if is_write and origin is not None and origin not in self._origins:
            await _refuse(send)
            return
        await self._app(scope, receive, send)


async def _refuse(send: Send) -> None:
    body = '{"message":"Запрос с другого сайта отклонён."}'.encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": body})


class SecurityHeaders:
    """Adds the headers; for HTML also a policy that names its inline scripts by hash."""

    def __init__(self, app: ASGIApp, settings: Settings, origins: Sequence[str]) -> None:
        """Build the fixed part of the policy once."""
        self._app, self._is_production = app, settings.is_production
        self._policy = _policy(settings, origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wrap the answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = _Answer(send, scope["path"], self)
        await self._app(scope, receive, answer.send)

    def write(self, headers: MutableHeaders, path: str, scripts: Sequence[str] | None) -> None:
        """Set the headers of one answer; `scripts` None: not a page, so no script may run at all."""
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
        headers["Permissions-Policy"] = _PERMISSIONS
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["X-Frame-Options"] = "DENY"
        if self._is_production:
            headers["Strict-Transport-Security"] = f"max-age={_YEAR}; includeSubDomains"
        if scripts is None:
            headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
        else:
            headers["Content-Security-Policy"] = self._policy.format(scripts=" ".join(scripts))
            headers.setdefault("Cache-Control", "no-cache")
        if path.startswith("/assets/"):
            # Vite names these files by their content.
            headers.setdefault("Cache-Control", f"public, max-age={_YEAR}, immutable")


class _Answer:
    """One answer on its way out; the head of a page waits until its body is known."""

    def __init__(self, send: Send, path: str, rules: SecurityHeaders) -> None:
        self._send, self._path, self._rules = send, path, rules
        self._head: Message | None = None
        self._body = bytearray()

    async def send(self, message: Message) -> None:
        """Pass a message on, or keep it until the page is whole."""
        if message["type"] == "http.response.start":
            await self._start(message)
        elif self._head is None:
            await self._send(message)
        else:
            await self._page(self._head, message)

    async def _start(self, message: Message) -> None:
        headers = MutableHeaders(raw=message.setdefault("headers", []))
        message["headers"] = headers.raw
        is_page = headers.get("content-type", "").startswith("text/html")
        if is_page and message["status"] != 304:
            self._head = message
            return
        self._rules.write(headers, self._path, None)
        if message["status"] == 304:
            # The browser keeps the policy that came with the page itself.
            del headers["Content-Security-Policy"]
        await self._send(message)

    async def _page(self, head: Message, message: Message) -> None:
        if message["type"] == "http.response.pathsend":
            content = Path(message["path"]).read_bytes()  # noqa: ASYNC240 - some kB, cached by the system
        else:
            self._body += message.get("body", b"")
            if message.get("more_body"):
                return
            content = bytes(self._body)
            message = {"type": "http.response.body", "body": content}
        headers = MutableHeaders(raw=head["headers"])
        self._rules.write(
            headers, self._path, inline_hashes(content, headers.get("content-encoding", ""))
        )
        self._head = None
        await self._send(head)
        await self._send(message)


@lru_cache(maxsize=256)
def inline_hashes(content: bytes, encoding: str) -> tuple[str, ...]:
    """Return the policy's words for the inline scripts of a page."""
    page = gzip.decompress(content) if encoding == "gzip" and content else content
    digests = (hashlib.sha256(script).digest() for script in _INLINE_SCRIPT.findall(page))
    return tuple(dict.fromkeys(f"'sha256-{base64.b64encode(d).decode()}'" for d in digests))


def _policy(settings: Settings, origins: Sequence[str]) -> str:
    sockets = [origin.replace("http", "ws", 1) for origin in origins]
    # Pictures of goods come from Kaspi's CDN, in the demo from the sandbox.
    pictures = _origin(settings.kaspi.shop_url)
    parts = [
        "default-src 'self'",
        # Reflex runs toasts and scripts of the server through eval; inline only what we built.
        "script-src 'self' 'unsafe-eval' {scripts}",
        # Radix and Plotly write style attributes.
        "style-src 'self' 'unsafe-inline'",
        f"img-src 'self' data: blob: https: {pictures}",
        "font-src 'self' data:",
        f"connect-src 'self' {' '.join(sockets)}",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
    if settings.is_production:
        parts.append("upgrade-insecure-requests")
    return "; ".join(parts)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
