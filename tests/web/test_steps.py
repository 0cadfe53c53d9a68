"""The page of a step: acting on it, and what comes back when it is refused."""

import re

from tests.web.office import Office, words

HELP = '<details class="help no-print">'
FORM = {"evidence.kh.number": "12/KH-CAT", "evidence.kh.date": "05/06/2024"}


def test_a_step_says_what_to_do_by_when_and_whose_clock_runs(office: Office):
    page = words(office.browser("thuong-truc").get(f"/steps/{office.step_id('ke-hoach')}"))
    for said in ("ke-hoach", "cong-an-tinh chủ trì", "20/06/2024", "T-60", "Đồng hồ đang chạy", "ban-chi-dao xác nhận", "Sổ hạn"):
        assert said in page


def test_what_is_not_possible_stays_visible_with_the_reason(office: Office):
    page = words(office.browser("ban-chi-dao").get(f"/steps/{office.step_id('ke-hoach')}"))
    assert "Chưa làm được" in page
    assert "Phê duyệt Chỉ được khi: Chờ xác nhận." in page
    assert "Trình duyệt Chỉ dành cho đơn vị chủ trì." in page


def test_submitting_returning_and_approving_opens_what_follows(office: Office):
    step = office.step_id("ke-hoach")
    agency, committee = office.browser("thuong-truc"), office.browser("ban-chi-dao")
    assert agency.act(step, "submit", note="Kính trình", **FORM).headers["location"] == f"/steps/{step}?did=submit"
    page = words(committee.get(f"/steps/{step}"))
    assert "số 12/KH-CAT ngày 05/06/2024" in page and "Kính trình" in page
    assert committee.act(step, "return", reason="Thiếu phụ lục").status_code == 303
    assert "Bị trả lại ngày 10/06. Thiếu phụ lục" in words(agency.get(f"/steps/{step}"))
    assert 'value="12/KH-CAT"' in agency.get(f"/steps/{step}").text  # the round before fills the form
    assert agency.act(step, "submit", **FORM).status_code == 303
    assert committee.act(step, "approve").status_code == 303
    assert office.plan.status("ke-hoach") == "done"
    assert office.plan.status("ke-hoach-huyen", "huyen-02") == "open"


def test_the_page_says_what_was_just_done(office: Office):
    browser = office.browser("huyen-01")
    step = office.step_id("gop-y", "huyen-01")
    landed = browser.get(browser.act(step, "accept").headers["location"])
    assert "Đã nhận việc." in words(landed)
    assert "Người huyen-01, huyen-01 nhận việc" in words(landed)


def test_what_is_missing_is_said_at_its_field_and_what_was_typed_comes_back(office: Office):
    browser = office.browser("thuong-truc")
    answer = browser.act(office.step_id("ke-hoach"), "submit", note="Một lời dài", **{"evidence.kh.number": "12/KH"})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text and 'href="#submit-evidence.kh"' in answer.text and 'id="submit-evidence.kh"' in answer.text
    assert "Một lời dài" in answer.text and 'value="12/KH"' in answer.text
    assert re.search(r'<details id="submit" open', answer.text)
    assert office.plan.status("ke-hoach") == "open"


def test_a_stale_form_returns_what_was_typed_and_says_what_happened(office: Office):
    step = office.step_id("gop-y", "huyen-01")
    first, second = office.browser("huyen-01"), office.browser("huyen-01")
    old = second.carried(step, "refuse")
    assert first.act(step, "accept").status_code == 303
    answer = second.post(f"/steps/{step}/actions/refuse", reason="Không phải việc của huyện", **{**old, "csrf": second.csrf()})
    assert answer.status_code == 409
    assert "Bước này vừa thay đổi." in words(answer)
    assert "Người huyen-01: nhận việc" in words(answer)
    assert "<b>Lý do</b><br>Không phải việc của huyện</p>" in answer.text  # although what is in progress has no form for refusing any more
    stale = second.post(f"/steps/{step}/actions/progress", text="Đang làm", **{**old, "csrf": second.csrf()})
    assert stale.status_code == 303  # what moves no status never goes stale


def test_a_form_sent_twice_acts_once(office: Office):
    browser = office.browser("huyen-01")
    step = office.step_id("gop-y", "huyen-01")
    fields = browser.carried(step, "comment")
    answers = [browser.post(f"/steps/{step}/actions/comment", text="Xin ý kiến", **fields) for _ in range(2)]
    assert [a.status_code for a in answers] == [303, 303]
    assert words(browser.get(f"/steps/{step}")).count("Xin ý kiến") == 1


