"""What leaves is exactly what was meant."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest

from notifications.channels.envelope import Recipient, Unsendable, envelope
from notifications.render import Rendered, Site
from tests.notifications.examples import SITE

AT = datetime(2024, 7, 25, 0, 30, tzinfo=UTC)
CONTENT = Rendered("Trả lại: Ngày hội toàn dân bảo vệ an ninh Tổ quốc", "Kính gửi\n.dòng bắt đầu bằng dấu chấm\n", "<p>Kính gửi</p>")


def made(content: Rendered = CONTENT, name: str = "Cán bộ Lộc Ninh", address: str = "loc-ninh@example.vn", site: Site = SITE):
    return envelope(content, Recipient(name, address), message_id="<abc@dondoc.local>", at=AT, site=site)


def test_vietnamese_comes_through_in_every_part():
    found = message_from_bytes(made().as_bytes(), policy=policy.default)
    assert found["Subject"] == CONTENT.subject
    assert found["To"].addresses[0].display_name == "Cán bộ Lộc Ninh"
    assert found["From"].addresses[0].addr_spec == SITE.sender
    assert found["Message-ID"] == "<abc@dondoc.local>"
    assert found["Date"].datetime == AT
    assert found["Auto-Submitted"] == "auto-generated"
    plain, html = found.get_body(("plain",)), found.get_body(("html",))
    assert plain and plain.get_content().replace("\r\n", "\n") == CONTENT.text
    assert html and html.get_content().strip() == CONTENT.html


def test_a_mail_on_the_wire_is_seven_bit_with_short_lines():
    raw = made(Rendered("x" * 900, "y" * 5000, "z" * 5000)).as_bytes()
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998


@pytest.mark.parametrize("evil", ["a\r\nBcc: x@y.vn", "a\nb", "a\tb", "a\x00b", "a\x7fb"])
def test_control_characters_are_refused(evil):
    for broken in (
        lambda: made(Rendered(evil, "x", "y")),
        lambda: made(name=evil),
        lambda: made(site=Site("http://x", "a@b.vn", evil)),
    ):
        with pytest.raises(Unsendable, match="control character"):
            broken()


@pytest.mark.parametrize(
    "address", ["", "nobody", "a@b@c", "a b@c.vn", "a@c.vn, d@e.vn", "a@c.vn\r\nBcc: d@e.vn", "<a@c.vn>", "đ@c.vn", "a@-c.vn"]
)
def test_what_is_no_address_is_refused(address):
    with pytest.raises(Unsendable, match="not a mail address"):
        made(address=address)


@pytest.mark.parametrize("n", range(1, 90, 4))
def test_a_long_subject_keeps_every_space_wherever_it_is_folded(n):
    subject = f"Chờ xác nhận: {'NV2 · 2024, bước 4, Bù Đăng - Xây dựng và ra mắt mô hình ' * 2}"[n:].strip()
    received = message_from_bytes(made(replace(CONTENT, subject=subject)).as_bytes(), policy=policy.default)
    assert received["Subject"] == subject
