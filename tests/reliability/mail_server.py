"""A mail server in a process of its own, to be killed: ``python -m tests.reliability.mail_server FOLDER PORT``.

It keeps a mail as the small mailbox does, and takes its time before it says so: whoever is killed meanwhile does not know.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from notifications.mailbox import Mailbox
from runtime.mailbox import Keeper, MailboxServer
from wiring.clock import system_now

HESITATES_S = 0.05


class Hesitating(Keeper):
    """Between keeping a mail and acknowledging it lies a moment."""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """As the small mailbox, later."""
        answer = await super().handle_DATA(server, session, envelope)
        await asyncio.sleep(HESITATES_S)
        return answer


def main(folder: str, port: str) -> None:
    """Take mails until killed."""
    with MailboxServer(Path(folder), int(port), keeper=Hesitating(Mailbox(Path(folder)), system_now)):
        threading.Event().wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
