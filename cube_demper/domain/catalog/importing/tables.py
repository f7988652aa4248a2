"""Where the table of a sheet begins: people leave a title and blank lines over it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from cube_demper.core.errors import InvalidInput
from cube_demper.domain.catalog.importing.schemas import Line

_LINES_TRIED = 20
_Head = TypeVar("_Head")


def find_table(
    lines: Iterable[Line], read: Callable[[Sequence[str]], _Head]
) -> tuple[_Head, Iterator[Line]]:
    """Return the first line that `read` takes for a head, and the lines under it.

    Raises InvalidInput: what `read` says of the longest line, which is most like a head.
    """
    rest = iter(lines)
    refusals: list[tuple[int, InvalidInput]] = []
    for _, cells in islice(rest, _LINES_TRIED):
        try:
            return read(cells), rest
        except InvalidInput as error:
            refusals.append((sum(map(bool, cells)), error))
    raise max(refusals, key=lambda it: it[0])[1]
