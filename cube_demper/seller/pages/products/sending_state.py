"""«Разрешить отправку»: a store whose bot only advises starts to send prices, after the numbers."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.money import format_tenge
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.stores import service as stores
from cube_demper.domain.stores.schemas import BotMode, SendForecast
from cube_demper.seller.pages.products.words import of_goods
from cube_demper.ui import session, toasts
from cube_demper.ui.format import counted
from cube_demper.ui.guards import guarded


@dataclass
class Permission:
    """The question before prices begin to go out."""

    store_id: str = ""
    title: str = ""
    text: str = ""


class SendingState(rx.State):
    """Allowing a store's bot to send."""

    permission: Permission = Permission()
    is_busy: bool = False

    @guarded(Role.USER)
    async def ask(self, store_id: str) -> None:
        """Say what will be sent first."""
        services = bootstrap.web()
        async with services.db.read() as tx:
            actor = session.current_actor()
            store = await stores.get_store(tx, actor, UUID(store_id))
            forecast = await stores.send_forecast(tx, actor, store.id, services.clock.now())
        title = f"Разрешить отправку цен из «{store.name}»?"
        self.permission = Permission(store_id, title, _forecast_words(forecast))

    @guarded(Role.USER)
    async def confirm(self) -> rx.event.EventSpec:
        """Let the bot send."""
        services = bootstrap.web()
        async with services.db.write() as tx:
            await stores.set_mode(
                tx,
                session.current_actor(),
                UUID(self.permission.store_id),
                BotMode.AUTO,
                services.clock.now(),
            )
        self.permission = Permission()
        return toasts.done("Отправка разрешена: бот сам меняет цены в ваших границах")

    @guarded(Role.USER)
    async def close(self) -> None:
        """Leave the bot advising."""
        self.permission = Permission()


def _forecast_words(forecast: SendForecast) -> str:
    if not forecast.suggested:
        return (
            f"Бот будет сам менять цены у {of_goods(forecast.bots)} в ваших границах. "
            "Сейчас менять нечего."
        )
    parts = []
    if forecast.falls:
        biggest = format_tenge(forecast.biggest_fall)
        parts.append(
            f"снизит {counted(forecast.falls, 'цену', 'цены', 'цен')}, самое большее на {biggest}"
        )
    if forecast.rises:
        parts.append(f"поднимет {counted(forecast.rises, 'цену', 'цены', 'цен')}")
    return f"Сразу {' и '.join(parts)}. Дальше бот сам меняет цены в ваших границах."
