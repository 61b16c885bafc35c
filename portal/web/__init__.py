"""How a person asks: routes with their forms. The only room that knows requests."""

from flask import Flask

from ..actions.service import Services
from . import (
    account_import,
    accounts,
    calendar,
    comparison,
    completeness,
    deadlines,
    diary,
    door,
    downtime,
    equipment,
    errors,
    faults,
    follow_ups,
    formats,
    health,
    hubs,
    inventory,
    kecamatan,
    kits,
    labels,
    language,
    list_changes,
    locks,
    outages,
    own_account,
    pages,
    panels,
    parts,
    places,
    planner,
    points,
    proposals,
    publications,
    recordings,
    reviews,
    rollout,
    settings,
    sign_in,
    spares,
    status,
    stock,
    summary,
    sweeps,
    today,
    transfers,
    upkeep,
    visit_feeds,
    visit_papers,
    visit_results,
    visits,
)

FEATURES = (
    health,
    sign_in,
    own_account,
    today,
    recordings,
    completeness,
    calendar,
    reviews,
    locks,
    proposals,
    visits,
    visit_results,
    follow_ups,
    places,
    planner,
    visit_papers,
    visit_feeds,
    sweeps,
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
    stock,
    transfers,
    summary,
    panels,
    comparison,
    kecamatan,
    publications,
    accounts,
    account_import,
    settings,
    deadlines,
    hubs,
    points,
    list_changes,
)


def register(app: Flask, services: Services) -> None:
    """Put every route, its guard and its words into the app; a route without a deed does not start."""
    app.extensions["portal"] = services
    language.register(app)
    formats.register(app)
    pages.register(app, services)
    door.register(app, services)
    errors.register(app)
    for board in dict.fromkeys(feature.routes for feature in FEATURES):  # some features share one
        app.register_blueprint(board)
    door.require_deeds(app)
