"""What was learned of markets: how lively a card is, who moves on many cards at once, today's tempo."""

from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, REAL, text
from sqlmodel import Field, SQLModel

from cube_demper.db.columns import Instant, instant, json, moment_of_row
from cube_demper.models.base import Row


def _reals() -> Any:
    return Field(default_factory=list, sa_type=ARRAY(REAL), nullable=False)


class CardPulse(SQLModel, table=True):
    """How often a card's rivals move in a city (`domain.market.pulse.Pulse`)."""

    __tablename__ = "card_pulses"

    card: str = Field(primary_key=True)
    city_id: str = Field(primary_key=True)
    levels: list[float] = _reals()
    moves: list[float] = _reals()
    watched: list[float] = _reals()
    looked_at: datetime = Field(sa_type=Instant)
    moved_at: datetime | None = instant()
    updated_at: datetime = moment_of_row()


class RivalHabit(SQLModel, table=True):
    """Whether a rival that moved on one card had moved on others too (`domain.market.together`)."""

    __tablename__ = "rival_habits"

    merchant_id: str = Field(primary_key=True)
    tried: float = Field(default=0.0, sa_type=REAL, sa_column_kwargs={"server_default": text("0")})
    together: float = Field(
        default=0.0, sa_type=REAL, sa_column_kwargs={"server_default": text("0")}
    )
    updated_at: datetime = moment_of_row()


class LookTempo(Row, table=True):
    """The tempo in force for every worker: one row, solved anew each minute by one of them."""

    __tablename__ = "look_tempo"

    name: str = Field(unique=True)
    solved_at: datetime = Field(sa_type=Instant)
    tempo: dict[str, Any] = json(dict)
