"""The document of the API, and the page that shows it: Swagger UI, from no address but ours."""

from functools import lru_cache
from string import Template
from typing import Any

from chalice.app import Blueprint

from chalicelib.api import assets, wiring
from chalicelib.api.http import Reply, Request, endpoint
from chalicelib.errors import NotFound

routes = Blueprint(__name__)

ONLY_OURS = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


@endpoint(routes, "GET", "/", answers={302: None}, is_listed=False)
def home(request: Request[None, None]) -> Reply:
    """What a person sees first."""
    return Reply(status=302, headers={"Location": f"{request.base_url}/docs"})


@endpoint(routes, "GET", "/docs", answers={200: None}, is_listed=False)
def page(request: Request[None, None]) -> Reply:
    """The page of the document."""
    text = Template(assets.text("docs.html")).substitute(
        stylesheet=assets.address("swagger-ui.css"),
        library=assets.address("swagger-ui.js"),
        start=assets.address("docs.js"),
    )
    return Reply(text, headers={"Content-Security-Policy": ONLY_OURS}, media_type="text/html")


@endpoint(routes, "GET", "/openapi.json", answers={200: None}, is_listed=False)
def openapi(request: Request[None, None]) -> Reply:
    """The document, with the address that it was asked at."""
    return Reply({**_document(), "servers": [{"url": request.base_url}]})


@endpoint(routes, "GET", "/static/{digest}/{name}", answers={200: None}, is_listed=False)
def static(request: Request[None, None], digest: str, name: str) -> Reply:
    """A file of the page; under the digest of another content it does not exist."""
    if name not in assets.SERVED or digest != assets.digest(name):
        raise NotFound
    forever = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Reply(assets.text(name), headers=forever, media_type=assets.SERVED[name])


@lru_cache(maxsize=1)
def _document() -> dict[str, Any]:
    # Imported here: few processes are ever asked for it, and every one has to start.
    from chalicelib.api.openapi.document import document

    return document(routes.current_app, list(wiring.catalogue()), base_url="")
