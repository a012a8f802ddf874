"""What people call the indicators, their formulas and their parts."""

from typing import Final

from django.utils.translation import gettext_lazy as _

NAMES: Final = {
    "hosted": _("Hosted companies"),
    "ever_hosted": _("Companies ever hosted"),
    "occupancy_area": _("Occupancy by area"),
    "occupancy_unit": _("Occupancy by unit"),
    "occupancy_company": _("Occupancy by company"),
    "entries": _("Entries"),
    "exits": _("Exits"),
    "turnover": _("Turnover"),
    "departure_rate": _("Departure rate"),
}

FORMULAS: Final = {
    "hosted": _("distinct companies with a letting that counts, on the day"),
    "ever_hosted": _("distinct companies hosted on any day up to the day"),
    "occupancy_area": _("let m² ÷ lettable m² in service, on the day"),
    "occupancy_unit": _("let units ÷ lettable units in service (offices; desks apart)"),
    "occupancy_company": _("hosted companies ÷ capacity in force, sites open on the day"),
    "entries": _("residencies that started in the 12 months up to the day"),
    "exits": _("residencies that ended in the 12 months up to the day"),
    "turnover": _("entries in the 12 months up to the day ÷ average hosted in those months"),
    "departure_rate": _("exits in the 12 months up to the day ÷ average hosted in those months"),
}

PARTS: Final = {
    "hosted_companies": _("hosted companies"),
    "companies_ever_hosted": _("companies ever hosted"),
    "let_centi_m2": _("let area"),
    "centi_m2_in_service": _("area in service"),
    "let_units": _("let units"),
    "units_in_service": _("units in service"),
    "presences_at_open_sites": _("hosted companies, site by site"),
    "capacity_of_open_sites": _("places for companies"),
    "residencies_started": _("entries"),
    "residencies_ended": _("exits"),
    "average_hosted": _("average hosted"),
}

BESIDE: Final = {
    "others": _("not counted: coworking, domiciliation, support"),
    "overlap": _("counted once though present at several sites"),
    "out_of_service_m2": _("area out of service"),
    "lettings_without_area": _("lettings without a measured area"),
    "out_of_service": _("units out of service"),
    "desks_let": _("desks let"),
    "desks": _("desks in service"),
    "open_sites": _("open sites"),
    "sites_without_capacity": _("open sites without a capacity"),
    "new": _("of which for the first time"),
    "returning": _("of which returning"),
    "bridged": _("gaps bridged"),
    "gap_days": _("gaps bridged up to, in days"),
    "company_days": _("days of the hosted companies, added up"),
    "other_company_days": _("days of the others, added up"),
    "days": _("days counted over"),
}
"""What is printed beside a figure, by its code."""
