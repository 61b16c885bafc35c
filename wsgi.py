"""What gunicorn serves: `gunicorn wsgi:app`. A portal that must not start says why in one line."""

from portal import create_app
from portal.config import BadSettings, Settings

try:
    app = create_app(Settings.read())
except BadSettings as error:
    raise SystemExit(f"portal: {error}") from None
