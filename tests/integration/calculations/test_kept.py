from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from records import NOON, add_user, seller

from cube_demper.core.crypto import SecretBox
from cube_demper.core.errors import InvalidInput, LimitReached, NotFound, PermissionDenied
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import NOBODY, SYSTEM, Actor, Role
from cube_demper.domain.calculations import service
from cube_demper.domain.calculations.schemas import Draft
from cube_demper.domain.calculators.reading import WrongCase
from cube_demper.models.calculations import CalculationKind
from cube_demper.models.staff import Area

BOX = SecretBox(["a key"])
PENALTY = {"debt": "1000000", "due": "2026-01-15", "until": "2026-03-31"}
UNIT = {
    "price": "20000",
    "cost": "12000",
    "category": ["Телефоны и гаджеты", "Смартфоны"],
    "regime": "ip_simplified",
    "on": "2026-11-27",
    "weight_kg": "0.5",
}


def draft(title: str = "Долг Ромашки", **changes: Any) -> Draft:
    return Draft(CalculationKind.PENALTY, title, PENALTY | changes)


def unit_draft(*scenarios: dict[str, Any]) -> Draft:
    return Draft(CalculationKind.UNIT, "Смартфон", {"scenarios": [*scenarios] or [UNIT]})


async def someone(db: Database) -> Actor:
    async with db.write() as tx:
        return seller(await add_user(tx))


async def keep(db: Database, actor: Actor, what: Draft, **options: Any) -> Any:
    async with db.write() as tx:
        return await service.keep(tx, actor, what, NOON, **options)


