"""Letting people in and shutting them out: invitations, one-time codes, switching accounts off and on."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from cli.common import Data, Json, application, show

Login = Annotated[str, typer.Argument(help="Sign-in name.")]


def invite(
    login: Login,
    name: Annotated[str, typer.Option(help="Name shown to others.")] = "",
    unit: Annotated[str, typer.Option(help="Code of a unit; `code:head` for its head, `code:unit-admin` for who keeps its accounts.")] = "",
    role: Annotated[list[str] | None, typer.Option(help="agency, supervisor, auditor or administrator. May be given again.")] = None,
    address: Annotated[str, typer.Option(help="Mail address; the invitation goes there.")] = "",
    title: Annotated[str, typer.Option(help="Position.")] = "",
    again: Annotated[bool, typer.Option("--again", help="The account is there: invite once more.")] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Make an account without a password and invite its person by mail; without mail, print a one-time code for a week.

    Example: dondoc account invite loc-ninh-2 --name "Nguyễn Văn A" --unit loc-ninh --address a@locninh.example.vn
    """
    from engine.access import SYSTEM
    from services.accounts import id_of
    from services.invitations import invite as invite_new
    from services.invitations import invite_again
    from wiring.mail import mail_leaves, sealing_site

    code_of_unit, _, place = unit.partition(":")
    form = {"login": login, "name": name, "title": title, "address": address, "unit": code_of_unit, "role": place or "officer"}
    with application(data) as context:
        site = sealing_site(context.settings) if mail_leaves(context.settings, simulated=context.simulated) else None
        if again:
            done = invite_again(context.db, SYSTEM, id_of(context.db, login), now=context.now(), site=site)
        else:
            done = invite_new(context.db, SYSTEM, {**form, "roles": role or []}, now=context.now(), site=site)
    mailed = f"Thư mời {login} đang được gửi đi."
    show(asdict(done), as_json, mailed if not done.code else f"Mã dùng một lần của {login}: {done.code}\nNhập ở /password/code.")


def code(login: Login, data: Data = None, as_json: Json = False) -> None:
    """Print a one-time code by which a person sets a password, for a day. Codes and links that they had are dead.

    Example: dondoc account code loc-ninh
    """
    from engine.access import SYSTEM
    from services.accounts import id_of
    from services.invitations import give_code

    with application(data) as context:
        done = give_code(context.db, SYSTEM, id_of(context.db, login), now=context.now())
    show(asdict(done), as_json, f"Mã dùng một lần của {login}: {done.code}\nNhập ở /password/code.")


def disable(login: Login, data: Data = None, as_json: Json = False) -> None:
    """Switch an account off: it signs in no more; its sessions, API tokens, feed and codes are over. What its person did stays.

    Example: dondoc account disable loc-ninh
    """
    from engine.access import SYSTEM
    from services.account_states import disable as switch_off
    from services.accounts import id_of

    with application(data) as context:
        switch_off(context.db, SYSTEM, id_of(context.db, login), now=context.now())
    show({"login": login, "active": False}, as_json, f"Đã khóa tài khoản {login}.")


def enable(login: Login, data: Data = None, as_json: Json = False) -> None:
    """Switch an account on again, with the password that it had.

    Example: dondoc account enable loc-ninh
    """
    from engine.access import SYSTEM
    from services.account_states import all_accounts
    from services.account_states import enable as switch_on

    with application(data) as context:
        found = [line.account_id for line in all_accounts(context.db, context.now()) if line.login == login]
        switch_on(context.db, SYSTEM, found[0] if found else 0, now=context.now())
    show({"login": login, "active": True}, as_json, f"Đã mở lại tài khoản {login}.")


def unlink(login: Login, data: Data = None, as_json: Json = False) -> None:
    """Forget who a person is to the office's identity provider; at the next time they are known by their verified mail address again.

    Example: dondoc account unlink loc-ninh
    """
    from engine.access import SYSTEM
    from services.accounts import id_of
    from services.sign_in_by_provider import unlink as forget_identity

    with application(data) as context:
        forget_identity(context.db, SYSTEM, id_of(context.db, login), now=context.now())
    show({"login": login, "linked": False}, as_json, f"Đã bỏ nối {login} với nơi đăng nhập chung.")
