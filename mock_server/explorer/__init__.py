"""The Swagger explorer at `/api/docs`: from local files, with whom to act as."""

from mock_server.explorer.app import PATH, Persona, explorer

__all__ = ["PATH", "Persona", "explorer"]
