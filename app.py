"""The API's Lambda: every route is a blueprint of `chalicelib.api`."""

from chalice.app import Chalice

from chalicelib.api import auth, docs, health, models, predictions, seed, users, wiring

app = Chalice(app_name="lambent", configure_logs=False)

for blueprint in (auth, users, models, predictions, seed, health, docs):
    app.register_blueprint(blueprint.routes)

wiring.warm()
