"""What support's pages and the person's own window show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from cube_demper.domain.accounts.schemas import Role
from cube_demper.models.support import ChatStatus, MessageKind

__all__ = ["ChatStatus", "MessageKind"]

STAFF = frozenset({Role.SUPPORT, Role.ADMIN})
"""Who answers."""
CHANNEL = "support"
"""Where staff's pages listen. An event's id is the chat's."""
MESSAGE_EVENT = "support_message"  # something was said, or was read
CHAT_EVENT = "support_chat"  # status, assignee, labels, rating
TYPING_EVENT = "support_typing"

BADGE_EVENT = "support_answers"
"""The person has another number of unseen answers now; on `user:{user_id}`, where all pages listen."""


def person_channel(user_id: UUID | str) -> str:
    """Return where a person's window of support listens: a channel of its own, so that pages sleep on."""
    return f"support:{user_id}"


Moment = tuple[datetime, UUID]
"""A place in a list that two rows never share."""


class Whose(StrEnum):
    """Whose chats the inbox shows."""

    ALL = "all"
    MINE = "mine"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class FileHead:
    """A file beside a message; its content is at `/api/support/files/{id}`. `size` in bytes."""

    id: UUID
    name: str
    mimetype: str
    size: int
    width: int | None = None
    height: int | None = None

    @property
    def is_image(self) -> bool:
        """Tell whether it can be shown as a picture."""
        return self.mimetype.startswith("image/")


@dataclass(frozen=True, slots=True)
class Message:
    """One thing said. `number` orders messages and cuts pages. `author`: a name, "" of who is gone.

    `is_own`: the reader wrote it. An EVENT's `text` is a sentence already.
    """

    id: UUID
    number: int
    chat_id: UUID
    kind: MessageKind
    author: str
    is_own: bool
    text: str
    sent_at: datetime
    key: str
    files: tuple[FileHead, ...] = ()


@dataclass(frozen=True, slots=True)
class MessagePage:
    """Messages, the oldest first. `has_older`: there are some before the first."""

    rows: list[Message]
    has_older: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be said. The same `key` twice is one message; `files`: ids that the upload route gave."""

    text: str
    key: str
    files: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a message. `is_new` False: this very one (`key`) was there already."""

    chat_id: UUID
    message_id: UUID
    number: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class Sla:
    """The clock of a chat's present matter. `left`: working hours, below zero when late, None when closed."""

    answer_due_at: datetime
    resolve_due_at: datetime
    answered_at: datetime | None
    closed_at: datetime | None
    is_answer_late: bool
    is_resolve_late: bool
    left: timedelta | None

    @property
    def is_late(self) -> bool:
        """Tell whether either promise is broken."""
        return self.is_answer_late or self.is_resolve_late


@dataclass(frozen=True, slots=True)
class Label:
    """A word on a chat. `tone`: gray, blue, green, amber, red."""

    id: UUID
    title: str
    tone: str


@dataclass(frozen=True, slots=True)
class ChatRow:
    """One chat in the inbox, with what was said last. `email` is masked for who is no admin.

    `priority` is the plan's: 2 PRO, 1 BASIC, 0 FREE.
    """

    id: UUID
    user_id: UUID
    owner_id: UUID | None
    person: str
    email: str
    status: ChatStatus
    assigned_to: UUID | None
    assignee: str
    priority: int
    talked_at: datetime
    waiting_since: datetime | None
    text: str
    is_ours: bool
    has_files: bool
    unread: int
    labels: tuple[Label, ...]
    sla: Sla
    rating: int | None


@dataclass(frozen=True, slots=True)
class InboxQuery:
    """What the inbox is asked for. `after`: the last row that is shown already.

    `statuses` empty: all. `is_urgent`: by what is due first, of chats that are not closed (one page);
    else by what was said last. `search`: the beginning of a name, an e-mail or an id of a person.
    """

    statuses: frozenset[ChatStatus] = frozenset()
    whose: Whose = Whose.ALL
    assignee_id: UUID | None = None
    label_id: UUID | None = None
    priority: int | None = None
    is_unread: bool = False
    is_late: bool = False
    is_urgent: bool = False
    search: str = ""
    after: Moment | None = None
    limit: int = 30


@dataclass(frozen=True, slots=True)
class InboxPage:
    """Some chats. `next`: what to give as `after` for more."""

    rows: list[ChatRow]
    next: Moment | None


@dataclass(frozen=True, slots=True)
class InboxCounts:
    """Chats that are not closed, by what needs somebody."""

    by_status: dict[ChatStatus, int]
    mine: int
    nobody: int
    unread: int
    late: int


@dataclass(frozen=True, slots=True)
class RoundRow:
    """A matter of a chat, for its history."""

    number: int
    opened_at: datetime
    answered_at: datetime | None
    closed_at: datetime | None
    rating: int | None
    rating_words: str


@dataclass(frozen=True, slots=True)
class ChatCard:
    """A chat as staff see it, with its ten newest matters; messages come by `reading.messages`."""

    row: ChatRow
    rounds: list[RoundRow]
    user_read_at: datetime | None


@dataclass(frozen=True, slots=True)
class OwnChat:
    """The person's own chat as their window shows it; `id` None: they never wrote.

    `answerer`: the first name of who answers, "" for nobody. `is_online`: somebody can answer now.
    `can_rate`: the last matter is closed and may be rated; `rating` and `rating_words`: what was given.
    """

    id: UUID | None
    status: ChatStatus
    answerer: str
    is_online: bool
    unread: int = 0
    staff_read_at: datetime | None = None
    can_rate: bool = False
    rating: int | None = None
    rating_words: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A message that a search found, and a piece of it around the words (plain text)."""

    chat_id: UUID
    message_id: UUID
    number: int
    person: str
    kind: MessageKind
    snippet: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class PersonStats:
    """What one of support did: matters answered first or closed by them; `median_answer` in working hours."""

    user_id: UUID
    name: str
    answered: int
    closed: int
    open_now: int
    median_answer: timedelta | None
    late_answers: int
    rating: float | None
    ratings: int


@dataclass(frozen=True, slots=True)
class DayStats:
    """What came of one day (Almaty): matters opened, first answered and closed on it; late first answers."""

    day: date
    opened: int
    answered: int
    closed: int
    late: int


@dataclass(frozen=True, slots=True)
class Reply:
    """A text at hand. `{name}` in `message` is the person's first name."""

    id: UUID
    shortcut: str
    title: str
    message: str
    used: int


@dataclass(frozen=True, slots=True)
class Colleague:
    """Who may be given a chat. `load`: chats that are theirs and not closed."""

    user_id: UUID
    name: str
    is_online: bool
    is_available: bool
    load: int
    most_chats: int
