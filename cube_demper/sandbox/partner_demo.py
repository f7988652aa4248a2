"""The demo's partner: links, clicks, sellers at every step of the way, money on hold and paid out.

Made once. Payments are rows with their postings and no plans: these sellers sign in nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlmodel import col, select

from cube_demper.core.crypto import SecretBox
from cube_demper.core.ids import new_id, token_hash
from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts.schemas import SYSTEM, Actor, Role, Visitor
from cube_demper.domain.billing import ledger
from cube_demper.domain.billing.ledger import Line, Posting
from cube_demper.domain.partners import binding, clicks, links, payouts, people, work
from cube_demper.domain.partners import service as partners
from cube_demper.domain.partners.payee import Payee
from cube_demper.domain.partners.rules import cookie_of
from cube_demper.domain.partners.schemas import CameBy, Marks
from cube_demper.models.accounts import User
from cube_demper.models.billing import Payment, PaymentMethod, PaymentPurpose, PaymentStatus, Plan
from cube_demper.models.ledger import Account
from cube_demper.models.partner_program import ClickVerdict, PartnerLink
from cube_demper.models.partners import Partner
from cube_demper.models.stores import KaspiStore
from cube_demper.sandbox.chance import roll

EMAIL: Final = "partner@example.kz"
_CAMPAIGNS = ("Instagram", "Telegram-канал", "Визитки")
_DAYS = 75
_BASIC, _PRO = 999_900, 2_999_900
_PAYEE = Payee("ИП Оспанов", "900101300017", "KZ86125KZT5004100100")


@dataclass(frozen=True, slots=True)
class _Seller:
    """Somebody brought `day` days ago; `paid`: price and days after, one for each payment."""

    name: str
    email: str
    day: int
    has_confirmed: bool = True
    has_store: bool = True
    paid: tuple[tuple[int, int], ...] = ()
    refunded: int = 0
    by_code: bool = False


_SELLERS = (
    _Seller("Айгуль Сериккызы", "aigul.s@gmail.com", 70, paid=((_PRO, 9), (_PRO, 39))),
    _Seller("Ержан Тулегенов", "erzhan@mail.kz", 61, paid=((_BASIC, 14), (_BASIC, 44))),
    _Seller("Светлана Ким", "sveta.kim@gmail.com", 52, paid=((_PRO, 12),), by_code=True),
    _Seller("Марат Абдиев", "marat-shop@inbox.ru", 44, paid=((_BASIC, 10),), refunded=_BASIC),
    _Seller("Дина Ахметова", "dina@yopmail.com", 33, paid=((_BASIC, 6),)),
    _Seller("Тимур Касымов", "timur.k@gmail.com", 25, paid=((_PRO, 15),)),
    _Seller("Гульнара Омарова", "gulnara.o@mail.ru", 20, paid=((_BASIC, 13),)),
    _Seller("Алексей Пак", "a.pak@gmail.com", 12),
    _Seller("Жанар Беков", "zhanar@bk.ru", 8, by_code=True),
    _Seller("Нурлан Сагинтаев", "nurlan.s@gmail.com", 5, has_store=False),
    _Seller("Руслан Ибраев", "ruslan@example.net", 3, has_store=False),
    _Seller("Мадина Жунусова", "madina@mail.ru", 1, has_confirmed=False, has_store=False),
)


async def fill(tx: WriteTx, secrets: SecretBox, password: str, now: datetime) -> None:
    """Make the partner with two months behind them; does nothing where there is one."""
    if await tx.scalar(select(Partner.id).where(col(Partner.email) == EMAIL)) is not None:
        return
    began = now - timedelta(days=_DAYS)
    partner_id = await people.create(
        tx, SYSTEM, email=EMAIL, full_name="Данияр Оспанов", password=password, now=began
    )
    actor = Actor(Role.PARTNER, email=EMAIL, partner_id=partner_id)
    for campaign in _CAMPAIGNS:
        await links.create(tx, actor, campaign)
    rows = await tx.scalars(select(PartnerLink).where(PartnerLink.partner_id == partner_id))
    known = list(rows.all())
    await _clicks(tx, known, now)
    for number, seller in enumerate(_SELLERS):
        user = await _sign_up(tx, seller, known[number % len(known)], actor, now)
        for price, after in seller.paid:
            paid_at = now - timedelta(days=seller.day - after)
            await _pay(tx, user, price, paid_at, seller.refunded)
    while await partners.release_due(tx, SYSTEM, now):
        pass
    await _pay_out(tx, actor, secrets, now)


async def _clicks(tx: WriteTx, known: list[PartnerLink], now: datetime) -> None:
    draw = roll("partner-clicks")
    verdicts = [ClickVerdict.COUNTED] * 8 + [
        ClickVerdict.PREVIEW,
        ClickVerdict.REPEAT,
        ClickVerdict.BOT,
    ]
    for day in range(_DAYS):
        for _ in range(draw.randint(0, 5 + (_DAYS - day) // 8)):
            at = now - timedelta(days=day, minutes=draw.randint(1, 900))
            link, verdict = draw.choice(known), draw.choice(verdicts)
            await _click(tx, link, at, verdict, str(draw.random()))


async def _click(
    tx: WriteTx, link: PartnerLink, at: datetime, verdict: ClickVerdict, visitor: str
) -> UUID:
    click_id, mark = new_id(), token_hash(visitor)[:16]
    await clicks.keep(tx, SYSTEM, link, verdict, visitor=mark, click_id=click_id, at=at)
    return click_id


async def _sign_up(
    tx: WriteTx, seller: _Seller, link: PartnerLink, actor: Actor, now: datetime
) -> User:
    at = now - timedelta(days=seller.day, hours=2)
    user_id = new_id()
    user = User(
        id=user_id,
        email=seller.email,
        password_hash="-",  # noqa: S106 - no password fits
        full_name=seller.name,
        referral_code=str(user_id)[:8],
        email_confirmed_at=at + timedelta(minutes=9) if seller.has_confirmed else None,
        created_at=at,
    )
    tx.add(user)
    came_at = at - timedelta(minutes=6)
    click_id = await _click(tx, link, came_at, ClickVerdict.COUNTED, seller.email)
    code = (await partners.profile(tx, actor)).code if seller.by_code else ""
    cookie = "" if seller.by_code else cookie_of(link.code, click_id)
    came = CameBy(cookie, code, Marks(token_hash(seller.email)[:16], b""))
    await binding.bind(tx, user, came, Visitor(), at)
    if seller.has_store:
        tx.add(
            KaspiStore(
                user_id=user.id,
                merchant_id=f"demo-{seller.day}",
                name=f"Магазин {seller.name.split()[0]}",
                created_at=at + timedelta(hours=1),
                is_active=False,
            )
        )
        await tx.flush()
    return user


async def _pay(tx: WriteTx, user: User, price: int, at: datetime, refunded: int) -> None:
    status = PaymentStatus.REFUNDED if refunded else PaymentStatus.PAID
    payment = Payment(
        user_id=user.id,
        plan=Plan.PRO if price == _PRO else Plan.BASIC,
        purpose=PaymentPurpose.SUBSCRIBE,
        method=PaymentMethod.KASPI_TRANSFER,
        status=status,
        amount=price,
        invoice_id=f"CD-D{str(new_id())[:7].upper()}",
        paid_at=at,
    )
    tx.add(payment)
    await tx.flush()
    await _book(tx, payment, "paid", price, at)
    payload = {"payment_id": str(payment.id)}
    await work.accrue(tx, SYSTEM, payload, at)
    if refunded:
        payment.refunded = refunded
        await tx.flush()
        await _book(tx, payment, "refund", -refunded, at + timedelta(days=3))
        await work.take_back(tx, SYSTEM, payload, at + timedelta(days=3))


async def _book(tx: WriteTx, payment: Payment, what: str, amount: int, at: datetime) -> None:
    lines = [Line(Account.KASPI, amount), Line(Account.REVENUE, -amount)]
    await ledger.post(tx, Posting(f"{what}:{payment.id}", what, lines, payment.id), at)


async def _pay_out(tx: WriteTx, actor: Actor, secrets: SecretBox, now: datetime) -> None:
    """Pay one out, refuse one, and leave one asked for."""
    asked_at = now - timedelta(days=9)
    first = await payouts.request(tx, actor, 700_000, _PAYEE, secrets=secrets, now=asked_at)
    await payouts.refuse(tx, SYSTEM, first, "В счёте указан закрытый банк", asked_at)
    second = await payouts.request(tx, actor, 800_000, _PAYEE, secrets=secrets, now=asked_at)
    await payouts.approve(tx, SYSTEM, second, asked_at + timedelta(hours=3))
    await payouts.pay(tx, SYSTEM, second, "ПП 1048", asked_at + timedelta(hours=20))
    await payouts.request(tx, actor, 500_000, _PAYEE, secrets=secrets, now=now - timedelta(hours=6))
