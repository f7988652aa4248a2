"""The secret address and the channel: shown on demand, changed after a question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.ids import read_id
from cube_demper.core.settings import CubeApp
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.feed import service as feed
from cube_demper.ui import session, toasts
from cube_demper.ui.format import counted, iso
from cube_demper.ui.guards import guarded

_GOODS = ("товар", "товара", "товаров")


@dataclass
class Question:
    """What is asked before it happens. `act`: "", "rotate", "feed", "cabinet" or "short"."""

    act: str = ""
    store_id: str = ""
    count: int = 0
    title: str = ""
    text: str = ""
    confirm: str = ""


class AddressState(rx.State):
    """The address while it is shown, and the question on the screen."""

    address: str = ""
    shown_for: str = ""
    given_at: str = ""
    """When this address was given, by the page: another one since then is not the one shown."""
    question: Question = Question()
    is_busy: bool = False

    @guarded(Role.USER)
    async def show(self, store_id: str, given_at: str) -> None:
        """Show the address of a store's file, given when the page says."""
        services, actor = bootstrap.web(), session.current_actor()
        async with services.db.read() as tx:
            path = await feed.show_address(tx, actor, read_id(store_id), services.secrets)
        self.address, self.shown_for, self.given_at = _whole(path), store_id, given_at

    @guarded(Role.USER)
    async def hide(self) -> None:
        """Hide the address."""
        self.address = self.shown_for = self.given_at = ""

    @guarded(Role.USER)
    async def ask(self, act: str, store_id: str, goods: int) -> None:
        """Ask before a change; `goods` is how many it is about."""
        questions = {
            "rotate": _rotate_question,
            "feed": _feed_question,
            "cabinet": _cabinet_question,
            "short": _short_question,
        }
        if act in questions:
            self.question = questions[act](store_id, int(goods))

    @guarded(Role.USER)
    async def close(self) -> None:
        """Change nothing."""
        self.question = Question()

    @guarded(Role.USER)
    async def confirm(self) -> Any:
        """Do what was asked."""
        asked, self.is_busy = self.question, True
        yield
        self.question, self.is_busy = Question(), False
        services, actor, store_id = (
            bootstrap.web(),
            session.current_actor(),
            read_id(asked.store_id),
        )
        now, box = services.clock.now(), services.secrets
        async with services.db.write() as tx:
            if asked.act == "rotate":
                self.address = _whole(await feed.rotate(tx, actor, store_id, box, now))
                self.shown_for, self.given_at = asked.store_id, iso(now)
            elif asked.act == "feed":
                await feed.use_feed(tx, actor, store_id, box, now)
            elif asked.act == "cabinet":
                await feed.use_cabinet(tx, actor, store_id)
            elif asked.act == "short":
                await feed.accept_short(tx, actor, store_id, asked.count)
        yield toasts.done(_DONE[asked.act])


_DONE = {
    "rotate": "Адрес сменили. Впишите новый в кабинете Kaspi: старый уже не работает.",
    "feed": "Теперь цены уходят прайс-листом. Впишите его адрес в кабинете Kaspi.",
    "cabinet": "Теперь цены уходят через кабинет. Отключите автозагрузку прайс-листа в Kaspi.",
    "short": "При следующем запросе Kaspi получит прайс-лист с новым числом товаров.",
    "": "",
}


def _whole(path: str) -> str:
    return f"{bootstrap.web().settings.app_url(CubeApp.SELLER)}{path}"


def _rotate_question(store_id: str, _goods: int) -> Question:
    return Question(
        "rotate",
        store_id,
        title="Сменить адрес прайс-листа?",
        text=(
            "Старый адрес перестанет работать сразу. Пока вы не впишете новый в кабинете Kaspi, "
            "цены не обновляются, товары остаются в продаже."
        ),
        confirm="Сменить адрес",
    )


def _feed_question(store_id: str, goods: int) -> Question:
    return Question(
        "feed",
        store_id,
        title="Отправлять цены прайс-листом?",
        text=(
            f"Kaspi будет забирать файл примерно раз в час: в нём {counted(goods, *_GOODS)}. Чего в "
            "файле нет, снимается с продажи, а цены, изменённые руками в кабинете, файл заменит. "
            "Предел 250 изменений за 30 минут больше не действует, пароль от кабинета не нужен."
        ),
        confirm="Перейти на прайс-лист",
    )


def _cabinet_question(store_id: str, _goods: int) -> Question:
    return Question(
        "cabinet",
        store_id,
        title="Отправлять цены через кабинет?",
        text=(
            "Цены будут уходить сразу, но не больше 250 изменений за 30 минут. Прайс-лист больше не "
            "отдаётся: отключите его автозагрузку в кабинете Kaspi, чтобы он не спорил с ботом."
        ),
        confirm="Перейти на кабинет",
    )


def _short_question(store_id: str, goods: int) -> Question:
    return Question(
        "short",
        store_id,
        count=goods,
        title=f"Отдать прайс-лист из {counted(goods, 'товара', 'товаров', 'товаров')}?",
        text="Остальные товары Kaspi снимет с продажи при следующей загрузке.",
        confirm="Отдать",
    )
