"""Files that came in with messages, read from our own WAHA behind its key, under a cap."""

from __future__ import annotations

import aiohttp

from cube_demper.core.errors import Unreachable
from cube_demper.core.settings import WahaSettings

MOST_BYTES = 20 * 1024 * 1024
_TIMEOUT = aiohttp.ClientTimeout(total=30.0, connect=5.0, sock_read=10.0)
_PIECE = 64 * 1024


async def read_media(settings: WahaSettings, path: str) -> bytes:
    """Return a file by its path at WAHA. Raises Unreachable where it is not there, or too big."""
    if settings.url is None or settings.password is None:
        raise Unreachable("WhatsApp не подключён на сервере.")
    headers = {"X-Api-Key": settings.password.get_secret_value()}
    address = f"{settings.url.rstrip('/')}{path}"
    try:
        async with (
            aiohttp.ClientSession(timeout=_TIMEOUT) as http,
            http.get(address, headers=headers, allow_redirects=False) as answer,
        ):
            if answer.status != 200:
                raise Unreachable("WhatsApp больше не отдаёт этот файл.")
            return await _capped(answer)
    except (aiohttp.ClientError, TimeoutError) as error:
        raise Unreachable("WhatsApp не отвечает.") from error


async def _capped(answer: aiohttp.ClientResponse) -> bytes:
    content = bytearray()
    async for piece in answer.content.iter_chunked(_PIECE):
        content += piece
        if len(content) > MOST_BYTES:
            raise Unreachable("Файл слишком большой: откройте его на телефоне.")
    return bytes(content)
