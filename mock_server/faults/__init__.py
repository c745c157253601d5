"""Failures on purpose: what goes wrong between a client and production, for those who must cope with it."""
