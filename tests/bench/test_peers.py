"""The other servers are pinned, and installed from the public registry only."""

import json

from bench.server import PEERS
from bench.servers import SERVERS


def test_every_version_is_exact() -> None:
    package = json.loads((PEERS / "package.json").read_text())
    versions = package["dependencies"] | package["optionalDependencies"]
    assert all(version.replace(".", "").isdigit() for version in versions.values())
    assert {server.package for server in SERVERS.values() if server.package} <= versions.keys()


def test_the_lock_names_no_other_registry() -> None:
    packages = json.loads((PEERS / "package-lock.json").read_text())["packages"]
    resolved = [entry["resolved"] for entry in packages.values() if "resolved" in entry]
    assert all(address.startswith("https://registry.npmjs.org/") for address in resolved)
    assert all("integrity" in entry for name, entry in packages.items() if name)
