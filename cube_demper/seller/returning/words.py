"""What a return would do, in numbers and words. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from cube_demper.domain.pricing.returning.schemas import Return, Skip
from cube_demper.ui.format import counted, number

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


def question_of(plan: Return) -> Question:
    """Say what will go back and what will not."""
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
        "Цены станут такими, как час назад. Каждую бот потом час не меняет, считая с её отправки; "
        "новые мин. цена, макс. цена или стратегия снимут паузу сразу.",
        numbers,
        skipped,
    )


def done_words(plan: Return) -> str:
    """Say what was done."""
    if not plan.backs:
        return "Возвращать уже нечего."
    goods = counted(plan.goods, *_OF_GOODS)
    return f"Возвращаем цены {goods}. Час после отправки бот их не меняет."
