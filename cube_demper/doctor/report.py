"""The shape of the report and its text for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Level(StrEnum):
    """GOOD and NOTE leave the exit code alone, BAD makes it 1."""

    GOOD = "good"
    NOTE = "note"
    BAD = "bad"


_MARKS: Final = {Level.GOOD: "✓", Level.NOTE: "!", Level.BAD: "✗"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence of the report, with lines under it."""

    level: Level
    text: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """What one examination found."""

    title: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """All sections in the order of reading."""

    sections: tuple[Section, ...]

    @property
    def bad(self) -> tuple[Finding, ...]:
        """Return everything that is wrong."""
        return tuple(
            finding
            for section in self.sections
            for finding in section.findings
            if finding.level is Level.BAD
        )

    @property
    def exit_code(self) -> int:
        """Return 1 when something is wrong."""
        return 1 if self.bad else 0


def good(text: str, details: Sequence[str] = ()) -> Finding:
    """Say that something works."""
    return Finding(Level.GOOD, text, tuple(details))


def note(text: str, details: Sequence[str] = ()) -> Finding:
    """Say something worth knowing that is not broken."""
    return Finding(Level.NOTE, text, tuple(details))


def bad(text: str, details: Sequence[str] = ()) -> Finding:
    """Say that something is wrong."""
    return Finding(Level.BAD, text, tuple(details))


def judge(text: str, *, is_good: bool, details: Sequence[str] = ()) -> Finding:
    """Say something that is either good or bad."""
    return good(text, details) if is_good else bad(text, details)


def render(report: Report) -> str:
    """Write the report for a person."""
    lines: list[str] = []
    for section in report.sections:
        lines += ["", section.title]
        for finding in section.findings:
            lines.append(f"  {_MARKS[finding.level]} {finding.text}")
            lines += [f"      {detail}" for detail in finding.details]
    count = len(report.bad)
    lines += ["", "Всё в порядке." if not count else f"Не в порядке: {count}. Смотрите строки с ✗."]
    return "\n".join(lines).lstrip("\n") + "\n"
