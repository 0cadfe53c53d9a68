"""The garbage of a request that was broken off does not stop Prefect's event loop."""

from __future__ import annotations

import subprocess
import sys

from runtime.prefect_main import MIDDLE_EVERY, WHOLE_EVERY, generation
from wiring.settings import CHECKOUT

TWO_TRANSACTIONS = """
import asyncio, gc, sys
import aiosqlite
from runtime import prefect_main

prefect_main.PAUSE_S, prefect_main.WHOLE_EVERY, prefect_main.WORTH_IT = 0.01, 1, 0

async def left_behind(connection):
    cursor = await connection.execute("VALUES (1), (2)")
    await cursor.fetchone()
    cursor.itself = cursor

async def play(path, collect, patience):
    how = {"isolation_level": None, "timeout": patience}
    async with aiosqlite.connect(path, **how) as first, aiosqlite.connect(path, **how) as second:
        await first.execute("PRAGMA journal_mode = WAL")
        await first.execute("CREATE TABLE t (n)")
        await left_behind(second)
        await first.execute("BEGIN IMMEDIATE")
        waiting = asyncio.ensure_future(second.execute("INSERT INTO t VALUES (1)"))
        await asyncio.sleep(0.2)
        gc.enable()
        collect()
        await asyncio.sleep(0.2)
        await first.execute("COMMIT")
        await waiting
        print("both have written, collecting by itself:", gc.isenabled())

gc.disable()
collect, patience = (prefect_main.collect_apart, 50) if sys.argv[2] == "apart" else (gc.collect, 1)
asyncio.run(play(sys.argv[1], collect, patience))
"""


def played(path, collector: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", TWO_TRANSACTIONS, str(path), collector]
    return subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, timeout=60, check=False)


def test_who_collects_apart_never_waits_for_itself(tmp_path):
    assert "database is locked" in played(tmp_path / "a.db", "in the event loop").stderr, "else this play shows nothing"
    apart = played(tmp_path / "b.db", "apart")
    assert apart.stdout == "both have written, collecting by itself: False\n", apart.stderr


def test_every_age_has_its_turn():
    seen = [generation(turn) for turn in range(1, WHOLE_EVERY + 1)]
    assert seen[-1] == 2 and seen[MIDDLE_EVERY - 1] == 1 and seen[0] == 0
    assert seen.count(2) == 1 and seen.count(1) == WHOLE_EVERY // MIDDLE_EVERY - 1
