"""The public directory of hosted companies that agreed to be listed."""

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.periods import today
from leases.models import Lease
from leases.selectors.hosting import hosting_lettings, listed_companies
from sites.selectors import public_sites
from tenants.models import Sector
from tenants.names import name_key

PER_PAGE = 30


@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    """Search by name, narrow by site and sector; only what companies agreed to show."""
    day = today()
    asked = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    sites = public_sites(day)
    site = next((s.code for s in sites if s.code == request.GET.get("site")), "")
    sectors = list(Sector.objects.all())
    sector = next((s for s in sectors if s.code == request.GET.get("sector")), None)
    companies = listed_companies(day, site_code=site)
    if asked:
        companies = companies.filter(name_key__contains=name_key(asked))
    if sector:
        companies = companies.filter(sectors=sector)
    here = Lease.objects.filter(lettings__in=hosting_lettings(day)).select_related("site")
    page = Paginator(
        companies.defer("phone")
        .prefetch_related(
            "sectors", "technologies", Prefetch("leases", queryset=here.distinct(), to_attr="here")
        )
        .order_by("name_key", "id"),
        PER_PAGE,
    ).get_page(request.GET.get("page"))
    for company in page:
        places = {lease.site.name: None for lease in company.here}  # type: ignore[attr-defined]
        company.site_names = list(places)  # type: ignore[attr-defined]
    context = {
        "page": page,
        "asked": asked,
        "sites": sites,
        "site": site,
        "sectors": sectors,
        "sector": sector,
    }
    return render(request, "leases/directory.html", context)
