"""Settings that work and yet should not stay so in an office, told by `dondoc doctor` and at the start of `dondoc up`."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from engine.definition import Text
from wiring.exposure import on_loopback
from wiring.settings import Settings, SmtpSecurity

SOON = timedelta(days=30)
OTHERS = 0o007

DANGERS: tuple[tuple[Callable[[Settings], bool], Text], ...] = (
    (
        lambda s: not s.smtp_host,
        Text(
            "Chưa có máy chủ thư (DONDOC_SMTP_HOST): thư không đến ai, mọi người chỉ thấy thông báo trên trang.",
            "There is no mail server (DONDOC_SMTP_HOST): mail reaches nobody, people find notices on the pages only.",
        ),
    ),
    (
        lambda s: bool(s.smtp_host) and s.smtp_security is SmtpSecurity.NONE and not on_loopback(s.smtp_host),
        Text("Thư đi không mã hóa (DONDOC_SMTP_SECURITY=none).", "Mail leaves in plain text (DONDOC_SMTP_SECURITY=none)."),
    ),
    (
        lambda s: not s.prefect_api_auth.get_secret_value(),
        Text(
            "Prefect không hỏi mật khẩu: ai dùng được máy này đều hủy được lượt chạy (DONDOC_PREFECT_API_AUTH).",
            "Prefect asks for no password: whoever can use this machine can cancel runs (DONDOC_PREFECT_API_AUTH).",
        ),
    ),
    (
        lambda s: s.backup_folder is None,
        Text("Bản sao lưu nằm cùng đĩa với dữ liệu (DONDOC_BACKUP_FOLDER).", "Backups lie beside the data (DONDOC_BACKUP_FOLDER)."),
    ),
    (
        lambda s: not takes_files(s.backups),
        Text(
            "Không ghi được vào thư mục sao lưu (DONDOC_BACKUP_FOLDER); dưới systemd phải nêu nó ở ReadWritePaths=.",
            "The folder of backups takes no file (DONDOC_BACKUP_FOLDER); under systemd it must be named in ReadWritePaths=.",
        ),
    ),
    (
        lambda s: s.webhook_http,
        Text("Webhook được đi qua http không mã hóa (DONDOC_WEBHOOK_HTTP).", "Webhooks may leave in plain text (DONDOC_WEBHOOK_HTTP)."),
    ),
    (
        lambda s: s.log_level == "debug",
        Text("Nhật ký kỹ thuật ghi cả lời văn (DONDOC_LOG_LEVEL=debug).", "Logs quote what people wrote (DONDOC_LOG_LEVEL=debug)."),
    ),
    (
        lambda s: s.data.exists() and bool(s.data.stat().st_mode & OTHERS),
        Text("Người khác trên máy vào được thư mục dữ liệu: chmod 700.", "Others on this machine can enter the data folder: chmod 700 it."),
    ),
)
"""Whether it applies, and what is said then. What a demonstration does is no danger."""


def takes_files(folder: Path) -> bool:
    """Whether this process could write into ``folder``, or make it where it is not there yet."""
    nearest = next(path for path in (folder, *folder.parents) if path.exists())
    return nearest.is_dir() and os.access(nearest, os.W_OK)


def dangers(settings: Settings, now: datetime) -> list[Text]:
    """What should be changed; ``now`` (system time) tells whether the certificate ends soon."""
    if settings.simulated:
        return []
    found = [text for applies, text in DANGERS if applies(settings)]
    if settings.tls_certificate and (ends := ends_at(settings.tls_certificate)) < now + SOON:
        found.append(Text(f"Chứng thư https hết hạn ngày {ends:%d/%m/%Y}.", f"The https certificate ends on {ends:%Y-%m-%d}."))
    return found


def ends_at(certificate: Path) -> datetime:
    """The end of the first certificate in the file."""
    from cryptography import x509  # only here: it weighs several megabytes

    return x509.load_pem_x509_certificate(certificate.read_bytes()).not_valid_after_utc
