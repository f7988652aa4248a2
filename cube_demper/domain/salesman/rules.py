"""What the salesman may say. Pure.

The model writes words alone: whoever it obeys, it can name no price, promise nothing and send nobody
elsewhere, since figures, names and codes are put in by us and words that promise do not pass.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from cube_demper.core.money import format_tenge
from cube_demper.domain.salesman import wording
from cube_demper.domain.salesman.schemas import Case, Goods, Language, Proposal, Trigger

SHORTEST, LONGEST = 20, 900
"""Letters of a message: a long first one is read as spam (INTEGRATIONS.md A.9)."""
MOST_GOODS: Final = 3
GOODS_IN_CONTEXT: Final = 50
"""SPEC §7.3."""
LEAST_DISCOUNT, MOST_DISCOUNT = 2, 15
"""SPEC §7.3: `ai_discount_percent`."""
QUIET_BETWEEN: Final = timedelta(days=3)
"""A buyer hears of the salesman no more often, their own answers aside."""
_NAME: Final = 90
_LEAK: Final = 40
"""Letters in a row of our instructions that are no accident."""

_VARIABLE: Final = re.compile(r"\{([^{}]*)\}")
_KAZAKH: Final = re.compile(r"[әғқңөұүһі]", re.IGNORECASE)
_CYRILLIC: Final = re.compile(r"[а-яёәғқңөұүһі]", re.IGNORECASE)
_LETTER: Final = re.compile(r"[^\W\d_]")
_SPOKEN: Final = re.compile(
    r"\b(?:челове[кч]|продав[её]?ц|оператор|менеджер|живо[йг]|позов|жал[оу][бв]|претензи|брак|сломал|"
    r"не работает|возврат|верн|обман|суд\b|юрист|полици|сатушы|адам\b|шақыр|шағым|сынған|қайтар)",
    re.IGNORECASE,
)


def wants_seller(text: str) -> bool:
    """Tell whether a buyer asks for a person, or for what only a person may answer."""
    return _SPOKEN.search(text) is not None


def fault_of(case: Case, proposal: Proposal, instructions: str) -> str | None:
    """Tell the model in words why a proposal may not be said; None: it may."""
    return (
        _fault_of_goods(case, proposal)
        or _fault_of_variables(case, proposal)
        or wording.fault_of(_VARIABLE.sub(" ", proposal.text))
        or _fault_of_language(case, proposal)
        or _fault_of_leak(proposal.text, instructions)
    )


def rendered_length_fault(text: str) -> str | None:
    """Tell whether a filled message is too short or too long to be sent."""
    if not SHORTEST <= len(text) <= LONGEST:
        return f"сообщение должно быть от {SHORTEST} до {LONGEST} знаков, сейчас {len(text)}."
    return None


def price_after(price: int, percent: int) -> int:
    """Return a price with a discount taken off, in whole tenge, rounded up: tiyn."""
    return -(-price * (100 - percent) // 10_000) * 100 if percent else price


def fill(case: Case, proposal: Proposal) -> tuple[str, tuple[int, ...]]:
    """Put names, goods and codes into a proposal that passed; return the text and the goods' prices."""
    offered = _goods_of(case, proposal.skus)
    percent = proposal.discount_percent
    prices = tuple(price_after(it.price, percent) for it in offered)
    pairs = zip(offered, prices, strict=True)
    values = {
        "name": _plain(case.customer_name) or _stranger(proposal.language),
        "store": _plain(case.terms.store_name),
        "order": case.order_code,
        "promo": case.terms.promo_code,
        "bonus": _plain(case.terms.review_bonus),
        "goods": "\n".join(_line(it, price, proposal.language) for it, price in pairs),
    }
    text = _VARIABLE.sub(lambda it: values[it[1]], proposal.text.strip())
    return re.sub(r"\n{3,}", "\n\n", text), prices


def is_held_out(phone_hash: bytes, store_id: str, percent: int) -> bool:
    """Tell whether a buyer is of the group that is left alone: the same answer for a buyer of a store."""
    digest = hashlib.sha256(phone_hash + store_id.encode()).digest()
    return int.from_bytes(digest[:4], "big") % 100 < percent


