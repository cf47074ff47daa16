"""What a deployed function was given."""

from infra.deploy.cloud import Cloud


def environment(cloud: Cloud, function_name: str) -> dict[str, str]:
    """The environment variables of a deployed function."""
    found = cloud.client("lambda").get_function_configuration(FunctionName=function_name)
    variables: dict[str, str] = found.get("Environment", {}).get("Variables", {})
    return dict(variables)
