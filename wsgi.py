"""What gunicorn serves: `gunicorn wsgi:app`. A portal that must not start says why in one line."""

from portal import create_app
from portal.config import BadSettings, Settings
from portal.web.start import warm_up

try:
    app = create_app(Settings.read())
    warm_up(app)
except BadSettings as error:
    raise SystemExit(f"portal: {error}") from None
