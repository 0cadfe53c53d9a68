"""People and units."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer

from cli.account_access import code, disable, enable, invite, unlink
from cli.account_import import import_
from cli.common import Data, Json, application, show
from engine.access import Membership
from engine.definition import Text
from engine.errors import Invalid
from engine.people import ROLES

app = typer.Typer(help="People who sign in.", no_args_is_help=True, rich_markup_mode=None)
units = typer.Typer(help="Units.", no_args_is_help=True, rich_markup_mode=None)


@app.command("list")
def list_accounts(data: Data = None, as_json: Json = False) -> None:
    """List every account with its units and roles.

    Example: dondoc account list --json
    """
    from services.accounts import everyone

    with application(data) as context:
        people = everyone(context.db)
    rows: list[dict[str, Any]] = [
        {"id": p.actor.account_id, "login": p.login, "name": p.actor.name, "units": sorted(p.actor.units), "roles": sorted(p.actor.roles)}
        for p in people
    ]
    text = "\n".join(f"{r['login']:<24} {r['name']}  {', '.join([*r['units'], *r['roles']])}" for r in rows)
    show(rows, as_json, text or "Chưa có tài khoản.")


@app.command("create")
def create(
    login: Annotated[str, typer.Argument(help="Sign-in name.")],
    name: Annotated[str, typer.Option(help="Name shown to others.")],
    unit: Annotated[
        list[str] | None,
        typer.Option(help="Code of a unit; `code:head` for its head, `code:unit-admin` for who keeps its accounts. May be given again."),
    ] = None,
    role: Annotated[list[str] | None, typer.Option(help="agency, supervisor, auditor or administrator. May be given again.")] = None,
    address: Annotated[str, typer.Option(help="Mail address.")] = "",
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True, help="Password.")] = "",
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Make an account.

    Example: dondoc account create loc-ninh --name "Đầu mối Lộc Ninh" --unit loc-ninh
    """
    from services.accounts import create_account

    memberships = [_membership(text) for text in unit or []]
    with application(data) as context:
        account_id = create_account(
            context.db, login=login, name=name, address=address, memberships=memberships, roles=role or (), password=password
        )
    show({"id": account_id}, as_json, f"Đã tạo tài khoản {login}.")


app.command("import")(import_)


@app.command("erase")
def erase(
    login: Annotated[str, typer.Argument(help="Sign-in name.")],
    keep_texts: Annotated[bool, typer.Option(help="Keep the reasons and remarks that the person wrote into the journal.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do it; without this it only says what would go.")] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Take a person out of the database for good: name, address, memberships, texts. What was done stays, under a number.

    The journal stays whole. Copies in backups stay until those are deleted.

    Example: dondoc account erase loc-ninh --yes
    """
    from engine.access import SYSTEM
    from services.erase_person import erase_person

    with application(data) as context:
        found = erase_person(context.db, login, actor=SYSTEM, now=context.now(), keep_texts=keep_texts, confirmed=yes)
    what = f"{found.texts} đoạn văn trong nhật ký, {found.messages} thư có tên người này"
    done, asks = f"Đã xóa “{login}”: {what}.", f"Sẽ xóa “{found.name}”: {what}. Không lấy lại được. Để xóa, thêm --yes."
    value = {"account": found.account_id, "texts": found.texts, "messages": found.messages, "erased": found.done}
    show(value, as_json, done if found.done else asks)


@app.command("hand-over")
def hand_over(
    login: Annotated[str, typer.Argument(help="Sign-in name of who leaves.")],
    to: Annotated[str, typer.Option(help="Sign-in name of the successor.")],
    first_away: Annotated[str, typer.Option("--from", help="First day on which the person no longer works here, such as 2024-07-22.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do it; without this it only says what would move.")] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Hand over everything of a person to a successor: steps, places in units, unread notices, preferences. Old addresses and sessions die.

    Example: dondoc account hand-over loc-ninh --to loc-ninh-2 --from 2024-07-22 --yes
    """
    from engine.access import SYSTEM
    from services.hand_over import hand_over_by_login

    with application(data) as context:
        form = {"successor": to, "first_away": first_away}
        found = hand_over_by_login(context.db, SYSTEM, login, form, now=context.now(), confirmed=yes)
    what = f"{len(found.steps)} bước, {len(found.joins)} chỗ trong đơn vị, {found.unread} thông báo chưa đọc"
    done = f"Đã bàn giao của {found.name} cho {found.successor}: {what}. Tài khoản ngừng từ {found.first_away:%d/%m/%Y}."
    asks = f"Sẽ bàn giao của {found.name} cho {found.successor}: {what}. Để thực hiện, thêm --yes."
    show(asdict(found), as_json, done if found.done else asks)


@app.command("password")
def password(
    login: Annotated[str, typer.Argument(help="Sign-in name.")],
    new: Annotated[
        str, typer.Option("--password", prompt="Password", hide_input=True, confirmation_prompt=True, help="New password; asked for.")
    ],
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Give a person another password. Every session of theirs ends, and the journal says that it was done here.

    Example: dondoc account password loc-ninh
    """
    from services.passwords import set_password

    with application(data) as context:
        set_password(context.db, login, new, now=context.now())
    show({"login": login}, as_json, f"Đã đổi mật khẩu của {login}; mọi phiên đăng nhập đã kết thúc.")


@app.command("sign-out")
def sign_out(login: Annotated[str, typer.Argument(help="Sign-in name.")], data: Data = None, as_json: Json = False) -> None:
    """End every session of a person: a phone was lost, a password became known. They can sign in again.

    Example: dondoc account sign-out loc-ninh
    """
    from services.own_sign_ins import end_all

    with application(data) as context:
        ended = end_all(context.db, login)
    show({"ended": ended}, as_json, f"Đã kết thúc {ended} phiên của {login}.")


@app.command("second-factor-off")
def second_factor_off(login: Annotated[str, typer.Argument(help="Sign-in name.")], data: Data = None, as_json: Json = False) -> None:
    """Take the second factor off a person who lost telephone and paper. Every session of theirs ends, and the journal says so.

    Example: dondoc account second-factor-off loc-ninh
    """
    from engine.access import SYSTEM
    from services.accounts import id_of
    from services.second_factor_setup import take_off

    with application(data) as context:
        take_off(context.db, SYSTEM, id_of(context.db, login), now=context.now())
    show({"login": login, "second_factor": False}, as_json, f"Đã tắt xác thực hai lớp của {login}.")


for command in (invite, code, disable, enable, unlink):
    app.command()(command)


@units.command("list")
def list_units(data: Data = None, as_json: Json = False) -> None:
    """List the units with today's names.

    Example: dondoc unit list
    """
    from services.unit_list import units_on

    with application(data) as context:
        found = units_on(context.db, context.now().today)
    rows = [{"code": u.code, "official_code": u.official_code, "name": u.name} for u in found]
    show(rows, as_json, "\n".join(f"{r['code']:<24} {r['official_code']:<5} {r['name']}" for r in rows) or "Chưa có đơn vị.")


def _membership(text: str) -> Membership:
    """ "loc-ninh" or "loc-ninh:head"."""
    code, _, role = text.partition(":")
    if role and role not in ROLES:
        known = ", ".join(ROLES)
        raise Invalid(Text(f"Không có vai trò {role!r}: {known}.", f"There is no role {role!r}: {known}."), code="role", field="unit")
    return Membership(code, role or "officer")
