"""Files are shared out by knowledge and load, never to somebody who may not read them."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from applications.assignment import SLACK, Reader, Wanting, share_out

SECTORS = st.frozensets(st.sampled_from(["ict", "green", "media"]))
READERS = st.lists(
    st.builds(Reader, id=st.integers(1, 6), load=st.integers(0, 5), knows=SECTORS),
    unique_by=lambda reader: reader.id,
)
FILES = st.lists(
    st.builds(
        Wanting,
        id=st.integers(1, 40),
        sectors=SECTORS,
        able=st.frozensets(st.integers(1, 8)),
        wanted=st.integers(0, 3),
    ),
    max_size=12,
    unique_by=lambda file: file.id,
)


def test_who_knows_the_sector_reads_unless_much_busier() -> None:
    able = frozenset({1, 2})
    files = [Wanting(nr, frozenset({"ict"}), able, 1) for nr in (10, 11, 12, 13)]
    readers = [Reader(1, 0, frozenset()), Reader(2, 0, frozenset({"ict"}))]
    assert share_out(files, readers) == {10: (2,), 11: (2,), 12: (1,), 13: (2,)}


def test_the_file_with_the_least_choice_comes_first() -> None:
    files = [
        Wanting(1, frozenset(), frozenset({1, 2}), 1),
        Wanting(2, frozenset(), frozenset({1}), 2),
    ]
    readers = [Reader(1, 0, frozenset()), Reader(2, 1, frozenset())]
    assert share_out(files, readers) == {2: (1,), 1: (1,)}


@given(FILES, READERS)
def test_nobody_reads_what_they_may_not(files: list[Wanting], readers: list[Reader]) -> None:
    proposed = share_out(files, readers)
    known = {reader.id for reader in readers}
    assert proposed.keys() == {file.id for file in files}
    for file in files:
        chosen = proposed[file.id]
        able = file.able & known
        assert set(chosen) <= able
        assert len(chosen) == len(set(chosen)) == min(file.wanted, len(able))


@given(FILES, READERS, st.randoms())
def test_the_order_of_what_is_given_changes_nothing(
    files: list[Wanting], readers: list[Reader], random: object
) -> None:
    proposed = share_out(files, readers)
    files, readers = list(files), list(readers)
    random.shuffle(files)  # type: ignore[attr-defined]
    random.shuffle(readers)  # type: ignore[attr-defined]
    assert share_out(files, readers) == proposed


@given(READERS.filter(bool), st.integers(0, 20))
def test_loads_end_up_level_where_all_may_read_all(readers: list[Reader], count: int) -> None:
    able = frozenset(reader.id for reader in readers)
    files = [Wanting(nr, frozenset({"ict"}), able, 1) for nr in range(count)]
    given_out = Counter(
        reader for chosen in share_out(files, readers).values() for reader in chosen
    )
    loads = {reader.id: reader.load + given_out[reader.id] for reader in readers}
    for reader in given_out:
        # Whoever got a file has at most one more than the slack above the freest.
        assert loads[reader] <= min(loads.values()) + SLACK + 1
