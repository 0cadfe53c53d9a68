"""`dondoc account import`: accounts from a spreadsheet."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from cli.common import Data, Json, application, err, out, show


def import_(
    file: Annotated[Path, typer.Argument(help="Spreadsheet, XLSX or CSV; with --template the XLSX to write.")],
    template: Annotated[bool, typer.Option("--template", help="Write the template, with two rows for every unit, to FILE.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only check the spreadsheet.")] = False,
    invite: Annotated[bool, typer.Option("--invite", help="Invite everyone by mail; where there is none, print a one-time code.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Make the accounts of a whole office from a spreadsheet; every problem is listed with its cell, then nothing is written.

    Rows without a name are passed over, and so are accounts that are there: the same file may grow and come again.

    Example: dondoc account import nguoi-dung.xlsx --template

    Example: dondoc account import nguoi-dung.xlsx --dry-run

    Example: dondoc account import nguoi-dung.xlsx --invite
    """
    from engine.access import SYSTEM
    from services.import_accounts import account_template, import_accounts
    from wiring.mail import mail_leaves, sealing_site

    with application(data) as context:
        now = context.now()
        if template:
            file.write_bytes(account_template(context.db, now))
            show({"file": str(file)}, as_json, f"Đã ghi mẫu: {file}. Điền họ tên vào các dòng có người; dòng để trống họ tên được bỏ qua.")
            return
        site = sealing_site(context.settings) if invite and mail_leaves(context.settings, simulated=context.simulated) else None
        sheet = file.read_bytes()
        found = import_accounts(context.db, SYSTEM, sheet, now=now, site=site, invites=invite, keep=False)
        if not as_json:
            for problem in found.problems:
                err.print(f"{problem.place}: {problem.text.vi}", markup=False)
            out.print(f"{len(found.made)} tài khoản mới, {len(found.known)} đã có.", markup=False)
        keep = bool(found.made) and not dry_run and (yes or (not as_json and typer.confirm(f"Tạo {len(found.made)} tài khoản?")))
        if keep:
            found = import_accounts(context.db, SYSTEM, sheet, now=now, site=site, invites=invite, keep=True)
    problems = [{"cell": p.place, "vi": p.text.vi, "en": p.text.en} for p in found.problems]
    value = {"written": keep, "made": found.made, "known": found.known, "problems": problems, "invited": [asdict(i) for i in found.invited]}
    codes = "".join(f"\n{one.login:<24} {one.name:<32} {one.code}" for one in found.invited if one.code)
    shown = f"Đã tạo {len(found.made)} tài khoản.{f' Mã dùng một lần (nhập ở /password/code):{codes}' if codes else ''}"
    show(value, as_json, shown if keep else "Chưa ghi gì.")
    raise SystemExit(1 if found.problems else 0)
