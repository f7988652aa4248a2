"""Between WAHA's words and ours. Pure; raises ContractChanged where there is nothing to go on with."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from cube_demper.core.errors import ContractChanged
from cube_demper.domain.messaging.enclosures import Enclosure, EnclosureKind, kind_of
from cube_demper.domain.messaging.ports import (
    Attachment,
    NewChatQuota,
    NotOnWhatsApp,
    NumberCheck,
    OnWhatsApp,
    Place,
    RefusalReason,
    To,
    UncheckedNumber,
)
from cube_demper.domain.messaging.sessions.schemas import GatewaySession
from cube_demper.integrations.waha.wire import (
    FileBody,
    JsonObject,
    SendBody,
    dict_of,
    number_of,
    text_of,
)

EVENTS = ("session.status", "message.any", "message.ack")
"""`message` is left out: each incoming message comes as `message.any` too (INTEGRATIONS.md A.7)."""
_JID = re.compile(r"^\d+(:\d+)?@[\w.]+$")
_PHONE = re.compile(r"^(\d{8,15})(?::\d+)?@(?:c\.us|s\.whatsapp\.net)$")
_FILE = re.compile(r"/api/files/[\w@.=/-]{1,300}")
_OLDEST = (2026, 6, 1)
_WARNINGS = {"FIRST_WARNING", "SECOND_WARNING"}


def session_of(answer: object) -> GatewaySession:
    """Read a session of get, list and create."""
    body = dict_of(answer)
    name, status = text_of(body.get("name")), text_of(body.get("status"))
    if not name or not status:
        raise ContractChanged("WAHA прислала сессию без имени или состояния")
    me = dict_of(body.get("me"))
    return GatewaySession(
        name=name,
        status=status[:40],
        phone=phone_of(text_of(me.get("id"))) or phone_of(text_of(me.get("jid"))),
        shown_name=text_of(me.get("pushName"))[:100],
        webhook_url=_webhook_url(body),
        quota=quota_of(dict_of(me.get("messageCapping")), dict_of(me.get("reachoutTimelock"))),
    )


def _webhook_url(session: JsonObject) -> str:
    hooks = dict_of(session.get("config")).get("webhooks")
    first = hooks[0] if isinstance(hooks, list) and hooks else None
    return text_of(dict_of(first).get("url"))


def session_config(owner: str, webhook_url: str, hmac_key: str) -> JsonObject:
    """Build the whole configuration of a session. PUT replaces it, so it is always said whole."""
    return {
        "metadata": {"cube.owner": owner},
        "client": {"deviceName": "Cube Demper", "browserName": "Chrome"},
        "ignore": {"status": True, "groups": True, "channels": True, "broadcast": True},
        "noweb": {"markOnline": False, "store": {"enabled": True, "fullSync": False}},
        "webhooks": [
            {
                "url": webhook_url,
                "events": list(EVENTS),
                "hmac": {"key": hmac_key},
                # 2 s doubling, ten tries: half an hour. What is lost after it the watch finds out.
                "retries": {"policy": "exponential", "delaySeconds": 2, "attempts": 10},
            }
        ],
    }


def text_body(to: To, text: str) -> SendBody:
    """Build a text. No link previews: WAHA would fetch what is linked."""
    return {**_addressed(to), "text": text, "linkPreview": False}


def file_body(to: To, file: Attachment, caption: str) -> SendBody:
    """Build a picture or a document."""
    data = base64.b64encode(file.content).decode()
    body: FileBody = {"mimetype": file.mimetype, "filename": file.filename, "data": data}
    return {**_addressed(to), "caption": caption, "file": body}


def location_body(to: To, place: Place) -> SendBody:
    """Build a point on the map."""
    where: SendBody = {"latitude": place.latitude, "longitude": place.longitude}
    return {**_addressed(to), **where, "title": place.title}


def _addressed(to: To) -> SendBody:
    return {"session": to.session, "chatId": to.chat_id, "id": to.message_id}


def number_check(answer: object) -> NumberCheck:
    """Read check-exists; the chat may be a `@lid`."""
    body = dict_of(answer)
    exists = body.get("numberExists")
    chat_id = chat_of(text_of(body.get("chatId")) or text_of(body.get("pn")))
    if exists is False:
        return NotOnWhatsApp()
    if exists is True and chat_id:
        return OnWhatsApp(chat_id)
    return UncheckedNumber(RefusalReason.UNREACHABLE, "WAHA ответила не так, как обычно")


def quota_of(capping: Mapping[str, Any], timelock: Mapping[str, Any]) -> NewChatQuota:
    """Read `capping` and `timelock`; words that WhatsApp adds later are no cap."""
    status = text_of(capping.get("cappingStatus"))
    return NewChatQuota(
        is_capped=status == "CAPPED",
        is_warned=status in _WARNINGS,
        is_locked=timelock.get("isActive") is True,
    )


def short_id(message_id: str) -> str:
    """Return the part that stays the same when the chat is told as a phone once and as a lid then.

    «true_77011234567@c.us_3EB0AA» and «3EB0AA» are one message; in groups the author follows the id.
    """
    parts = [part for part in message_id.split("_") if part and not _is_jid(part)]
    return parts[-1] if parts else ""


def _is_jid(part: str) -> bool:
    return "@" in part or _JID.match(part) is not None


def chat_of(jid: str) -> str:
    """Return a chat as WAHA wants it: «…@c.us», also where the engine says «@s.whatsapp.net»."""
    user, _, host = jid.partition("@")
    if host == "s.whatsapp.net":
        return f"{user.partition(':')[0]}@c.us"
    return jid


def enclosure_of(payload: JsonObject) -> Enclosure | None:
    """Read what goes with a message: a place, or a file as far as WAHA tells of it."""
    place = dict_of(payload.get("location"))
    latitude, longitude = number_of(place.get("latitude")), number_of(place.get("longitude"))
    if latitude is not None and longitude is not None:
        words = text_of(place.get("description")) or text_of(place.get("name"))
        return Enclosure(
            EnclosureKind.LOCATION, words[:200], latitude=latitude, longitude=longitude
        )
    if payload.get("hasMedia") is not True and not payload.get("media"):
        return None
    media = dict_of(payload.get("media"))
    mimetype = text_of(media.get("mimetype")).partition(";")[0][:100]
    return Enclosure(
        kind_of(mimetype),
        name=text_of(media.get("filename"))[:200],
        mimetype=mimetype,
        size=int(number_of(media.get("filesize")) or 0),
        path=file_path(text_of(media.get("url"))),
    )


def file_path(url: str) -> str:
    """Return the path of a file at WAHA, «/api/files/…»; nothing for any other address.

    The host in it is WAHA's own idea of itself and nobody's business: we ask the WAHA that we know.
    """
    path = urlsplit(url).path
    is_plain = _FILE.fullmatch(path) is not None and ".." not in path
    return path if is_plain else ""


def is_private(chat_id: str) -> bool:
    """Tell whether a chat is with one person: no group, channel or status."""
    return chat_id.endswith(("@c.us", "@lid"))


def phone_of(jid: str) -> str:
    """Return the digits of a phone's id; a lid and nonsense have none."""
    found = _PHONE.match(jid)
    return found[1] if found else ""


def moment_of(value: object) -> datetime | None:
    """Read a moment in seconds or, as envelopes have it, milliseconds; nonsense is none."""
    number = number_of(value)
    if number is None or number <= 0:
        return None
    seconds = number / 1000 if number > 1e11 else number
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def is_old_version(version: str) -> bool:
    """Tell whether a WAHA is older than 2026.6.1, which has sessions and files for free."""
    numbers = [int(part) for part in re.findall(r"\d+", version)[:3]]
    return tuple(numbers) < _OLDEST
