"""The suite is a plugin and its tests; this makes the plugin known where pytest is called by itself."""

pytest_plugins = ["contract_tests.plugin"]
