"""What was typed into the search box, as PostgreSQL is asked for it."""

from functools import reduce
from operator import and_, or_

from django.contrib.postgres.search import SearchQuery, SearchQueryCombinable

from applications.folding import Term, asked


def search_query(text: str) -> SearchQueryCombinable | None:
    """None: there is no word in it."""
    alternatives = [_all_of(terms) for terms in asked(text)]
    return reduce(or_, alternatives) if alternatives else None


def _all_of(terms: list[Term]) -> SearchQueryCombinable:
    return reduce(and_, map(_term, terms))


def _term(term: Term) -> SearchQueryCombinable:
    line = " ".join(term.words)
    config = "arabic" if term.arabic else "french"
    found = SearchQuery(line, config=config, search_type="phrase")
    if term.unfinished:
        # Only words of letters and digits: nothing that the raw syntax would take for its own.
        beginning = " <-> ".join(term.words) + ":*"
        found |= SearchQuery(beginning, config="simple", search_type="raw")
    return ~found if term.excluded else found
