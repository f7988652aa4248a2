"""What goes with a message, in words. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from cube_demper.core.money import NBSP
from cube_demper.domain.messaging.enclosures import Enclosure, EnclosureKind
from cube_demper.domain.messaging.inbox.schemas import Said
from cube_demper.ui import format as fmt

KINDS = {
    EnclosureKind.IMAGE: "Фото",
    EnclosureKind.FILE: "Документ",
    EnclosureKind.LOCATION: "Место на карте",
    EnclosureKind.OTHER: "Вложение",
}


@dataclass
class MediaView:
    """What goes with a message. `kind` "" — nothing; `href` "": only the phone has it."""

    kind: str = ""
    href: str = ""
    name: str = ""
    note: str = ""


def media_view(it: Said) -> MediaView:
    """Say what goes with a message."""
    found = it.enclosure
    if found is None:
        return MediaView()
    return MediaView(
        kind=found.kind.value,
        href=_href(it, found),
        name=found.name or KINDS[found.kind],
        note=_size_words(found.size) if found.size else "",
    )


def _href(it: Said, found: Enclosure) -> str:
    if found.place is not None:
        return f"https://2gis.kz/geo/{found.longitude},{found.latitude}"
    if found.file_id is not None:
        return f"/api/whatsapp/media/own/{found.file_id}"
    return f"/api/whatsapp/media/{it.id}" if found.path else ""


def _size_words(size: int) -> str:
    """Say a file's size: «184 КБ», «2,4 МБ»."""
    if size < 1024 * 1024:
        return f"{max(1, round(size / 1024))}{NBSP}КБ"
    return f"{fmt.number(size / 1024 / 1024, digits=1)}{NBSP}МБ"
