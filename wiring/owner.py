"""Whose the data folder is: what root leaves in it, the service's user cannot write any more."""

from __future__ import annotations

import pwd
import sys
from pathlib import Path

from engine.definition import Text
from engine.errors import Unavailable


def refuse_root(data: Path, *, uid: int) -> None:
    """Raise `Unavailable` if the process of ``uid`` is root's and ``data`` belongs to another user of this machine, who is named then.

    An owner without a name here, such as a container sees one from outside, is nobody that root could become.
    """
    if uid != 0 or not data.exists() or (owner := data.stat().st_uid) == 0:
        return
    try:
        name = pwd.getpwuid(owner).pw_name
    except KeyError:
        return
    again = f"runuser -u {name} -- {Path(sys.executable).with_name('dondoc')} …"
    raise Unavailable(
        Text(
            f"Thư mục dữ liệu {data} là của {name}: root ghi vào đó thì {name} không ghi được nữa.",
            f"The data folder {data} belongs to {name}, who could not write what root leaves in it.",
        ),
        code="not-the-owner",
        hint=Text(f"Chạy lại dưới tên {name}: {again}", f"Run it as {name}: {again}"),
    )
