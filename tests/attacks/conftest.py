"""The pages under attack: the same application, people and cases as the tests of pages."""

from tests.web.conftest import *  # noqa: F403  # fixtures are found by name
