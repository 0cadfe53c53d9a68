"""The page of notices says what the code says."""

from notifications.notice_docs import page
from tests.architecture.sources import CHECKOUT


def test_the_page_of_notices_is_the_tables():
    assert (CHECKOUT / "docs/notices.md").read_text(encoding="utf-8") == page(), "run `make docs`"
