"""Refusals the API answers with; each names its HTTP status and Stripe's error type and code."""

from __future__ import annotations

from typing import Any


class ApiError(Exception):
    """A refusal a client can act on. Raised before anything is written, so refusing never needs a roll-back."""

    def __init__(
        self, *, status: int, code: str, message: str, param: str | None = None, type: str = "invalid_request_error"
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.param = param
        self.type = type

    def body(self) -> dict[str, Any]:
        """The JSON object Stripe's SDKs know how to turn into an exception."""
        error: dict[str, Any] = {"type": self.type, "code": self.code, "message": self.message}
        if self.param is not None:
            error["param"] = self.param
        return {"error": error}


def missing_resource(*, kind: str, id: str, param: str = "id", status: int = 404) -> ApiError:
    """404 for an id in the path, 400 for an id in a parameter, as Stripe answers."""
    return ApiError(status=status, code="resource_missing", message=f"No such {kind}: '{id}'", param=param)
