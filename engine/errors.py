"""Every error that a person can meet, as one tree.

    DondocError
    ├── Invalid           422  2   what was sent is wrong; ``field`` says where
    │   ├── InvalidFields 422  2   several fields at once, each with what is wrong with it
    │   └── PackError     422  1   a plan pack with problems, all of them listed
    ├── Refused           403  3   the rules do not allow it; the hint says what would be allowed
    ├── NotFound          404  4   it does not exist, or not for this account (the two look the same)
    ├── Stale             409  5   somebody was faster; ``changed`` says what happened since
    ├── KeyReused         422  5   an idempotency key came with another body
    ├── TooMany           429  8   too many tries; ``seconds`` says how long to wait
    │   └── TooFast       429  8   too many requests that change something
    ├── Unavailable       503  6   something we depend on does not answer; trying again is right
    └── StorageFull       507  7   no room left to write; nothing was kept, and it works again once there is room

``http_status`` and ``exit_code`` are the only mapping to HTTP and to the shell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from engine.definition import Text


@dataclass(frozen=True, slots=True)
class PackProblem:
    """One problem of a plan pack: where it stands, what is wrong, what would be right. ``severity``: error | warning."""

    file: str
    line: int
    message: Text
    hint: Text = field(default_factory=lambda: Text(""))
    severity: str = "error"
    code: str = ""


class DondocError(Exception):
    """Base of the tree. ``text`` is what is wrong and ``hint`` what to do, each in Vietnamese and English."""

    http_status = 500
    exit_code = 70

    def __init__(self, text: Text, *, code: str, hint: Text | None = None, field: str | None = None) -> None:
        super().__init__(text.en or text.vi)
        self.text = text
        self.code = code
        self.hint = hint or Text("")
        self.field = field

    @property
    def sentence(self) -> Text:
        """What is wrong and what to do, in one line."""
        return Text(f"{self.text.vi} {self.hint.vi}".strip(), f"{self.text.en} {self.hint.en}".strip())


class Invalid(DondocError):
    http_status = 422
    exit_code = 2


class InvalidFields(Invalid):
    """``problems``: what is wrong, by field; ``text`` and ``field`` are the first one's. Raises ValueError without any."""

    def __init__(self, problems: Mapping[str, Text]) -> None:
        if not problems:
            raise ValueError("no problem to report")
        self.problems = dict(problems)
        first = next(iter(self.problems))
        super().__init__(self.problems[first], code="fields", field=first)


class PackError(Invalid):
    exit_code = 1

    def __init__(self, problems: Sequence[PackProblem]) -> None:
        self.problems = tuple(problems)
        count = sum(p.severity == "error" for p in self.problems)
        super().__init__(Text(f"Gói kế hoạch có {count} lỗi.", f"The plan pack has {count} problem(s)."), code="pack")


class Refused(DondocError):
    http_status = 403
    exit_code = 3


class NotFound(DondocError):
    http_status = 404
    exit_code = 4

    """``hint``: what to do, or what it was that is not there."""

    def __init__(self, hint: str | Text = "") -> None:
        text = Text("Không tìm thấy, hoặc bạn không được xem.", "Not found, or not yours to see.")
        super().__init__(text, code="not-found", hint=hint if isinstance(hint, Text) else Text(hint, hint))


class Stale(DondocError):
    """``changed`` holds what happened since: dicts with ``at``, ``who``, ``action``."""

    http_status = 409
    exit_code = 5

    def __init__(self, changed: Sequence[dict[str, object]] = ()) -> None:
        super().__init__(
            Text("Bước này vừa thay đổi.", "This step has just changed."),
            code="stale",
            hint=Text("Xem thay đổi rồi thực hiện lại.", "Look at what changed, then act again."),
        )
        self.changed = tuple(changed)


class KeyReused(DondocError):
    http_status = 422
    exit_code = 5

    def __init__(self) -> None:
        super().__init__(
            Text("Khóa chống gửi lặp đã dùng cho một yêu cầu khác.", "This idempotency key was used for another request."),
            code="key-reused",
            hint=Text("Tải lại trang rồi thử lại.", "Reload the page and try again."),
        )


class TooMany(DondocError):
    """``seconds``: how long to wait before trying again."""

    http_status = 429
    exit_code = 8
    why = "too-many"

    def __init__(self, seconds: int) -> None:
        self.seconds = max(seconds, 1)
        minutes = -(-self.seconds // 60)
        wait = Text(f"{self.seconds} giây", f"{self.seconds} second{'s' * (self.seconds > 1)}")
        if minutes > 1:
            wait = Text(f"{minutes} phút", f"{minutes} minutes")
        super().__init__(self.told(wait), code=self.why)

    @staticmethod
    def told(wait: Text) -> Text:
        """What is said of it."""
        return Text(f"Đã thử sai nhiều lần. Hãy thử lại sau {wait.vi}.", f"Too many wrong tries. Try again in {wait.en}.")


class TooFast(TooMany):
    why = "too-fast"

    @staticmethod
    def told(wait: Text) -> Text:
        """What is said of it."""
        return Text(f"Gửi quá nhanh. Hãy gửi tiếp sau {wait.vi}.", f"That was too fast. Go on in {wait.en}.")


class Unavailable(DondocError):
    http_status = 503
    exit_code = 6


class StorageFull(DondocError):
    http_status = 507
    exit_code = 7

    def __init__(self) -> None:
        super().__init__(
            Text("Máy chủ hết chỗ lưu; chưa có gì được ghi.", "The server has no room left; nothing was kept."),
            code="storage-full",
            hint=Text("Báo người quản trị, rồi gửi lại khi đã có chỗ.", "Tell an administrator, and send it again once there is room."),
        )
