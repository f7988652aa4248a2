"""A partner, their link, and sellers who came by it: makers and shorthands for tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from money_scene import begin, pay, read
from records import NOON, add_user, seller
from sqlmodel import col, select

from cube_demper.core.crypto import SecretBox
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import NOBODY, SYSTEM, Actor, Role, Visitor
from cube_demper.domain.billing import refunds
from cube_demper.domain.partners import binding, clicks, people, reading, work
from cube_demper.domain.partners.payee import Payee
from cube_demper.domain.partners.schemas import Balance, CameBy, LeadFacts
from cube_demper.domain.partners.trail import Trail, trail_of
from cube_demper.models.accounts import User
from cube_demper.models.billing import Payment, Plan
from cube_demper.models.partner_program import PartnerClick, PartnerLead, PartnerLink
from cube_demper.models.partners import Partner

SECRETS = SecretBox(["test"])
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148 Safari/604.1"
PASSWORD = "три слова подряд"
PAYEE = Payee("ИП Ахметов", "900101300017", "KZ86125KZT5004100100")
BASIC = 999_900
SHARE = 199_980
"""20 % of BASIC."""


@dataclass
class Programme:
    """One partner with one link."""

    db: Database
    partner_id: UUID
    email: str
    code: str
    link_id: UUID
    link_code: str
    numbers: list[int] = field(default_factory=lambda: [0])

    @property
    def actor(self) -> Actor:
        return Actor(Role.PARTNER, email=self.email, partner_id=self.partner_id)

    async def click(
        self,
        now: datetime = NOON,
        *,
        ip: str = "10.1.0.1",
        agent: str = PHONE,
        cookie: str = "",
        method: str = "GET",
        **headers: str,
    ) -> str | None:
        visitor = Visitor(ip, agent)
        opened = clicks.Opened(
            code=self.link_code,
            method=method,
            headers={"user-agent": agent, **headers},
            visitor=visitor,
            marks=clicks.marks_of(SECRETS, visitor),
            cookie=cookie,
        )
        async with self.db.write() as tx:
            return await clicks.record(tx, NOBODY, opened, now)

    async def verdicts(self) -> list[str]:
        async with self.db.read() as tx:
            rows = await tx.scalars(
                select(PartnerClick.verdict).order_by(col(PartnerClick.created_at))
            )
            return list(rows.all())

    async def sign_up(
        self,
        now: datetime = NOON,
        *,
        ip: str = "",
        cookie: str | None = None,
        code: str = "",
        email: str = "",
    ) -> User:
        """Sign a seller up by the partner's link, or by what is given instead."""
        self.numbers[0] += 1
        visitor = Visitor(ip or f"10.2.0.{self.numbers[0]}", PHONE)
        if cookie is None and not code:
            cookie = await self.click(now, ip=visitor.ip)
        came = CameBy(cookie or "", code, clicks.marks_of(SECRETS, visitor))
        given = {"email": email} if email else {}
        async with self.db.write() as tx:
            user = await add_user(tx, plan=None, now=now, **given)
            await binding.bind(tx, user, came, visitor, now)
        return user

    async def lead_of(self, user: User) -> PartnerLead | None:
        async with self.db.read() as tx:
            return await tx.scalar(select(PartnerLead).where(PartnerLead.user_id == user.id))

    async def buy(self, user: User, now: datetime = NOON, plan: Plan = Plan.BASIC) -> Payment:
        """Pay for a plan, and let the worker deliver what follows."""
        payment = await begin(self.db, seller(user), plan, now)
        await pay(self.db, payment, now)
        await self.deliver(payment, now)
        return payment

    async def deliver(self, payment: Payment, now: datetime) -> None:
        async with self.db.write() as tx:
            await work.accrue(tx, SYSTEM, {"payment_id": str(payment.id)}, now)

    async def refund(self, payment: Payment, now: datetime, amount: int | None = None) -> None:
        known = await read(self.db, payment)
        left = known.amount - known.refunded if amount is None else amount
        async with self.db.write() as tx:
            await refunds.refunded(
                tx,
                SYSTEM,
                known.gateway_transaction_id or "",
                now,
                refund_transaction_id=f"refund-{known.id}-{known.refunded}",
                amount=left,
            )
            await work.take_back(tx, SYSTEM, {"payment_id": str(payment.id)}, now)

    async def balance(self) -> Balance:
        async with self.db.read() as tx:
            return await reading.balance(tx, self.actor)

    async def trail(self, user: User, now: datetime) -> Trail:
        lead = await self.lead_of(user)
        assert lead
        async with self.db.read() as tx:
            found = await reading.lead(tx, self.actor, lead.id)
        assert found
        return trail_of(found[0], now)

    async def facts(self, user: User) -> tuple[LeadFacts, str]:
        lead = await self.lead_of(user)
        assert lead
        async with self.db.read() as tx:
            found = await reading.lead(tx, self.actor, lead.id)
        assert found
        return found


async def add_partner(
    db: Database, email: str = "partner@example.kz", percent: int = 20
) -> Programme:
    async with db.write() as tx:
        partner_id = await people.create(
            tx, SYSTEM, email=email, password=PASSWORD, percent=percent, now=NOON
        )
        partner = await tx.get_one(Partner, partner_id)
        link = await tx.scalar(select(PartnerLink).where(PartnerLink.partner_id == partner_id))
        assert link
        return Programme(db, partner_id, email, partner.code, link.id, link.code)