def test_words_that_a_browser_fills_in_again_after_going_back_are_written_once(office: Office):
    browser = office.browser("huyen-01")
    step = office.step_id("gop-y", "huyen-01")
    for text in ("Xin ý kiến", "Xin ý kiến", "Xin ý kiến nữa"):  # each time on a page shown anew, so under a key of its own
        assert browser.act(step, "comment", text=text).status_code == 303
    page = words(browser.get(f"/steps/{step}"))
    assert (page.count("Xin ý kiến"), page.count("Xin ý kiến nữa")) == (2, 1)


def test_somebody_else_s_act_is_refused_with_the_reason(office: Office):
    other = office.browser("huyen-02")
    step = office.plan.step("gop-y", "huyen-01")
    answer = other.post(f"/steps/{step['id']}/actions/accept", version=str(step["version"]))
    assert answer.status_code == 403
    assert "Chỉ dành cho đơn vị chủ trì." in words(answer)


def test_a_unit_of_the_same_workflow_sees_title_unit_status_and_dates_only(office: Office):
    step = office.step_id("gop-y", "huyen-01")
    office.browser("huyen-01").act(step, "comment", text="Chỉ nội bộ")
    page = office.browser("huyen-02").get(f"/steps/{step}")
    assert page.status_code == 200
    assert "Đơn vị của bạn không tham gia bước này" in words(page)
    assert "Chỉ nội bộ" not in page.text and "<form" not in page.text.split("<main", 1)[1].split("</main>")[0]


def test_a_step_does_not_exist_for_who_takes_no_part(office: Office):
    step = office.step_id("ke-hoach")
    stranger = office.browser("nguoi-la")
    assert stranger.get(f"/steps/{step}").status_code == stranger.get("/steps/999999").status_code == 404
    assert stranger.post(f"/steps/{step}/actions/comment", text="x").status_code == 404
    assert stranger.get("/steps/khong-phai-so").status_code == 404


def test_a_supervisor_reads_everything_and_is_told_why_nothing_can_be_done(office: Office):
    page = words(office.browser("giam-sat").get(f"/steps/{office.step_id('ke-hoach')}"))
    assert "Lúc này không có việc nào chờ bạn ở bước này." in page
    assert "Nhận việc Chỉ dành cho đơn vị chủ trì." in page


def test_days_are_typed_the_vietnamese_way_and_a_wrong_one_is_kept(office: Office):
    browser = office.browser("huyen-01")
    step = office.step_id("gop-y", "huyen-01")
    wrong = browser.act(step, "request-extension", until="31/02/2024", reason="Bận")
    assert wrong.status_code == 422 and 'value="31/02/2024"' in wrong.text
    assert browser.act(step, "request-extension", until="15/08/2024", reason="Bận").status_code == 303
    assert "Đang xin gia hạn đến 15/08/2024." in words(browser.get(f"/steps/{step}"))


def test_the_ledger_keeps_every_date(office: Office):
    agency = office.browser("thuong-truc")
    step = office.step_id("gop-y", "huyen-01")
    assert agency.act(step, "grant-extension", until="15/08/2024", document="1187/CAT", reason="Mưa lũ").status_code == 303
    page = words(agency.get(f"/steps/{step}"))
    assert "31/07/2024 Hạn gốc (31/07 hằng năm)" in page
    assert "15/08/2024 Hạn hiện tại. Gia hạn, 1187/CAT: Mưa lũ" in page


def test_typed_text_is_shown_as_text(office: Office):
    browser = office.browser("huyen-01")
    step = office.step_id("gop-y", "huyen-01")
    browser.act(step, "comment", text="<script>alert(1)</script>")
    page = browser.get(f"/steps/{step}").text
    assert "<script>" not in page and "&lt;script&gt;" in page


def test_a_list_can_be_come_back_to(office: Office):
    step = office.step_id("gop-y", "huyen-01")
    for given, landed in (("/mailbox?to=a", "/mailbox?to=a&did=chase"), ("https://evil.example/", f"/steps/{step}?did=chase")):
        assert office.browser("thuong-truc").post(f"/steps/{step}/actions/chase", next=given, urgent="1").headers["location"] == landed


def test_an_action_that_does_not_exist_is_not_found(office: Office):
    assert office.browser("thuong-truc").post(f"/steps/{office.step_id('ke-hoach')}/actions/delete").status_code == 404


def test_closing_a_join_offers_the_units_still_missing(office: Office):
    page = office.browser("thuong-truc").get(f"/steps/{office.step_id('tong-hop')}").text
    assert re.findall(r'name="units" value="([^"]+)"', page) == ["huyen-01", "huyen-02", "huyen-03"]


