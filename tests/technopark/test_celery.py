"""Every program's threads wake the worker through our app, not through Celery's default one."""

from concurrent.futures import ThreadPoolExecutor

from celery import current_app


def test_the_current_app_is_ours_in_every_thread() -> None:
    with ThreadPoolExecutor(1) as threads:
        names = [current_app.main, threads.submit(lambda: current_app.main).result()]
    assert names == ["technopark", "technopark"]
