"""What an API token may be used for. A token never allows more than its account may do; its scopes only take away."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from engine.access import Actor, Policy, may_use
from engine.definition import Text


class Scope(StrEnum):
    """What a token is good for. None contains another: a program gets what it needs and no more."""

    READ = "read"
    ACT = "act"
    ADMIN = "admin"


SCOPES = {
    Scope.READ: Text("đọc những gì tài khoản đọc được", "read what the account reads"),
    Scope.ACT: Text("thực hiện hành động trên các bước, giao việc", "act on steps, assign work"),
    Scope.ADMIN: Text("quản trị: đơn vị, nhân sự, cài đặt", "administer: units, people, settings"),
}
ADMINISTERING = frozenset({Policy.ADMINISTRATOR, Policy.OFFICE, Policy.PEOPLE})


def needed(policy: Policy, *, changes: bool) -> Scope:
    """The scope that a request asks for: by the policy of its route, and whether it ``changes`` anything."""
    if policy in ADMINISTERING:
        return Scope.ADMIN
    return Scope.ACT if changes else Scope.READ


def offered(actor: Actor) -> tuple[Scope, ...]:
    """The scopes that are of any use to ``actor``."""
    administers = any(may_use(policy, actor, simulated=False) for policy in ADMINISTERING)
    return (Scope.READ, Scope.ACT, *((Scope.ADMIN,) if administers else ()))


def within(actor: Actor, scopes: frozenset[Scope]) -> Actor:
    """``actor`` as a token with ``scopes`` lets them act: without the administrator's role unless it may administer."""
    return actor if Scope.ADMIN in scopes else replace(actor, roles=actor.roles - {"administrator"})
