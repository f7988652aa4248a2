"""What to be told, over which channel and when; linking a Telegram chat."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.errors import InvalidInput
from cube_demper.db.session import BrowserEvent
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.notifications import chats, wishes
from cube_demper.domain.notifications.kinds import KINDS, OTHER
from cube_demper.domain.notifications.rules import is_on
from cube_demper.domain.notifications.schemas import Chat, Wishes
from cube_demper.models.telling import TellChannel
from cube_demper.ui import session, toasts
from cube_demper.ui.guards import FormErrors, guarded
from cube_demper.ui.live import REREAD, LiveMixin

_NAME_KEY = "telegram:username"  # written by workers/telegram.py


@dataclass
class KindRow:
    """One kind and where it is told."""

    code: str = ""
    words: str = ""
    note: str = ""
    app: bool = True
    mail: bool = True
    telegram: bool = True


@dataclass
class Channels:
    """What this installation has and what the person has linked.

    `telegram`: "off" (no token), "none", "linked" or "blocked".
    """

    has_mail: bool = True
    telegram: str = "none"
    chat: str = ""
    command: str = ""
    link: str = ""


class NoticesState(FormErrors, LiveMixin, rx.State):
    """The tab «Уведомления»."""

    kinds: list[KindRow] = []
    channels: Channels = Channels()
    digest_minutes: str = "30"
    quiet_start: str = ""
    quiet_end: str = ""

    @guarded(Role.USER)
    async def load(self) -> None:
        """Read the person's wishes and chat."""
        self.errors = {}
        self._show(*await _read())

    @guarded(Role.USER)
    async def switch(self, kind: str, channel: str, is_wanted: bool) -> None:
        """Let a channel carry a kind, or not."""
        async with bootstrap.web().db.write() as tx:
            now_wished = await wishes.switch_kind(
                tx, session.current_actor(), kind=kind, channel=channel, is_on=is_wanted
            )
        self.kinds = _rows(now_wished)

    @guarded(Role.USER)
    async def save_times(self, form: dict[str, Any]) -> Any:
        """Save how often and when not."""
        self.errors = {}
        digest = str(form.get("digest_minutes", "")).strip()
        async with bootstrap.web().db.write() as tx:
            await wishes.set_times(
                tx,
                session.current_actor(),
                digest_minutes=int(digest) if digest.isdecimal() and len(digest) < 6 else 0,
                quiet_start=_time(form, "quiet_start"),
                quiet_end=_time(form, "quiet_end"),
            )
        return toasts.done("Сохранено.")

    @guarded(Role.USER)
    async def connect(self) -> None:
        """Make a code for our bot and say what to do with it."""
        services = bootstrap.web()
        async with services.db.write() as tx:
            code = await chats.new_code(tx, session.current_actor(), services.clock.now())
        name = await _bot_name()
        self.channels = Channels(
            self.channels.has_mail,
            self.channels.telegram,
            self.channels.chat,
            command=f"/start {code}",
            link=f"https://t.me/{name}?start={code}" if name else "",
        )

    @guarded(Role.USER)
    async def disconnect(self) -> Any:
        """Forget the chat."""
        async with bootstrap.web().db.write() as tx:
            await chats.unlink(tx, session.current_actor())
        self._show(*await _read())
        return toasts.done("Telegram отключён.")

    async def _changed(self, events: list[BrowserEvent]) -> Any:
        if not any(event.kind in {REREAD, "settings"} for event in events):
            return None
        wished, chat = await _read()
        async with self:
            was = self.channels.telegram
            self._show(wished, chat)
            is_new = self.channels.telegram == "linked" and was != "linked"
        return toasts.done("Telegram подключён.") if is_new else None

    def _show(self, wished: Wishes, chat: Chat | None) -> None:
        settings = bootstrap.web().settings
        self.kinds = _rows(wished)
        self.digest_minutes = str(wished.digest_minutes)
        self.quiet_start = f"{wished.quiet_start:%H:%M}" if wished.quiet_start else ""
        self.quiet_end = f"{wished.quiet_end:%H:%M}" if wished.quiet_end else ""
        state = "off"
        if settings.telegram.bot_token is not None:
            state = "none" if chat is None else "blocked" if chat.is_blocked else "linked"
        self.channels = Channels(
            settings.mail.smtp_url is not None, state, chat.name if chat else ""
        )


async def _read() -> tuple[Wishes, Chat | None]:
    actor = session.current_actor()
    async with bootstrap.web().db.read() as tx:
        return await wishes.get_wishes(tx, actor), await chats.chat_of(tx, actor)


async def _bot_name() -> str:
    found = await bootstrap.web().redis.get(_NAME_KEY)
    return found.decode() if found else ""


def _rows(wished: Wishes) -> list[KindRow]:
    return [
        KindRow(
            kind.code,
            kind.words,
            kind.note,
            *(is_on(wished, kind.code, channel) for channel in TellChannel),
        )
        for kind in (*KINDS.values(), OTHER)
    ]


def _time(form: dict[str, Any], name: str) -> time | None:
    text = str(form.get(name, "")).strip()
    if not text:
        return None
    try:
        return datetime.strptime(text[:5], "%H:%M").time()  # noqa: DTZ007 - a time of day of Almaty
    except ValueError:
        raise InvalidInput("Введите время от 00:00 до 23:59.", field=name) from None
