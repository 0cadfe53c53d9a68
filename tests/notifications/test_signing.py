"""Signatures that any library of the Standard Webhooks verifies; events in CloudEvents' shape."""

from __future__ import annotations

from datetime import UTC, datetime

from notifications.signing import headers, secret_of, signature
from notifications.webhook_events import Happening, body_of, cloud_event

AT = datetime(2024, 7, 22, 2, 0, tzinfo=UTC)


def test_the_published_example_of_the_standard_is_signed_alike() -> None:
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    body = b'{"test": 2432232314}'
    assert signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body) == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_two_webhooks_have_two_secrets_and_another_key_gives_others() -> None:
    assert len({secret_of("key", "a"), secret_of("key", "b"), secret_of("other", "a")}) == 3
    assert secret_of("key", "a") == secret_of("key", "a")


def test_every_attempt_bears_the_same_id_and_its_own_time() -> None:
    secret = secret_of("key", "a")
    first, second = headers(secret, "webhook:1:x:1:0", AT, b"{}"), headers(secret, "webhook:1:x:1:0", AT.replace(hour=3), b"{}")
    assert first["Webhook-Id"] == second["Webhook-Id"]
    assert first["Webhook-Signature"] != second["Webhook-Signature"]
    assert first["Webhook-Timestamp"] == str(int(AT.timestamp()))


def test_an_event_has_what_cloudevents_ask_for() -> None:
    event = cloud_event(Happening("step.overdue", "workflow:3", 9, 1, AT, {"step": 4}, step={"id": 4}), "https://dondoc.example.vn")
    assert (event["specversion"], event["id"], event["type"]) == ("1.0", "workflow:3:9:1", "dondoc.step.overdue")
    assert (event["source"], event["subject"], event["time"]) == ("https://dondoc.example.vn", "steps/4", "2024-07-22T02:00:00Z")
    assert body_of(event) == body_of(dict(reversed(event.items())))
