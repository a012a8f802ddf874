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
from technopark.embedded.paths import redis_url
from technopark.metrics import traffic
from technopark.metrics.exposition import CONTENT_TYPE, Metric, Sample, written
from tests.factories import scene, tenancies

TOKEN: Final = "a-token-of-the-scrapers-own"
_SAMPLE: Final = re.compile(
    r'[a-z_]+(?:\{(?:,?[a-z]+="(?:[^"\\\n]|\\[\\"n])*")+\})? -?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?)'
)


@pytest.fixture
def with_token(settings: Any) -> None:
    settings.METRICS_TOKEN = TOKEN
    settings.COUNTERS_URL = redis_url(db=9)
    traffic.connected.cache_clear()
    traffic.connected().flushdb()


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
            kind = "counter" if gauge.endswith("_total") else "gauge"
            assert line == f"# TYPE {gauge} {kind}\n"
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
    for count in (27, 8):
        with django_assert_num_queries(count):
            scraped(client)


@pytest.mark.django_db
def test_requests_are_counted_by_route_method_and_status_whichever_process_answers(
    client: Client, with_token: None
) -> None:
    for one in (client, Client()):
        assert one.get("/health/").status_code == 200
    assert client.post("/health/").status_code == 405
    assert client.get("/nowhere").status_code == 404
    assert client.generic("PROPFIND", "/health/").status_code == 405
    kept = {name: value for name, value in scraped(client).items() if "route=" in name}
    counts = {
        'route="health",method="GET",status="2xx"': "2",
        'route="health",method="POST",status="4xx"': "1",
        'route="health",method="other",status="4xx"': "1",
        'route="none",method="GET",status="4xx"': "1",
    }
    seconds = {name: kept.pop(f"technopark_request_seconds_total{{{name}}}") for name in counts}
    assert all(0 < float(spent) < 60 for spent in seconds.values())
    assert kept == {f"technopark_requests_total{{{name}}}": count for name, count in counts.items()}


@pytest.mark.django_db
def test_without_redis_requests_are_answered_and_not_counted(
    client: Client, with_token: None, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """After the first nobody asks it again for a while."""
    settings.COUNTERS_URL = "unix:///nowhere/redis.sock"
    traffic.connected.cache_clear()
    for _each in range(3):
        assert client.get("/health/").status_code == 200
    assert [record.message.partition(":")[0] for record in caplog.records] == [
        "Redis does not answer"
    ]
    assert not any("route=" in name for name in scraped(client))


def test_labels_are_escaped_and_an_empty_gauge_is_left_out() -> None:
    samples: list[Any] = [Sample(1, {"job": 'a "b"\n\\c'}), Sample(Decimal("0.50")), Sample(2.5)]
    assert written([Metric("some", "Some.", samples), Metric("none", "None.", [])]) == (
        "# HELP some Some.\n# TYPE some gauge\n"
        'some{job="a \\"b\\"\\n\\\\c"} 1\nsome 0.50\nsome 2.5\n'
    )
