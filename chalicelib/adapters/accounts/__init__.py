"""Accounts on DynamoDB, Secrets Manager, SQS and SES; passwords and tokens by cryptography."""
