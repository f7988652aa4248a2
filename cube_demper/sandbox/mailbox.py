"""The sandbox's mail: an SMTP server that keeps what it gets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

_KEPT = 500


@dataclass(frozen=True, slots=True)
class Letter:
    """A received letter."""

    number: int
    at: float
    sender: str
    to: list[str]
    subject: str
    text: str
    html: str | None

    def dump(self) -> dict[str, Any]:
        """Return it as JSON."""
        return asdict(self)


class Mailbox:
    """All letters, oldest first, whoever they are for."""

    def __init__(self, now: Callable[[], float]) -> None:
        """Start empty."""
        self.letters: list[Letter] = []
        self._now = now

    def to(self, address: str) -> list[Letter]:
        """Return the letters to one address."""
        wanted = address.lower()
        return [letter for letter in self.letters if wanted in map(str.lower, letter.to)]

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Take a letter; called by aiosmtpd."""
        raw = envelope.original_content or b""
        message = message_from_bytes(raw, EmailMessage, policy=policy.default)
        self.letters.append(
            Letter(
                number=self._next_number(),
                at=self._now(),
                sender=str(message.get("From", envelope.mail_from or "")),
                to=list(envelope.rcpt_tos),
                subject=str(message.get("Subject", "")),
                text=_part(message, "plain") or "",
                html=_part(message, "html"),
            )
        )
        del self.letters[:-_KEPT]
        return "250 OK"

    def put(self, sender: str, to: str, subject: str, text: str) -> None:
        """Put a letter in that came another way: a code of the sandbox's Kaspi, an SMS too."""
        number, at = self._next_number(), self._now()
        self.letters.append(Letter(number, at, sender, [to], subject, text, None))
        del self.letters[:-_KEPT]

    def _next_number(self) -> int:
        return self.letters[-1].number + 1 if self.letters else 1

    def protocol(self) -> SMTP:
        """Return a protocol for one SMTP connection."""
        return SMTP(self, enable_SMTPUTF8=True, hostname="sandbox.local")


def _part(message: EmailMessage, kind: str) -> str | None:
    body = message.get_body((kind,))
    return str(body.get_content()) if body else None
