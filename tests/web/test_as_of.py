"""Past days on pages and over the API."""

from datetime import date

import pytest

from tests.web.office import Office, words


@pytest.fixture
def lived(office: Office) -> Office:
    """On 12/06 the first district commented; on 14/06 that day proves to have been the 11th."""
    step = office.step_id("gop-y", "huyen-01")
    office.day = office.plan.day = date(2024, 6, 12)
    assert office.browser("huyen-01").act(step, "submit").status_code == 303
    office.day = office.plan.day = date(2024, 6, 14)
    agency = office.browser("thuong-truc")
    assert agency.act(step, "correct", field="submitted_on", value="11/06/2024", reason="Nhập muộn").status_code == 303
    return office


def steps(office: Office, day: str, view: str, login: str = "giam-sat") -> dict[int, dict[str, object]]:
    path = f"/workflows/{office.plan.workflow_id}/as-of"
    answer = office.browser(login).api("GET", path, params={"day": day, "view": view})
    return {step["id"]: step for step in answer.json()["steps"]}


def test_a_past_day_as_known_then_and_as_corrected(lived: Office):
    step = lived.step_id("gop-y", "huyen-01")
    told = {(day, view): steps(lived, f"2024-06-{day}", view)[step]["status"] for day in (10, 11, 12) for view in ("known", "corrected")}
    assert [told[day, "known"] for day in (10, 11, 12)] == ["open", "open", "done"]
    assert [told[day, "corrected"] for day in (10, 11, 12)] == ["open", "done", "done"]
    assert steps(lived, "2024-06-12", "known")[step]["differs"] is True


def test_the_page_of_a_workflow_on_a_past_day(lived: Office):
    browser, path = lived.browser("huyen-02"), f"/workflows/{lived.plan.workflow_id}/as-of"
    page = words(browser.get(path, params={"as_of": "11/06/2024"}))
    assert "Số liệu tính đến hết ngày 11/06/2024, như đã biết khi đó." in page and "Các bước ngày 11/06/2024" in page
    assert lived.browser("nguoi-la").get(path).status_code == 404
    assert browser.get(path, params={"as_of": "09/06/2024"}).status_code == 404  # it had not opened yet


@pytest.mark.parametrize(("typed", "said"), [("15/06/2024", "Ngày chưa đến."), ("32/06/2024", "Ngày không đúng")])
def test_a_day_that_cannot_be_is_said_beside_the_field(lived: Office, typed: str, said: str):
    answer = lived.browser("giam-sat").get("/overview", params={"as_of": typed})
    assert said in words(answer) and f'value="{typed}"' in answer.text and 'aria-invalid="true"' in answer.text


def test_the_overview_and_the_plan_count_a_past_day(lived: Office):
    browser = lived.browser("giam-sat")
    counts = {
        (day, view): browser.api("GET", f"/plans/{lived.plan.plan_id}/as-of", params={"day": f"2024-06-{day}", "view": view}).json()
        for day in (11, 12) for view in ("known", "corrected")
    }  # fmt: skip
    assert {key: found["counted"]["on_time"] for key, found in counts.items()} == {
        (11, "known"): 0, (11, "corrected"): 1, (12, "known"): 1, (12, "corrected"): 1
    }  # fmt: skip
    now, then = (browser.get("/overview", params=params).text for params in ({}, {"as_of": "12/06/2024"}))
    assert "cols--3" in now and "cols--3" not in then  # no side column: the table of units would stand in it
    cells = counts[12, "known"]["cells"]
    assert sum(cell["counted"]["within"] for cell in cells) == counts[12, "known"]["counted"]["within"]
    page = words(browser.get("/overview", params={"as_of": "11/06/2024", "view": "corrected"}))
    assert "Tính đến hết ngày 11/06/2024" in page and "theo số liệu đã đính chính" in page
    plan = words(lived.browser("huyen-01").get(f"/plans/{lived.plan.plan_id}", params={"as_of": "11/06/2024"}))
    assert "xong 0/" in plan
    assert lived.browser("huyen-01").api("GET", f"/plans/{lived.plan.plan_id}/as-of", params={"day": "2024-06-11"}).status_code == 403


def test_the_present_told_again_is_what_the_overview_counts(lived: Office):
    browser = lived.browser("giam-sat")
    now, again = browser.get("/overview").text, browser.get("/overview", params={"as_of": "14/06/2024"}).text

    def numbers(page: str) -> str:
        return page.split('aria-labelledby="h-counts"')[1].split('class="legend"')[0].split("overview_next")[0]

    def months(page: str) -> str:
        return page.split('aria-labelledby="h-trend"')[1].split("</section>")[0]

    assert numbers(now).split("</table>")[0] == numbers(again).split("</table>")[0]
    assert months(now) == months(again)


def test_what_was_corrected_after_a_report_is_told(lived: Office):
    path, browser = f"/workflows/{lived.plan.workflow_id}/corrections", lived.browser("giam-sat")
    told = browser.api("GET", path, params={"since": "2024-06-13T00:00:00+07:00"}).json()
    assert told == [{"step_id": lived.step_id("gop-y", "huyen-01"), "field": "submitted_on", "old": "2024-06-12", "new": "2024-06-11"}]
    assert browser.api("GET", path, params={"since": "2024-06-15T00:00:00+07:00"}).json() == []
    assert browser.api("GET", path, params={"since": "2024-06-15T00:00:00"}).status_code == 422
