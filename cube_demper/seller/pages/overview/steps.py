"""The first steps: what is left until the first safe price change, each with a link."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import reflex as rx

from cube_demper import bootstrap
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.trial import service as trial
from cube_demper.domain.trial.schemas import FirstSteps, Step
from cube_demper.ui import session
from cube_demper.ui.guards import guarded


class Words(NamedTuple):
    """What a step is called until it is done, why, and where it is done."""

    title: str
    text: str
    verb: str
    link: str


_DONE: dict[Step, str] = {
    Step.EMAIL: "Почта подтверждена",
    Step.STORE: "Магазин Kaspi подключён",
    Step.CATALOGUE: "Каталог прочитан",
    Step.BOUNDS: "Товары и мин. цены выбраны",
    Step.APPLIED: "Первый совет применён",
    Step.SEEN: "Новая цена на витрине",
}
_WORDS: dict[Step, Words] = {
    Step.EMAIL: Words(
        "Подтвердите почту",
        "Письмо со ссылкой уже у вас.",
        "Прислать ещё раз",
        "/confirm",
    ),
    Step.STORE: Words(
        "Подключите магазин Kaspi",
        "Две минуты. Пароль хранится зашифрованным, удалить его можно сразу.",
        "Подключить",
        "/stores/connect",
    ),
    Step.CATALOGUE: Words(
        "Дождитесь каталога",
        "Читаем товары, цены и города из кабинета. Ваших настроек это не меняет.",
        "Посмотреть",
        "/stores",
    ),
    Step.BOUNDS: Words(
        "Выберите товары и мин. цены",
        "Начните с десяти: мы предложим, с каких. Ниже мин. цены бот не пойдёт.",
        "Выбрать товары",
        "/bot/trial",
    ),
    Step.APPLIED: Words(
        "Примените первый совет",
        "Бот скажет, какую цену поставил бы и почему. В Kaspi уйдёт только то, что вы примете.",
        "К советам",
        "/bot/trial",
    ),
    Step.SEEN: Words(
        "Увидьте новую цену на витрине",
        "Бот сам проверит витрину: обычно через полторы минуты.",
        "Посмотреть",
        "/products?tab=bot_on",
    ),
}


@dataclass
class StepRow:
    """One step of the list."""

    id: str = ""
    title: str = ""
    text: str = ""
    verb: str = ""
    link: str = ""
    is_done: bool = False
    is_next: bool = False


class StepsState(rx.State):
    """The list of first steps, until all are done or the seller puts it away."""

    steps: list[StepRow] = []
    done: str = ""
    is_complete: bool = False

    @guarded(Role.USER)
    async def load(self) -> None:
        """Read how far the seller is; a list that was done before this visit is not shown again."""
        await self._read()
        if self.is_complete:
            self.steps, self.is_complete = [], False

    @guarded(Role.USER)
    async def close(self) -> None:
        """Put the list away for good."""
        services = bootstrap.web()
        async with services.db.write() as tx:
            await trial.close_steps(tx, session.current_actor(), services.clock.now())
        self.steps, self.is_complete = [], False

    async def _read_again(self) -> None:
        if self.steps:
            await self._read()

    async def _read(self) -> None:
        async with bootstrap.web().db.read() as tx:
            found = await trial.first_steps(tx, session.current_actor())
        self.steps = step_rows(found)
        self.done = f"{sum(found.done.values())} из {len(found.done)}"
        self.is_complete = bool(self.steps) and found.is_complete


def step_rows(steps: FirstSteps) -> list[StepRow]:
    """Return the steps in words; none when the list was put away."""
    if steps.is_closed:
        return []
    return [
        StepRow(
            id=str(step),
            title=_DONE[step] if is_done else _WORDS[step].title,
            text=_WORDS[step].text,
            verb=_WORDS[step].verb,
            link=_WORDS[step].link,
            is_done=is_done,
            is_next=step is steps.next,
        )
        for step, is_done in steps.done.items()
    ]
