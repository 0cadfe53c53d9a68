"""A small sound pack, and places to write changed ones to."""

from pathlib import Path

FILES = {
    "plan.yaml": """plan:
  number: 1/KH-UBND
  title: Kế hoạch thử
  issuer: UBND tỉnh
  issued_on: 01/03/2023
  from: 01/03/2023
  to: 31/12/2024
  standing_agency: co-quan
  steering_committee: ban
  authority: ubnd
""",
    "units.yaml": """units:
  - {code: ubnd, name: UBND tỉnh}
  - {code: ban, parent: ubnd, name: Ban Chỉ đạo}
  - {code: co-quan, parent: ubnd, name: Cơ quan thường trực}
  - {code: loc-ninh, parent: ubnd, name: UBND huyện Lộc Ninh, short: Lộc Ninh}
  - {code: bu-dop, parent: ubnd, name: UBND huyện Bù Đốp, short: Bù Đốp}
groups:
  - code: cap-huyen
    title: Cấp huyện
    units: [loc-ninh, bu-dop]
""",
    "key-tasks/nv1.yaml": """key_tasks:
  - code: NV1
    title: Nhiệm vụ một
    source: Nguyên văn.
    lead: co-quan
    workflows:
      - code: hang-nam
        every: year
        steps:
          - code: ke-hoach
            title: Ban hành kế hoạch
            lead: co-quan
            due: 31/03
          - code: bao-cao
            title: Báo cáo
            for_each: cap-huyen
            after: [ke-hoach]
            due: 30/09
""",
}


def write_pack(folder: Path, changes: dict[str, str] | None = None) -> Path:
    """The sound pack in ``folder``, with the files of ``changes`` in place of its own."""
    for name, text in {**FILES, **(changes or {})}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def changed(name: str, old: str, new: str) -> dict[str, str]:
    """The file ``name`` of the sound pack with ``old``, which stands there once, replaced."""
    assert FILES[name].count(old) == 1
    return {name: FILES[name].replace(old, new)}
