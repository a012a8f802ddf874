from django.apps import AppConfig


class TechnoparkConfig(AppConfig):
    name = "technopark"

    def ready(self) -> None:
        # Makes ours the current Celery app: without it, whoever wakes a worker asks a broker
        # that is not there.
        import technopark.celery  # noqa: F401
