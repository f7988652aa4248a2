"""Handing letters to an SMTP server: `smtp://` (STARTTLS where offered) or `smtps://`."""

from __future__ import annotations

from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid, parseaddr
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

import aiosmtplib

from cube_demper.core.errors import (
    ConfigurationError,
    CredentialsRejected,
    IntegrationError,
    Refused,
    Unreachable,
)
from cube_demper.core.settings import MailSettings
from cube_demper.domain.notifications.schemas import Letter

_TIMEOUT = 20.0
_PORTS = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True, slots=True)
class _Server:
    host: str
    port: int
    use_tls: bool
    username: str | None
    password: str | None

    @property
    def start_tls(self) -> bool | None:
        """Demand STARTTLS before a password leaves this machine; else take it where offered."""
        if self.use_tls:
            return False
        return True if self.password and not _is_loopback(self.host) else None


class SmtpMailer:
    """The product's mailer: one connection a letter."""

    def __init__(self, settings: MailSettings) -> None:
        """Read SMTP_URL and MAIL_FROM. Raises ConfigurationError."""
        if settings.smtp_url is None:
            raise ConfigurationError("SMTP_URL: не задан")
        self._server = _read_url(settings.smtp_url.get_secret_value())
        self._from, self._reply_to = settings.mail_from, settings.support_mail
        domain = parseaddr(settings.mail_from)[1].partition("@")[2]
        if not domain:
            raise ConfigurationError("MAIL_FROM: нужен адрес вида Имя <почта@домен>")
        self._domain = domain

    async def send(self, to: str, letter: Letter) -> None:
        """Hand a letter over. Raises Unreachable, CredentialsRejected or Refused."""
        server = self._server
        try:
            await aiosmtplib.send(
                self._message(to, letter),
                hostname=server.host,
                port=server.port,
                username=server.username,
                password=server.password,
                use_tls=server.use_tls,
                start_tls=server.start_tls,
                timeout=_TIMEOUT,
            )
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            raise _ours(error) from error

    def _message(self, to: str, letter: Letter) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self._from
        message["Reply-To"] = self._reply_to  # letters say «напишите нам в ответ»
        message["To"] = to
        message["Subject"] = letter.subject
        message["Date"] = formatdate(localtime=False)
        message["Message-ID"] = make_msgid(domain=self._domain)
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.text)
        message.add_alternative(letter.html, subtype="html")
        return message


def _read_url(url: str) -> _Server:
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS[parts.scheme]
    except (ValueError, KeyError):
        parts, port = urlsplit(""), 0
    if not parts.hostname:
        raise ConfigurationError(
            "SMTP_URL: нужен адрес smtp://имя:пароль@сервер:порт или smtps://…"
        )
    return _Server(
        host=parts.hostname,
        port=port,
        use_tls=parts.scheme == "smtps",
        username=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
    )


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _ours(error: Exception) -> IntegrationError:
    if isinstance(error, aiosmtplib.SMTPAuthenticationError):
        return CredentialsRejected("Почтовый сервер не принял логин или пароль из SMTP_URL.")
    codes = _codes(error)
    if codes and all(code >= 500 for code in codes):
        return Refused(f"Почтовый сервер отказал: {codes[0]}")
    if isinstance(error, ValueError):
        return Refused("Письмо на этот адрес не отправить.")
    return Unreachable(f"Почтовый сервер не принял письмо: {type(error).__name__}")


def _codes(error: Exception) -> list[int]:
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        return [refused.code for refused in error.recipients]
    return [error.code] if isinstance(error, aiosmtplib.SMTPResponseException) else []
