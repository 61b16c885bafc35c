"""Signs of life for the machine room: is the process up, can it serve?"""

from flask import Blueprint, Response

from ..storage.database import Unavailable
from .door import PUBLIC, deed, services

routes = Blueprint("health", __name__)


@routes.get("/healthz")
@deed(PUBLIC)
def alive() -> Response:
    """The process answers."""
    return Response("ok\n", mimetype="text/plain")


@routes.get("/readyz")
@deed(PUBLIC)
def ready() -> Response:
    """The database answers too."""
    try:
        with services().database.reading() as tx:
            services().office(tx)
    except Unavailable:
        return Response("database unavailable\n", status=503, mimetype="text/plain")
    return Response("ready\n", mimetype="text/plain")
