"""What the demonstration needs to be so on its day, 25/07/2024; all else falls as the dice fall.

Lộc Ninh still owes its readiness list for the festival, by a date that was put off to the morrow: once it is approved, ten of eleven are
done and the readiness check opens at once. Bù Đốp, late as so often, is the eleventh. Some older reports are missing, one holds up the
mid-term review, one waits too long for an approver, and one request for more time waits for its answer. Three
districts have said who handles some of these.
"""

from __future__ import annotations

from datetime import date

from simulation.story import FAR, Story, Turn

NV4 = ("NV4", "ngay-hoi", "2024")
PUNCTUAL = ("phuoc-long", "dong-xoai", "binh-long", "bu-gia-map", "hon-quan", "dong-phu", "bu-dang", "chon-thanh", "phu-rieng")


def _july(day: int) -> date:
    return date(2024, 7, day)


_FESTIVAL = {
    (*NV4, "ke-hoach", ""): Turn(submit_on=date(2024, 6, 13), decide_on=date(2024, 6, 18)),
    (*NV4, "san-sang", "loc-ninh"): Turn(
        submit_on=FAR, ask_on=_july(16), until=_july(26), decide_on=_july(17), named_on=_july(10), handler="loc-ninh"
    ),
    (*NV4, "san-sang", "bu-dop"): Turn(submit_on=FAR, named_on=_july(12), handler="bu-dop-lanh-dao"),
    (*NV4, "khen-thuong", ""): Turn(),
    (*NV4, "kiem-tra", ""): Turn(),
    **{
        (*NV4, "ke-hoach-don-vi", unit): Turn(submit_on=_july(1 + n % 4), decide_on=_july(3 + n % 5))
        for n, unit in enumerate((*PUNCTUAL, "loc-ninh", "bu-dop"))
    },
    **{(*NV4, "san-sang", unit): Turn(submit_on=_july(11 + n % 8), decide_on=_july(16 + n % 9)) for n, unit in enumerate(PUNCTUAL)},
}
_MISSING = {
    ("NV7", "bao-cao-quy", "2024-Q2", "bao-cao", "bu-gia-map"): Turn(submit_on=FAR),
    ("NV1", "bao-cao-quy", "2024-Q2", "bao-cao", "so-gddt"): Turn(submit_on=FAR),
    ("NV3", "an-toan", "2024", "tu-kiem-tra", "bu-dop"): Turn(submit_on=FAR, named_on=date(2024, 6, 3), handler="bu-dop"),
    ("", "so-ket", "once", "bao-cao-don-vi", "lien-doan-lao-dong"): Turn(submit_on=FAR),
    ("", "so-ket", "once", "bao-cao-so-ket", ""): Turn(),
    ("NV1", "bao-cao-quy", "2024-Q2", "tong-hop", ""): Turn(),
}
_SOON = {
    ("NV1", "bao-cao-quy", "2024-Q2", "bao-cao", "dong-phu"): Turn(FAR, date(2024, 6, 11), _july(26), date(2024, 6, 13)),
    ("NV3", "an-toan", "2024", "tu-kiem-tra", "phuoc-long"): Turn(FAR, date(2024, 6, 10), _july(26), date(2024, 6, 12)),
}
_WAITING_FOR_AN_ANSWER = {
    ("NV2", "mo-hinh", "2024", "ra-mat", "chon-thanh"): Turn(submit_on=_july(11), decide_on=FAR),
    ("NV2", "mo-hinh", "2024", "ra-mat", "dong-xoai"): Turn(submit_on=_july(24), decide_on=FAR),
    ("NV2", "mo-hinh", "2024", "ra-mat", "phu-rieng"): Turn(
        submit_on=FAR, ask_on=_july(23), until=date(2024, 8, 15), decide_on=FAR, named_on=date(2024, 5, 20), handler="phu-rieng"
    ),
}
STORY = Story(_FESTIVAL | _MISSING | _SOON | _WAITING_FOR_AN_ANSWER, chosen=("bu-dop", "chon-thanh"))
