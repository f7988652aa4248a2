"""What a calculation can start from: the seller's own goods, a link to Kaspi, a market that was recorded."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cube_demper.core.errors import NotFound
from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.calculations import queries
from cube_demper.domain.calculations.schemas import Good, Start
from cube_demper.domain.economics import service as economics
from cube_demper.domain.economics.sale_terms import Good as Sold
from cube_demper.domain.economics.sale_terms import SaleTerms
from cube_demper.domain.market import service as market
from cube_demper.domain.rates.categories import Categories, Path
from cube_demper.models.stores import ALMATY_CITY_ID

MOST_FOUND = 8
_SHORTEST_WORD = 4
_LINK = re.compile(r"kaspi\.kz/shop/p/[^\s/?#]*?-(\d{5,12})(?:[/?#]|$)", re.IGNORECASE)
_ANY_LINK = re.compile(r"^\s*(https?://|kaspi\.kz|www\.)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sighting:
    """A card that is nobody's of the seller's goods, but whose market was looked at in Almaty."""

    card: str
    lowest_price: int
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Search:
    """What was found: own goods, or a recorded market; `card` is the code read out of a link."""

    goods: Sequence[Good] = ()
    sighting: Sighting | None = None
    card: str = ""
    is_wrong_link: bool = False


def card_of(text: str) -> str | None:
    """Return the card's code of an address of Kaspi's shop, None for anything else."""
    found = _LINK.search(text)
    return found[1] if found else None


async def search(tx: ReadTx, actor: Actor, text: str) -> Search:
    """Find own goods by name, SKU or link; for a strange card, its recorded market."""
    card = card_of(text)
    if card is None:
        if _ANY_LINK.match(text):
            return Search(is_wrong_link=True)
        words = text.split()[:8]
        return Search(await queries.list_goods(tx, actor, words, MOST_FOUND) if words else ())
    own = await queries.list_goods_of_card(tx, actor, card, MOST_FOUND)
    if own:
        return Search(own, card=card)
    seen = await market.latest_market(tx, card, ALMATY_CITY_ID)
    if seen is None or not seen.offers:
        return Search(card=card)
    lowest = min(offer.price for offer in seen.offers)
    return Search(sighting=Sighting(card, lowest, seen.seen_at), card=card)


async def get_good(tx: ReadTx, actor: Actor, product_id: UUID) -> Good:
    """Return one of the actor's goods. Raises NotFound, for somebody else's too."""
    found = await queries.find_good(tx, actor, product_id)
    if found is None:
        raise NotFound("Такого товара у вас нет.")
    return found


async def start_from(tx: ReadTx, actor: Actor, product_id: UUID) -> Start:
    """Return what one of the actor's goods and its store's conditions fill in. Raises NotFound."""
    good = await get_good(tx, actor, product_id)
    terms = await economics.terms_of_store(tx, good.store_id) if good.store_id else None
    known = (await economics.current_book(tx)).categories
    weight = good.weight_g or (terms.weight_g if terms else None)
    path = _path(good, terms, known)
    if path is None:
        return Start(good, "", _likely(good, known), weight, terms)
    found = known.find(path)
    return Start(good, " > ".join(found[0] if len(found) == 1 else path), (), weight, terms)


def _path(good: Good, terms: SaleTerms | None, known: Categories) -> Path | None:
    """Return the tariffs' category: the product's own, else as its store calls it, else by name."""
    if good.tariff_category:
        return good.tariff_category
    if terms is not None:
        return terms.category_of(Sold(category=good.category), known)
    if good.category and len(paths := known.find([good.category])) == 1:
        return paths[0]
    return None


def _likely(good: Good, known: Categories) -> Sequence[str]:
    """Return names of categories like a word of the product's name."""
    words = (it for it in good.name.split() if len(it) >= _SHORTEST_WORD)
    return next((names for word in words if (names := known.nearest(word))), ())
