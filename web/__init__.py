"""The pages: one Flask application over the services it is given."""

from web.app import create_app
from web.shared.services import Services

__all__ = ["Services", "create_app"]
