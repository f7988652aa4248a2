"""What every table has: a random key, creation and change times (the trigger keeps `updated_at`)."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlmodel import Field, SQLModel

from cube_demper.db.columns import moment_of_row


class Row(SQLModel):
    """A table's common columns."""

    id: UUID = Field(
        default_factory=uuid4,
        primary_key=True,
        sa_column_kwargs={"server_default": text("gen_random_uuid()")},
    )
    created_at: datetime = moment_of_row()
    updated_at: datetime = moment_of_row()
