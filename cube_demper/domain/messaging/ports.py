"""What messaging needs from WhatsApp's gateway. Nothing raises: outcomes are typed.

A message's id is made by `make_message_id` and committed before the call, so that an unknown outcome can
be looked for by it (`find_message`, and the gateway's webhooks).
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

_ID_PREFIX = "3EB0"


def make_message_id() -> str:
    """Make an id in the form of WhatsApp's own web clients: «3EB0» and 18 hexadecimal digits."""
    return _ID_PREFIX + secrets.token_hex(9).upper()


class RefusalReason(StrEnum):
    """Why nothing has left. The reader decides: wait, pause the session or give the message up."""

    UNREACHABLE = "unreachable"
    """No connection to the gateway could be made: wait."""
    NOT_READY = "not_ready"
    """The session is not WORKING, or the gateway does not know it: wait, and let the seller see it."""
    TIME_LOCKED = "time_locked"
    """WhatsApp forbids this number to write to new chats for now (error 463): pause the session."""
    WRONG_REQUEST = "wrong_request"
    """This message will never go: give it up."""
    REJECTED_KEY = "rejected_key"
    """The operator's key is wrong: wait, the operator is told."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The gateway took the message. `message_id`: the short one, as webhooks are matched by."""

    message_id: str


@dataclass(frozen=True, slots=True)
class RefusedSend:
    """Surely nothing has left. `words`: for the log and the operator, not for the seller."""

    reason: RefusalReason
    words: str = ""


@dataclass(frozen=True, slots=True)
class UnknownSend:
    """The request may have left: it is never repeated blindly."""

    words: str = ""


SendOutcome = Accepted | RefusedSend | UnknownSend


@dataclass(frozen=True, slots=True)
class To:
    """Where a message goes. `session`: the gateway's name of the number; `chat_id`: «…@c.us» or «…@lid».

    `message_id` is given by `make_message_id`.
    """

    session: str
    chat_id: str
    message_id: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A picture or a file, by its bytes. `mimetype` as in «image/jpeg»."""

    filename: str
    mimetype: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Place:
    """A point on the map, in degrees."""

    latitude: float
    longitude: float
    title: str


@dataclass(frozen=True, slots=True)
class OnWhatsApp:
    """The number is there. `chat_id` is where to write to, «…@c.us» or «…@lid»."""

    chat_id: str


@dataclass(frozen=True, slots=True)
class NotOnWhatsApp:
    """Nobody has this number there."""


@dataclass(frozen=True, slots=True)
class UncheckedNumber:
    """It could not be asked: the number is neither good nor bad. Ask again later."""

    reason: RefusalReason
    words: str = ""


NumberCheck = OnWhatsApp | NotOnWhatsApp | UncheckedNumber


@dataclass(frozen=True, slots=True)
class NewChatQuota:
    """What WhatsApp allows this number now. `is_capped`: no new chats this cycle; `is_warned`: soon so.

    `is_locked`: the «reachout timelock» is on (no new chats until it ends).
    """

    is_capped: bool = False
    is_warned: bool = False
    is_locked: bool = False

    @property
    def allows_new_chats(self) -> bool:
        """Tell whether people who never wrote to us may be written to."""
        return not (self.is_capped or self.is_locked)


class WhatsAppSender(Protocol):
    """Sends over the seller's number. Each call is one request with a time-out; none raises."""

    async def send_text(self, to: To, text: str) -> SendOutcome:
        """Send a text."""
        ...

    async def send_image(self, to: To, image: Attachment, caption: str = "") -> SendOutcome:
        """Send a picture that is shown in the chat."""
        ...

    async def send_file(self, to: To, file: Attachment, caption: str = "") -> SendOutcome:
        """Send a document."""
        ...

    async def send_location(self, to: To, place: Place) -> SendOutcome:
        """Send a point on the map."""
        ...

    async def start_typing(self, session: str, chat_id: str) -> bool:
        """Show «печатает…» to the buyer; False: it could not be shown, which stops nothing."""
        ...

    async def stop_typing(self, session: str, chat_id: str) -> bool:
        """End «печатает…»."""
        ...

    async def mark_seen(self, session: str, chat_id: str, message_ids: Sequence[str] = ()) -> bool:
        """Mark what the buyer wrote as read."""
        ...

    async def check_number(self, session: str, phone: str) -> NumberCheck:
        """Ask whether `phone` (digits, «77011234567») is on WhatsApp. Many such questions look like spam."""
        ...

    async def find_message(self, to: To) -> bool | None:
        """Tell whether a message whose outcome is unknown is in the chat; None: it could not be asked."""
        ...

    async def new_chat_quota(self, session: str) -> NewChatQuota | None:
        """Ask what WhatsApp allows this number; None: it could not be asked."""
        ...
