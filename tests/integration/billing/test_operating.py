"""Transfers confirmed by hand, money given back, and papers with numbers that have no gaps."""

from __future__ import annotations

import asyncio
import io
from datetime import date, timedelta

import pytest
from money_scene import active, add_seller, begin, pay
from pydantic import ValidationError
from pypdf import PdfReader
from records import NOON

from cube_demper.core.errors import Conflict, InvalidInput, NotFound
from cube_demper.core.settings import OperatorSettings
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM, Actor
from cube_demper.domain.billing import ledger, operating, papers
from cube_demper.domain.billing.errors import NoSuchPayment, PaymentClosed, WrongSum
from cube_demper.domain.billing.operating import Transfer
from cube_demper.integrations.documents.money_papers import Paper, render, sum_in_words
from cube_demper.models.billing import PaymentMethod, Plan
from cube_demper.models.invoices import BillingRequisites, Invoice, PaperKind
from cube_demper.models.ledger import Account

DAY = timedelta(days=1)
BANK = PaymentMethod.BANK_INVOICE
US = papers.Side("ТОО «Сервис»", "123", "Алматы", "KZ1", "Банк", "BIK")


async def confirm(db: Database, invoice: str, amount: int) -> str:
    async with db.write() as tx:
        got = Transfer(invoice, amount, BANK, NOON)
        return (await operating.confirm(tx, SYSTEM, got, NOON)).words


async def with_requisites(db: Database) -> Actor:
    actor = await add_seller(db, NOON)
    async with db.write() as tx:
        tx.add(BillingRequisites(user_id=actor.owner_id, company="ИП Әсел", bin="900101400123"))
    return actor


async def test_a_transfer_is_confirmed_once_and_for_its_sum_alone(db: Database) -> None:
    actor = await add_seller(db, NOON)
    payment = await begin(db, actor, Plan.BASIC, NOON, method=BANK)
    with pytest.raises(WrongSum, match=r"9.999.₸, а пришло 9.990"):
        await confirm(db, payment.invoice_id, 999_000)
    with pytest.raises(NoSuchPayment, match="CD-NONE"):
        await confirm(db, "CD-NONE", 999_900)
    assert await confirm(db, payment.invoice_id, 999_900) == "оплачен"
    with pytest.raises(PaymentClosed, match="уже записан"):
        await confirm(db, payment.invoice_id, 999_900)
    assert await active(db, actor.owner_id) is not None
    async with db.read() as tx:
        assert (await ledger.totals(tx))[Account.BANK] == 999_900


async def test_another_transfer_for_a_paid_invoice_lies_on_the_balance(db: Database) -> None:
    actor = await add_seller(db, NOON)
    payment = await begin(db, actor, Plan.BASIC, NOON)
    await pay(db, payment, NOON)  # by card, and the bank's transfer was under way

    async def again(reference: str) -> str:
        got = Transfer(payment.invoice_id, 999_900, BANK, NOON, reference, is_second=True)
        async with db.write() as tx:
            return (await operating.confirm(tx, SYSTEM, got, NOON)).words

    with pytest.raises(PaymentClosed, match="--second"):
        await confirm(db, payment.invoice_id, 999_900)
    with pytest.raises(PaymentClosed, match="--reference"):
        await again("")
    assert await again("№ 17") == "оплачен, деньги на балансе"
    with pytest.raises(PaymentClosed, match="№ 17 уже записан"):
        await again("№ 17")
    async with db.read() as tx:
        assert await ledger.owed_to_user(tx, actor.owner_id) == 999_900
        assert (await ledger.totals(tx))[Account.BANK] == 999_900


async def test_money_by_transfer_is_given_back_at_once_and_never_more_than_came(
    db: Database,
) -> None:
    actor = await add_seller(db, NOON)
    payment = await begin(db, actor, Plan.BASIC, NOON, method=BANK)
    await confirm(db, payment.invoice_id, 999_900)
    async with db.write() as tx:
        words = await operating.give_back(
            tx, SYSTEM, payment.invoice_id, NOON, amount=400_000, reason="Простой"
        )
    assert "4 000" in words.replace("\u00a0", " ")
    with pytest.raises(InvalidInput, match="не больше"):
        async with db.write() as tx:
            await operating.give_back(
                tx, SYSTEM, payment.invoice_id, NOON, amount=600_000, reason=""
            )
    async with db.read() as tx:
        assert (await ledger.totals(tx))[Account.BANK] == 599_900
        (line,) = await operating.list_payments(tx, SYSTEM, email=actor.email)
    assert (line.plan, line.method, line.words) == (
        "BASIC", "счёт в банке", "возвращён частично",
    )  # fmt: skip


async def issue(db: Database, actor: Actor, payment_id: object, kind: PaperKind) -> Invoice:
    async with db.write() as tx:
        return await papers.issue(tx, actor, payment_id, NOON, kind=kind, operator=US)  # type: ignore[arg-type]


async def test_numbers_have_no_gaps_and_a_paper_is_issued_once(db: Database) -> None:
    made = []
    for _ in range(3):
        actor = await with_requisites(db)
        made.append((actor, await begin(db, actor, Plan.BASIC, NOON, method=BANK)))
    found = await asyncio.gather(
        *(issue(db, actor, it.id, PaperKind.INVOICE) for actor, it in made + made)
    )
    assert sorted({it.number for it in found}) == [1, 2, 3]
    assert len({it.id for it in found}) == 3


