"""A folder of mails: newest first, headers without bodies, ids that cannot leave the folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from notifications.channels.envelope import Recipient, envelope
from notifications.mailbox import Mailbox
from notifications.render import Rendered
from tests.notifications.examples import SITE
from tests.notifications.test_envelope import AT


def raw(number: int, to: str = "a@example.vn") -> bytes:
    content = Rendered(f"Thư số {number}", f"Nội dung {number}", f"<p>Nội dung {number}</p>")
    return envelope(content, Recipient("Cán bộ", to), message_id=f"<{number}@x>", at=AT, site=SITE).as_bytes()


def filled(folder: Path, number: int) -> Mailbox:
    mailbox = Mailbox(folder)
    for n in range(number):
        mailbox.store(raw(n, "b@example.vn" if n % 2 else "a@example.vn"), 1_000 + n)
    return mailbox


def test_an_empty_mailbox_has_no_folder_yet(tmp_path):
    assert Mailbox(tmp_path / "mailbox").page() == []
    assert Mailbox(tmp_path / "mailbox").count() == 0


def test_the_newest_comes_first_page_by_page(tmp_path):
    mailbox = filled(tmp_path, 5)
    assert [h.subject for h in mailbox.page(limit=2)] == ["Thư số 4", "Thư số 3"]
    assert [h.subject for h in mailbox.page(offset=4, limit=2)] == ["Thư số 0"]
    assert mailbox.count() == 5


def test_one_recipients_mails(tmp_path):
    assert [h.subject for h in filled(tmp_path, 4).page(to="B@EXAMPLE")] == ["Thư số 3", "Thư số 1"]


def test_a_mail_is_read_whole(tmp_path):
    mailbox = filled(tmp_path, 1)
    mail = mailbox.read(mailbox.ids()[0])
    assert (mail.header.date, mail.header.to, mail.header.message_id) == (AT, "Cán bộ <a@example.vn>", "<0@x>")
    assert (mail.text.strip(), mail.html.strip()) == ("Nội dung 0", "<p>Nội dung 0</p>")


def test_a_page_opens_only_the_files_it_shows(tmp_path, monkeypatch):
    mailbox, plain, opened = filled(tmp_path, 30), Path.open, []

    def watched(path: Path, *args, **kwargs):
        opened.append(path)
        return plain(path, *args, **kwargs)

    monkeypatch.setattr(Path, "open", watched)
    mailbox.page(limit=10)
    mailbox.page(limit=10)
    assert len(opened) == 10


@pytest.mark.parametrize("bad", ["", "..", "../../etc/passwd", "new/x", "0" * 20, "x" * 29])
def test_an_id_never_leads_out_of_the_folder(tmp_path, bad):
    mailbox = filled(tmp_path, 1)
    with pytest.raises(KeyError):
        mailbox.read(bad)
    with pytest.raises(KeyError):
        mailbox.header(bad)


def test_what_is_no_mail_is_shown_as_far_as_it_can_be(tmp_path):
    mailbox = Mailbox(tmp_path)
    mail = mailbox.read(mailbox.store(b"\xff\xfe not a mail\r\n", 1))
    assert (mail.header.subject, mail.header.date, mail.html) == ("", None, "")
