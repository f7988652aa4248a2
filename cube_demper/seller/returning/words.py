"""What a return would do, in numbers and words. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from cube_demper.domain.pricing.returning.schemas import Return, Skip
from cube_demper.ui.format import clock_time, counted, moment, number

_GOODS = ("товар", "товара", "товаров")
_OF_GOODS = ("товара", "товаров", "товаров")
_WHY = {
    Skip.SAME: "цена и так та же",
    Skip.BOT_OFF: "бот выключен",
    Skip.STORE_RESTS: "магазин сейчас не отправляет цены",
    Skip.ON_ITS_WAY: "прежняя отправка ещё не подтверждена, повторите через пару минут",
    Skip.ALREADY: "уже возвращается",
    Skip.NO_PRICE: "неизвестно, какой цена была",
    Skip.NO_BOUNDS: "мин. цена не задана или выше макс.",
}


@dataclass
class Question:
    """What is asked before prices go back. `can_apply`: there is something to do."""

    is_open: bool = False
    can_apply: bool = False
    title: str = ""
    text: str = ""
    numbers: list[tuple[str, str]] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)


def question_of(plan: Return, now: datetime) -> Question:
    """Say what will go back, when, and what will not."""
    skipped = [f"{counted(count, *_GOODS)}: {_WHY[why]}" for why, count in plan.skipped.items()]
    if not plan.backs:
        text = (
            "За последний час бот не менял здесь цены."
            if not skipped
            else "Ни одну из цен, изменённых за час, сейчас вернуть нельзя."
        )
        return Question(True, False, "Возвращать нечего", text, [], skipped)
    numbers = [("Цен поднимется", number(plan.rises)), ("Цен опустится", number(plan.falls))]
    if plan.cut:
        numbers.append(("Остановятся у мин. или макс. цены", number(plan.cut)))
    return Question(
        True,
        True,
        f"Вернуть цены {counted(plan.goods, *_OF_GOODS)}?",
        f"Цены станут такими, как час назад. {_when_words(plan, now)} "
        "Новые мин. цена, макс. цена или стратегия снимут паузу сразу.",
        numbers,
        skipped,
    )


def done_words(plan: Return, now: datetime) -> str:
    """Say what was done."""
    if not plan.backs:
        return "Возвращать уже нечего."
    return f"Возвращаем цены {counted(plan.goods, *_OF_GOODS)}. {_when_words(plan, now)}"


def _when_words(plan: Return, now: datetime) -> str:
    """Say when prices leave and how long the bot keeps off: what waits is kept from when it left."""
    if plan.is_at_once:
        return f"До {clock_time(plan.until)} бот их не меняет."
    waits = []
    if plan.waits_until:
        last = moment(plan.waits_until, now=now)
        waits.append(f"Kaspi принимает изменения не все сразу: последние уйдут около {last}.")
    if plan.by_feed:
        waits.append(f"Цены {counted(plan.by_feed, *_OF_GOODS)} уйдут с прайс-листом.")
    return " ".join([*waits, "Бот не меняет цену, пока она ждёт отправки, и ещё час после неё."])
