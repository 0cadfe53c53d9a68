"""Time is an argument. One file asks the machine what time it is."""

import ast

from tests.architecture.sources import Source, dotted, sources

ASKS = "wiring/clock.py"
CLOCKS = {
    *(f"{base}.{call}" for base in ("datetime", "datetime.datetime", "dt.datetime") for call in ("now", "utcnow", "today")),
    *("date.today", "datetime.date.today", "dt.date.today", "time.time", "time.time_ns", "time.localtime", "time.gmtime"),
    *("func.now", "func.current_timestamp", "func.current_date", "sa.func.now", "sqlalchemy.func.now", "pendulum.now", "timezone.now"),
}
IN_SQL = ("current_timestamp", "current_date", "datetime('now", "date('now", "now()", "clock_timestamp(")


def readings(source: Source) -> list[str]:
    """Where a file reads a clock, in Python or in SQL."""
    found = [f"{source.name}:{n.lineno} {dotted(n)}" for n in ast.walk(source.tree) if isinstance(n, ast.Attribute) and dotted(n) in CLOCKS]
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ImportFrom) and node.module == "time":
            found += [f"{source.name}:{node.lineno} time.{a.name}" for a in node.names if f"time.{a.name}" in CLOCKS]
    return found


def readings_in_sql(source: Source) -> list[str]:
    """Where a file's SQL lets the database read its clock; docstrings do not count."""
    prose = {id(docstring) for node in ast.walk(source.tree) if (docstring := docstring_node(node))}
    return [
        f"{source.name}:{node.lineno}"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose
        if any(word in node.value.lower() for word in IN_SQL)
    ]


def docstring_node(node: ast.AST) -> ast.Constant | None:
    """The docstring of a module, class or function, as a node."""
    if not isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) or not node.body:
        return None
    first = node.body[0]
    return first.value if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) else None


def test_no_room_reads_a_clock_but_wiring():
    assert not [reading for source in sources() if source.name != ASKS for reading in readings(source)]


def test_no_statement_lets_the_database_read_its_clock():
    assert not [reading for source in sources() for reading in readings_in_sql(source)]
