import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from accounts.choices import Role
from applications.models import TaskTemplate
from applications.services import screening, transfers, tasks
from applications.services.conversation import say
from applications.services.requests import answer_request
from tests.factories import doors, scene

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

def test_shots(page, live_server):
    site = scene.site("CAS")
    officer = scene.staff(Role.DIRECTOR)
    for title in ("Le projet relève d'un secteur hébergé", "Équipe connue"):
        TaskTemplate.objects.create(list="screening", title_fr=title, title_ar="المشروع ضمن القطاعات", days=3)
    file = scene.application(site, name="Argan Démo Tech", project="Un capteur bleu pour l'irrigation des coopératives. " * 30, team="Deux associés.")
    scene.application(site, name="Argan Démo Techno")
    screening.start_screening(application=file, acting_user=officer)
    scene.asked(file, ["project", "team", "team_size"])
    answer_request(application=file, changes={"project": "Un capteur rouge pour l'irrigation des coopératives. " * 30, "team": "Deux associés et une stagiaire."}, acting_user=None)
    tasks.complete_task(task=file.tasks.first(), note="Vu.", acting_user=officer)
    say(application=file, body="Merci de rappeler demain.", visibility="staff", acting_user=officer)
    transfers.ask_transfer(application=file, target=scene.site("TNG"), reason="Un bureau y est libre.", acting_user=officer)
    client = doors.signed_in(officer)
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies[list(client.cookies)[0]].value, "url": live_server.url}])
    from django.conf import settings
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value, "url": live_server.url}])
    address = f"{live_server.url}/staff/applications/application/{file.pk}/change/"
    for width, lang in ((1280, "en"), (360, "ar")):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{address}?lang={lang}")
        page.evaluate("document.querySelectorAll('.file-answers details').forEach((d, i) => d.open = i < 3)")
        print(width, page.evaluate("document.documentElement.scrollWidth"), page.url)
        page.screenshot(path=f"/tmp/b3/shot_{lang}.png", full_page=True)
    page.keyboard.press("?")
    print(page.locator(".file-keys").count())
    page.keyboard.press("n")
    print(page.url)
