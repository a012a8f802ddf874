"""Where a service should ever fail to see to what is legal, the database does."""

from typing import Final

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.choices import Role
from applications.services import answers, decisions, letters, offers, reviews, screening
from core.periods import today
from tests.factories import scene

STATEMENTS: Final = {
    "applications_application_state": "UPDATE applications_application SET state = 'nowhere'",
    "applications_decision_one_in_force": "UPDATE applications_decision SET superseded_at = NULL",
    "applications_letter_one_current": "UPDATE applications_letter SET state = 'draft'",
    "core_message_one_to_send": "UPDATE core_message SET state = 'to_send', (matter, \"to\")"
    " = ('x', 'y')",
    "applications_offer_one_open": "UPDATE applications_offer SET state = 'open'",
    "applications_offer_closed_holds_nothing": "UPDATE applications_offer SET state = 'cancelled'",
    "leaves its hold behind": "UPDATE applications_offer SET booking_id = NULL",
    "has its company": "UPDATE applications_application SET company_id = {company}",
    "leases_lease_application_id_key": "UPDATE leases_lease SET application_id = {application}",
    "tenants_company_ice": "UPDATE tenants_company SET ice = '001525713000072'",
    "applications_place_rank": "UPDATE applications_place SET rank = 1",
    "applications_review_once": "UPDATE applications_review SET application_id = {application}",
}


@pytest.mark.django_db
def test_the_database_refuses_it_too() -> None:
    """Two files each with everything, so that one statement makes two of what may be one."""
    site = scene.site("CAS")
    reader = scene.staff(Role.REVIEWER, site)
    files = [scene.application(site) for _number in range(2)]
    for file in files:
        screening.start_screening(application=file, acting_user=None)
        reviews.assign(application=file, reviewer=reader, due_on=today(), acting_user=None)
        screening.prepare_for_committee(application=file, acting_user=None)
        for _time in range(2):
            decisions.decide(application=file, outcome="admit", acting_user=None)
            decisions.revoke_decision(application=file, reason="x", acting_user=None)
        decisions.decide(application=file, outcome="admit", acting_user=None)
        for _time in range(2):
            letters.write_letter(application=file, acting_user=None)
        letters.approve_letter(letter=file.letters.current().get(), acting_user=None)
        for _time in range(2):
            offer = scene.offer(file, scene.office(site))
            offers.withdraw_offer(application=file, reason="x", acting_user=None)
        offer = scene.offer(file, scene.office(site))
        answers.accept_offer(offer=offer, acting_user=None)
    for _number in range(2):
        waiting_file = scene.decided(scene.application(site), "waitlist")
        decisions.publish(application=waiting_file, acting_user=None)
    given = {"company": scene.company().pk, "application": files[0].pk}
    for refusal, statement in STATEMENTS.items():
        with pytest.raises(DatabaseError, match=refusal), transaction.atomic():
            _said(statement.format(**given))


def _said(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
    connection.check_constraints()
