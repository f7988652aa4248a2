"""Listening to our Telegram bot by long polling: one process at a time, nothing lost, nothing twice.

Telegram keeps what was not confirmed, so a process that dies in between leaves it to the next one.
"""

from __future__ import annotations

import asyncio
import secrets

from structlog import get_logger

from cube_demper.bootstrap import Services
from cube_demper.core.errors import IntegrationError
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.notifications import chats
from cube_demper.domain.notifications.errors import ChatClosed
from cube_demper.integrations.telegram.client import TelegramBot
from cube_demper.integrations.telegram.wire import Update

EVERY_SECONDS = 1.0
NAME_KEY = "telegram:username"
"""Where pages find the bot's name: they must not call Telegram themselves."""
_LEASE_KEY = "telegram:poll"
_WAIT_SECONDS = 20
_LEASE_SECONDS = 60
_PAUSE_SECONDS = 10.0
_log = get_logger()


class Listener:
    """The one that hears the bot, while it holds the lease in Redis."""

    def __init__(self, services: Services) -> None:
        """Hear nothing until `listen` is called. Raises ConfigurationError without a token."""
        self._services, self._bot = services, TelegramBot(services.settings.telegram)
        self._name = secrets.token_hex(8)
        self._offset: int | None = None

    async def tick(self) -> None:
        """Listen once, for the worker's clockwork."""
        await self.listen()

    async def listen(self, *, wait: int = _WAIT_SECONDS) -> int:
        """Take what has come, or comes within `wait` seconds; return how many things."""
        redis = self._services.redis
        if not await redis.set(_LEASE_KEY, self._name, nx=True, ex=_LEASE_SECONDS):
            return 0
        try:
            await redis.set(NAME_KEY, await self._bot.username(), ex=24 * 3600)
            updates, offset = await self._bot.updates(self._offset, wait=wait)
            for update in updates:
                await self._take(update)
            self._offset = offset if offset is not None else self._offset
            return len(updates)
        except IntegrationError as error:
            _log.warning("telegram_not_heard", error=error.message)
            await asyncio.sleep(_PAUSE_SECONDS if wait else 0)
            return 0
        finally:
            await redis.delete(_LEASE_KEY)

    async def _take(self, update: Update) -> None:
        now = self._services.clock.now()
        async with self._services.db.write() as tx:
            if update.is_blocked:
                await chats.blocked(tx, SYSTEM, update.chat_id, now)
                return
            if not update.text:
                return
            words = await chats.answer(
                tx, SYSTEM, update.text[:500], chat_id=update.chat_id, name=update.name, now=now
            )
        try:
            await self._bot.send(update.chat_id, words)
        except ChatClosed:
            _log.info("telegram_chat_closed")


def listener(services: Services) -> Listener | None:
    """Return a listener; None without TELEGRAM_BOT_TOKEN."""
    return Listener(services) if services.settings.telegram.bot_token else None
