"""One line of what waits for the seller."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Task:
    """One line of the queue."""

    id: str = ""
    icon: str = "info"
    tone: str = "amber"
    title: str = ""
    text: str = ""
    verb: str = ""
    link: str = ""
