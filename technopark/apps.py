from django.apps import AppConfig


class TechnoparkConfig(AppConfig):
    name = "technopark"

    def ready(self) -> None:
        # Whoever commits wakes the worker through this app, in every thread of every program.
        from technopark.celery import app

        app.set_default()
