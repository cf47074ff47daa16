"""The API's Lambda: every route is a blueprint of `chalicelib.api`."""

from chalice.app import Chalice

from chalicelib.api import (
    access,
    admin,
    api_keys,
    auth,
    batches,
    dead_letters,
    docs,
    health,
    jwks,
    models,
    predictions,
    recovery,
    seed,
    sessions,
    usage,
    users,
    wiring,
)

app = Chalice(app_name="lambent", configure_logs=False)

for blueprint in (
    *(auth, recovery, users, sessions, api_keys, jwks),
    *(models, predictions, batches, seed),
    *(access, usage, admin, dead_letters, health, docs),
):
    app.register_blueprint(blueprint.routes)

wiring.warm()
