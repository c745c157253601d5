"""Defects of what the server publishes about itself (DOC-01, DOC-02)."""

from mock_server.defects.defect import defect
from mock_server.defects.server import Server
from mock_server.defects.wire import Answer, Request


@defect("DOC-01", "The OpenAPI document comes in the envelope.")
async def document_in_the_envelope(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    return answer.granted(200, answer.json) if answer.ok and request.calls("getOpenApiDocument") else answer


@defect("DOC-01", "The OpenAPI document needs a credential.", also=("ENV-03",))
async def document_needs_a_credential(server: Server, request: Request) -> Answer:
    answer = await server.ask(request)
    if request.calls("getOpenApiDocument") and await server.caller(request) is None:
        return answer.refused(401)
    return answer


@defect("DOC-02", "There is no explorer.")
async def explorer_missing(server: Server, request: Request) -> Answer:
    if request.path.startswith("/api/docs"):
        return await server.ask(request.to("GET", "/no-such-path"))
    return await server.ask(request)
