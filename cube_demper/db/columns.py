"""Column types and constraints that the tables share."""

from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, DateTime, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import defer
from sqlalchemy.sql.base import ExecutableOption
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}

Instant = DateTime(timezone=True)


def instant(**options: Any) -> Any:
    """Declare a nullable instant (`timestamptz`, aware UTC in Python)."""
    return Field(default=None, sa_type=Instant, **options)


def moment_of_row() -> Any:
    """Declare an instant that the database fills in at insert."""
    return Field(
        default=None,
        sa_type=Instant,
        nullable=False,
        sa_column_kwargs={"server_default": text("now()")},
    )


def tiyn(**options: Any) -> Any:
    """Declare a nullable sum in tiyn (BIGINT)."""
    return Field(default=None, sa_type=BigInteger, **options)


def json(default: Any = None, **options: Any) -> Any:
    """Declare a JSONB column; None as default makes it nullable."""
    if default is None:
        return Field(default=None, sa_type=JSONB(none_as_null=True), **options)
    return Field(default_factory=default, sa_type=JSONB, nullable=False, **options)


def left_out(column: Any) -> ExecutableOption:
    """Return a query's option that leaves a big column in the database."""
    return defer(column)


def whole_tenge(column: str) -> CheckConstraint:
    """Require a positive number of whole tenge (or NULL)."""
    return CheckConstraint(f"{column} > 0 AND {column} % 100 = 0", name=f"{column}_whole_tenge")


def one_of(column: str, values: type[Any]) -> CheckConstraint:
    """Require a value of the string enum `values` (or NULL)."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")
