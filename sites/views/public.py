"""What everybody may see: the network, and one site with its free space."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from core.periods import today
from sites.choices import TenantKind
from sites.models import Site
from sites.selectors import free_lots, free_spaces, plans_in_force, public_sites, site_cards


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The network: every site with what is free there."""
    cards = site_cards(today())
    return render(request, "sites/home.html", {"cards": cards})


@require_safe
def site_page(request: HttpRequest, code: str) -> HttpResponse:
    """One site: where it is, what it costs, what is free."""
    day = today()
    site = get_object_or_404(
        Site.objects.select_related("lessor"), code=code, pk__in=[s.pk for s in public_sites(day)]
    )
    plans = plans_in_force(day)
    offered = [
        {"plan": plan, "steps": list(plan.steps.all())}
        for kind in TenantKind
        if (plan := plans.get((site.pk, kind))) is not None
    ]
    context = {
        "site": site,
        "is_open": site.opened_on is not None and site.opened_on <= day,
        "lots": free_lots(free_spaces(day, site_id=site.pk)),
        "offered": offered,
    }
    return render(request, "sites/site.html", context)
