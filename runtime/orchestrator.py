"""The orchestrator: the one process that deals with Prefect, holds the small mailbox and, in the demonstration, moves the clock.

It needs nobody's attention: killed, it finds everything again in the database.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
from contextlib import ExitStack
from dataclasses import replace
from types import FrameType

from models.migrate import require_current
from runtime.lock import InstanceLock
from runtime.mailbox import MailboxServer
from runtime.prefect_env import client_variables
from runtime.prefect_folder import adopt
from services.clock import require_kind
from wiring.context import AppContext
from wiring.environment import set_for_this_process
from wiring.logs import configure_logs
from wiring.mail import mailbox_folder

END_WITHIN_S = 5.0
log = logging.getLogger("dondoc.orchestrator")


def orchestrate(app: AppContext, *, embedded: bool = True) -> int:
    """Run until SIGINT or SIGTERM; the exit code. Not ``embedded``: workers run the flows, this only wakes and repairs.

    Raises `engine.errors.Unavailable` if another one runs on the same data folder, or if the database's schema or kind is not this
    program's.
    """
    configure_logs(app.settings.log_level)
    require_current(app.db)
    require_kind(app.db, simulated=app.simulated)
    stop = threading.Event()
    app = replace(app, stopping=stop.is_set)

    def end(_number: int, _frame: FrameType | None) -> None:
        """Ask everything to end. Prefect's own threads may wait for a server that is ending too, so this does not wait for them long."""
        stop.set()
        insist = threading.Timer(END_WITHIN_S, os._exit, [0])
        insist.daemon = True
        insist.start()

    with InstanceLock(app.settings.data / "orchestrator.lock", "dondoc orchestrate"), ExitStack() as until_the_end:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, end)
        if app.simulated and not app.settings.smtp_host:
            box = until_the_end.enter_context(MailboxServer(mailbox_folder(app.settings), app.settings.mailbox_port))
            log.info("the mailbox listens on port %s", box.port)
        if not app.settings.prefect_api_url:
            adopt(app)
        converse(app, stop, embedded=embedded)
    return 0


def converse(app: AppContext, stop: threading.Event, *, embedded: bool) -> None:
    """Deal with Prefect until ``stop``. Prefect is imported only here, after the environment says where its server is."""
    set_for_this_process(client_variables(app.settings))
    from runtime.clockwork import Clockwork
    from runtime.conversation import Conversation
    from tasks.app import use

    use(app)
    conversation = Conversation(app, stop, embedded=embedded)
    if app.simulated:
        Clockwork(app, stop, arrived=lambda: conversation.want("sweep-deadlines")).start()
    conversation.run()
