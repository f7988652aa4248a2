"""The database is what the models say, by one line of migrations that can also be taken back."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, text
from sqlmodel import SQLModel

import cube_demper.models.registry  # noqa: F401 - registers the tables
from cube_demper.db.session import Database
from cube_demper.domain.pricing import schemas as pricing_schemas
from cube_demper.models.catalog import Strategy
from cube_demper.models.stores import DeliveryFilter

ROOT = Path(__file__).resolve().parents[2]


def _alembic(url: str, *commands: str) -> None:
    """Run commands of Alembic in one process: the models are imported once."""
    program = (
        "import sys; from alembic.config import main; [main(it.split()) for it in sys.argv[1:]]"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *commands],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


async def _tables(db: Database) -> set[str]:
    async with db.read() as tx:
        rows = await tx.scalars(
            text(
                "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition"
                " AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'"
            )
        )
        return set(rows.all())


async def _checks(db: Database) -> dict[str, str]:
    async with db.read() as tx:
        rows = await tx.execute(
            text(
                "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
                " WHERE contype = 'c' AND connamespace = 'public'::regnamespace"
            )
        )
        return dict(rows.tuples().all())


def _declared_checks() -> dict[str, str]:
    return {
        str(constraint.name): str(constraint.sqltext)
        for table in SQLModel.metadata.tables.values()
        for constraint in table.constraints
        if isinstance(constraint, CheckConstraint)
    }


async def test_tables_are_those_of_the_models(db: Database) -> None:
    assert await _tables(db) == set(SQLModel.metadata.tables)


async def test_every_table_keeps_updated_at_by_the_trigger(db: Database) -> None:
    async with db.read() as tx:
        rows = await tx.scalars(
            text(
                "SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
                " JOIN pg_proc f ON f.oid = t.tgfoid"
                " WHERE f.proname = 'update_updated_at_column' AND t.tgenabled = 'O'"
                # BEFORE (2) each ROW (1) UPDATE (16)
                " AND t.tgtype = 19"
            )
        )
        triggered = set(rows.all())
    assert await _tables(db) <= triggered


async def test_trigger_writes_the_time_of_the_change(db: Database) -> None:
    async with db.write() as tx:
        await tx.execute(
            text(
                "INSERT INTO proxies (label, host, port, url, updated_at)"
                " VALUES ('a', 'h', 1, 'u', '2020-01-01')"
            )
        )
        await tx.execute(text("UPDATE proxies SET host = 'other'"))
        assert await tx.scalar(text("SELECT updated_at = now() FROM proxies"))


async def test_checks_of_the_database_are_those_of_the_models(db: Database) -> None:
    assert set(await _checks(db)) == set(_declared_checks())


async def test_enums_of_the_models_are_the_ones_the_database_allows(db: Database) -> None:
    def words(definition: str) -> set[str]:
        return set(re.findall(r"'([^']+)'", definition))

    in_database = await _checks(db)
    known = {name: it for name, it in _declared_checks().items() if name.endswith("_known")}
    assert known
    assert {name: words(in_database[name]) for name in known} == {
        name: words(it) for name, it in known.items()
    }


@pytest.mark.parametrize(
    ("stored", "decided"),
    [
        (Strategy, pricing_schemas.Strategy),
        (DeliveryFilter, pricing_schemas.DeliveryFilter),
    ],
)
def test_pure_rules_know_the_same_words_as_the_tables(stored: type, decided: type) -> None:
    assert [it.value for it in stored] == [it.value for it in decided]  # type: ignore[attr-defined]


def test_there_is_one_head() -> None:
    assert len(ScriptDirectory(str(ROOT / "alembic")).get_heads()) == 1


def test_alembic_is_a_folder_and_no_package() -> None:
    assert not list((ROOT / "alembic").rglob("__init__.py"))


def test_no_migration_imports_a_model() -> None:
    versions = (ROOT / "alembic" / "versions").glob("*.py")
    assert not [path.name for path in versions if "cube_demper" in path.read_text()]


def test_every_migration_gives_up_on_a_lock_soon() -> None:
    versions = list((ROOT / "alembic" / "versions").glob("*.py"))
    assert versions
    assert not [path.name for path in versions if "lock_timeout" not in path.read_text()]


def test_models_have_nothing_that_no_migration_made(new_database: Callable[[], str]) -> None:
    _alembic(new_database(), "check")


def test_migrations_go_down_and_up_again(new_database: Callable[[], str]) -> None:
    url = new_database()
    _alembic(url, "downgrade base", "upgrade head", "check")
