"""Whether this process can work: for load balancers and the supervisor. Says nothing of anybody."""

from typing import Any

from django.db import DatabaseError, connection
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers, status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView


class Health(serializers.Serializer[Any]):
    """`database` is true when it answered."""

    database = serializers.BooleanField()


class HealthView(APIView):
    """200 when the database answers, else 503."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="health_retrieve",
        tags=["health"],
        summary="Tình trạng hệ thống",
        responses={200: Health, 503: Health},
        auth=[],
        examples=[
            OpenApiExample("Hoạt động", value={"database": True}, response_only=True, status_codes=["200"]),
            OpenApiExample(
                "Cơ sở dữ liệu không trả lời", value={"database": False}, response_only=True, status_codes=["503"]
            ),
        ],
    )
    def get(self, request: Request) -> Response:
        """Ask the database for nothing."""
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        except DatabaseError:
            return Response({"database": False}, status=status.HTTP_503_SERVICE_UNAVAILABLE)
        return Response({"database": True})
