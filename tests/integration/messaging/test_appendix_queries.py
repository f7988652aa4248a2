"""SPEC's query of WhatsApp messages runs unchanged and shows what the gate has said about orders."""

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
