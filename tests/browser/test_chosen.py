"""A webhook's events are ticked in groups: a whole one by one tick, and its summary counts what is ticked."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from notifications.webhook_kinds import EVENT_GROUPS
from tests.journeys.people import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_a_whole_group_is_ticked_at_once_and_counted_also_after_going_back(chromium: Browser, base: str):
    figures = next(each for each in EVENT_GROUPS if each.code == "figures")
    context = chromium.new_context(base_url=base, locale="vi-VN", reduced_motion="reduce")
    page = context.new_page()
    sign_in(page, "quan-tri")
    page.goto("/admin/webhooks")
    group = page.locator(".event-group", has_text=figures.title.vi).first
    count, whole = group.locator(".count"), group.get_by_role("checkbox", name="Cả nhóm")
    single = group.locator("[name=kinds]")
    expect(count).to_have_text(f"đã chọn 0/{len(figures.events)}")
    group.locator("summary").click()
    whole.check()
    expect(count).to_have_text(f"đã chọn {len(figures.events)}/{len(figures.events)}")
    assert all(box.is_checked() for box in single.all())
    single.first.uncheck()
    expect(whole).not_to_be_checked()
    assert whole.evaluate("box => box.indeterminate")
    page.goto("/admin/health")
    page.go_back()
    expect(count).to_have_text(f"đã chọn {len(figures.events) - 1}/{len(figures.events)}")
    context.close()
