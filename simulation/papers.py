"""What people write: numbers and dates of documents, totals, and one line of text. Plausible, and about nobody."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from random import Random
from typing import Any

from engine.definition import Figure, StepDefinition
from engine.reporting import STANDARD_CODES

PROGRESS = (
    "Đã phân công cán bộ, đang tổng hợp số liệu từ cấp xã.",
    "Dự thảo đã xong, đang trình lãnh đạo đơn vị xem xét.",
    "Còn 3 xã chưa gửi số liệu, đã đôn đốc.",
    "Đang hoàn thiện hồ sơ, dự kiến trình trước hạn.",
    "Đã họp thống nhất nội dung, đang chỉnh sửa câu chữ.",
)
RETURNS = (
    "Số liệu cấp xã chưa khớp với biểu tổng hợp, đề nghị rà soát.",
    "Thiếu chữ ký và dấu ở trang cuối.",
    "Chưa nêu rõ thời gian và đơn vị chịu trách nhiệm.",
    "Trích yếu chưa đúng thể thức, đề nghị trình bày lại.",
    "Bổ sung đánh giá khó khăn, vướng mắc.",
)
DIFFICULTIES = (
    "Địa bàn rộng, một số xã xa trung tâm.",
    "Kinh phí cấp chậm so với kế hoạch.",
    "Cán bộ phụ trách kiêm nhiệm nhiều việc.",
)
PROPOSALS = (
    "Đề nghị bổ sung kinh phí cho các xã vùng sâu.",
    "Đề nghị gửi mẫu biểu sớm hơn một tuần.",
    "Đề nghị tổ chức tập huấn cho cán bộ cấp xã.",
)
COMMENTS = (
    "Đề nghị bám sát mẫu đã hướng dẫn.",
    "Nhất trí với nội dung, lưu ý thời hạn gửi.",
    "Đề nghị gửi bản mềm để tiện tổng hợp.",
    "Đơn vị quan tâm phối hợp thêm với Mặt trận Tổ quốc cùng cấp.",
)
CONTRIBUTIONS = (
    "Đã gửi số liệu phối hợp, đề nghị đơn vị chủ trì tổng hợp.",
    "Nhất trí với dự thảo, không có ý kiến khác.",
    "Đề nghị bổ sung nội dung tuyên truyền trên hệ thống truyền thanh cơ sở.",
)
EXTENSIONS = (
    "Trùng thời gian thanh tra, đề nghị lùi hạn.",
    "Chờ số liệu của các xã vùng sâu.",
    "Cán bộ phụ trách đi học dài ngày, đang bàn giao.",
    "Ảnh hưởng mưa lũ, chưa tập hợp đủ hồ sơ.",
)
NO_EXTENSION = ("Nội dung cần cho báo cáo chung, đề nghị giữ nguyên hạn.", "Lý do chưa thuyết phục, đề nghị hoàn thành đúng hạn.")
CHASES = (
    "Đã quá hạn, đề nghị đơn vị gửi ngay.",
    "Đề nghị báo rõ lý do chậm và ngày hoàn thành.",
    "Lãnh đạo yêu cầu hoàn thành trong tuần.",
)
REFUSALS = ("Nội dung không thuộc chức năng, nhiệm vụ của đơn vị.", "Đề nghị giao cho đơn vị có chuyên môn phù hợp.")
REASSIGNMENTS = ("Giao lại theo chức năng, nhiệm vụ.", "Giữ nguyên phân công theo kế hoạch.")
SUSPENSIONS = ("Tạm dừng chờ hướng dẫn của cấp trên.", "Tạm dừng do mưa lũ trên địa bàn.")
REOPENINGS = ("Phát hiện sai số liệu sau khi xác nhận.", "Văn bản đã bị thay thế, đề nghị cập nhật.")
CORRECTIONS = ("Ghi nhầm số văn bản.", "Gõ sai chữ số.")
VOIDS = ("Nội dung đã lồng ghép vào việc khác.", "Đơn vị không có đối tượng áp dụng.")
CLOSINGS = ("Không thể chờ thêm, đơn vị còn thiếu vẫn phải nộp.", "Cần tổng hợp gấp để báo cáo.")
LETTERS = {"ke-hoach": "KH-UBND", "bao-cao": "BC-UBND", "quyet-dinh": "QĐ-UBND", "to-trinh": "TTr-UBND", "bien-ban": "BB"}


def number(rng: Random, kind: str = "") -> str:
    """A document's number, like 215/BC-UBND."""
    letters = next((text for start, text in LETTERS.items() if kind.startswith(start)), "CV-UBND")
    return f"{rng.randint(11, 899)}/{letters}"


def submission(rng: Random, step: StepDefinition, on: date, *, sums: Collection[str] = (), paper: bool = False) -> dict[str, Any]:
    """What a unit hands in for ``step`` on the day ``on``: every document by number and date, its figures.

    ``sums``: figures that are taken over, not typed. Now and then an optional one is left out; of what came on ``paper``, any one.
    """
    documents = {e.code: {"number": number(rng, e.code), "date": on.isoformat()} for e in step.evidence if e.required or rng.random() < 0.8}
    typed = [f for f in step.figures if f.code not in sums and rng.random() < _given(f, paper=paper)]
    return {"evidence": documents, "figures": {f.code: figure(rng, f) for f in typed}}


def _given(figure: Figure, *, paper: bool) -> float:
    """How likely a figure is there at all."""
    if figure.code in STANDARD_CODES:
        return 0.3
    return 0.8 if paper else 1.0 if figure.required else 0.7


def figure(rng: Random, figure: Figure) -> Any:
    """A plausible value; large ones as people type them."""
    if figure.type == "choice":
        return rng.choice(figure.choices)
    if figure.type == "text":
        return rng.choice(PROPOSALS if figure.code == "de_xuat" else DIFFICULTIES)
    low = int(figure.min or 0)
    if figure.type == "percentage":
        return rng.randint(max(low, 60), 100)
    if figure.type == "money":
        return f"{rng.randint(5, 90)}.{rng.randint(0, 9)}00.000"
    high = int(figure.max) if figure.max is not None else low + (2400 if "nguoi" in figure.code else 40)
    return rng.randint(low + (1 if high > low else 0), high)
