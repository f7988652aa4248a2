"""The tree of Kaspi's categories: finding one by any part of its path, and names like a misspelt one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

Path = tuple[str, ...]
_NEAREST = 5


def normalized(name: str) -> str:
    """Return a name as it is compared: no case, no «ё», single spaces."""
    return " ".join(name.casefold().replace("ё", "е").split())


class Categories:
    """Every known category by its path from the top."""

    def __init__(self, paths: Iterable[Path]) -> None:
        """`paths`: categories; those above them are known by that."""
        known = dict.fromkeys(path[:depth] for path in paths for depth in range(1, len(path) + 1))
        self._by_name: dict[str, list[Path]] = defaultdict(list)
        self._children: dict[Path, list[Path]] = defaultdict(list)
        for path in known:
            self._by_name[normalized(path[-1])].append(path)
            self._children[path[:-1]].append(path)

    def find(self, path: Sequence[str]) -> list[Path]:
        """Return categories of the last name of `path` that lie under its other names, in their order.

        A name that repeats the one above it (Kaspi's lists do that) counts once.
        """
        wanted = [normalized(name) for name in path if name.strip()]
        wanted = [name for at, name in enumerate(wanted) if at == 0 or wanted[at - 1] != name]
        if not wanted:
            return []
        found = self._by_name.get(wanted[-1], [])
        return [it for it in found if _contains_in_order([normalized(n) for n in it], wanted)]

    def children(self, path: Path) -> list[Path]:
        """Return the categories right under one; under () the top ones."""
        return list(self._children.get(path, []))

    def search(self, text: str, limit: int) -> list[Path]:
        """Return categories whose path holds every word of `text`, the likest name first."""
        words = normalized(text.replace(">", " ").replace("/", " ")).split()
        found = [
            (_unlikeness(name, words), path)
            for name, paths in self._by_name.items()
            for path in paths
            if all(word in name or word in normalized(" ".join(path[:-1])) for word in words)
            and any(word in name for word in words)
        ]
        found.sort(key=lambda it: (it[0], it[1]))
        return [path for _, path in found[:limit]]

    def named(self, name: str) -> list[Path]:
        """Return the categories of this very name, wherever they lie."""
        return list(self._by_name.get(normalized(name), []))

    def nearest(self, name: str) -> list[str]:
        """Return names like this one, the likest first: those that contain it, then by spelling."""
        wanted = normalized(name)
        if not wanted:
            return [path[-1] for path in self.children(())][:_NEAREST]
        containing = sorted((it for it in self._by_name if wanted in it), key=len)
        alike = get_close_matches(wanted, self._by_name, n=_NEAREST, cutoff=0.6)
        found = list(dict.fromkeys([*containing, *alike]))[:_NEAREST]
        return [self._by_name[it][0][-1] for it in found]


def _unlikeness(name: str, words: Sequence[str]) -> tuple[bool, bool, int]:
    whole = " ".join(words)
    return not name.startswith(whole), whole not in name, len(name)


def _contains_in_order(names: Sequence[str], wanted: Sequence[str]) -> bool:
    rest = iter(names)
    return all(name in rest for name in wanted)
