"""`manage.py send_test_mail EMAIL`: does mail leave this machine?"""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from core import messages
from core.models import MessageState


class Command(BaseCommand):
    help = "Sends one letter through the outbox and says what became of it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            validate_email(options["email"])
        except ValidationError as error:
            raise CommandError(f"{options['email']} is no e-mail address.") from error
        message = messages.queue(
            to=options["email"],
            subject="Technopark: test",
            body=f"This letter was sent from {settings.SITE_URL} to see that mail leaves.\n",
            language="en",
        )
        messages.send_due()
        message.refresh_from_db()
        if message.state != MessageState.SENT:
            raise CommandError(f"Not sent ({message.state}): {message.error}")
        way = settings.EMAIL_FILE_PATH or settings.EMAIL_BACKEND
        self.stdout.write(f"Sent to {message.to} through {way}.")
