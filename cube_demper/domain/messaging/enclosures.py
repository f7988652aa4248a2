"""What goes with a message: a picture, a document or a point on the map. Pure.

Kept as JSON beside the message. Of what buyers send only WAHA's own path is kept, never an address:
the file is read from our WAHA alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from cube_demper.core.ids import find_id
from cube_demper.domain.messaging.ports import Place


class EnclosureKind(StrEnum):
    """What it is. OTHER: a voice message, a video, a sticker, a contact."""

    IMAGE = "image"
    FILE = "file"
    LOCATION = "location"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Enclosure:
    """One thing beside a text. `file_id`: a file of ours; `path`: a file at WAHA; `size` in bytes, 0 unknown.

    `name` of a location is what stands at its pin.
    """

    kind: EnclosureKind
    name: str = ""
    mimetype: str = ""
    size: int = 0
    file_id: UUID | None = None
    path: str = ""
    latitude: float | None = None
    longitude: float | None = None

    @property
    def place(self) -> Place | None:
        """Return the point on the map, if it is one."""
        if self.latitude is None or self.longitude is None:
            return None
        return Place(self.latitude, self.longitude, self.name)

    @property
    def mark(self) -> str:
        """Return what tells it from another one."""
        return str(self.file_id or f"{self.latitude} {self.longitude}")

    def as_json(self) -> dict[str, Any]:
        """Return it for the database; what is empty is left out."""
        values: dict[str, Any] = {
            "kind": self.kind.value,
            "name": self.name,
            "mimetype": self.mimetype,
            "size": self.size or None,
            "file_id": str(self.file_id) if self.file_id else None,
            "path": self.path,
            "latitude": self.latitude,
            "longitude": self.longitude,
        }
        return {name: value for name, value in values.items() if value not in ("", None)}


def enclosure_of(media: Mapping[str, Any] | None) -> Enclosure | None:
    """Read it back; rows from before enclosures know a type alone."""
    if not media:
        return None
    mimetype = str(media.get("mimetype", ""))
    kind = str(media.get("kind", "")) or kind_of(mimetype).value
    return Enclosure(
        kind=EnclosureKind(kind),
        name=str(media.get("name", "")),
        mimetype=mimetype,
        size=int(media.get("size", 0)),
        file_id=find_id(str(media.get("file_id", ""))),
        path=str(media.get("path", "")),
        latitude=media.get("latitude"),
        longitude=media.get("longitude"),
    )


def sameness(text: str, enclosure: Enclosure | None) -> str:
    """Return what makes two messages the same: words, spaces and case aside, and what goes with them."""
    whole = f"{text}\n{enclosure.mark}" if enclosure else text
    return " ".join(whole.casefold().split())


def kind_of(mimetype: str) -> EnclosureKind:
    """Tell a kind by the type of a file."""
    family, _, name = mimetype.partition("/")
    if family == "image" and name != "webp":  # a sticker is no photo
        return EnclosureKind.IMAGE
    return EnclosureKind.FILE if family in ("application", "text") else EnclosureKind.OTHER
