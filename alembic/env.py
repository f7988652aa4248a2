"""Run migrations over the product's own engine. DATABASE_URL, else the running `cube up`."""

import asyncio
import os

from alembic import context
from sqlalchemy import Connection
from sqlmodel import SQLModel

import cube_demper.models.registry  # noqa: F401 - registers the tables
from cube_demper.db.session import create_engine


def include_name(name: str | None, kind: str, _parents: object) -> bool:
    """Leave monthly partitions alone: they are made and dropped while running."""
    return not (kind == "table" and name is not None and name.startswith("market_snapshots_"))


def run(connection: Connection) -> None:
    """Run the migrations in one transaction each."""
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        transaction_per_migration=True,
        include_name=include_name,
        compare_server_default=False,
    )
    with context.begin_transaction():
        context.run_migrations()


def database_url() -> str:
    """Take the address from DATABASE_URL, else from the running embedded services."""
    if url := os.environ.get("DATABASE_URL"):
        return url
    from cube_demper.core.settings import load_settings  # noqa: PLC0415 - only without DATABASE_URL
    from cube_demper.embedded import attach  # noqa: PLC0415

    return attach(load_settings()).database_url


async def main() -> None:
    """Open the one connection that the migrations use."""
    engine = create_engine(database_url(), pool_size=1, name="migrations")
    try:
        async with engine.connect() as connection:
            await connection.run_sync(run)
            await connection.commit()
    finally:
        await engine.dispose()


asyncio.run(main())
