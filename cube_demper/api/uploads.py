"""Files in the body of a request: their name and their bytes, under a cap."""

from __future__ import annotations

from typing import IO
from urllib.parse import unquote

from fastapi import Request
from starlette.requests import ClientDisconnect

from cube_demper.core.errors import InvalidInput


def file_name(request: Request) -> str:
    """Return what the sender calls the file, as they wrote it; empty when they do not say."""
    return unquote(request.headers.get("x-file-name", ""))


async def receive(request: Request, file: IO[bytes], most_bytes: int) -> None:
    """Write the body to `file` and go back to its beginning.

    Raises InvalidInput as soon as it is known to be too big, and when the sender leaves.
    """
    too_big = InvalidInput(f"Файл больше {most_bytes >> 20} МБ. Разделите его на части.")
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > most_bytes:
        raise too_big
    size = 0
    try:
        async for piece in request.stream():
            size += len(piece)
            if size > most_bytes:
                raise too_big
            file.write(piece)
    except ClientDisconnect:
        raise InvalidInput("Файл не догрузился. Попробуйте ещё раз.") from None
    file.seek(0)
