"""Gateway responses, for an emulator that drops those of the API's definition."""

from collections.abc import Mapping
from typing import Any

Response = dict[str, Any]


def complete_gateway_responses(
    gateway: Any, document: Mapping[str, Any], rest_api_id: str
) -> list[str]:
    """Set those of the template that the API lacks and deploy it again; which ones these were."""
    present = gateway.get_gateway_responses(restApiId=rest_api_id, limit=500)["items"]
    there = {item["responseType"]: _comparable(item) for item in present}
    wanted = declared(document)
    lacking = [kind for kind, response in wanted.items() if there.get(kind) != response]
    for kind in lacking:
        given = {name: value for name, value in wanted[kind].items() if value}
        gateway.put_gateway_response(restApiId=rest_api_id, responseType=kind, **given)
    if lacking:
        stage = document["Resources"]["RestAPI"]["Properties"]["StageName"]
        gateway.create_deployment(restApiId=rest_api_id, stageName=stage)
    return lacking


def declared(document: Mapping[str, Any]) -> dict[str, Response]:
    """The gateway responses of a SAM template, in the words of API Gateway."""
    responses = document["Resources"]["RestAPI"]["Properties"].get("GatewayResponses", {})
    return {kind: _translated(response) for kind, response in responses.items()}


def _translated(response: Mapping[str, Any]) -> Response:
    headers = response.get("ResponseParameters", {}).get("Headers", {})
    return {
        "statusCode": str(response["StatusCode"]) if "StatusCode" in response else None,
        "responseParameters": {
            f"gatewayresponse.header.{name}": value for name, value in headers.items()
        },
        "responseTemplates": dict(response.get("ResponseTemplates", {})),
    }


def _comparable(item: Mapping[str, Any]) -> Response:
    return {
        "statusCode": item.get("statusCode"),
        "responseParameters": dict(item.get("responseParameters", {})),
        "responseTemplates": dict(item.get("responseTemplates", {})),
    }
