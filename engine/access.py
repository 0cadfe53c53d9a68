"""Who a person is to a step, and who may open a page.

An `Actor` is the person who acts, as the edges know them: the account, the units and the office-wide roles. A deputy acts with
``represented_id`` set to the person they stand in for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from engine.transitions import Relation

HEAD = "head"
UNIT_ADMIN = "unit-admin"
READS_EVERYTHING = frozenset({"agency", "supervisor", "auditor"})  # roles in the office


@dataclass(frozen=True, slots=True)
class Membership:
    """A person's place in a unit; ``role``: officer | head | unit-admin (an officer who also keeps the unit's accounts)."""

    unit: str
    role: str = "officer"


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever acts. ``roles``: of agency, supervisor, auditor, administrator. ``system``: the software itself (account 0).

    ``token_id``: the API token by which a program acts as them, None where they act themselves.
    """

    account_id: int
    name: str
    memberships: tuple[Membership, ...] = ()
    roles: frozenset[str] = field(default_factory=frozenset)
    represented_id: int | None = None
    system: bool = False
    token_id: int | None = None

    @property
    def units(self) -> frozenset[str]:
        """The codes of the units this person belongs to."""
        return frozenset(m.unit for m in self.memberships)

    @property
    def heads(self) -> frozenset[str]:
        """The codes of the units that this person heads."""
        return frozenset(m.unit for m in self.memberships if m.role == HEAD)

    @property
    def manages(self) -> frozenset[str]:
        """The codes of the units whose people this person keeps: as their head or their administrator."""
        return frozenset(m.unit for m in self.memberships if m.role in (HEAD, UNIT_ADMIN))

    @property
    def persons(self) -> frozenset[int]:
        """The account that acts and the one it stands in for: separation of duties compares both."""
        return frozenset({self.account_id, *({self.represented_id} if self.represented_id else ())})

    @property
    def reads_everything(self) -> bool:
        """Whether this person reads the whole plan: standing agency, supervisors, auditors."""
        return self.system or bool(self.roles & READS_EVERYTHING)


SYSTEM = Actor(0, "Hệ thống", system=True)


def relations(
    actor: Actor, *, lead: str, coordinating: Iterable[str], approvers: Iterable[str], chain: Iterable[str] = ()
) -> frozenset[Relation]:
    """How ``actor`` stands to a step: its lead, its coordinating units, the units of the current approval link, those of any link."""
    found = set()
    if actor.system:
        found.add(Relation.SYSTEM)
    if lead in actor.units:
        found.add(Relation.LEAD)
    if not actor.units.isdisjoint(coordinating):
        found.add(Relation.COORDINATING)
    if not actor.units.isdisjoint(approvers):
        found.add(Relation.APPROVER)
    if not actor.units.isdisjoint(chain):
        found.add(Relation.CHAIN)
    for role, relation in (("agency", Relation.AGENCY), ("supervisor", Relation.SUPERVISOR), ("auditor", Relation.AUDITOR)):
        if role in actor.roles:
            found.add(relation)
    return frozenset(found)


class Policy(StrEnum):
    """Who may use a route. Every route names one, or the application does not start."""

    PUBLIC = "public"
    SIGNED_IN = "signed-in"
    READS_EVERYTHING = "reads-everything"
    AGENCY = "agency"
    SUPERVISION = "supervision"
    ADMINISTRATOR = "administrator"
    OFFICE = "office"  # what belongs to the office as a whole: the standing agency and administrators
    PEOPLE = "people"  # who works where: heads and administrators of units, administrators
    FLOW_UI = "flow-ui"  # Prefect's interface, which only reads: the standing agency, supervisors, auditors
    WATCH = "watch"  # programs that watch the service, by their own token or from this machine; administrators
    DEMONSTRATION = "demonstration"  # signed in, and only while the clock is simulated


_ROLES = {
    Policy.AGENCY: frozenset({"agency"}),
    Policy.SUPERVISION: READS_EVERYTHING,
    Policy.READS_EVERYTHING: READS_EVERYTHING,
    Policy.ADMINISTRATOR: frozenset({"administrator"}),
    Policy.FLOW_UI: READS_EVERYTHING,
    Policy.WATCH: frozenset({"administrator"}),
    Policy.OFFICE: frozenset({"agency", "administrator"}),
}


def may_use(policy: Policy, actor: Actor | None, *, simulated: bool) -> bool:
    """Whether ``actor`` (None: not signed in) may use a route with ``policy``."""
    if policy is Policy.PUBLIC:
        return True
    if actor is None:
        return False
    if policy is Policy.DEMONSTRATION:
        return simulated
    if policy is Policy.PEOPLE:
        return bool(actor.manages) or "administrator" in actor.roles
    return policy is Policy.SIGNED_IN or bool(actor.roles & _ROLES[policy])
