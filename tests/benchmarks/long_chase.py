"""The chase in virtual time at its full size: 100,000 products, 400 stores, 60 requests a second."""

from __future__ import annotations

from tests.benchmarks.chase import MARKETS, compare


def main() -> None:
    """Play and print."""
    compare(MARKETS, lambda plan: plan, 1.0)


if __name__ == "__main__":
    main()