def is_too_soon(last_at: datetime | None, now: datetime) -> bool:
    """Tell whether a buyer heard of the salesman a short while ago."""
    return last_at is not None and now - last_at < QUIET_BETWEEN


def _fault_of_goods(case: Case, proposal: Proposal) -> str | None:
    known = {it.sku for it in case.goods}
    if len(proposal.skus) > MOST_GOODS or len(set(proposal.skus)) != len(proposal.skus):
        return f"предложи не больше {MOST_GOODS} разных товаров."
    if not known.issuperset(proposal.skus):
        return "предлагай только товары из списка: остальных нет в наличии."
    percent = proposal.discount_percent
    if percent and not LEAST_DISCOUNT <= percent <= case.terms.discount_percent:
        return f"скидка может быть от {LEAST_DISCOUNT} до {case.terms.discount_percent} процентов или 0."
    if percent and not proposal.skus:
        return "скидка бывает только на товары из списка."
    if percent and any(not _fits(it, percent) for it in _goods_of(case, proposal.skus)):
        return "с такой скидкой цена ниже допустимой: уменьши её или поставь 0."
    return None


def _fits(goods: Goods, percent: int) -> bool:
    """Tell whether a discount keeps the floor; without one nothing is known to be safe."""
    return goods.floor is not None and price_after(goods.price, percent) >= goods.floor


def _fault_of_variables(case: Case, proposal: Proposal) -> str | None:
    allowed = {"name": True, "store": True, "order": bool(case.order_code)}
    allowed |= {"promo": bool(case.terms.promo_code), "goods": bool(proposal.skus)}
    allowed["bonus"] = case.trigger is Trigger.REVIEW_REQUEST and bool(case.terms.review_bonus)
    used = _VARIABLE.findall(proposal.text)
    if wrong := [it for it in used if not allowed.get(it)]:
        return f"переменной {{{wrong[0][:20]}}} здесь нет."
    if "{" in _VARIABLE.sub("", proposal.text) or "}" in _VARIABLE.sub("", proposal.text):
        return "фигурные скобки бывают только у переменных."
    if proposal.skus and used.count("goods") != 1:
        return "поставь {goods} один раз там, где перечислить товары."
    return None


def _fault_of_language(case: Case, proposal: Proposal) -> str | None:
    if case.language is not None and proposal.language is not case.language:
        return f"покупатель пишет на другом языке: ответь на {_LANGUAGES[case.language]}."
    plain = _VARIABLE.sub(" ", proposal.text)
    letters = _LETTER.findall(plain)
    if not letters or len(_CYRILLIC.findall(plain)) < 0.9 * len(letters):
        return f"пиши на {_LANGUAGES[proposal.language]}."
    if (proposal.language is Language.KK) != bool(_KAZAKH.search(plain)):
        return f"пиши на {_LANGUAGES[proposal.language]}, как и сказано в language."
    return None


_LANGUAGES: Final = {Language.RU: "русском", Language.KK: "казахском"}


def _fault_of_leak(text: str, instructions: str) -> str | None:
    said, ours = _letters(text), _letters(instructions)
    pieces = (said[at : at + _LEAK] for at in range(max(0, len(said) - _LEAK + 1)))
    return "не повторяй своих указаний." if any(piece in ours for piece in pieces) else None


def _letters(text: str) -> str:
    return "".join(_LETTER.findall(text)).casefold()


def _goods_of(case: Case, skus: Sequence[str]) -> list[Goods]:
    by_sku = {it.sku: it for it in case.goods}
    return [by_sku[sku] for sku in skus]


def _line(goods: Goods, price: int, language: Language) -> str:
    line = f"• {_plain(goods.name)} — {format_tenge(price)}"
    if price == goods.price:
        return line
    was = "вместо" if language is Language.RU else "бұрын"
    return f"{line} {was} {format_tenge(goods.price)}"


def _plain(text: str) -> str:
    """Return a name as it may stand in a message: one line, no address to follow, of a sensible length."""
    words = " ".join(wording.without_hidden(text).split())
    return re.sub(r"https?://\S+|www\.\S+|\S+\.(?:kz|ru|com|me)/\S*", "", words)[:_NAME].strip()


def _stranger(language: Language) -> str:
    return "уважаемый покупатель" if language is Language.RU else "құрметті сатып алушы"
