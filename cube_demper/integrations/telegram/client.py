"""Calls of the Bot API over HTTPS. The token is a part of each address: addresses are never logged."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import aiohttp
import orjson

from cube_demper.core.errors import (
    ConfigurationError,
    CredentialsRejected,
    RateLimited,
    Refused,
    Unreachable,
)
from cube_demper.core.settings import TelegramSettings
from cube_demper.domain.notifications.errors import ChatClosed
from cube_demper.integrations.telegram.wire import Update, read_updates

_TIMEOUT = 20.0
_LONGEST_WAIT = timedelta(hours=1)
_KINDS = ["message", "my_chat_member"]


class TelegramBot:
    """The bot behind TELEGRAM_BOT_TOKEN; one connection a call, calls are rare."""

    def __init__(self, settings: TelegramSettings) -> None:
        """Read token and address. Raises ConfigurationError."""
        if settings.bot_token is None:
            raise ConfigurationError("TELEGRAM_BOT_TOKEN: не задан")
        self._base = f"{settings.url.rstrip('/')}/bot{settings.bot_token.get_secret_value()}"

    async def send(self, chat_id: int, html: str) -> None:
        """Send a message in Telegram's HTML; see `domain.notifications.schemas.Messenger`."""
        await self._call(
            "sendMessage",
            {
                "chat_id": chat_id,
                "text": html,
                "parse_mode": "HTML",
                "link_preview_options": {"is_disabled": True},
            },
        )

    async def username(self) -> str:
        """Return the bot's name without «@». Raises as `send`, but never ChatClosed."""
        me = await self._call("getMe", {})
        name = me.get("username") if isinstance(me, dict) else None
        return name if isinstance(name, str) else ""

    async def updates(self, offset: int | None, *, wait: int) -> tuple[list[Update], int | None]:
        """Return what happened since `offset`, waiting up to `wait` seconds, and the next offset.

        What came before `offset` is forgotten by Telegram; without one it is all told again.
        """
        asked: dict[str, Any] = {"timeout": wait, "allowed_updates": _KINDS}
        if offset is not None:
            asked["offset"] = offset
        return read_updates(await self._call("getUpdates", asked, patience=wait))

    async def _call(self, method: str, body: dict[str, Any], *, patience: float = 0) -> Any:
        timeout = aiohttp.ClientTimeout(total=_TIMEOUT + patience)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout) as http,
                http.post(f"{self._base}/{method}", json=body, allow_redirects=False) as answer,
            ):
                status, content = answer.status, await answer.read()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Unreachable(f"Telegram не отвечает: {type(error).__name__}") from None
        return _result(status, content)


def _result(status: int, content: bytes) -> Any:
    """Return the `result` of an answer, or raise what its error means."""
    try:
        answer = orjson.loads(content)
    except orjson.JSONDecodeError:
        answer = None
    if not isinstance(answer, dict) or status >= 500:
        raise Unreachable(f"Telegram ответил не так, как обычно: {status}")
    if answer.get("ok") is True:
        return answer.get("result")
    raise _error(status, answer)


def _error(status: int, answer: dict[str, Any]) -> Exception:
    words = str(answer.get("description", ""))[:200]
    if status == 403 or (status == 400 and "chat not found" in words.lower()):
        return ChatClosed()
    if status in (401, 404):
        return CredentialsRejected("Telegram не принял TELEGRAM_BOT_TOKEN.")
    if status in (409, 429):
        given = answer.get("parameters")
        seconds = given.get("retry_after") if isinstance(given, dict) else None
        wait = timedelta(seconds=seconds if isinstance(seconds, int) and seconds > 0 else 5)
        return RateLimited(min(wait, _LONGEST_WAIT), "Telegram просит не спешить.")
    return Refused(f"Telegram отказал: {words}")
