"""How a person asks: routes with their forms. The only room that knows requests."""

from flask import Flask

from ..actions.service import Services
from . import (
    accounts,
    diary,
    door,
    downtime,
    equipment,
    errors,
    faults,
    formats,
    health,
    inventory,
    kecamatan,
    kits,
    labels,
    language,
    outages,
    own_account,
    pages,
    parts,
    recordings,
    rollout,
    sign_in,
    spares,
    status,
    summary,
    today,
    upkeep,
    visits,
)

FEATURES = (
    health,
    sign_in,
    own_account,
    today,
    recordings,
    visits,
    equipment,
    kits,
    parts,
    labels,
    diary,
    faults,
    outages,
    upkeep,
    inventory,
    spares,
    downtime,
    rollout,
    status,
    summary,
    kecamatan,
    accounts,
)


def register(app: Flask, services: Services) -> None:
    """Put every route, its guard and its words into the app; a route without a deed does not start."""
    app.extensions["portal"] = services
    language.register(app)
    formats.register(app)
    pages.register(app, services)
    door.register(app, services)
    errors.register(app)
    for feature in FEATURES:
        app.register_blueprint(feature.routes)
    door.require_deeds(app)
