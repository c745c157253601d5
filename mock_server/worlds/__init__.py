"""Worlds: workspaces that are made, copied, put back and removed while the server runs."""
