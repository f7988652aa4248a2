"""Webhooks of WAHA: the signature, and what an event says. Nonsense is no event, never an error."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

from cube_demper.domain.messaging.hearing.schemas import (
    AckHeard,
    Heard,
    MessageHeard,
    StatusHeard,
)
from cube_demper.domain.messaging.sessions.schemas import Told
from cube_demper.integrations.waha.mapping import (
    chat_of,
    enclosure_of,
    is_private,
    moment_of,
    phone_of,
    short_id,
)
from cube_demper.integrations.waha.wire import JsonObject, dict_of, message_id, number_of, text_of


def is_signed(body: bytes, signature: str, key: str) -> bool:
    """Check `X-Webhook-Hmac`, HMAC-SHA512 of the raw body, in constant time."""
    wanted = hmac.new(key.encode(), body, hashlib.sha512).hexdigest()
    return hmac.compare_digest(wanted.encode(), signature.strip().lower().encode())


def event_key(envelope: JsonObject, body: bytes) -> str:
    """Return what an event is known by when it comes again: its id, else its content."""
    return text_of(envelope.get("id"))[:100] or hashlib.sha256(body).hexdigest()


def slim(envelope: JsonObject) -> JsonObject:
    """Leave the engine's raw data out: pictures in it are many times the rest. The name is kept."""
    payload = dict_of(envelope.get("payload"))
    kept = {key: value for key, value in payload.items() if key != "_data"}
    name = _push_name(payload)
    return {**envelope, "payload": {**kept, "pushName": name} if name else kept}


def heard_of(envelope: object) -> Heard | None:
    """Return what an event says; None for one that is not for us."""
    body = dict_of(envelope)
    session, payload = text_of(body.get("session")), dict_of(body.get("payload"))
    at = moment_of(body.get("timestamp"))
    if not session or at is None:
        return None
    match text_of(body.get("event")):
        case "session.status":
            return _status(session, body, payload, at)
        case "message" | "message.any":
            return _message(session, payload, at)
        case "message.ack":
            ack, found = number_of(payload.get("ack")), short_id(message_id(payload))
            is_ours = payload.get("fromMe") is not False
            return (
                AckHeard(session, found, int(ack), at)
                if ack is not None and found and is_ours
                else None
            )
    return None


def _status(
    session: str, body: JsonObject, payload: JsonObject, at: datetime
) -> StatusHeard | None:
    status = text_of(payload.get("status"))[:40]
    me = dict_of(body.get("me"))
    phone = phone_of(text_of(me.get("id"))) if status == "WORKING" else ""
    told = Told(status, at, phone, text_of(me.get("pushName"))[:100])
    return StatusHeard(session, told) if status else None


def _message(session: str, payload: JsonObject, at: datetime) -> MessageHeard | None:
    is_ours = payload.get("fromMe") is True
    chat = chat_of(text_of(payload.get("to" if is_ours else "from")))
    found = short_id(message_id(payload))
    if not is_private(chat) or not found or text_of(payload.get("participant")):
        return None
    return MessageHeard(
        session=session,
        chat_id=chat,
        short_id=found,
        text=text_of(payload.get("body")),
        at=moment_of(payload.get("timestamp")) or at,
        is_ours=is_ours,
        is_typed=is_ours and text_of(payload.get("source")) == "app",
        phone=phone_of(chat),
        name="" if is_ours else (_push_name(payload) or text_of(payload.get("pushName")))[:100],
        enclosure=enclosure_of(payload),
    )


def _push_name(payload: JsonObject) -> str:
    data = dict_of(payload.get("_data"))
    found = (
        dict_of(data.get("Info")).get("PushName") or data.get("pushName") or data.get("notifyName")
    )
    return text_of(found)
