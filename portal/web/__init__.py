"""How a person asks: routes with their forms. The only room that knows requests."""

from flask import Flask

from ..actions.service import Services
from . import (
    account_import,
    accounts,
    api,
    calendar,
    comparison,
    completeness,
    contacts,
    deadlines,
    diary,
    door,
    downtime,
    elections,
    equipment,
    errors,
    faults,
    figure_files,
    figures,
    follow_ups,
    formats,
    health,
    hours,
    hubs,
    inventory,
    kecamatan,
    kits,
    labels,
    language,
    list_changes,
    locks,
    open_data,
    outages,
    own_account,
    pace,
    pages,
    panels,
    part_status,
    parts,
    periodic,
    place_import,
    places,
    planner,
    points,
    proposals,
    publication_files,
    publications,
    rankings,
    reconcile,
    recordings,
    retirement,
    reviews,
    rollout,
    settings,
    sign_in,
    spares,
    start,
    status,
    stock,
    summary,
    sweeps,
    today,
    transfers,
    upkeep,
    verify,
    visit_feeds,
    visit_papers,
    visit_results,
    visits,
)
from .bearer import Gate

FEATURES = (
    health,
    sign_in,
    own_account,
    today,
    recordings,
    completeness,
    calendar,
    hours,
    reviews,
    locks,
    proposals,
    visits,
    visit_results,
    follow_ups,
    places,
    place_import,
    planner,
    visit_papers,
    visit_feeds,
    sweeps,
    equipment,
    part_status,
    kits,
    parts,
    labels,
    diary,
    retirement,
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
    figures,
    figure_files,
    reconcile,
    rankings,
    pace,
    contacts,
    publications,
    open_data,
    api,
    periodic,
    publication_files,
    verify,
    accounts,
    account_import,
    settings,
    elections,
    deadlines,
    hubs,
    points,
    list_changes,
)


def join(app: Flask, services: Services) -> None:
    """Let the routes work on these rooms; nothing else in an app remembers which database it answers from."""
    app.extensions["portal"] = services
    app.extensions["gate"] = Gate(services.database)


def register(app: Flask, services: Services) -> None:
    """Put every route, its guard and its words into the app; a route without a deed does not start."""
    join(app, services)
    start.register(app)
    language.register(app)
    formats.register(app)
    pages.register(app, services)
    door.register(app, services)
    errors.register(app)
    for board in dict.fromkeys(feature.routes for feature in FEATURES):  # some features share one
        app.register_blueprint(board)
    door.require_deeds(app)
