"""What the models must keep to, whatever is added to them."""

import configparser

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import Field, Model

from accounts.rights import MODELS
from technopark.embedded.paths import ROOT

# Insert-only, or rewritten by the machine: their rows are their own history.
WITHOUT_HISTORY = {
    "applications.digest",
    "applications.placemove",
    "applications.reading",
    "applications.remark",
    "applications.revision",
    "applications.searchentry",
    "applications.transition",
    "billing.account",
    "billing.allocation",
    "billing.bankstatement",
    "billing.billedperiod",
    "billing.chequestep",
    "billing.dunningletter",
    "billing.dunningletterline",
    "billing.exportedpiece",
    "billing.invoice",
    "billing.invoiceline",
    "billing.invoicepaper",
    "billing.journalexport",
    "billing.payment",
    "billing.receipt",
    "billing.refund",
    "billing.runitem",
    "billing.settled",
    "billing.vatreturn",
    "core.counter",
    "core.erasure",
    "core.message",
    "indicators.report",
    "indicators.snapshot",
    "indicators.snapshotalarm",
    "indicators.snapshotrun",
    "indicators.touched",
    "leases.depositentry",
    "leases.leasedocument",
    "leases.leaseversion",
    "leases.signedcopy",
    "sites.idempotentreply",
    "sites.webhookattempt",
    "sites.webhookdelivery",
    "tenants.declaration",
}


def _layers() -> list[str]:
    config = configparser.ConfigParser()
    config.read(ROOT / ".importlinter", encoding="utf-8")
    return config["importlinter:contract:apps"]["layers"].split()


def _ours() -> list[str]:
    return [app.label for app in apps.get_app_configs() if app.label in _layers()]


def _table(model: type[Model]) -> type[Model]:
    """What a proxy stands for; any other model is its own."""
    return model._meta.concrete_model or model


def _is_link(model: type[Model]) -> bool:
    """A many-to-many table, or the proxy of one that is there for its history."""
    return bool(_table(model)._meta.auto_created)


def test_every_app_of_ours_has_its_place_in_the_order() -> None:
    assert sorted([*settings.OUR_APPS, "technopark"]) == sorted(_layers())


def test_relations_obey_the_import_order_however_they_are_written() -> None:
    """`ForeignKey("leases.Lease")` would hide from import-linter."""
    height = {label: -index for index, label in enumerate(_layers())}
    upwards = [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for model in apps.get_models()
        if model._meta.app_label in height
        for field in model._meta.get_fields(include_hidden=True)
        if isinstance(field, Field)
        and field.related_model is not None
        and not isinstance(field.related_model, str)
        and field.related_model._meta.app_label in height
        and height[field.related_model._meta.app_label] > height[model._meta.app_label]
    ]
    assert upwards == []


def test_django_sites_is_not_installed() -> None:
    """Its label is ours."""
    assert "django.contrib.sites" not in settings.INSTALLED_APPS
    assert apps.get_app_config("sites").name == "sites"


def test_every_model_has_a_row_in_the_table_of_rights() -> None:
    listed = {label for labels in MODELS.values() for label in labels}
    models = {
        model._meta.label_lower
        for label in _ours()
        for model in apps.get_app_config(label).get_models()
        if not hasattr(model, "pgh_tracked_model") and not _is_link(model)
    }
    assert models - listed == set()


def test_every_model_has_a_history_or_a_reason_to_have_none() -> None:
    tracked, plain = set(), set()
    for label in _ours():
        for model in apps.get_app_config(label).get_models(include_auto_created=True):
            followed = getattr(model, "pgh_tracked_model", None)
            if followed is not None:
                tracked.add(_table(followed)._meta.label_lower)
            else:
                plain.add(_table(model)._meta.label_lower)
    assert plain - tracked == WITHOUT_HISTORY


# The same in every language.
NAMES_OF_IDENTIFIERS = {"ICE", "IF", "RC", "TP", "CNSS", "RIB", "Message-ID", "SHA-256"}


@pytest.mark.parametrize("label", settings.OUR_APPS)
def test_every_model_and_field_has_a_name_for_people(label: str) -> None:
    """A name that was left to Django is the English field name, untranslated."""
    nameless = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_app_config(label).get_models()
        if not hasattr(model, "pgh_tracked_model")
        for field in (*model._meta.local_fields, *model._meta.local_many_to_many)
        if field.editable
        and not field.primary_key
        and isinstance(field.verbose_name, str)
        and field.verbose_name not in NAMES_OF_IDENTIFIERS
    ]
    assert nameless == []
