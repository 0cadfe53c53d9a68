"""How long one must wait after failing to sign in: not at all at first, then twice as long each time, up to a quarter of an hour.

Nobody is ever locked out: the wait ends by itself, and a browser in which an account has signed in before is counted for itself, so that
whoever tries that account's password elsewhere does not keep its person waiting.
Source: OWASP, "Slow down online guessing attacks with device cookies"; NIST SP 800-63B, section 3.2.2 (at most 100 failures in a row).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

FORGOTTEN = timedelta(hours=24)  # since the last failure; longer than any wait


@dataclass(frozen=True, slots=True)
class Ladder:
    """``free``: failures without a wait. ``first``: the first wait, doubled with each further failure up to ``longest``."""

    free: int
    first: timedelta = timedelta(seconds=5)
    longest: timedelta = timedelta(minutes=15)

    def wait(self, failures: int) -> timedelta:
        """How long to wait after so many failures in a row."""
        if failures < self.free:
            return timedelta(0)
        return min(self.first * (1 << min(failures - self.free, 30)), self.longest)


ACCOUNT = Ladder(5)
DEVICE = Ladder(10)  # a browser in which the account has signed in before
ADDRESS = Ladder(50)  # a whole office may stand behind one
CODE = Ladder(5, timedelta(minutes=1))  # six digits, tried by somebody who knows the password
ASKING = Ladder(20)  # mails asked for from one address
