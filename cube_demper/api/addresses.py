"""One address a page: `/products`, without the slash that a folder of compiled files would ask for."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from starlette.datastructures import Headers
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cube_demper.core.moved import address_now


class TidyAddresses:
    """Leads `/products/` to `/products` and what has moved to its new place.

    A page's folder is served without sending people around.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Stand before `app`, the compiled pages."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a page under its tidy address."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]
        if (now := address_now(path)) != path:
            await RedirectResponse(_address(now, scope["query_string"]), 308)(scope, receive, send)
            return
        if path != "/" and path.endswith("/"):
            await RedirectResponse(_address(path, scope["query_string"]), 308)(scope, receive, send)
            return
        watch = _FolderRedirect(path, send)
        await self._app(scope, receive, watch.send)
        if watch.is_found:
            folder = {**scope, "path": f"{path}/", "raw_path": quote(f"{path}/").encode()}
            await self._app(folder, receive, send)


class _FolderRedirect:
    """Passes an answer on unless it only says «the same address with a slash»."""

    def __init__(self, path: str, send: Send) -> None:
        self._folder, self._send = f"{path}/", send
        self.is_found = False

    async def send(self, message: Message) -> None:
        """Hold the redirect back, head and body."""
        if message["type"] == "http.response.start" and message["status"] == 307:
            target = Headers(raw=message["headers"]).get("location", "")
            self.is_found = urlsplit(target).path == quote(self._folder)
        if not self.is_found:
            await self._send(message)


def _address(path: str, query: bytes) -> str:
    """Return the address without the last slash, never one that a browser takes for another site."""
    tidy = "/" + quote(path.strip("/\\"))
    return f"{tidy}?{query.decode('latin-1')}" if query else tidy
