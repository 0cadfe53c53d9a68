"""Which addresses a webhook may have."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest

from engine.errors import Invalid
from engine.web_address import objection, read_url


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("", "Give the address"),
        ("ftp://example.vn/", "start with https"),
        ("https://", "start with https"),
        ("example.vn/hook", "start with https"),
        ("http://example.vn/", "Only https"),
        ("https://a:b@example.vn/", "No user or password"),
        ("https://@example.vn/", "No user or password"),
        ("https://example.vn/#x", "behind a #"),
        ("https://example.vn/a b", "space or a control"),
        ("https://example.vn/\r\nX: y", "space or a control"),
        ("https://exam\tple.vn/", "space or a control"),
        ("https://exam\u200bple.vn/", "space or a control"),
        ("https://ví-dụ.vn/", "Not a web address"),
        ("https://example.vn:99999/", "Not a web address"),
        ("https://example.vn:0/", "No such port"),
        ("https://[::1/", "Not a web address"),
        ("https://[fe80::1%25eth0]/", "start with https"),
        ("https://example.vn/" + "x" * 2000, "longer than"),
    ],
)
def test_an_address_that_is_none_is_refused(url: str, says: str) -> None:
    with pytest.raises(Invalid, match=says) as wrong:
        read_url(url, plain_http=False)
    assert wrong.value.field == "url" and wrong.value.text.vi


def test_an_address_is_taken_apart() -> None:
    found = read_url("https://Example.vn:8443/hook?k=1", plain_http=False)
    assert (found.host, found.port, found.literal) == ("example.vn", 8443, None)
    assert read_url("http://example.vn/", plain_http=True).port == 80
    assert read_url("https://[2606:4700::1111]/", plain_http=False).literal == ip_address("2606:4700::1111")


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.9.9.9", "0.0.0.0", "10.0.0.8", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1",
        "255.255.255.255", "192.0.2.1", "198.18.0.1", "::1", "::", "fe80::1", "fd00::1", "fc00::1", "ff02::1", "fd00:ec2::254",
        "::ffff:127.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2002:a9fe:a9fe::",
        "2001:db8::1",
    ],
)  # fmt: skip
def test_machines_that_are_not_public_are_out_of_reach(address: str) -> None:
    assert objection([ip_address(address)], ()) is not None
    assert objection([ip_address("8.8.8.8"), ip_address(address)], ()) is not None


@pytest.mark.parametrize("address", ["8.8.8.8", "203.162.4.190", "2606:4700::1111", "64:ff9b::808:808", "2002:808:808::"])
def test_public_machines_may_be_reached(address: str) -> None:
    assert objection([ip_address(address)], ()) is None


def test_a_setting_opens_one_network_and_no_other() -> None:
    allowed = (ip_network("10.20.0.0/16"),)
    assert objection([ip_address("10.20.3.4")], allowed) is None
    assert objection([ip_address("::ffff:10.20.3.4")], allowed) is None
    assert objection([ip_address("10.21.3.4")], allowed) is not None
    assert objection([ip_address("169.254.169.254")], allowed) is not None


def test_the_cloud_s_page_of_credentials_is_named() -> None:
    found = objection([ip_address("169.254.169.254")], ())
    assert found is not None
    assert "169.254.169.254" in found.vi and "link-local" in found.en