def test_a_finished_step_can_be_corrected_beside_its_old_value(office: Office):
    browser = office.browser("huyen-01")
    step = office.step_id("gop-y", "huyen-01")
    assert browser.act(step, "submit").status_code == 303
    agency = office.browser("thuong-truc")
    assert agency.act(step, "correct", field="submitted_on", value="09/06/2024", reason="Nhập muộn").status_code == 303
    assert "Ngày nộp: 10/06/2024 → 09/06/2024" in words(agency.get(f"/steps/{step}"))


def test_a_comment_names_people_by_ticking_them_and_a_wrong_name_comes_back_with_what_was_typed(office: Office):
    browser, step = office.browser("thuong-truc"), office.step_id("gop-y", "huyen-01")
    wrong = browser.act(step, "comment", text="@huyen-02 xem giúp", mentions=["mttq"])
    assert wrong.status_code == 422 and 'href="#comment-text"' in wrong.text
    assert "Không ai tên “@huyen-02” xem được bước này." in words(wrong) and "@huyen-02 xem giúp" in wrong.text
    assert re.search(r'name="mentions" value="mttq" checked', wrong.text)
    assert browser.act(step, "comment", text="@huyen-01 xem giúp", mentions=["mttq"]).status_code == 303
    assert "Nhắc đến Người huyen-01, Người mttq" in words(browser.get(f"/steps/{step}"))


def test_the_same_words_to_other_people_are_another_comment(office: Office):
    browser, step = office.browser("thuong-truc"), office.step_id("gop-y", "huyen-01")
    for name in ("mttq", "huyen-01"):
        assert browser.act(step, "comment", text="Xem giúp", mentions=[name]).status_code == 303
    assert words(browser.get(f"/steps/{step}")).count("Xem giúp") == 2


def test_a_step_shows_what_the_step_before_it_handed_in(office: Office):
    plan, step = office.step_id("ke-hoach"), office.step_id("ke-hoach-huyen", "huyen-01")
    agency = office.browser("thuong-truc")
    assert "Kết quả của bước trước" not in agency.get(f"/steps/{step}").text
    agency.act(plan, "submit", **FORM)
    office.browser("ban-chi-dao").act(plan, "approve")
    agency.act(plan, "correct", field="evidence.kh.number", value="13/KH-CAT", reason="Gõ nhầm")
    page = agency.get(f"/steps/{step}")
    assert "Kết quả của bước trước" in page.text and f'href="/steps/{plan}"' in page.text
    assert "số 13/KH-CAT ngày 05/06/2024" in words(page) and "đã đính chính" in words(page)
    unit = office.browser("huyen-01").get(f"/steps/{step}")  # takes no part in that step
    assert unit.status_code == 200 and "13/KH-CAT" not in unit.text and "Kết quả của bước trước" not in unit.text


def test_the_print_has_every_submission_the_ledger_and_the_history_and_nothing_to_press(office: Office):
    step, agency = office.step_id("ke-hoach"), office.browser("thuong-truc")
    agency.act(step, "submit", **FORM)
    office.browser("ban-chi-dao").act(step, "return", reason="Thiếu phụ lục")
    page = agency.get(f"/steps/{step}/print")
    main = page.text.split("<main", 1)[1].split("</main>")[0]
    assert page.status_code == 200 and "<form" not in main and "<button" not in main and "<details" not in main.replace(HELP, "")
    for said in ("Lần nộp 1, ngày 10/06/2024", "số 12/KH-CAT", "Sổ hạn", "Thiếu phụ lục", "Bước được mở."):
        assert said in words(page)


def test_the_print_is_for_who_reads_the_step_in_full(office: Office):
    step = office.step_id("gop-y", "huyen-01")
    assert office.browser("huyen-01").get(f"/steps/{step}/print").status_code == 200
    assert office.browser("huyen-02").get(f"/steps/{step}/print").status_code == 404


def test_a_step_that_nobody_has_to_do_has_neither_a_clock_nor_the_words_no_deadline(office: Office):
    step, agency = office.step_id("ke-hoach"), office.browser("thuong-truc")
    assert agency.act(step, "cancel", reason="Không tổ chức").status_code == 303
    page = words(agency.get(f"/steps/{step}"))
    assert "Không phải làm nữa" in page and "hạn 20/06/2024" in page
    assert "Chưa đến lượt" not in page and "ke-hoach Đã hủy" in page  # no mark of time before the status
