"""The measure of a request that does nothing: a Flask app answering "ok", served as the portal is."""

from flask import Flask

app = Flask("bare")


@app.get("/")
def index() -> str:
    """The whole of it."""
    return "ok"
