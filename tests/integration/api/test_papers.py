"""Invoices as PDF: for the seller who pays, and nobody else."""

from __future__ import annotations

from uuid import UUID, uuid4

from records import seller
from web_stage import Site

from cube_demper.domain.billing import papers, payer, payments
from cube_demper.domain.billing.papers import Side
from cube_demper.domain.billing.payer import Payer
from cube_demper.models.accounts import User
from cube_demper.models.billing import PaymentMethod, Plan
from cube_demper.models.invoices import PaperKind

OPERATOR = Side("ТОО «Куб»", "123456789013", "Алматы", "KZ86125KZT5004100100", "Банк", "CASPKZKA")


async def _invoice(site: Site, email: str) -> UUID:
    """Sign in and ask for an invoice; return the paper."""
    user_id = await site.scene.add(email)
    await site.open(await site.scene.code(email))
    now = site.scene.clock.now()
    async with site.scene.db.write() as tx:
        actor = seller(await tx.get_one(User, user_id))
        await payer.save_payer(tx, actor, Payer("ИП Иванов", "123456789013"))
        payment = await payments.begin(
            tx, actor, Plan.BASIC, PaymentMethod.BANK_INVOICE, now, use_balance=False
        )
        kind = PaperKind.INVOICE
        return (await papers.issue(tx, actor, payment.id, now, kind=kind, operator=OPERATOR)).id


async def test_an_invoice_is_given_to_its_payer_as_pdf(site: Site) -> None:
    paper = await _invoice(site, "a@example.kz")
    answer = await site.client.get(f"/api/billing/papers/{paper}")
    assert answer.content.startswith(b"%PDF")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "no-store"
    assert "22.11.2026.pdf" in answer.headers["content-disposition"]


async def test_it_is_nobody_elses(site: Site) -> None:
    assert (await site.client.get(f"/api/billing/papers/{uuid4()}")).is_error
    paper = await _invoice(site, "a@example.kz")
    await _invoice(site, "b@example.kz")
    assert (await site.client.get(f"/api/billing/papers/{paper}")).status_code == 400
