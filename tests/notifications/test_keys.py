"""Keys never change: a process, a language or a year later they are the same."""

from datetime import date

from notifications.keys import digest_key, fact_key, message_id, message_key, rung_key


def test_keys_are_built_from_ids_numbers_and_iso_dates():
    assert fact_key("workflow:12", 40, 1, "assigned") == "workflow:12:40:1:assigned"
    assert rung_key(9, "D+7/2", 3) == "step:9:D+7/2:3"
    assert message_key(5, 77) == "5:77"
    assert digest_key(77, date(2024, 7, 5)) == "digest:77:2024-07-05"


def test_a_message_id_is_the_hash_of_its_key_for_ever():
    assert message_id("5:77") == "<a511c360454720c3a5a89b6bf9bfba13@dondoc.local>"
    assert message_id("5:77") != message_id("57:7")
