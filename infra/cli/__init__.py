"""The one command line, `./run.sh`: verbs that wire what the rest of `infra` can do."""
