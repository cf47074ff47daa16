"""What Lambent wants of LocalStack; docker-compose.localstack.yml says the same."""

VERSION = "4.14.0"
"""The last release that wants no account."""
IMAGE = f"localstack/localstack:{VERSION}"
SERVICES = (
    "apigateway",
    "cloudformation",
    "dynamodb",
    "events",
    "iam",
    "lambda",
    "logs",
    "s3",
    "secretsmanager",
    "ses",
    "sqs",
    "sts",
)
"""All that is deployed, and what deploying takes; LocalStack refuses every other service."""
MAIL = "ses"
"""The one that Lambent can do without: it then sends no mail."""
VARIABLE = "LOCALSTACK_ENDPOINT"
"""Names one that runs already, in place of Docker Compose."""
BY_HAND = "docker compose -f docker-compose.localstack.yml up --detach --wait"
