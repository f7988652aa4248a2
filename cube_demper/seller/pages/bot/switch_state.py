"""Stopping, starting and letting the bot send; each says first, in numbers, what will happen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.money import format_tenge
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.stores import service as stores
from cube_demper.domain.stores.schemas import SendForecast, StopForecast, StopResult
from cube_demper.models.stores import BotMode
from cube_demper.seller.pages.bot.reading import store_uuid
from cube_demper.ui import session, toasts
from cube_demper.ui.format import counted, number
from cube_demper.ui.guards import guarded

_GOODS = ("товар", "товара", "товаров")
_PRICES = ("цена", "цены", "цен")


@dataclass
class Question:
    """What is asked before it happens. `act`: "", "stop" or "allow"."""

    act: str = ""
    title: str = ""
    text: str = ""
    numbers: list[tuple[str, str]] = field(default_factory=list)
    store_ids: list[str] = field(default_factory=list)


class BotSwitchState(rx.State):
    """The question on the screen and what follows a yes."""

    question: Question = Question()
    is_busy: bool = False

    @guarded(Role.USER)
    async def ask_stop(self, store_id: str) -> None:
        """Ask whether to stop one store's bot, or all when no store is named."""
        actor = session.current_actor()
        async with bootstrap.web().db.read() as tx:
            own = await stores.list_stores(tx, actor)
            ids = [store_uuid(store_id)] if store_id else [it.id for it in own if it.is_enabled]
            forecast = await stores.stop_forecast(tx, actor, ids)
        names = {it.id: it.name for it in own}
        self.question = _stop_question(ids, names, forecast)

    @guarded(Role.USER)
    async def ask_allow(self, store_id: str) -> None:
        """Ask whether the bot may send prices, with what it would send first."""
        services, actor = bootstrap.web(), session.current_actor()
        asked = store_uuid(store_id)
        async with services.db.read() as tx:
            store = await stores.get_store(tx, actor, asked)
            forecast = await stores.send_forecast(tx, actor, asked, services.clock.now())
        self.question = _allow_question(store_id, store.name, forecast)

    @guarded(Role.USER)
    async def close(self) -> None:
        """Change nothing."""
        self.question = Question()

    @guarded(Role.USER)
    async def confirm(self) -> Any:
        """Do what was asked."""
        asked, self.is_busy = self.question, True
        yield
        services, actor, now = bootstrap.web(), session.current_actor(), bootstrap.web().clock.now()
        ids = [store_uuid(text) for text in asked.store_ids]
        if asked.act == "stop":
            async with services.db.write() as tx:
                result = await stores.stop_bot(tx, actor, ids, now)
            yield toasts.undo(_stopped_words(result), BotSwitchState.start(asked.store_ids))
        elif asked.act == "allow":
            async with services.db.write() as tx:
                await stores.set_mode(tx, actor, ids[0], BotMode.AUTO, now)
            yield toasts.undo("Отправка цен разрешена.", BotSwitchState.suggest(asked.store_ids[0]))
        self.question, self.is_busy = Question(), False

    @guarded(Role.USER)
    async def start(self, store_ids: list[str]) -> Any:
        """Start the bots of these stores."""
        services, actor = bootstrap.web(), session.current_actor()
        ids = [store_uuid(text) for text in store_ids]
        async with services.db.write() as tx:
            await stores.start_bot(tx, actor, ids, services.clock.now())
        return toasts.done("Бот запущен: первые проверки через несколько секунд.")

    @guarded(Role.USER)
    async def suggest(self, store_id: str) -> Any:
        """Stop sending: from now on the bot only suggests."""
        services, actor = bootstrap.web(), session.current_actor()
        async with services.db.write() as tx:
            await stores.set_mode(
                tx, actor, store_uuid(store_id), BotMode.SUGGEST, services.clock.now()
            )
        return toasts.done("Бот только советует: новые цены не отправляются.")


def _stop_question(ids: list[UUID], names: dict[UUID, str], forecast: StopForecast) -> Question:
    one = names.get(ids[0], "") if len(ids) == 1 else ""
    stores_ = counted(forecast.stores, "магазине", "магазинах", "магазинах")
    numbers = [("Товаров без присмотра бота", number(forecast.bots))]
    if forecast.queued:
        numbers.append(("Цен снимем с очереди", number(forecast.queued)))
    if forecast.sending:
        numbers.append(("Уже уходят в Kaspi, их не отозвать", number(forecast.sending)))
    return Question(
        act="stop",
        title=f"Остановить бота в «{one}»?" if one else f"Остановить бота в {stores_}?",
        text="Цены останутся такими, какие они сейчас на витрине. Запустить можно в любой момент.",
        numbers=numbers,
        store_ids=[str(it) for it in ids],
    )


def _allow_question(store_id: str, name: str, forecast: SendForecast) -> Question:
    numbers = [("Товаров с ботом", number(forecast.bots))]
    if forecast.suggested:
        numbers.append(("Цен изменится по нынешним советам", number(forecast.suggested)))
    if forecast.falls:
        most = format_tenge(forecast.biggest_fall)
        numbers.append(("Из них вниз", f"{number(forecast.falls)}, самое большее на {most}"))
    if forecast.rises:
        numbers.append(("Из них вверх", number(forecast.rises)))
    return Question(
        act="allow",
        title=f"Разрешить отправку цен в «{name}»?",
        text="Бот будет сам менять цены в Kaspi, только между вашими мин. и макс. ценой.",
        numbers=numbers,
        store_ids=[store_id],
    )


def _stopped_words(result: StopResult) -> str:
    words = "Бот остановлен."
    if result.dropped:
        words += f" Снято с очереди: {counted(result.dropped, *_PRICES)}."
    if result.sending:
        words += f" Уже уходит в Kaspi: {counted(result.sending, *_GOODS)}."
    return words
