"""Problems of a pack as lines for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from engine.errors import PackProblem

_WORDS = {"vi": {"error": "lỗi", "warning": "cảnh báo"}, "en": {"error": "error", "warning": "warning"}}


def problem_line(problem: PackProblem, language: str = "vi") -> str:
    """``key-tasks/nv4.yaml:23: lỗi: what is wrong. What would be right. [code]``, in ``language`` ("vi" or "en")."""
    word = _WORDS[language][problem.severity]
    said = " ".join(filter(None, (problem.message.in_(language), problem.hint.in_(language))))
    return f"{problem.file}:{problem.line}: {word}: {said}" + (f" [{problem.code}]" if problem.code else "")


def report(problems: Sequence[PackProblem], language: str = "vi") -> str:
    """All ``problems``, a line each, and their number; ends without a line break."""
    errors = sum(p.severity == "error" for p in problems)
    warnings = len(problems) - errors
    total = f"{errors} lỗi, {warnings} cảnh báo" if language == "vi" else f"{errors} error(s), {warnings} warning(s)"
    return "\n".join([*(problem_line(p, language) for p in problems), total])
