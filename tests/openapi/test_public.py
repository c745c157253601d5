"""What the package offers: a change here is a change for everybody who imports it."""

import openapi


def test_public_surface() -> None:
    assert openapi.__all__ == [
        "Document",
        "Operation",
        "Parameter",
        "Rule",
        "load_app_api",
        "load_mock_control",
        "load_rules",
    ]


def test_public_names_are_there_and_described() -> None:
    for name in openapi.__all__:
        assert getattr(openapi, name).__doc__, name
