"""Trying the way out: connect, protect, sign in and, if somebody shall get it, send one mail; the answer says what to look at."""

from __future__ import annotations

import html
import uuid
from dataclasses import dataclass

from engine.definition import Text
from engine.instants import Now
from notifications.channels.envelope import Recipient, Unsendable, envelope
from notifications.channels.transport import Result, Transport, Unreachable
from notifications.keys import message_id
from notifications.render import Rendered, Site

ANSWERS: dict[str, Text] = {
    "sent": Text("Máy chủ thư đã nhận một thư thử. Hãy xem hộp thư.", "The mail server took a test mail. Look into the inbox."),
    "connected": Text("Nối được với máy chủ thư và đăng nhập được.", "The mail server was reached and let us in."),
    "no-server": Text(
        "Chưa có máy chủ thư: đặt DONDOC_SMTP_HOST. Thư được giữ lại đến lúc đó.",
        "There is no mail server: set DONDOC_SMTP_HOST. Mail is kept until then.",
    ),
    "name": Text("Không tìm thấy máy chủ: kiểm tra DONDOC_SMTP_HOST.", "There is no such host: check DONDOC_SMTP_HOST."),
    "refused-connection": Text(
        "Máy chủ từ chối kết nối: kiểm tra DONDOC_SMTP_PORT và tường lửa.", "Connection refused: check DONDOC_SMTP_PORT and the firewall."
    ),
    "timeout": Text(
        "Máy chủ không trả lời kịp: kiểm tra địa chỉ, cổng và kiểu bảo vệ.",
        "The server did not answer in time: check host, port, security.",
    ),
    "certificate": Text(
        "Chứng thư của máy chủ không tin được: kiểm tra DONDOC_SMTP_HOST, DONDOC_SMTP_CA_FILE.",
        "The server's certificate cannot be trusted: check DONDOC_SMTP_HOST, DONDOC_SMTP_CA_FILE.",
    ),
    "tls": Text(
        "Không lập được kết nối bảo mật: kiểm tra DONDOC_SMTP_SECURITY (starttls, tls, none) và cổng.",
        "No protected connection: check DONDOC_SMTP_SECURITY (starttls, tls, none) and the port.",
    ),
    "password": Text(
        "Máy chủ không nhận tài khoản hoặc mật khẩu: kiểm tra DONDOC_SMTP_USER, DONDOC_SMTP_PASSWORD.",
        "The server did not accept user or password: check DONDOC_SMTP_USER, DONDOC_SMTP_PASSWORD.",
    ),
    "answer": Text("Máy chủ trả lời khác mong đợi.", "The server gave an unexpected answer."),
    "refused": Text(
        "Máy chủ không nhận thư: kiểm tra DONDOC_SMTP_FROM và địa chỉ nhận.",
        "The server refused the mail: check DONDOC_SMTP_FROM and address.",
    ),
    "lost": Text("Thư đã đưa đi nhưng không có xác nhận: có thể đã đến.", "It was handed over, but never acknowledged: it may have come."),
    "address": Text("Địa chỉ nhận hoặc địa chỉ gửi không đúng.", "The address of sender or reader is none."),
    "other": Text("Không gửi được thư.", "No mail can leave."),
}
OF_RESULT = {Result.SENT: "sent", Result.REFUSED: "refused", Result.RETRY: "refused", Result.AMBIGUOUS: "lost"}


@dataclass(frozen=True, slots=True)
class Trial:
    """``code`` is a key of `ANSWERS`; ``detail`` is what the server or the network said, without any secret."""

    code: str
    detail: str = ""

    @property
    def ok(self) -> bool:
        """Whether mail can leave."""
        return self.code in ("sent", "connected")

    @property
    def said(self) -> Text:
        """What it means and what to look at."""
        return ANSWERS[self.code]


def try_mail(transport: Transport, to: Recipient | None, *, now: Now, site: Site, secret: str = "") -> Trial:
    """Try the way out; to ``to``, if given, one mail is sent. ``secret`` is blotted out of what a server may repeat."""
    try:
        with transport.connect() as session:
            if to is None:
                return Trial("connected")
            mail = envelope(_content(to, site), to, message_id=message_id(f"trial:{uuid.uuid4()}"), at=now.business, site=site)
            outcome = session.send(mail, to.address)
    except Unreachable as none:
        return Trial(none.kind, _without(none.detail, secret))
    except Unsendable as wrong:
        return Trial("address", wrong.detail)
    return Trial(OF_RESULT.get(outcome.result, "other"), _without(outcome.detail, secret))


def _content(to: Recipient, site: Site) -> Rendered:
    english = to.language == "en"
    subject = "Test mail" if english else "Thư thử"
    text = f"This mail shows that {site.product} can send." if english else f"Thư này cho thấy {site.product} gửi được thư."
    body = f'<!doctype html><html lang="{to.language}"><meta charset="utf-8"><title>{subject}</title><p>{html.escape(text)}</p></html>'
    return Rendered(f"{site.product}: {subject}", f"{text}\n", body)


def _without(detail: str, secret: str) -> str:
    return detail.replace(secret, "…") if secret else detail
