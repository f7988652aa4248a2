"""What happens in this WhatsApp in time: states of sessions, codes that grow old, messages, their marks."""

from __future__ import annotations

import io
import secrets
from typing import Any

import segno

from cube_demper.core.clock import Clock
from cube_demper.sandbox.waha.payloads import message_payload
from cube_demper.sandbox.waha.webhooks import Webhooks
from cube_demper.sandbox.waha.world import (
    ABSENT_ENDING,
    Ack,
    Buyer,
    Message,
    Phone,
    Session,
    make_code,
    make_id,
    make_qr,
)

VERSION, ENGINE = "2026.9.2", "GOWS"
_FIRST_QR, _NEXT_QR, _MOST_QR = 60.0, 20.0, 6
_STARTING = 1.0
_ACK_AFTER = {Ack.PENDING: 0.2, Ack.SERVER: 0.8}
"""Seconds to the next mark. READ comes when somebody opens the chat on the buyer's phone."""


class Engine:
    """Sessions, phones and buyers, and the events that they make."""

    def __init__(self, clock: Clock) -> None:
        """Begin with two seller's phones and no session."""
        self._clock = clock
        self.hooks = Webhooks(clock)
        self.sessions: dict[str, Session] = {}
        self.phones = {
            number: Phone(number, name)
            for number, name in (("77010000001", "Магазин"), ("77010000002", "Второй телефон"))
        }
        self.buyers: dict[str, Buyer] = {}
        self.down_until = 0.0
        self.files: dict[str, bytes] = {}
        """Contents by the message's id. They are lost with a restart, as WAHA's own are after a while."""

    def now(self) -> float:
        """Return seconds of the sandbox's clock."""
        return self._clock.now().timestamp()

    @property
    def is_down(self) -> bool:
        """Tell whether WAHA's container is away."""
        return self.now() < self.down_until

    def buyer(self, number: str) -> Buyer:
        """Return the person of a number, who begins to exist when first asked for."""
        return self.buyers.setdefault(number, Buyer(number))

    def find_chat(self, chat_id: str) -> Buyer | None:
        """Return who a chat is with; None for a number that is not on WhatsApp."""
        user, _, host = chat_id.partition("@")
        if host == "lid":
            return next((it for it in self.buyers.values() if it.lid == chat_id), None)
        return None if user.endswith(ABSENT_ENDING) or not user.isdigit() else self.buyer(user)

    def move(self, session: Session, status: str) -> None:
        """Bring a session to a status and tell it, as WAHA does for each new QR too."""
        session.status = status
        session.history = [*session.history, {"status": status, "timestamp": self._ms()}][-10:]
        data = None
        phone = self.phones.get(session.phone)
        if phone and status == "WORKING" and phone.locked_until > self.now():
            data = {"reachoutTimelock": timelock(phone, self.now())}
        body = {"name": session.name, "status": status, "statuses": session.history, "data": data}
        self.tell(session, "session.status", body)

    def start(self, session: Session) -> None:
        """Start, as the API's start does; nothing happens to one that runs."""
        if session.status in ("STOPPED", "FAILED"):
            session.starts_at = self.now() + _STARTING
            self.move(session, "STARTING")

    def stop(self, session: Session) -> None:
        """Stop."""
        session.starts_at, session.qr, session.code = None, "", ""
        if session.status != "STOPPED":
            self.move(session, "STOPPED")

    def log_out(self, session: Session) -> None:
        """Unlink the phone; WAHA starts again what was running."""
        was_running = session.status != "STOPPED"
        session.phone = ""
        self.stop(session)
        if was_running:
            self.start(session)

    def unlink(self, session: Session) -> None:
        """Unlink on the phone («Выйти» in its linked devices): WAHA fails the session."""
        session.phone = ""
        self.move(session, "FAILED")

    def scan(self, session: Session, phone: Phone) -> bool:
        """Let a phone scan the code that is valid now; False when there is none, or it is banned."""
        if session.status != "SCAN_QR_CODE" or phone.is_banned:
            return False
        session.phone, session.qr, session.code = phone.number, "", ""
        self.move(session, "WORKING")
        return True

    def ask_code(self, session: Session, phone: str) -> str:
        """Make a pairing code for a number."""
        session.code, session.code_phone = make_code(), phone
        return session.code

    def ban(self, phone: Phone) -> None:
        """Let WhatsApp block a number: its sessions fail and it cannot be linked again."""
        phone.is_banned = True
        for session in self.sessions.values():
            if session.phone == phone.number:
                self.unlink(session)

    def send(self, session: Session, buyer: Buyer, message: Message) -> None:
        """Take a message of the API or of the seller's phone to a buyer."""
        phone = self.phones[session.phone]
        if phone.quota >= 0 and not session.chat(buyer.number):
            phone.used += 1
        session.messages.append(message)
        message.next_ack_at = message.at + _ACK_AFTER[Ack.PENDING]
        self.tell(
            session,
            "message.any",
            self._payload(session, buyer, message),
        )

    def incoming(
        self, session: Session, buyer: Buyer, text: str, *, message_id: str = "", **more: Any
    ) -> Message:
        """Let a buyer write; they have then read what was written to them."""
        self.open_chat(session, buyer.number)
        name = message_id or make_id()
        message = Message(name, buyer.number, text, self.now(), from_me=False, **more)
        message.ack = Ack.SERVER
        session.messages.append(message)
        payload = self._payload(session, buyer, message)
        self.tell(session, "message", payload)
        self.tell(session, "message.any", payload)
        return message

    def incoming_photo(self, session: Session, buyer: Buyer, text: str) -> Message:
        """Let a buyer send a picture with a few words."""
        picture = io.BytesIO()
        segno.make_qr(text or "photo").save(picture, kind="png", scale=6, dark="#2f5d50")
        message_id = make_id()
        self.files[message_id] = picture.getvalue()
        return self.incoming(
            session, buyer, text, message_id=message_id, kind="image", mimetype="image/png"
        )

    def from_phone(self, session: Session, buyer: Buyer, text: str) -> Message:
        """Let the seller answer from the phone itself."""
        message = Message(make_id(), buyer.number, text, self.now(), from_me=True)
        self.send(session, buyer, message)
        return message

    def open_chat(self, session: Session, number: str) -> None:
        """Let a buyer read everything."""
        for message in session.chat(number):
            if message.from_me and message.ack < Ack.READ:
                self._mark(session, message, Ack.READ)

    def advance(self) -> None:
        """Let the time that has passed do its work."""
        if self.is_down:
            return
        now = self.now()
        for session in list(self.sessions.values()):
            self._advance_status(session, now)
            for message in session.messages:
                if message.next_ack_at is not None and now >= message.next_ack_at:
                    self._mark(session, message, Ack(message.ack + 1))

    def go_down(self, seconds: float) -> None:
        """Take WAHA away for a while; sessions that worked come back by themselves."""
        self.down_until = self.now() + seconds
        for session in self.sessions.values():
            if session.status != "STOPPED":
                session.status, session.starts_at = "STARTING", self.down_until + _STARTING

    def come_back(self) -> None:
        """End `go_down` now."""
        self.down_until = 0.0
        for session in self.sessions.values():
            if session.starts_at is not None:
                session.starts_at = self.now() + _STARTING

    def tell(self, session: Session, event: str, payload: dict[str, Any]) -> None:
        """Send an event of a session."""
        phone = self.phones.get(session.phone)
        envelope = {
            "id": f"evt_{secrets.token_hex(13)}",
            "timestamp": self._ms(),
            "event": event,
            "session": session.name,
            "metadata": session.config.get("metadata") or {},
            "me": {"id": f"{phone.number}@c.us", "pushName": phone.name} if phone else None,
            "payload": payload,
            "engine": ENGINE,
            "environment": {"version": VERSION, "engine": ENGINE, "tier": "CORE", "browser": None},
        }
        self.hooks.emit(session.config, envelope, self.now())

    def _advance_status(self, session: Session, now: float) -> None:
        if session.starts_at is not None and now >= session.starts_at:
            session.starts_at = None
            if session.phone and not self.phones[session.phone].is_banned:
                self.move(session, "WORKING")
            else:
                session.phone, session.qr_number = "", 0
                self._next_qr(session, now)
        elif session.status == "SCAN_QR_CODE" and now >= session.qr_until:
            if session.qr_number >= _MOST_QR:
                session.qr = ""
                self.move(session, "FAILED")
            else:
                self._next_qr(session, now)

    def _next_qr(self, session: Session, now: float) -> None:
        session.qr_number += 1
        session.qr = make_qr()
        session.qr_until = now + (_FIRST_QR if session.qr_number == 1 else _NEXT_QR)
        self.move(session, "SCAN_QR_CODE")

    def _mark(self, session: Session, message: Message, ack: Ack) -> None:
        message.ack = ack
        pause = _ACK_AFTER.get(ack)
        message.next_ack_at = None if pause is None else self.now() + pause
        buyer = self.buyer(message.chat)
        self.tell(
            session,
            "message.ack",
            {
                "id": f"true_{buyer.chat_id}_{message.id}",
                "from": f"{session.phone}@c.us",
                "to": buyer.chat_id,
                "participant": None,
                "fromMe": True,
                "ack": int(ack),
                "ackName": ack.name,
                "_data": {},
            },
        )

    def _payload(self, session: Session, buyer: Buyer, message: Message) -> dict[str, Any]:
        return message_payload(session, buyer, message, has_file=message.id in self.files)

    def _ms(self) -> int:
        return int(self.now() * 1000)


def timelock(phone: Phone, now: float) -> dict[str, Any] | None:
    """Return the state of «error 463»."""
    if phone.locked_until <= now:
        return None
    return {
        "enforcementType": "RESTRICT_ALL_COMPANIONS",
        "isActive": True,
        "timeEnforcementEnds": int(phone.locked_until),
    }
