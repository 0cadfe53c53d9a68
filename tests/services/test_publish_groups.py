"""Groups belong to the office: a second plan uses those that are there, and is refused where it means other units by the same code."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.access import SYSTEM
from engine.errors import Refused
from models.database import Database
from services.publish import publish
from tests.factories import ISSUED, at, festival


def test_a_second_plan_with_the_same_group_is_published(sqlite: Database):
    publish(sqlite, festival(3), now=at(ISSUED), actor=SYSTEM)
    assert publish(sqlite, replace(festival(3), number="2/KH-TEST"), now=at(ISSUED), actor=SYSTEM) == 2


def test_a_group_that_means_other_units_is_refused_and_nothing_is_written(sqlite: Database):
    publish(sqlite, festival(3), now=at(ISSUED), actor=SYSTEM)
    with pytest.raises(Refused) as refused:
        publish(sqlite, replace(festival(4), number="2/KH-TEST"), now=at(ISSUED), actor=SYSTEM)
    assert "cap-huyen" in refused.value.text.vi
    with sqlite.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM plan").scalar_one() == 1
        assert connection.exec_driver_sql("SELECT count(*) FROM unit WHERE code = 'huyen-04'").scalar_one() == 0
