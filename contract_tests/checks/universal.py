"""What holds of every answer, whoever asked for what: the envelope, the error, the document."""

import re
from typing import Any

import httpx
import orjson

from contract_tests.outcomes import Broken, Finding, brief
from openapi import Document, Operation

_REQUEST_ID = re.compile(r"req_[!-~]{1,124}")
_ERROR_MEMBERS = ["error", "message", "requestId", "success"]


class Universal:
    """Checks answers one by one; remembers the request ids of a run."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._seen: set[str] = set()

    def forget(self) -> None:
        """Begin anew, with a server that does."""
        self._seen.clear()

    def check(self, operation: Operation | None, response: httpx.Response) -> Any:
        """The body of an answer that keeps ENV-01 to ENV-03 and ERR-01 to ERR-05 and ERR-10. Raises Broken."""
        name = operation.operation_id if operation else None

        def broken(rule: str, expected: str, actual: Any) -> Broken:
            return Broken(Finding(rule, name, expected, brief(actual)))

        status = response.status_code
        if status >= 500:
            raise broken("ERR-10", "a status below 500", f"{status}: {response.text}")
        if response.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            raise broken("ENV-02", "the content type application/json", response.headers.get("content-type", "none"))
        try:
            body = orjson.loads(response.content)
        except orjson.JSONDecodeError as error:
            raise broken("ENV-02", "a body of JSON", f"{error}: {response.text}") from None
        if response.is_success:
            if operation is None or operation.enveloped:
                self._success(body, broken)
        else:
            self._failure(body, response, broken)
        self._request_id(response, broken)
        if operation is not None:
            self._described(operation, status, body, broken)
        return body

    @staticmethod
    def _success(body: Any, broken: Any) -> None:
        if not isinstance(body, dict) or body.get("success") is not True or "data" not in body:
            raise broken("ENV-01", "{success: true, data}", body)

    @staticmethod
    def _failure(body: Any, response: httpx.Response, broken: Any) -> None:
        if not isinstance(body, dict) or body.get("success") is not False:
            raise broken("ERR-01", "success: false in an answer outside 2xx", body)
        if sorted(body) != _ERROR_MEMBERS:
            raise broken("ERR-02", "exactly the members success, error, message and requestId", sorted(body))
        texts = [body[name] for name in ("error", "message", "requestId")]
        if not all(isinstance(text, str) and text for text in texts):
            raise broken("ERR-02", "error, message and requestId to be non-empty strings", body)
        if not _REQUEST_ID.fullmatch(body["requestId"]):
            raise broken("ERR-03", "a requestId that begins with req_", body["requestId"])
        if response.headers.get("x-request-id") != body["requestId"]:
            raise broken("ERR-04", "X-Request-Id equal to requestId", response.headers.get("x-request-id"))
        if response.status_code == 400 and body["error"] != "Validation failed":
            raise broken("ERR-05", 'the title "Validation failed"', body["error"])

    def _request_id(self, response: httpx.Response, broken: Any) -> None:
        given = response.headers.get("x-request-id")
        if given is None:
            raise broken("ERR-04", "a header X-Request-Id", "none")
        if given in self._seen:
            raise broken("ERR-03", "a request id that no other answer had", given)
        self._seen.add(given)

    def _described(self, operation: Operation, status: int, body: Any, broken: Any) -> None:
        at = operation.responses.get(str(status))
        if at is None:
            if status == 405:
                return
            rule = "ENV-06" if 200 <= status < 300 else "ENV-03"
            raise broken(rule, f"a status among {', '.join(operation.responses)}", status)
        pointer = f"{at}/content/application~1json/schema"
        node = self._document.at(pointer)
        validator = self._document.validator(node["$ref"] if set(node) == {"$ref"} else pointer)
        if error := next(validator.iter_errors(body), None):
            place = "/" + "/".join(str(step) for step in error.instance_path)
            rule = "ENV-05" if error.kind.name == "pattern" and str(error.instance)[4:5] == "-" else "ENV-03"
            rule = "ENV-04" if error.kind.name == "required" and place.startswith("/data") else rule
            raise broken(rule, f"an answer as the document describes it at {place}", error.message)
