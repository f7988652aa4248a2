"""Texts, variables, words of silence, and that every reason can be said to a person."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cube_demper.core.money import NBSP
from cube_demper.domain.messaging import filling, words
from cube_demper.domain.messaging.filling import Content, Line, fill, unknown_variables
from cube_demper.domain.messaging.gate_schemas import (
    Language,
    Limiter,
    MessageKind,
    PauseReason,
    Reason,
    TriggerEvent,
)
from cube_demper.domain.messaging.silence import Wish, wish_of
from cube_demper.domain.messaging.texts import EVENTS, default_text

ORDER = Content(
    customer_name="Айгерим Т.",
    order_code="790686780",
    total=1_500_000,
    items=(Line("iPhone 15"), Line("Чехол", Decimal(2))),
    address="Алматы, ул. Абая, 1",
    store_name="Мой магазин",
    review_bonus="скидка 5 % на следующую покупку",
)


class TestFilling:
    def test_all_variables_of_the_order(self) -> None:
        text = "{customer_name}|{order_code}|{order_total}|{delivery_address}|{store_name}"
        assert fill(text, ORDER, Language.RU) == (
            f"Айгерим Т.|790686780|15{NBSP}000{NBSP}₸|Алматы, ул. Абая, 1|Мой магазин"
        )

    def test_items_are_lines_with_their_number(self) -> None:
        assert fill("{items_list}", ORDER, Language.RU) == "• iPhone 15\n• Чехол × 2"

    def test_a_thousand_items_are_ten_lines_and_a_number(self) -> None:
        items = [Line(f"Товар {number}") for number in range(1000)]
        lines = filling.items_list(items, Language.KK).split("\n")
        assert len(lines) == 11
        assert lines[-1] == "тағы 990"

    def test_what_was_taken_out_of_the_order_is_not_named(self) -> None:
        assert filling.items_list([Line("Фен", Decimal(0))], Language.RU) == ""

    def test_a_line_that_would_say_nothing_is_left_out(self) -> None:
        text = "Заказ {order_code}\nАдрес: {delivery_address}\n\n\nДо встречи"
        filled = fill(text, Content(order_code="1"), Language.RU)
        assert filled == "Заказ 1\n\nДо встречи"

    def test_a_buyer_without_a_name_is_still_greeted(self) -> None:
        assert fill("{customer_name}!", Content(), Language.KK) == "құрметті сатып алушы!"

    @given(name=st.text(max_size=40))
    def test_a_name_is_never_read_as_a_variable(self, name: str) -> None:
        content = Content(customer_name="{order_code}" + name, order_code="секрет")
        assert "секрет" not in fill("{customer_name}", content, Language.RU)

    def test_unknown_variables_are_named(self) -> None:
        assert unknown_variables("{customer_name} {имя} {order} {имя}") == ("имя", "order")
        assert unknown_variables("{review_bonus}") == ("review_bonus",)
        assert unknown_variables("{review_bonus}", with_bonus=True) == ()


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("event", TriggerEvent)
class TestDefaultTexts:
    def test_they_fill_without_a_rest(self, event: TriggerEvent, language: Language) -> None:
        text = default_text(event, language)
        is_bonus = event is TriggerEvent.REVIEW_BONUS
        assert unknown_variables(text, with_bonus=is_bonus) == ()
        filled = fill(text, ORDER, language)
        assert "{" not in filled
        assert "тг" not in filled
        assert "790686780" in filled

    def test_they_are_short(self, event: TriggerEvent, language: Language) -> None:
        assert len(default_text(event, language)) <= filling.LONGEST


def test_the_bonus_and_completion_are_off_until_switched_on() -> None:
    off = {event for event, it in EVENTS.items() if not it.is_on}
    assert off == {TriggerEvent.ORDER_COMPLETED, TriggerEvent.REVIEW_BONUS}
    assert EVENTS[TriggerEvent.REVIEW_REQUEST].delay.total_seconds() > 0


@pytest.mark.parametrize(
    ("said", "wish"),
    [
        ("стоп", Wish.SILENCE),
        ("Стоп!", Wish.SILENCE),
        ("STOP", Wish.SILENCE),
        ("тоқта", Wish.SILENCE),
        ("Токтатыныз", Wish.SILENCE),
        ("Пожалуйста, больше не пишите мне", Wish.SILENCE),
        ("Маған жазбаңыз", Wish.SILENCE),
        ("отпишите меня от рассылки", Wish.SILENCE),
        ("старт", Wish.LETTERS),
        ("Когда привезёте? Стоп-кран на месте", None),
        ("Здравствуйте, где мой заказ?", None),
        ("Вы не пишете, когда доставка", None),
        ("", None),
        ("Не пиши", Wish.SILENCE),
        ("Здравствуйте, не надо мне писать.", Wish.SILENCE),
        ("хочу отписаться от рассылки", Wish.SILENCE),
        ("Жазбаңызшы!", Wish.SILENCE),
        ("Хабарлама жібермеңдер", Wish.SILENCE),
        ("Почему не пишите адрес?", None),
        ("стоп?", Wish.SILENCE),
        ("Не пишите мне больше! Ясно?", Wish.SILENCE),
        ("Где мой заказ? Больше не присылайте рекламу", Wish.SILENCE),
        ("Не беспокойтесь, я подожду", None),
        ("Не беспокойте меня", Wish.SILENCE),
        ("Не присылайте курьера до обеда", None),
        ("Не пишите цену на коробке, это подарок", None),
        ("Баста!", None),
        ("Маған жазбаша жауап беріңіз", None),
    ],
)
def test_words_of_silence(said: str, wish: Wish | None) -> None:
    assert wish_of(said) is wish


def test_every_reason_can_be_said() -> None:
    assert set(words.REASONS) == set(Reason)
    assert set(words.LIMITERS) == set(Limiter)
    assert set(words.KINDS) == set(MessageKind)
    assert set(words.PAUSES) == set(PauseReason)
