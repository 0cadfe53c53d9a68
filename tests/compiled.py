"""One cache of compiled statements for all databases of the tests; benchmarks do without it."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import Compiled, Connection, Engine, event


class SharedCompiled(dict[Any, Compiled]):
    """Compiled statements of one kind of database, whichever engine asks: SQLAlchemy's key begins with the engine's own dialect."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(key[1:], default)

    def __setitem__(self, key: Any, compiled: Compiled) -> None:
        super().__setitem__(key[1:], compiled)


def share_what_is_compiled() -> None:
    """From now on. Every test has a database of its own, and would compile each statement anew: a fifth of the suite's work."""
    compiled: defaultdict[str, SharedCompiled] = defaultdict(SharedCompiled)

    @event.listens_for(Engine, "engine_connect")
    def share(connection: Connection) -> None:
        connection.execution_options(compiled_cache=compiled[connection.dialect.name])
