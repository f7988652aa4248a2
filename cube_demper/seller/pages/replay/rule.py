"""The rule of a replay of many goods: read from the form, put into words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cube_demper.core.errors import InvalidInput
from cube_demper.core.money import NBSP, format_tenge, parse_tenge
from cube_demper.domain.catalog.edit_schemas import KEEP, TermsChange
from cube_demper.domain.replay.service import ANY_DELIVERY, StoreRule, store_rule_from_json
from cube_demper.seller.pages.products.words import DELIVERY_FILTER_WORDS, STRATEGY_WORDS
from cube_demper.ui.format import counted, number

DELIVERY_CHOICES = {
    "": "Как сейчас",
    ANY_DELIVERY: "Любой",
    **{key: words for key, words in DELIVERY_FILTER_WORDS.items() if key},
}
PREORDER_CHOICES = {"": "Как сейчас", "ignore": "Не замечать", "count": "Учитывать"}
_PREORDER = {"ignore": True, "count": False}


@dataclass(frozen=True)
class Listed:
    """The merchants that a store names today."""

    excluded: frozenset[str] = frozenset()
    only: frozenset[str] = frozenset()


_NOBODY = Listed()


def read_rule(form: dict[str, Any], today: Listed = _NOBODY) -> tuple[TermsChange, StoreRule]:
    """Read the rule for many goods; a list that is as today changes nothing.

    Raises InvalidInput, naming the field.
    """
    strategy, step, place = (_text(form, name) for name in ("strategy", "step", "top_n"))
    is_top = strategy == "stay_top_n"
    if is_top and (not place.isdecimal() or len(place) > 3):
        raise InvalidInput("Введите целое число.", field="top_n")
    whole = _store_rule(form, today)
    if not strategy and not step and whole == StoreRule():
        raise InvalidInput("Измените хотя бы одно условие.", field="strategy")
    terms = TermsChange(
        strategy=strategy or KEEP,
        top_n=int(place) if is_top else KEEP,
        step=parse_tenge(step, field="step") if step else KEEP,
    )
    return terms, whole


def rule_words(rule: dict[str, object]) -> list[str]:
    """Name what a kept rule changes."""
    words = []
    strategy = str(rule.get("strategy", ""))
    if strategy:
        place = f"-{rule['top_n']}" if strategy == "stay_top_n" and rule.get("top_n") else ""
        words.append(f"{STRATEGY_WORDS.get(strategy, strategy)}{place}".lower())
    step = rule.get("step")
    if isinstance(step, int):
        words.append(f"шаг {format_tenge(step)}")
    whole = store_rule_from_json(rule)
    return [*words, *bound_words(whole), *rival_words(whole)] or ["границы товара"]


def bound_words(rule: StoreRule) -> list[str]:
    """Name the bounds that a rule gives each product."""
    named = (("мин. цена", rule.min_percent), ("макс. цена", rule.max_percent))
    return [f"{name} {share}{NBSP}% от цены" for name, share in named if share]


def rival_words(rule: StoreRule) -> list[str]:
    """Name who is a rival by a rule, as far as it says."""
    words = []
    if rule.min_rating is not None:
        rating = number(rule.min_rating, digits=1)
        words.append(f"рейтинг от {rating}" if rule.min_rating else "любой рейтинг")
    if rule.min_reviews is not None:
        reviews = number(rule.min_reviews)
        words.append(f"отзывов от {reviews}" if rule.min_reviews else "любое число отзывов")
    if rule.rival_delivery is not None:
        words.append(f"срок доставки: {DELIVERY_CHOICES[rule.rival_delivery]}".lower())
    if rule.ignore_preorder is not None:
        words.append("без предзаказов" if rule.ignore_preorder else "предзаказы учитываются")
    return [*words, *_merchant_words(rule)]


def _merchant_words(rule: StoreRule) -> list[str]:
    words = []
    if rule.excluded_merchants is not None:
        count = len(rule.excluded_merchants)
        excluded = counted(count, "продавец исключён", "продавца исключены", "продавцов исключены")
        words.append(excluded if count else "никто не исключён")
    if rule.only_merchants is not None:
        count = len(rule.only_merchants)
        only = counted(count, "выбранный продавец", "выбранных продавца", "выбранных продавцов")
        words.append(f"только {only}" if count else "все продавцы")
    return words


def _store_rule(form: dict[str, Any], today: Listed) -> StoreRule:
    preorder, delivery = _text(form, "ignore_preorder"), _text(form, "rival_delivery")
    if delivery not in DELIVERY_CHOICES:
        raise InvalidInput("Выберите срок доставки.", field="rival_delivery")
    below, above = _whole(form, "min_percent", most=99), _whole(form, "max_percent", most=900)
    return StoreRule(
        min_percent=None if below is None else 100 - below,
        max_percent=None if above is None else 100 + above,
        min_rating=_rating(form),
        min_reviews=_whole(form, "min_reviews", most=1_000_000),
        ignore_preorder=_PREORDER.get(preorder),
        rival_delivery=delivery or None,
        excluded_merchants=_merchants(form, "excluded_merchant_ids", today.excluded),
        only_merchants=_merchants(form, "only_merchants", today.only),
    )


def _merchants(form: dict[str, Any], name: str, today: frozenset[str]) -> tuple[str, ...] | None:
    ids = tuple(dict.fromkeys(_text(form, name).replace(",", " ").split()))
    return None if name not in form or today == frozenset(ids) else ids


def _rating(form: dict[str, Any]) -> float | None:
    text = _text(form, "min_rating").replace(",", ".")
    if not text:
        return None
    if not text.replace(".", "", 1).isdecimal() or float(text) > 5:
        raise InvalidInput("Рейтинг — число от 0 до 5.", field="min_rating")
    return float(text)


def _whole(form: dict[str, Any], name: str, *, most: int) -> int | None:
    text = "".join(_text(form, name).removesuffix("%").split())
    if not text:
        return None
    if not text.isdecimal() or int(text[:8]) > most:
        raise InvalidInput(f"Введите целое число, не больше {number(most)}.", field=name)
    return int(text)


def _text(form: dict[str, Any], name: str) -> str:
    return str(form.get(name) or "").strip()