async def test_an_invoice_asks_for_what_the_balance_does_not_pay(db: Database) -> None:
    actor = await with_requisites(db)
    first = await begin(db, actor, Plan.BASIC, NOON, method=BANK)
    for reference in ("1", "2"):  # the second money lies on the balance
        await pay(db, first, NOON, transaction=reference)
    payment = await begin(db, actor, Plan.PRO, NOON, method=BANK, use_balance=True)
    paper = await issue(db, actor, payment.id, PaperKind.INVOICE)
    assert (payment.from_balance, paper.amount) == (999_900, 1_000_100)
    assert await confirm(db, payment.invoice_id, paper.amount) == "оплачен"


async def test_a_paper_keeps_requisites_as_they_were(db: Database) -> None:
    actor = await with_requisites(db)
    payment = await begin(db, actor, Plan.BASIC, NOON, method=BANK)
    await issue(db, actor, payment.id, PaperKind.INVOICE)
    async with db.write() as tx:
        row = await tx.get_one(Invoice, (await issue(db, actor, payment.id, PaperKind.INVOICE)).id)
        assert row.requisites["buyer"]["company"] == "ИП Әсел"
        assert row.requisites["seller"]["company"] == "ТОО «Сервис»"


async def test_an_act_waits_for_the_days_it_is_for(db: Database) -> None:
    actor = await with_requisites(db)
    payment = await begin(db, actor, Plan.BASIC, NOON, method=BANK)
    await pay(db, payment, NOON)
    with pytest.raises(Conflict):
        await issue(db, actor, payment.id, PaperKind.ACT)
    later = NOON + 31 * DAY
    async with db.write() as tx:
        assert list(await papers.due_acts(tx, SYSTEM, later)) == [payment.id]
        act = await papers.issue(tx, SYSTEM, payment.id, later, kind=PaperKind.ACT, operator=US)
        assert list(await papers.due_acts(tx, SYSTEM, later)) == []
    assert act.amount == 999_900
    assert "с 22" in act.title


async def test_nobody_reads_anothers_papers(db: Database) -> None:
    actor, other = await with_requisites(db), await with_requisites(db)
    payment = await begin(db, actor, Plan.BASIC, NOON, method=BANK)
    paper = await issue(db, actor, payment.id, PaperKind.INVOICE)
    with pytest.raises(NotFound):
        await issue(db, other, payment.id, PaperKind.INVOICE)
    async with db.read() as tx:
        assert (await papers.get_own(tx, actor, paper.id)).id == paper.id
        with pytest.raises(NotFound):
            await papers.get_own(tx, other, paper.id)


async def test_nothing_is_issued_without_requisites(db: Database) -> None:
    actor = await add_seller(db, NOON)
    payment = await begin(db, actor, Plan.BASIC, NOON, method=BANK)
    with pytest.raises(InvalidInput, match="реквизиты"):
        await issue(db, actor, payment.id, PaperKind.INVOICE)


@pytest.mark.parametrize(
    ("tiyn", "words"),
    [
        (100, "Один тенге 00 тиын"),
        (200_150, "Две тысячи один тенге 50 тиынов"),
        (999_900, "Девять тысяч девятьсот девяносто девять тенге 00 тиын"),
        (2_999_901, "Двадцать девять тысяч девятьсот девяносто девять тенге 01 тиын"),
        (2_100_002, "Двадцать одна тысяча тенге 02 тиына"),
    ],
)
def test_a_sum_in_words(tiyn: int, words: str) -> None:
    assert sum_in_words(tiyn) == words


@pytest.mark.parametrize(
    ("percent", "words"),
    [("", "Без НДС"), ("16", "В том числе НДС 16 %: 4 137,79 ₸"), ("12,5", "12,5 %: 3 333,22 ₸")],
)
def test_an_invoice_names_its_vat_and_its_last_day(percent: str, words: str) -> None:
    us = {"company": "ТОО «Куб»", "vat_percent": percent}
    paper = Paper(False, 7, NOON.date(), "Тариф PRO", 2_999_900, "CD-1", us, us, date(2026, 12, 2))
    read = PdfReader(io.BytesIO(render(paper))).pages[0].extract_text().replace("\u00a0", " ")
    assert words in read
    assert "действителен до 2 декабря 2026 г." in read


@pytest.mark.parametrize("given", ["шестнадцать", "0", "116", "-5", "1e1"])
def test_a_crooked_vat_is_refused_before_it_stands_on_papers(given: str) -> None:
    with pytest.raises(ValidationError):
        OperatorSettings(BILLING_VAT_PERCENT=given)


def test_a_vat_may_be_written_as_people_write_it() -> None:
    assert OperatorSettings(BILLING_VAT_PERCENT=" 12,5 % ").vat_percent == "12.5"


def test_a_paper_is_one_page_with_kazakh_letters() -> None:
    sides = {"company": "ИП Қасымова Әсел Ғалымқызы", "bin": "900101400123"}
    pdf = render(Paper(True, 7, NOON.date(), "Тариф PRO " * 30, 2_999_900, "CD-1", sides, sides))
    pages = PdfReader(io.BytesIO(pdf)).pages
    text = pages[0].extract_text()
    assert len(pages) == 1
    for part in ("Акт оказанных услуг № 7", "Қасымова Әсел", "900101400123", "29 999"):
        assert part in text.replace("\u00a0", " ")
