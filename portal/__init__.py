"""The recording portal. ``create_app`` is the only place where the rooms are joined."""

from flask import Flask

from .actions.office import readiness
from .actions.service import Services
from .config import ROOT, Clock, Settings
from .storage.database import Database, engine_options
from .storage.tables import db


def _plain_app(settings: Settings) -> Flask:
    app = Flask(
        "portal",
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
        instance_path=str(ROOT / "instance"),
    )
    url = settings.database_url
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(url, read_only=False)
    app.config["SQLALCHEMY_BINDS"] = {"reading": {"url": url, **engine_options(url, read_only=True)}}
    db.init_app(app)
    return app


def _database(app: Flask) -> Database:
    with app.app_context():
        return Database(db.engines["reading"], db.engine)


def open_database(settings: Settings) -> Database:
    """The database of ``settings`` as it stands, for the caretaker's commands; nothing is checked."""
    return _database(_plain_app(settings))


def create_app(settings: Settings) -> Flask:
    """The portal, ready to serve; raises BadSettings when the database is not fit to be served from."""
    from . import web

    app = _plain_app(settings)
    database = _database(app)
    readiness(database, settings.demo)
    clock = Clock(settings.clock_start)
    services = Services(settings, database, clock)
    services.resume_clock()
    web.register(app, services)
    database.forget_connections()
    return app
