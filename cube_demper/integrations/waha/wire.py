"""What WAHA says, read with care: a field that is not as documented is as good as absent.

Shapes: INTEGRATIONS.md A.3–A.7, paths and required fields of the OpenAPI of 2026.9.2. Engines differ.
"""

from __future__ import annotations

from typing import Any, TypedDict

JsonObject = dict[str, Any]


class SendBody(TypedDict, total=False):
    """What every `POST /api/send…` has; `id` is the pre-generated one (2026.4.3, NOWEB and GOWS)."""

    session: str
    chatId: str
    id: str
    text: str
    caption: str
    file: FileBody
    latitude: float
    longitude: float
    title: str
    linkPreview: bool


class FileBody(TypedDict):
    """A file by its bytes, base64."""

    mimetype: str
    filename: str
    data: str


def dict_of(value: object) -> JsonObject:
    """Return an object as it is, and anything else as an empty one."""
    return value if isinstance(value, dict) else {}


def text_of(value: object) -> str:
    """Return a text as it is, and anything else as none."""
    return value if isinstance(value, str) else ""


def number_of(value: object) -> float | None:
    """Return a number; a truth value is none."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number else None  # type: ignore[arg-type]


def list_of(value: object) -> list[JsonObject]:
    """Return the objects of a list; what is none of them is left out."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def message_id(message: object) -> str:
    """Return the id of a message of any engine: `id`, `id._serialized`, `id.id` or `key.id`."""
    body = dict_of(message)
    own = body.get("id")
    if isinstance(own, str):
        return own
    nested = dict_of(own)
    found = nested.get("_serialized") or nested.get("id") or dict_of(body.get("key")).get("id")
    return text_of(found)
