"""SPEC's queries of orders and of WhatsApp run unchanged, and the doctor shows what they find."""

from __future__ import annotations

from messaging_scene import Talk
from sqlalchemy import text

from cube_demper.doctor import appendix


async def test_messages_about_orders_newest_first(talk: Talk) -> None:
    for number in range(3):
        await talk.order(f"79000000{number}")
        await talk.work(minutes=2)
    async with talk.db.read() as tx:
        rows = (await tx.execute(text(appendix.WHATSAPP))).mappings().all()
        found = await appendix.ask_all(tx)
    assert {row["order_code"] for row in rows} == {"790000000", "790000001", "790000002"}
    assert [row["created_at"] for row in rows] == sorted(
        (row["created_at"] for row in rows), reverse=True
    )
    lines = next(it for it in found if "WhatsApp" in it.text)
    assert "order_approved" in lines.details[0]
    assert "Айгерим" not in "".join(lines.details)


async def test_the_last_ten_orders_newest_first(talk: Talk) -> None:
    for number in range(12):
        await talk.order(f"7900000{number:02d}")
    async with talk.db.read() as tx:
        rows = (await tx.execute(text(appendix.ORDERS))).mappings().all()
        found = await appendix.ask_all(tx)
    codes = [f"7900000{number:02d}" for number in range(11, 1, -1)]
    assert [row["kaspi_order_code"] for row in rows] == codes
    assert {(row["status"], row["total_price"]) for row in rows} == {("APPROVED", 1_299_000)}
    assert not [row for row in rows if "Айгерим" in row["customer_name"]]
    shown = next(it for it in found if "заказы" in it.text)
    assert [line.split()[0] for line in shown.details] == codes
    assert "12\u00a0990\u00a0₸" in shown.details[0]
    assert "Айгерим" not in "".join(shown.details)
