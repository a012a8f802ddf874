"""`/metrics`, for Prometheus, behind a token of its own."""

from hmac import compare_digest

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from technopark.metrics import hubs, jobs, snapshots, traffic
from technopark.metrics.exposition import CONTENT_TYPE, written


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """404 where no token is set, 401 without it."""
    if not settings.METRICS_TOKEN:
        raise Http404
    kind, _space, given = request.headers.get("Authorization", "").partition(" ")
    known = compare_digest(given.encode(), settings.METRICS_TOKEN.encode())
    if kind.lower() != "bearer" or not known:
        return HttpResponse(status=401, headers={"WWW-Authenticate": 'Bearer realm="metrics"'})
    found = (*jobs.gauges(), *snapshots.gauges(), *hubs.gauges(), *traffic.counters())
    return HttpResponse(written(found), content_type=CONTENT_TYPE)
