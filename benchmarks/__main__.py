"""`python -m benchmarks [PART …]`: prepares the data once, then measures."""

import gc
import importlib
import os
import sys

PARTS = (
    "rest_list",
    "staff_pages",
    "applications",
    "file_pages",
    "rent_roll",
    "rent_runs",
    "invoice_pdfs",
    "ageing",
    "indicators",
)


def main(asked: list[str]) -> None:
    unknown = set(asked) - set(PARTS)
    if unknown:
        sys.exit(f"Unknown: {', '.join(sorted(unknown))}. Parts: {', '.join(PARTS)}.")
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    import benchmarks.settings  # noqa: F401, PLC0415  names the data before services start
    from technopark.embedded import hold  # noqa: PLC0415

    hold()
    import django  # noqa: PLC0415

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    from sites.models import Site  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    if not Site.objects.exists():
        call_command("load_demo")
    for part in asked or PARTS:
        module = importlib.import_module(f"benchmarks.{part}")
        gc.freeze()  # as a worker does with what it has loaded (technopark/celery.py)
        print(f"\n{part}: {(module.__doc__ or '').splitlines()[0]}")
        for line in module.lines():
            print(f"  {line}", flush=True)
    gc.unfreeze()  # DuckDB complains at the end of what is not let go of


if __name__ == "__main__":
    main(sys.argv[1:])
