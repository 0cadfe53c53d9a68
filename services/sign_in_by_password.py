"""Signing in by name and password, at a pace at which nobody can guess."""

from __future__ import annotations

import logging
import unicodedata

from engine.errors import Refused, TooMany
from engine.instants import Now
from models.database import Database
from models.reading import accounts as reading
from services.passwords import authenticate
from services.throttle import Caller, admit, succeeded

log = logging.getLogger("dondoc.sign-in")


def sign_in_by_password(db: Database, login: str, password: str, *, caller: Caller, now: Now) -> int:
    """The id of the account with that login and password. Raises `TooMany` before it is looked at, and `Refused`.

    The log tells of each try with the account that it was for, never with a name that was typed or an address.
    """
    login = unicodedata.normalize("NFC", login.strip(" "))
    with db.read() as connection:
        found = reading.password_of(connection, login, now.today)
    account_id = found[0] if found else None
    counted = caller.counted(login, account_id)
    try:
        admit(db, counted, now.system)
        authenticate(db, login, password, now.today)
    except (TooMany, Refused) as error:
        log.warning("not signed in", extra={"fields": {"account": account_id, "why": error.code}})
        raise
    assert account_id is not None  # such a name was refused
    succeeded(db, counted, now.system)
    log.info("signed in", extra={"fields": {"account": account_id, "by": "password"}})
    return account_id
