"""What keeps the machine honest: outbox, audit, notifications, proxies, heartbeats of workers."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from cube_demper.db.columns import Instant, instant, json, moment_of_row
from cube_demper.models import accounts, stores  # noqa: F401 - its foreign keys point there
from cube_demper.models.base import Row


class OutboxMessage(Row, table=True):
    """Work that must follow a committed change, exactly because it was committed with it."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("topic", "key"),
        Index("ix_outbox_pending", "next_try_at", postgresql_where=text("done_at IS NULL")),
    )

    topic: str
    key: str
    payload: dict[str, Any] = json(dict)
    attempts: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    next_try_at: datetime = moment_of_row()
    last_error: str | None = None
    done_at: datetime | None = instant()


class AuditEntry(Row, table=True):
    """Who did what to what. Never changed nor deleted, not with the person either: triggers refuse it."""

    __tablename__ = "audit_log"
    __table_args__ = (
        Index("ix_audit_log_entity", "entity", "entity_id"),
        Index("ix_audit_log_owner", "owner_id", text("created_at DESC")),
        Index("ix_audit_log_latest", text("created_at DESC"), text("id DESC")),
        Index("ix_audit_log_actor", "actor_id", text("created_at DESC"), text("id DESC")),
        Index("ix_audit_log_action", "action", text("created_at DESC"), text("id DESC")),
    )

    actor_id: UUID | None = None
    owner_id: UUID | None = None
    """The seller whose data it was: the actor, or whom the actor works for."""
    actor_role: str
    action: str
    entity: str
    entity_id: str = ""
    details: dict[str, Any] = json(dict)
    before: dict[str, Any] | None = json()
    after: dict[str, Any] | None = json()
    """The values that the change is about, as they were and as they are."""
    ip: str = Field(default="", sa_column_kwargs={"server_default": ""})
    impersonator_id: UUID | None = None
    """The admin who was signed in as the actor."""


class Notification(Row, table=True):
    """A message to a seller in the app; the same `dedupe_key` is told once."""

    __tablename__ = "notifications"
    __table_args__ = (
        UniqueConstraint("user_id", "dedupe_key"),
        Index("ix_notifications_latest", "user_id", text("created_at DESC"), "id"),
        Index("ix_notifications_unplanned", "id", postgresql_where=text("planned_at IS NULL")),
    )

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    owner_id: UUID | None = Field(
        default=None, foreign_key="users.id", ondelete="CASCADE", index=True
    )
    """The seller whose business it is, for one of their managers; NULL: the person's own."""
    store_id: UUID | None = Field(default=None, foreign_key="kaspi_stores.id", ondelete="CASCADE")
    kind: str
    title: str
    body: str = ""
    link: str = ""
    dedupe_key: str
    read_at: datetime | None = instant()
    planned_at: datetime | None = instant()
    """When it was decided which other channels carry it, and when."""


class Proxy(Row, table=True):
    """An egress address. `url` is encrypted: it holds a password."""

    __tablename__ = "proxies"
    __table_args__ = (
        CheckConstraint("port BETWEEN 1 AND 65535", name="port"),
        Index("ix_proxies_user", "user_id", postgresql_where=text("user_id IS NOT NULL")),
    )

    label: str = Field(unique=True)
    host: str
    port: int
    url: str
    is_enabled: bool = Field(default=True, sa_column_kwargs={"server_default": text("true")})
    last_ok_at: datetime | None = instant()
    last_error_at: datetime | None = instant()
    last_error: str | None = None
    user_id: UUID | None = Field(default=None, foreign_key="users.id", ondelete="SET NULL")
    """Whose plan it was allotted to; empty: the shared pool's."""
    allotted_at: datetime | None = instant()


class WorkerHeartbeat(Row, table=True):
    """The last sign of life of one worker process."""

    __tablename__ = "worker_heartbeats"
    __table_args__ = (UniqueConstraint("name", "instance_index", "process"),)

    name: str
    instance_index: int
    instance_count: int
    process: str
    """host:pid, so that two copies of a shard are both seen."""
    started_at: datetime = Field(sa_type=Instant)
    seen_at: datetime = Field(sa_type=Instant)
    pass_at: datetime | None = instant()
    pass_facts: dict[str, Any] = json(dict)
