from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from cube_demper.core.errors import (
    ConfigurationError,
    CredentialsRejected,
    Refused,
    Unreachable,
)
from cube_demper.core.settings import MailSettings
from cube_demper.domain.notifications.service import compose
from cube_demper.embedded.ports import free_ports
from cube_demper.integrations.mail.client import SmtpMailer

LETTER = compose("Тема — кириллицей", "Здравствуйте!", button=("Открыть", "https://x.kz/?a=1&b=2"))


class Server:
    """A mail server that answers as it is told."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.on_recipient = "250 OK"
        self.on_data = "250 OK"
        (self.port,) = free_ports(1)

    async def handle_RCPT(self, *given: Any) -> str:  # noqa: N802 - aiosmtpd's name
        _, _, envelope, address, _ = given
        if self.on_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.on_recipient

    async def handle_DATA(self, *given: Any) -> str:  # noqa: N802 - aiosmtpd's name
        content = given[2].content
        parsed = message_from_bytes(content, _class=EmailMessage, policy=policy.default)
        self.letters.append(parsed)
        return self.on_data


def mailer(server: Server, user: str = "", **settings: Any) -> SmtpMailer:
    given = {"SMTP_URL": f"smtp://{user}127.0.0.1:{server.port}", **settings}
    return SmtpMailer(MailSettings(**given))


@pytest.fixture
def server() -> Iterator[Server]:
    told = Server()

    def check(_server: Any, _session: Any, _envelope: Any, _how: str, who: Any) -> AuthResult:
        return AuthResult(success=who.password == b"p@ss", handled=False)

    running = Controller(
        told, hostname="127.0.0.1", port=told.port, authenticator=check, auth_require_tls=False
    )
    running.start()
    yield told
    running.stop()


async def test_a_letter_arrives_whole(server: Server) -> None:
    await mailer(server, MAIL_FROM="Куб <no-reply@cube.example.kz>").send("a@example.kz", LETTER)
    (letter,) = server.letters
    assert letter["Subject"] == "Тема — кириллицей"
    assert (letter["From"], letter["To"]) == ("Куб <no-reply@cube.example.kz>", "a@example.kz")
    assert letter["Message-ID"].endswith("@cube.example.kz>")
    assert letter["Reply-To"] == "support@example.kz"
    text, html = letter.get_body(("plain",)), letter.get_body(("html",))
    assert text is not None
    assert html is not None
    assert "Открыть: https://x.kz/?a=1&b=2" in text.get_content()
    assert 'href="https://x.kz/?a=1&amp;b=2"' in html.get_content()


async def test_signs_in_with_what_the_address_says(server: Server) -> None:
    await mailer(server, user="bot:p%40ss@").send("a@example.kz", LETTER)
    assert len(server.letters) == 1


async def test_a_wrong_password_is_told_apart(server: Server) -> None:
    with pytest.raises(CredentialsRejected):
        await mailer(server, user="bot:wrong@").send("a@example.kz", LETTER)


@pytest.mark.parametrize(
    ("answer", "error"),
    [("550 no such user", Refused), ("451 try later", Unreachable), ("452 full", Unreachable)],
)
async def test_recipient_refused(server: Server, answer: str, error: type[Exception]) -> None:
    server.on_recipient = answer
    with pytest.raises(error):
        await mailer(server).send("a@example.kz", LETTER)


@pytest.mark.parametrize(
    ("answer", "error"), [("554 spam", Refused), ("421 going down", Unreachable)]
)
async def test_letter_refused(server: Server, answer: str, error: type[Exception]) -> None:
    server.on_data = answer
    with pytest.raises(error):
        await mailer(server).send("a@example.kz", LETTER)


async def test_nobody_there() -> None:
    with pytest.raises(Unreachable):
        await mailer(Server()).send("a@example.kz", LETTER)


async def test_an_address_cannot_smuggle_headers_in(server: Server) -> None:
    with pytest.raises(Refused):
        await mailer(server).send("a@example.kz\nBcc: b@example.kz", LETTER)
    assert server.letters == []


@pytest.mark.parametrize("url", ["http://x", "smtp://", "nonsense", "smtp://host:port"])
def test_a_wrong_address_is_named(url: str) -> None:
    with pytest.raises(ConfigurationError, match="SMTP_URL"):
        SmtpMailer(MailSettings(SMTP_URL=url))


def test_a_password_leaves_the_machine_only_under_tls() -> None:
    def start_tls(url: str) -> bool | None:
        return SmtpMailer(MailSettings(SMTP_URL=url))._server.start_tls

    assert start_tls("smtp://u:p@mail.example.kz") is True
    assert start_tls("smtp://mail.example.kz") is None
    assert start_tls("smtp://u:p@127.0.0.1:25") is None
    assert start_tls("smtps://u:p@mail.example.kz") is False
