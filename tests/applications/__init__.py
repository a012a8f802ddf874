import pytest

# So that what it asserts says why it does not hold, as in a test's own file.
pytest.register_assert_rewrite("tests.applications.legality")
