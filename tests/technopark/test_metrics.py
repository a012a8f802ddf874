"""`/metrics`: what Prometheus reads, and who may."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from django_celery_beat.models import IntervalSchedule, PeriodicTask
from pytest_django import DjangoAssertNumQueries

from core.messages import queue
from core.models import Message, MessageState
from core.periods import add_months, today
from indicators.models import Touched
from technopark.metrics.exposition import CONTENT_TYPE, Gauge, Sample, written
from tests.factories import scene, tenancies

TOKEN: Final = "a-token-of-the-scrapers-own"
_SAMPLE: Final = re.compile(
    r'[a-z_]+(?:\{[a-z]+="(?:[^"\\\n]|\\[\\"n])*"\})? -?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?)'
)


@pytest.fixture
def with_token(settings: Any) -> None:
    settings.METRICS_TOKEN = TOKEN


def scraped(client: Client) -> dict[str, str]:
    """Every sample's value; each gauge is told once, before its samples."""
    answer = client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
    assert (answer.status_code, answer["Content-Type"]) == (200, CONTENT_TYPE)
    assert "no-store" in answer["Cache-Control"]
    found: dict[str, str] = {}
    gauge = ""
    lines = answer.content.decode().splitlines(keepends=True)
    for line in lines:
        assert line.endswith("\n")
        if line.startswith("# HELP "):
            gauge = line.split()[2]
        elif line.startswith("# TYPE "):
            assert line == f"# TYPE {gauge} gauge\n"
        else:
            assert _SAMPLE.fullmatch(line.strip()), line
            name, value = line.rsplit(" ", 1)
            assert name.partition("{")[0] == gauge
            assert name not in found
            found[name] = value.strip()
    return found


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer wrong", f"Token {TOKEN}", f"Bearer {TOKEN}x", "Bearer \xe9"]
)
def test_only_the_token_opens_it(client: Client, with_token: None, header: str) -> None:
    answer = client.get("/metrics", headers={"authorization": header})
    assert (answer.status_code, answer.content) == (401, b"")
    assert answer["WWW-Authenticate"] == 'Bearer realm="metrics"'


def test_without_a_token_in_the_settings_it_is_not_there(client: Client, settings: Any) -> None:
    settings.METRICS_TOKEN = ""
    for header in ("", "Bearer", "Bearer "):
        assert client.get("/metrics", headers={"authorization": header}).status_code == 404


@pytest.mark.django_db
def test_what_waits_and_how_the_hubs_are_doing(client: Client, with_token: None) -> None:
    casa = scene.site("CAS")
    scene.site("RAB")
    scene.site("AGA", opened=add_months(today(), 6))
    tenancies.signed(casa, scene.office(casa), start=today())
    scene.office(casa)
    scene.application(casa, name="Argan Démo")
    for state, minutes in (("to_send", 5), ("uncertain", 60), ("failed", 60)):
        letter = queue(to="a@example.org", subject="A", body="A", language="fr", matter=state)
        due = timezone.now() - timedelta(minutes=minutes)
        Message.objects.filter(pk=letter.pk).update(state=state, due_at=due)
    every = IntervalSchedule.objects.create(every=60, period=IntervalSchedule.SECONDS)
    sent = timezone.now()
    PeriodicTask.objects.create(name="send messages", interval=every, task="t", last_run_at=sent)
    PeriodicTask.objects.create(name="never", interval=every, task="t")
    found = scraped(client)
    waiting = Message.objects.filter(state=MessageState.TO_SEND)
    letters = {
        state: found[f'technopark_letters{{state="{state}"}}']
        for state in MessageState.values
        if state not in ("sent", "superseded")
    }
    assert letters == {
        "to_send": str(waiting.count()),
        "sending": "0",
        "uncertain": "1",
        "failed": "1",
    }
    assert 300 <= float(found["technopark_letters_overdue_seconds"]) < 400
    assert found['technopark_webhook_deliveries{state="to_send"}'] == "0"
    assert found["technopark_webhook_deliveries_overdue_seconds"] == "0.0"
    assert found["technopark_documents_to_scan"] == "0"
    assert found['technopark_rent_runs{state="paused"}'] == "0"
    assert found["technopark_snapshot_news"] == str(Touched.objects.count())
    assert 0 < float(found["technopark_snapshot_news_seconds"]) < 300
    assert found["technopark_snapshot_figures_to_compute"] == "0"
    assert found["technopark_snapshot_alarms"] == "0"
    jobs = [name for name in found if name.startswith("technopark_job_")]
    assert jobs == ['technopark_job_sent_timestamp_seconds{job="send messages"}']
    assert float(found[jobs[0]]) == pytest.approx(sent.timestamp())
    assert {name: Decimal(value) for name, value in found.items() if "site=" in name} == {
        'technopark_hosted_companies{site="network"}': 1,
        'technopark_hosted_companies{site="CAS"}': 1,
        'technopark_hosted_companies{site="RAB"}': 0,
        'technopark_occupancy_ratio{site="network"}': Decimal("0.5"),
        'technopark_occupancy_ratio{site="CAS"}': Decimal("0.5"),
        'technopark_turnover_ratio{site="network"}': Decimal(365),
        'technopark_turnover_ratio{site="CAS"}': Decimal(365),
        'technopark_contracted_rent_dirhams{site="network"}': Decimal(2000),
        'technopark_contracted_rent_dirhams{site="CAS"}': Decimal(2000),
        'technopark_contracted_rent_dirhams{site="RAB"}': 0,
        'technopark_arrears_dirhams{site="network"}': 0,
        'technopark_arrears_dirhams{site="CAS"}': 0,
        'technopark_arrears_dirhams{site="RAB"}': 0,
        'technopark_open_applications{site="network"}': 1,
        'technopark_open_applications{site="CAS"}': 1,
        'technopark_open_applications{site="RAB"}': 0,
    }


@pytest.mark.django_db
@pytest.mark.parametrize("sites", [1, 6])
def test_the_same_queries_for_one_site_and_for_many(
    client: Client,
    with_token: None,
    sites: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    """Figures that were just computed are not computed again."""
    for number in range(sites):
        scene.application(scene.site(f"S{number}"))
    cache.clear()
    for count in (23, 8):
        with django_assert_num_queries(count):
            scraped(client)


def test_labels_are_escaped_and_an_empty_gauge_is_left_out() -> None:
    samples: list[Any] = [Sample(1, {"job": 'a "b"\n\\c'}), Sample(Decimal("0.50")), Sample(2.5)]
    assert written([Gauge("some", "Some.", samples), Gauge("none", "None.", [])]) == (
        "# HELP some Some.\n# TYPE some gauge\n"
        'some{job="a \\"b\\"\\n\\\\c"} 1\nsome 0.50\nsome 2.5\n'
    )
