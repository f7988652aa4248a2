"""A message as WAHA's webhooks tell it (INTEGRATIONS.md A.7)."""

from __future__ import annotations

from typing import Any

from cube_demper.sandbox.waha.world import Ack, Buyer, Message, Session

_OWN_ADDRESS = "http://localhost:3000"
"""What a WAHA in its container takes for its own address: links to files begin with it."""


def message_payload(
    session: Session, buyer: Buyer, message: Message, *, has_file: bool
) -> dict[str, Any]:
    """Return the payload; `has_file`: what came with it can be fetched."""
    own, other = f"{session.phone}@c.us", buyer.chat_id
    return {
        "id": full_id(buyer.chat_id, message),
        "timestamp": int(message.at),
        "from": own if message.from_me else other,
        "fromMe": message.from_me,
        "source": message.source,
        "to": other if message.from_me else own,
        "participant": None,
        "body": message.text,
        "hasMedia": message.kind in ("image", "file"),
        "media": _media(session, message) if has_file and not message.from_me else None,
        "location": _location(message),
        "ack": int(message.ack),
        "ackName": Ack(message.ack).name,
        "vCards": [],
        "replyTo": None,
        "_data": {"Info": {"PushName": "" if message.from_me else buyer.name}},
    }


def full_id(chat_id: str, message: Message) -> str:
    """Return an id as GOWS writes it."""
    return f"{'true' if message.from_me else 'false'}_{chat_id}_{message.id}"


def _media(session: Session, message: Message) -> dict[str, Any]:
    return {
        "url": f"{_OWN_ADDRESS}/api/files/{session.name}/{message.id}",
        "mimetype": message.mimetype,
        "filename": message.filename or None,
        "error": None,
        "s3": None,
    }


def _location(message: Message) -> dict[str, Any] | None:
    if message.latitude is None:
        return None
    return {
        "latitude": message.latitude,
        "longitude": message.longitude,
        "description": message.text or None,
    }
