"""The OpenAPI document: what every operation may answer besides its success."""

from drf_spectacular.openapi import AutoSchema


class Schema(AutoSchema):
    """drf-spectacular's, to be told our problems."""
