"""The conformance tests: whether a server keeps the contract."""
