"""Payout reports on a real database: read, matched, settled, matched again, and never somebody else's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from payout_scene import CARD, FIRST, HEAD, LAST, Sheet, add_order, order, return_of, sale_of
from records import add_store, add_user, seller
from sqlalchemy import func, select
from sqlmodel import col

from cube_demper.core.errors import InvalidInput, NotFound, PermissionDenied
from cube_demper.db.session import Database, WriteTx
from cube_demper.domain.accounts.schemas import NOBODY, Actor, Role
from cube_demper.domain.economics.payouts import match_queries, queries, service, work
from cube_demper.domain.economics.payouts.errors import ReportBusy, ReportMoved
from cube_demper.domain.economics.payouts.facts import OrderEnd, OrderFacts
from cube_demper.domain.economics.payouts.schemas import (
    DifferenceFilter,
    DifferenceView,
    ReportView,
)
from cube_demper.integrations.spreadsheets.reader import payout_lines
from cube_demper.models.payouts import (
    DifferenceKind,
    PayoutDifference,
    PayoutLine,
    PayoutReport,
    PayoutStatus,
)
from cube_demper.models.stores import KaspiStore

NOW = datetime(2026, 11, 27, 7, tzinfo=UTC)
ALL = DifferenceFilter(is_resolved=None)


@dataclass
class Desk:
    """A seller with one store, and what the worker would do for them."""

    db: Database
    actor: Actor
    store: KaspiStore

    async def add(self, *orders: OrderFacts) -> None:
        async with self.db.write() as tx:
            for it in orders:
                await add_order(tx, self.store, it)

    async def send(self, content: bytes, name: str = "выплаты.xlsx") -> UUID:
        async with self.db.write() as tx:
            return await service.start_report(tx, self.actor, self.store.id, (name, content), NOW)

    async def load(self, content: bytes) -> ReportView:
        report_id = await self.send(content)
        await self.work(report_id)
        return await self.view(report_id)

    async def cancel(self, report_id: UUID) -> None:
        async with self.db.write() as tx:
            await service.cancel(tx, self.actor, report_id)

    async def work(self, report_id: UUID) -> None:
        await work.run(self.db, self.actor, report_id, payout_lines, NOW)

    async def view(self, report_id: UUID) -> ReportView:
        async with self.db.read() as tx:
            return (await service.get_report(tx, self.actor, report_id))[0]

    async def named(
        self, report_id: UUID, view: DifferenceFilter = ALL
    ) -> Sequence[DifferenceView]:
        async with self.db.read() as tx:
            return (await service.list_differences(tx, self.actor, report_id, view, 1))[0]


async def a_desk(db: Database) -> Desk:
    async with db.write() as tx:
        user = await add_user(tx)
        return Desk(db, seller(user), await add_store(tx, user))


def some_orders(count: int = 4) -> list[OrderFacts]:
    return [order(number, 1_990_000 + number * 100) for number in range(count)]


def kinds(found: Sequence[DifferenceView]) -> set[DifferenceKind]:
    return {it.kind for it in found}


@pytest.mark.parametrize("form", ["xlsx", "csv", "cp1251"])
async def test_a_report_by_the_rules_is_fine_in_every_form(db: Database, form: str) -> None:
    desk, orders = await a_desk(db), some_orders()
    await desk.add(*orders)
    sheet = Sheet(tuple(map(sale_of, orders)), total=sum(sale_of(it).net for it in orders))
    content = sheet.xlsx() if form == "xlsx" else sheet.csv("utf-8" if form == "csv" else form)
    view = await desk.load(content)
    assert (view.status, view.total, view.period) == (PayoutStatus.READY, 4, (FIRST, LAST))
    assert await desk.named(view.id) == ()
    async with db.read() as tx:
        _, sums = await service.get_report(tx, desk.actor, view.id)
    assert (sums.fine, sums.gross) == (4, sum(it.total for it in orders))
    assert sums.net == sheet.total


async def test_differences_are_named_with_the_figure_and_added_up(db: Database) -> None:
    desk, orders = await a_desk(db), some_orders()
    back = order(9, 3_000_000, end=OrderEnd.RETURNED, ended_on=LAST - timedelta(days=2))
    await desk.add(*orders, back, order(7, 2_500_000, ended_on=FIRST))
    dear = replace(sale_of(orders[0]), commission=sale_of(orders[0]).commission + 50_000)
    sheet = Sheet((dear, *map(sale_of, (*orders[1:], back))))
    view = await desk.load(sheet.xlsx())
    found = {it.kind: it for it in await desk.named(view.id)}
    assert set(found) == {
        DifferenceKind.COMMISSION_HIGHER,
        DifferenceKind.MISSING,
        DifferenceKind.RETURN_MISSING,
    }
    higher = found[DifferenceKind.COMMISSION_HIGHER]
    assert (higher.amount, higher.facts["figure"]) == (50_000, "12,5\u00a0%")
    missing = found[DifferenceKind.MISSING]
    assert (missing.order_code, missing.facts["since"]) == ("800000007", FIRST.isoformat())
    assert view.short == 50_000 + missing.amount
    assert view.over == sale_of(back).net


async def test_the_same_file_twice_is_one_report(db: Database) -> None:
    desk = await a_desk(db)
    content = Sheet((sale_of(order(1, 500_000)),)).xlsx()
    first = await desk.send(content)
    assert await desk.send(content, "копия.xlsx") == first
    async with db.read() as tx:
        assert await tx.scalar(select(func.count()).select_from(PayoutReport)) == 1


async def test_the_next_report_closes_what_was_awaited_and_keeps_marks(db: Database) -> None:
    desk, orders = await a_desk(db), some_orders()
    await desk.add(*orders)
    cheap = replace(sale_of(orders[1]), delivery=0)
    first = await desk.load(Sheet((sale_of(orders[0]), cheap, sale_of(orders[2]))).xlsx())
    found = {it.kind: it for it in await desk.named(first.id)}
    assert set(found) == {DifferenceKind.MISSING, DifferenceKind.DELIVERY}
    async with db.write() as tx:
        settled = found[DifferenceKind.DELIVERY].id
        await service.resolve(tx, desk.actor, settled, " обращение 17 ", NOW)
    await desk.load(Sheet((sale_of(orders[3]),)).csv())
    assert (await desk.view(first.id)).status is PayoutStatus.MATCHING
    await desk.work(first.id)
    (left,) = await desk.named(first.id)
    assert (left.kind, left.note, left.resolved_at) == (
        DifferenceKind.DELIVERY,
        "обращение 17",
        NOW,
    )
    async with db.write() as tx:
        await service.reopen(tx, desk.actor, left.id)
    assert len(await desk.named(first.id, DifferenceFilter())) == 1


async def test_a_return_of_another_report_counts(db: Database) -> None:
    desk = await a_desk(db)
    back = order(2, 3_000_000, end=OrderEnd.RETURNED, ended_on=LAST)
    await desk.add(back)
    await desk.load(Sheet((return_of(sale_of(back), LAST),)).csv())
    view = await desk.load(Sheet((sale_of(back),)).csv())
    assert await desk.named(view.id) == ()


async def test_other_columns_are_asked_for_once_and_remembered(db: Database) -> None:
    desk, orders = await a_desk(db), some_orders(2)
    await desk.add(*orders)
    strange = {"Номер заказа (ID/RRN)": "Чек", "Комиссия за операции (т)": "Удержано банком"}
    head = [strange.get(name, name) for name in HEAD]
    sheet = Sheet(tuple(map(sale_of, orders)), head=head)
    view = await desk.load(sheet.xlsx())
    assert view.status is PayoutStatus.COLUMNS
    assert "Не нашли: «Номер заказа», «Комиссия». В файле: «#»" in view.note
    choice = {**(view.columns or {}), "order": "Чек"}
    async with db.write() as tx:
        with pytest.raises(InvalidInput, match="Комиссия"):
            await service.choose_columns(tx, desk.actor, view.id, choice, NOW)
    async with db.write() as tx:
        choice["commission"] = "Удержано банком"
        await service.choose_columns(tx, desk.actor, view.id, choice, NOW)
    await desk.work(view.id)
    assert (await desk.view(view.id)).status is PayoutStatus.READY
    assert await desk.named(view.id) == ()
    again = await desk.load(replace(sheet, lines=sheet.lines[:1]).csv())
    assert again.status is PayoutStatus.READY


async def test_buyers_cards_are_not_kept(db: Database) -> None:
    desk = await a_desk(db)
    view = await desk.load(Sheet((sale_of(order(1, 500_000)),)).xlsx())
    async with db.read() as tx:
        line = (await tx.scalars(select(PayoutLine))).one()
        report = await tx.get_one(PayoutReport, view.id)
    assert CARD not in str(line.raw)
    assert CARD not in str(report.headings)
    named = dict(zip((it["name"] for it in report.headings), line.raw, strict=True))
    assert (named["Детали покупки"], named["Номер карты"]) == ("Чайник белый, 1 шт.", "")
    assert report.content is None


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<!DOCTYPE html><html><body>login</body></html>", "страница сайта"),
        (b" \n \n", "Файл пустой"),
        (b"PK\x03\x04 broken", "повреждён"),
        (b"\xd0\xcf\x11\xe0old", "старый формат"),
        (Sheet(()).csv(), "только заголовок"),
    ],
)
async def test_bad_files_are_refused_in_words(db: Database, content: bytes, words: str) -> None:
    view = await (await a_desk(db)).load(content)
    assert view.status is PayoutStatus.REFUSED
    assert words in view.note


async def test_a_file_too_long_is_refused(db: Database) -> None:
    head = "Номер заказа;Дата;Сумма;Комиссия"
    content = head.encode() + b"\n800000001;01.11.2026;5000;625" * 200_000
    view = await (await a_desk(db)).load(content)
    assert (view.status, view.total) == (PayoutStatus.REFUSED, 0)
    assert "больше 100" in view.note


async def test_formulas_and_nonsense_are_lines_that_cannot_be_read(db: Database) -> None:
    desk, orders = await a_desk(db), some_orders(3)
    await desk.add(*orders)
    rows = [sale_of(it).cells(number) for number, it in enumerate(orders)]
    rows[0][HEAD.index("Сумма операции (т)")] = '=HYPERLINK("x")'
    rows[1][HEAD.index("Дата операции")] = "31.02.2026"
    text = "\n".join(";".join(row) for row in (list(HEAD), *rows))
    view = await desk.load(text.encode())
    found = await desk.named(view.id)
    assert kinds(found) == {DifferenceKind.UNREADABLE}
    assert {it.facts["trouble"].split(":")[0] for it in found} == {
        "«Сумма операции»",
        "нет такого дня",
    }


async def test_reports_are_their_sellers_alone(db: Database) -> None:
    desk, other = await a_desk(db), await a_desk(db)
    await desk.add(order(1, 500_000))
    view = await desk.load(Sheet((replace(sale_of(order(1, 500_000)), commission=0),)).csv())
    (found,) = await desk.named(view.id)
    for actor, error in ((other.actor, NotFound), (NOBODY, PermissionDenied)):
        async with db.write() as tx:
            with pytest.raises(error):
                await service.get_report(tx, actor, view.id)
            with pytest.raises(error):
                await service.list_differences(tx, actor, view.id, ALL, 1)
            with pytest.raises(error):
                await service.list_fine_lines(tx, actor, view.id, "", 1)
            with pytest.raises(error):
                await service.get_difference(tx, actor, found.id)
            with pytest.raises(error):
                await service.resolve(tx, actor, found.id, "", NOW)
            with pytest.raises(error):
                await service.reopen(tx, actor, found.id)
            with pytest.raises(error):
                await service.resolve_kind(tx, actor, view.id, found.kind, NOW)
            with pytest.raises(error):
                await service.match_again(tx, actor, view.id, NOW)
            with pytest.raises(error):
                await service.cancel(tx, actor, view.id)
            with pytest.raises(error):
                await service.choose_columns(tx, actor, view.id, {}, NOW)
            with pytest.raises(error):
                await service.delete_report(tx, actor, view.id)
            with pytest.raises(error):
                await service.start_report(tx, actor, desk.store.id, ("x", b"x"), NOW)
    async with db.read() as tx:
        assert await service.list_reports(tx, other.actor) == ()


async def test_orders_of_another_store_are_not_matched(db: Database) -> None:
    desk, other = await a_desk(db), await a_desk(db)
    await other.add(order(1, 500_000))
    view = await desk.load(Sheet((sale_of(order(1, 500_000)),)).csv())
    assert kinds(await desk.named(view.id)) == {DifferenceKind.UNKNOWN_ORDER}
    assert "Заказов этого магазина у нас ещё нет" in view.note


async def test_a_manager_without_the_right_changes_nothing(db: Database) -> None:
    desk = await a_desk(db)
    view = await desk.load(Sheet((sale_of(order(1, 500_000)),)).csv())
    manager = Actor(Role.USER, uuid4(), "m@example.kz", acts_for=desk.actor.user_id)
    async with db.write() as tx:
        with pytest.raises(PermissionDenied):
            await service.delete_report(tx, manager, view.id)


async def test_deleting_takes_lines_and_differences_with_it(db: Database) -> None:
    desk = await a_desk(db)
    view = await desk.load(Sheet((sale_of(order(1, 500_000)),)).csv())
    async with db.write() as tx:
        await service.delete_report(tx, desk.actor, view.id)
    await desk.work(view.id)
    async with db.read() as tx:
        for table in (PayoutReport, PayoutLine, PayoutDifference):
            assert await tx.scalar(select(func.count()).select_from(table)) == 0


async def test_a_new_report_is_cancelled_and_goes_on(db: Database) -> None:
    desk, orders = await a_desk(db), some_orders(2)
    await desk.add(*orders)
    report_id = await desk.send(Sheet(tuple(map(sale_of, orders))).csv())
    await desk.cancel(report_id)
    await desk.work(report_id)
    assert (await desk.view(report_id)).status is PayoutStatus.CANCELLED
    async with db.write() as tx:
        with pytest.raises(ReportMoved):
            await service.cancel(tx, desk.actor, report_id)
        await service.match_again(tx, desk.actor, report_id, NOW)
        with pytest.raises(ReportBusy):
            await service.delete_report(tx, desk.actor, report_id)
    await desk.work(report_id)
    view = await desk.view(report_id)
    assert (view.status, view.total) == (PayoutStatus.READY, 2)


async def test_a_matching_stops_at_once_and_what_was_known_stays(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, (known, other) = await a_desk(db), some_orders(2)
    await desk.add(known)
    report_id = await desk.send(Sheet((sale_of(known), sale_of(other))).csv())
    add = match_queries.add_differences

    async def add_and_cancel(tx: WriteTx, rows: Sequence[Mapping[str, object]]) -> None:
        await add(tx, rows)
        await desk.cancel(report_id)  # by another connection, while the matching's is open

    monkeypatch.setattr(match_queries, "add_differences", add_and_cancel)
    await desk.work(report_id)
    assert (await desk.view(report_id)).status is PayoutStatus.CANCELLED
    assert await desk.named(report_id) == ()
    monkeypatch.undo()
    async with db.write() as tx:
        await service.match_again(tx, desk.actor, report_id, NOW)
    await desk.work(report_id)
    (found,) = await desk.named(report_id)
    async with db.write() as tx:
        await service.match_again(tx, desk.actor, report_id, NOW)
    monkeypatch.setattr(match_queries, "add_differences", add_and_cancel)
    await desk.work(report_id)
    view = await desk.view(report_id)
    assert (view.status, view.total) == (PayoutStatus.READY, 2)
    assert [it.id for it in await desk.named(report_id)] == [found.id]


async def test_a_refused_file_that_comes_again_is_read_anew(db: Database) -> None:
    desk, content = await a_desk(db), Sheet((sale_of(order(1, 500_000)),)).csv()
    report_id = await desk.send(content)
    async with db.write() as tx:
        await queries.move(
            tx, report_id, PayoutStatus.READING, to=PayoutStatus.REFUSED, content=None
        )
    assert await desk.send(content) == report_id
    await desk.work(report_id)
    assert (await desk.view(report_id)).status is PayoutStatus.READY


async def test_fees_are_read_right_when_the_first_rows_mislead(db: Database) -> None:
    desk, orders = await a_desk(db), some_orders(1_201)
    sales = [sale_of(it) for it in orders]
    odd = [replace(it, commission=-it.commission, kaspi_pay=0, delivery=0) for it in sales[:600]]
    view = await desk.load(Sheet((*odd, *sales[600:])).csv())
    async with db.read() as tx:
        kept = dict((await tx.execute(select(PayoutLine.order_code, PayoutLine.commission))).all())  # type: ignore[call-overload]
    assert (view.total, len(kept)) == (1_201, 1_201)
    assert kept[sales[-1].code] == sales[-1].commission > 0
    assert kept[odd[0].code] == odd[0].commission < 0


async def test_a_reading_that_was_killed_begins_again(db: Database) -> None:
    desk, orders = await a_desk(db), some_orders(2)
    await desk.add(*orders)
    report_id = await desk.send(Sheet(tuple(map(sale_of, orders))).csv())
    async with db.write() as tx:
        tx.add(
            PayoutLine(report_id=report_id, number=99, order_code="x", operation="purchase", raw=[])
        )
    await desk.work(report_id)
    async with db.read() as tx:
        numbers = await tx.scalars(select(col(PayoutLine.number)).order_by(PayoutLine.number))  # type: ignore[arg-type]
        assert list(numbers) == [5, 6]
