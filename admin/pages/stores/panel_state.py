"""The panel of one store, and what is done from it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import reflex as rx

from admin.asking import Question
from admin.pages.stores.rows import StoreView, store_view
from admin.pages.stores.state import StoresState
from cube_demper import bootstrap
from cube_demper.core.ids import read_id
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.stores import administration as stores
from cube_demper.ui import session, toasts
from cube_demper.ui.dangerous import dangerous
from cube_demper.ui.format import counted, number
from cube_demper.ui.guards import FormErrors, guarded

_BOTS = ("товар", "товара", "товаров")


class StorePanel(FormErrors, rx.State):
    """One store; `?store=…` in the address opens it."""

    store: StoreView = StoreView()
    question: Question = Question()
    is_pausing: bool = False

    @guarded(Role.ADMIN)
    async def follow(self) -> None:
        """Open the store that the address names, or none."""
        asked = self.router.url.query_parameters.get("store", "")
        self.question, self.is_pausing = Question(), False
        self.store = await _read(asked) if asked else StoreView()

    @guarded(Role.ADMIN)
    async def open_store(self, store_id: str) -> None:
        """Show one store."""
        self.store = await _read(store_id)

    @guarded(Role.ADMIN)
    async def close_store(self) -> None:
        """Put the panel away."""
        self.store = StoreView()

    @guarded(Role.ADMIN)
    async def resync(self) -> AsyncIterator[Any]:
        """Have the catalogue read anew: costs nothing and changes no price, so nothing is asked."""
        services = bootstrap.web()
        async with services.db.write() as tx:
            await stores.resync(
                tx, session.current_actor(), read_id(self.store.id), services.clock.now()
            )
        self.store = await _read(self.store.id)
        yield toasts.done("Каталог обновляется")

    @guarded(Role.ADMIN)
    async def ask(self, deed: str) -> None:
        """Say what asking to sign in, or starting the bot, will do."""
        self.question = _sign_in_question(self.store) if deed == "sign_in" else _start(self.store)

    @guarded(Role.ADMIN)
    async def ask_pause(self) -> None:
        """Say what a pause touches, and ask why."""
        self.errors, self.is_busy = {}, False
        async with bootstrap.web().db.read() as tx:
            it = await stores.pause_forecast(tx, session.current_actor(), read_id(self.store.id))
        facts = [
            ("Перестанут проверяться", counted(it.bots, *_BOTS)),
            ("Не уйдут из очереди", number(it.queued)),
            ("Уже уходят в Kaspi, их не вернуть", number(it.sending)),
        ]
        self.question = Question(facts=facts)
        self.is_pausing = True

    @guarded(Role.ADMIN)
    async def put_away(self) -> None:
        """Close the question."""
        self.question, self.is_pausing = Question(), False

    @dangerous(Role.ADMIN)
    async def pause(self, form: dict[str, str]) -> AsyncIterator[Any]:
        """Stop the bot."""
        self.errors, self.is_busy = {}, True
        yield None
        services = bootstrap.web()
        async with services.db.write() as tx:
            done = await stores.pause(
                tx,
                session.current_actor(),
                read_id(self.store.id),
                form.get("reason", ""),
                services.clock.now(),
            )
        self.is_busy = False
        await self._after()
        yield StoresState.refresh
        yield toasts.done(f"Бот остановлен, из очереди снято {number(done.dropped)}")

    @guarded(Role.ADMIN)
    async def confirm(self) -> AsyncIterator[Any]:
        """Do what was asked about."""
        services, deed = bootstrap.web(), self.question.deed
        now, store_id = services.clock.now(), read_id(self.store.id)
        async with services.db.write() as tx:
            if deed == "sign_in":
                is_told = await stores.ask_to_sign_in(tx, session.current_actor(), store_id, now)
                done = "Владельцу отправлена просьба войти" if is_told else "Вход обновляется"
            else:
                await stores.start(tx, session.current_actor(), store_id, now)
                done = "Бот запущен"
        await self._after()
        yield StoresState.refresh
        yield toasts.done(done)

    async def _after(self) -> None:
        self.question, self.is_pausing = Question(), False
        self.store = await _read(self.store.id)


def _sign_in_question(it: StoreView) -> Question:
    return Question(
        deed="sign_in",
        id=it.id,
        title=f"Попросить войти в Kaspi: «{it.name}»?",
        text=(
            "Пока вход не обновлён, цены этого магазина стоят. Если пароль сохранён, программа "
            "войдёт сама; если нет, владелец получит уведомление со ссылкой."
        ),
        confirm="Попросить войти",
    )


def _start(it: StoreView) -> Question:
    return Question(
        deed="start",
        id=it.id,
        title=f"Запустить бота: «{it.name}»?",
        text="Бот снова начнёт менять цены по настройкам владельца. Владелец получит уведомление.",
        confirm="Запустить бота",
    )


async def _read(store_id: str) -> StoreView:
    services = bootstrap.web()
    wanted, now = read_id(store_id), services.clock.now()
    async with services.db.read() as tx:
        card = await stores.get_card(tx, session.current_actor(), wanted, now)
    return store_view(card, services.settings.kaspi.changes_per_30_min, now)
