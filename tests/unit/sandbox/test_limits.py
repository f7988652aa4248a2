from __future__ import annotations

from cube_demper.sandbox.limits import LimitRules, Limits


def test_a_ban_ends_by_itself_and_counts_who_ran_into_it() -> None:
    limits = Limits(LimitRules(ip_per_second=2, ip_ban=15))
    bans = [limits.shop_request("a", 100.0) for _ in range(5)]
    assert [ban is not None for ban in bans] == [False, False, True, True, True]
    assert limits.bans[0].denied == 2
    assert [ban.key for ban in limits.active(114.9)] == ["a"]
    assert limits.active(115.0) == []
    assert limits.shop_request("a", 115.0) is None
    assert len(limits.bans) == 1


def test_running_into_a_ban_does_not_prolong_it() -> None:
    limits = Limits(LimitRules(ip_per_second=1, ip_ban=15))
    limits.shop_request("a", 0.0)
    limits.shop_request("a", 0.0)
    assert limits.shop_request("a", 14.0) is not None
    assert limits.shop_request("a", 15.0) is None


def test_addresses_and_stores_do_not_share() -> None:
    limits = Limits(LimitRules(ip_per_second=1, feed_per_second=1))
    assert limits.shop_request("a", 0.0) is None
    assert limits.shop_request("b", 0.0) is None
    assert limits.feed_request("a", 1, 0.0) is None
    assert limits.feed_request("b", 1, 0.0) is None


def test_the_request_that_would_pass_the_budget_is_refused_whole() -> None:
    limits = Limits(LimitRules(feed_changes=250))
    assert limits.feed_request("s", 200, 0.0) is None
    ban = limits.feed_request("s", 51, 10.0)
    assert ban is not None
    assert (ban.reason, ban.until) == ("changes_per_30_minutes", 10.0 + 1800)


def test_a_request_without_changes_counts_for_the_second_only() -> None:
    limits = Limits(LimitRules())
    assert [limits.feed_request("s", 0, 0.0) is None for _ in range(4)] == [True] * 3 + [False]
    assert limits.changes_used("s", 0.0) == 0


def test_lifting_forgets_the_ban_and_the_windows() -> None:
    limits = Limits(LimitRules(feed_changes=5))
    limits.feed_request("s", 5, 0.0)
    assert limits.feed_request("s", 1, 1.0) is not None
    limits.lift("s")
    assert limits.feed_request("s", 5, 2.0) is None


def test_bans_and_the_budget_survive_a_restart() -> None:
    limits = Limits(LimitRules(ip_per_second=0))
    limits.shop_request("a", 0.0)
    limits.feed_request("s", 240, 0.0)
    again = Limits(LimitRules(ip_per_second=0))
    again.load(limits.dump())
    assert again.shop_request("a", 5.0) is not None
    assert again.changes_used("s", 5.0) == 240
