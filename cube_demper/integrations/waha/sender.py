"""Sends over WAHA with typed outcomes: accepted, surely refused, or unknown. Nothing is repeated here."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from cube_demper.core.errors import ContractChanged, CubeError
from cube_demper.domain.messaging.ports import (
    Accepted,
    Attachment,
    NewChatQuota,
    NumberCheck,
    Place,
    SendOutcome,
    To,
    UncheckedNumber,
    UnknownSend,
)
from cube_demper.integrations.proxies.egress_client import TransportFailed
from cube_demper.integrations.waha import mapping
from cube_demper.integrations.waha.errors import broken_off, json_of, reason_of, refusal_of
from cube_demper.integrations.waha.gateway import WahaGateway
from cube_demper.integrations.waha.wire import SendBody, dict_of, list_of, message_id

_RECENT = "50"
"""How many of a chat's last messages are read to find one: more than ten minutes of a chat."""


class WahaSender:
    """See `domain.messaging.ports.WhatsAppSender`."""

    def __init__(self, gateway: WahaGateway) -> None:
        """Send over this gateway."""
        self._gateway = gateway

    async def send_text(self, to: To, text: str) -> SendOutcome:
        """Send a text."""
        return await self._send("sendText", to, mapping.text_body(to, text))

    async def send_image(self, to: To, image: Attachment, caption: str = "") -> SendOutcome:
        """Send a picture."""
        return await self._send("sendImage", to, mapping.file_body(to, image, caption))

    async def send_file(self, to: To, file: Attachment, caption: str = "") -> SendOutcome:
        """Send a document."""
        return await self._send("sendFile", to, mapping.file_body(to, file, caption))

    async def send_location(self, to: To, place: Place) -> SendOutcome:
        """Send a point on the map."""
        return await self._send("sendLocation", to, mapping.location_body(to, place))

    async def start_typing(self, session: str, chat_id: str) -> bool:
        """Show «печатает…»."""
        return await self._tell("/api/startTyping", session, chat_id)

    async def stop_typing(self, session: str, chat_id: str) -> bool:
        """End «печатает…»."""
        return await self._tell("/api/stopTyping", session, chat_id)

    async def mark_seen(self, session: str, chat_id: str, message_ids: Sequence[str] = ()) -> bool:
        """Mark what the buyer wrote as read."""
        more = {"messageIds": list(message_ids)} if message_ids else {}
        return await self._tell("/api/sendSeen", session, chat_id, **more)

    async def check_number(self, session: str, phone: str) -> NumberCheck:
        """Ask whether a phone is on WhatsApp."""
        asked = {"phone": phone, "session": session}
        try:
            return mapping.number_check(
                await self._gateway.ask("GET", "/api/contacts/check-exists", params=asked)
            )
        except CubeError as error:
            return UncheckedNumber(reason_of(error), error.message)

    async def find_message(self, to: To) -> bool | None:
        """Look for a message among the chat's last ones."""
        path = f"/api/{_part(to.session)}/chats/{_part(to.chat_id)}/messages"
        asked = {"limit": _RECENT, "downloadMedia": "false", "filter.fromMe": "true"}
        try:
            answer = await self._gateway.ask("GET", path, params=asked)
        except CubeError:
            return None
        if not isinstance(answer, list):
            return None
        wanted = to.message_id.casefold()
        return any(
            mapping.short_id(message_id(item)).casefold() == wanted for item in list_of(answer)
        )

    async def new_chat_quota(self, session: str) -> NewChatQuota | None:
        """Ask for the new-chat quota and the time-lock; WAHA before 2026.8 has neither."""
        base = f"/api/sessions/{_part(session)}"
        try:
            capping = dict_of(await self._gateway.ask("GET", f"{base}/capping"))
            timelock = dict_of(await self._gateway.ask("GET", f"{base}/timelock"))
        except CubeError:
            return None
        return mapping.quota_of(capping, timelock)

    async def _send(self, call: str, to: To, body: SendBody) -> SendOutcome:
        try:
            answer = await self._gateway.send("POST", f"/api/{call}", body)
        except TransportFailed as error:
            return broken_off(error)
        if failure := refusal_of(answer):
            return failure
        try:
            sent = json_of(answer)
        except ContractChanged as error:
            return UnknownSend(error.message)
        return Accepted(mapping.short_id(message_id(sent)) or to.message_id)

    async def _tell(self, path: str, session: str, chat_id: str, **more: object) -> bool:
        try:
            await self._gateway.ask("POST", path, {"session": session, "chatId": chat_id, **more})
        except CubeError:
            return False
        return True


def _part(text: str) -> str:
    return quote(text, safe="")