class TestKeeping:
    async def test_keeps_what_was_asked_with_the_day_of_its_figures(self, db: Database) -> None:
        actor = await someone(db)
        saved_id = await keep(db, actor, draft("  Долг   Ромашки "))
        async with db.read() as tx:
            saved = await service.get_kept(tx, actor, saved_id)
        assert (saved.row.title, saved.input) == ("Долг Ромашки", PENALTY)
        assert (saved.row.figures_on, saved.row.created_at) == (date(2026, 3, 31), NOON)

    async def test_the_day_of_scenarios_is_the_last_of_them(self, db: Database) -> None:
        actor = await someone(db)
        await keep(db, actor, unit_draft(UNIT, UNIT | {"on": "2027-01-01"}))
        async with db.read() as tx:
            (row,) = await service.list_kept(tx, actor)
        assert row.figures_on == date(2027, 1, 1)

    async def test_saving_again_changes_the_same_one(self, db: Database) -> None:
        actor = await someone(db)
        saved_id = await keep(db, actor, draft())
        await keep(db, actor, draft("Другой", until="2026-04-30"), saved_id=saved_id)
        async with db.read() as tx:
            (row,) = await service.list_kept(tx, actor)
        assert (row.title, row.figures_on) == ("Другой", date(2026, 4, 30))

    @pytest.mark.parametrize(
        ("what", "error"),
        [
            (draft("  "), InvalidInput),
            (draft("д" * 121), InvalidInput),
            (draft(debt="-1"), WrongCase),
            (unit_draft(*[UNIT] * 4), InvalidInput),
            (Draft(CalculationKind.UNIT, "Пусто", {}), InvalidInput),
        ],
    )
    async def test_refuses_what_is_no_calculation(
        self, db: Database, what: Draft, error: type[Exception]
    ) -> None:
        actor = await someone(db)
        with pytest.raises(error):
            await keep(db, actor, what)

    async def test_has_a_limit(self, db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(service, "MOST_KEPT", 1)
        actor = await someone(db)
        saved_id = await keep(db, actor, draft())
        with pytest.raises(LimitReached):
            await keep(db, actor, draft())
        await keep(db, actor, draft("Тот же"), saved_id=saved_id)

    async def test_removal_can_be_taken_back_for_a_day(self, db: Database) -> None:
        actor = await someone(db)
        first, second = await keep(db, actor, draft()), await keep(db, actor, draft())
        async with db.write() as tx:
            await service.remove(tx, actor, first, NOON)
            assert [it.id for it in await service.list_kept(tx, actor)] == [second]
            await service.restore(tx, actor, first)
            assert len(await service.list_kept(tx, actor)) == 2
            await service.remove(tx, actor, first, NOON)
        async with db.write() as tx:
            await service.remove(tx, actor, second, NOON + timedelta(days=2))
        with pytest.raises(NotFound):
            async with db.write() as tx:
                await service.restore(tx, actor, first)


class TestOwners:
    async def test_nobody_sees_or_changes_anothers(self, db: Database) -> None:
        owner, other = await someone(db), await someone(db)
        saved_id = await keep(db, owner, draft())
        async with db.read() as tx:
            assert await service.list_kept(tx, other) == []
            with pytest.raises(NotFound):
                await service.get_kept(tx, other, saved_id)
        changes = [
            lambda tx: service.rename(tx, other, saved_id, "Моё"),
            lambda tx: service.remove(tx, other, saved_id, NOON),
            lambda tx: service.restore(tx, other, saved_id),
            lambda tx: service.share(tx, other, saved_id, BOX, NOON),
            lambda tx: service.unshare(tx, other, saved_id),
            lambda tx: service.keep(tx, other, draft(), NOON, saved_id=saved_id),
        ]
        for change in changes:
            with pytest.raises(NotFound):
                async with db.write() as tx:
                    await change(tx)
        async with db.read() as tx:
            assert (await service.get_kept(tx, owner, saved_id)).row.title == "Долг Ромашки"

    @pytest.mark.parametrize("actor", [NOBODY, SYSTEM, Actor(Role.SUPPORT, uuid4())])
    async def test_is_for_sellers_alone(self, db: Database, actor: Actor) -> None:
        async with db.read() as tx:
            with pytest.raises(PermissionDenied):
                await service.list_kept(tx, actor)
            with pytest.raises(PermissionDenied):
                await service.count_law(tx, actor, CalculationKind.PENALTY, PENALTY)
            with pytest.raises(PermissionDenied):
                await service.study_unit(tx, actor, [UNIT])

    async def test_a_manager_keeps_only_with_the_right(self, db: Database) -> None:
        owner = await someone(db)
        manager = Actor(Role.USER, (await someone(db)).user_id, acts_for=owner.user_id)
        with pytest.raises(PermissionDenied):
            await keep(db, manager, draft())
        trusted = Actor(
            Role.USER, manager.user_id, acts_for=owner.user_id, rights=frozenset({Area.PRICES})
        )
        await keep(db, trusted, draft())
        async with db.read() as tx:
            assert len(await service.list_kept(tx, owner)) == 1
            assert len(await service.list_kept(tx, manager)) == 1


class TestSharing:
    async def shared(self, db: Database, actor: Actor, saved_id: Any) -> str:
        async with db.write() as tx:
            path = await service.share(tx, actor, saved_id, BOX, NOON)
        return path.removeprefix("/c/")

    async def test_anybody_with_the_link_reads_it_until_it_is_revoked(self, db: Database) -> None:
        actor = await someone(db)
        saved_id = await keep(db, actor, unit_draft())
        token = await self.shared(db, actor, saved_id)
        assert token == await self.shared(db, actor, saved_id)
        async with db.read() as tx:
            paper, on = await service.read_shared(tx, NOBODY, token)
        assert (paper.title, on) == ("Смартфон", date(2026, 11, 27))
        async with db.write() as tx:
            await service.unshare(tx, actor, saved_id)
        async with db.read() as tx:
            with pytest.raises(NotFound):
                await service.read_shared(tx, NOBODY, token)
        assert token != await self.shared(db, actor, saved_id)

    async def test_a_removed_calculation_is_shared_no_more(self, db: Database) -> None:
        actor = await someone(db)
        saved_id = await keep(db, actor, draft())
        token = await self.shared(db, actor, saved_id)
        async with db.write() as tx:
            await service.remove(tx, actor, saved_id, NOON)
        async with db.read() as tx:
            with pytest.raises(NotFound):
                await service.read_shared(tx, NOBODY, token)

    async def test_a_token_has_128_bits_and_is_not_in_the_database(self, db: Database) -> None:
        actor = await someone(db)
        saved_id = await keep(db, actor, draft())
        token = await self.shared(db, actor, saved_id)
        assert len(token) >= 22
        async with db.read() as tx:
            row = await service.queries.find_kept(tx, actor, saved_id)
        assert row is not None
        assert token not in repr(row.model_dump())
