"""The routes of files: who may, from where, and how big."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from records import add_product, add_store, seller
from sqlmodel import select
from web_stage import OURS, Site

from cube_demper.domain.catalog.importing import work
from cube_demper.domain.catalog.importing.schemas import MOST_BYTES
from cube_demper.integrations.spreadsheets.reader import Line, lines_of
from cube_demper.models.accounts import User
from cube_demper.models.imports import GoodsImport
from workers.imports import KINDS

PLACE = "/api/goods/imports"
OUR_PAGE = {"Origin": OURS, "X-File-Name": "..%2Fa.csv"}


def _lines(content: bytes) -> list[Line]:
    return list(lines_of(content))


async def _sign_in(site: Site, email: str) -> UUID:
    user_id = await site.scene.add(email)
    await site.open(await site.scene.code(email))
    return user_id


async def test_a_file_needs_a_session_and_our_own_page(site: Site) -> None:
    assert (await site.client.post(PLACE, content=b"x", headers={"Origin": OURS})).is_error
    assert (await site.client.get("/api/goods/export")).is_error
    await _sign_in(site, "a@example.kz")
    assert (await site.client.post(PLACE, content=b"x")).is_error
    foreign = {"Origin": "https://evil.example"}
    assert (await site.client.post(PLACE, content=b"x", headers=foreign)).is_error
    async with site.scene.db.read() as tx:
        assert (await tx.scalars(select(GoodsImport))).all() == []


async def test_a_file_is_kept_under_its_bare_name(site: Site) -> None:
    user_id = await _sign_in(site, "a@example.kz")
    answer = await site.client.post(PLACE, content=b"sku;1", headers=OUR_PAGE)
    assert answer.status_code == 201
    async with site.scene.db.read() as tx:
        kept = (await tx.scalars(select(GoodsImport))).one()
    assert (str(kept.id), kept.user_id) == (answer.json()["id"], user_id)
    assert (kept.file_name, kept.content) == ("a.csv", b"sku;1")


async def test_a_file_too_big_is_refused_in_words(site: Site) -> None:
    await _sign_in(site, "a@example.kz")

    async def pieces():  # type: ignore[no-untyped-def] # noqa: ANN202
        for _ in range(MOST_BYTES // 2**20 + 1):
            yield b"x" * 2**20

    for content in (b"x" * (MOST_BYTES + 1), pieces()):
        answer = await site.client.post(PLACE, content=content, headers=OUR_PAGE)
        assert answer.status_code == 400
        assert answer.json()["message"] == "Файл больше 10 МБ. Разделите его на части."


async def test_a_seller_saves_their_own_goods_alone(site: Site) -> None:
    other_id = await site.scene.add("b@example.kz")
    mine_id = await _sign_in(site, "a@example.kz")
    async with site.scene.db.write() as tx:
        for user_id, sku in ((other_id, "OTHER"), (mine_id, "=MINE")):
            store = await add_store(tx, await tx.get_one(User, user_id))
            await add_product(tx, store, kaspi_sku=sku)
    for kind in ("csv", "xlsx"):
        answer = await site.client.get(f"/api/goods/export?format={kind}&store=nonsense")
        assert [cells[0] for _, cells in _lines(answer.content)] == ["Артикул", "=MINE"]
        assert answer.headers["cache-control"] == "no-store"
        if kind == "csv":
            assert "'=MINE;" in answer.text


async def test_what_became_of_a_file_comes_back_row_by_row(site: Site) -> None:
    user_id = await _sign_in(site, "a@example.kz")
    async with site.scene.db.write() as tx:
        user = await tx.get_one(User, user_id)
        await add_product(tx, await add_store(tx, user), kaspi_sku="A-1", name="Чайник")
    text = "Прайс на ноябрь\n\nАртикул;Мин. цена\nA-1;8000\nИтого;8000\n"
    import_id = (await site.client.post(PLACE, content=text.encode(), headers=OUR_PAGE)).json()[
        "id"
    ]
    db, now = site.scene.db, datetime.now(UTC)
    await work.run(db, seller(user), UUID(import_id), KINDS, now)
    saved = await site.client.get(f"{PLACE}/{import_id}/export")
    assert [cells for _, cells in _lines(saved.content)] == [
        ["Строка", "Артикул", "Товар", "Итог", "Почему"],
        ["4", "A-1", "Чайник", "подошла"],
        ["5", "Итого", "", "не подошла", "нет такого артикула"],
    ]
    await _sign_in(site, "b@example.kz")
    foreign = await site.client.get(f"{PLACE}/{import_id}/export")
    assert (foreign.status_code, "Такой загрузки нет" in foreign.text) == (400, True)


async def test_the_template_of_batches_asks_for_what_is_read(site: Site) -> None:
    user_id = await _sign_in(site, "a@example.kz")
    async with site.scene.db.write() as tx:
        user = await tx.get_one(User, user_id)
        store = await add_store(tx, user)
        for sku in ("A-1", "A-2"):
            await add_product(tx, store, kaspi_sku=sku, name=f"Чайник {sku}")
    template = await site.client.get(f"{PLACE.removesuffix('/imports')}/batches-template")
    head, *rows = (cells for _, cells in _lines(template.content))
    assert [cells[0] for cells in rows] == ["A-1", "A-2"]
    rows[1] += ["20.11.2026", "5", "6000"]
    text = "\n".join(";".join(cells) for cells in (head, *rows))
    sent = await site.client.post(f"{PLACE}?kind=batches", content=text.encode(), headers=OUR_PAGE)
    import_id = UUID(sent.json()["id"])
    await work.run(site.scene.db, seller(user), import_id, KINDS, datetime.now(UTC))
    async with site.scene.db.read() as tx:
        read = await tx.get_one(GoodsImport, import_id)
    assert (read.status, read.total, read.changed) == ("ready", 1, 1)
