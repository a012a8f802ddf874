"""`manage.py load_demo [--if-empty]`: the demo's network, people and 25 years."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.models import User
from core.database import count_rows
from core.jobs import wake_on_commit
from core.periods import today
from indicators.services.touching import COMPUTE_TASK
from sites.management.commands.load_network import DEFAULT
from sites.models import Site
from sites.services.network import load_network
from technopark.demo.aims import set_aims
from technopark.demo.life import live
from technopark.demo.loading import Loader
from technopark.demo.people import create_people
from technopark.demo.reports import report
from technopark.demo.story import tell


class Command(BaseCommand):
    help = "Loads the demo into an empty database on the embedded services."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="say nothing when it is not")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.EMBEDDED_DATABASE:
            raise CommandError("The demo is loaded on the embedded database only.")
        if Site.objects.exists() or User.objects.exists():
            if options["if_empty"]:
                return
            raise CommandError("The database is not empty: nothing was loaded.")
        with transaction.atomic():
            load_network(path=DEFAULT, acting_user=None)
            create_people()
            Loader(tell(today()), today()).load()
            count_rows()
            live()
            set_aims()
            report()
            wake_on_commit(COMPUTE_TASK)
        self.stdout.write("The demo is loaded.")
