"""What goes with a message, in words. Pure."""

from __future__ import annotations

from cube_demper.domain.messaging.enclosures import Enclosure, EnclosureKind
from cube_demper.domain.messaging.inbox.schemas import Said
from cube_demper.ui.chat_rows import MediaView, file_size

KINDS = {
    EnclosureKind.IMAGE: "Фото",
    EnclosureKind.FILE: "Документ",
    EnclosureKind.LOCATION: "Место на карте",
    EnclosureKind.OTHER: "Вложение",
}


def media_view(it: Said) -> MediaView:
    """Say what goes with a message."""
    found = it.enclosure
    if found is None:
        return MediaView()
    return MediaView(
        kind=found.kind.value,
        href=_href(it, found),
        name=found.name or KINDS[found.kind],
        note=file_size(found.size) if found.size else "",
    )


def _href(it: Said, found: Enclosure) -> str:
    if found.place is not None:
        return f"https://2gis.kz/geo/{found.longitude},{found.latitude}"
    if found.file_id is not None:
        return f"/api/whatsapp/media/own/{found.file_id}"
    return f"/api/whatsapp/media/{it.id}" if found.path else ""
