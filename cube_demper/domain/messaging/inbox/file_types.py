"""Which files may go to a buyer: by their content, not by their name. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from cube_demper.domain.messaging.inbox.errors import WrongFile

MOST_BYTES: Final = 10 * 1024 * 1024
"""Of a document. WhatsApp takes 100 MB; a buyer on a phone does not."""
MOST_IMAGE_BYTES: Final = 5 * 1024 * 1024
"""WhatsApp's own limit for a picture (cloud API: 5 MB)."""
ACCEPTED: Final = ".jpg,.jpeg,.png,.pdf,.docx,.xlsx,.txt"
_IMAGES: Final[Mapping[bytes, str]] = MappingProxyType(
    {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
)
_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
_ZIPPED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "docx": f"{_OFFICE}.wordprocessingml.document",
        "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    }
)


def kind_of_file(name: str, content: bytes) -> str:
    """Return the type of a file. Raises WrongFile where it may not be sent, saying why."""
    if not content:
        raise WrongFile("Файл пуст.")
    found = _type_of(name, content)
    if found is None:
        raise WrongFile("Отправить можно фото (JPG, PNG) и документы: PDF, DOCX, XLSX, TXT.")
    most = MOST_IMAGE_BYTES if found.startswith("image/") else MOST_BYTES
    if len(content) > most:
        what = "Фото" if most == MOST_IMAGE_BYTES else "Файл"
        raise WrongFile(f"{what} больше {most >> 20} МБ. Уменьшите и попробуйте ещё раз.")
    return found


def _type_of(name: str, content: bytes) -> str | None:
    for start, mimetype in _IMAGES.items():
        if content.startswith(start):
            return mimetype
    if content.startswith(b"%PDF-"):
        return "application/pdf"
    ending = name.rpartition(".")[2].casefold()
    if content.startswith(b"PK\x03\x04"):
        return _ZIPPED.get(ending)
    return "text/plain" if ending == "txt" and _is_text(content) else None


def _is_text(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return b"\x00" not in content
