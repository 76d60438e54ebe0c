"""The Flask application: the blueprints of every folder, the limits of requests, and what templates may use."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask
from flask_wtf.csrf import CSRFError, CSRFProtect
from jinja2 import FileSystemLoader
from werkzeug.middleware.proxy_fix import ProxyFix

import web.account.login
import web.account.me
import web.admin.people
import web.audit.views
import web.cases.attachments
import web.cases.comments
import web.cases.documents
import web.cases.interventions
import web.cases.views
import web.clauses.views
import web.design.views
import web.portal.views
import web.records.views
import web.shared.forms.outside
import web.work.about
import web.work.filters
import web.work.inbox
import web.work.notifications
import web.work.presence
import web.work.start
import web.work.tasks
from web.account import stale_forms
from web.shared import access_log, converters, errors, formats, language, preferences, signed_in
from web.shared.addresses import asset, here
from web.shared.forms import uploads
from web.shared.navigation import ways
from web.shared.security import protect
from web.shared.services import Services
from web.shared.words.case_title import case_title
from web.work.about import worth_a_look

BLUEPRINTS = (
    web.account.login.pages,
    uploads.pages,
    preferences.pages,
    web.cases.attachments.pages,
    web.shared.forms.outside.pages,
    web.portal.views.pages,
    web.work.inbox.pages,
    web.work.filters.pages,
    web.work.start.pages,
    web.work.tasks.pages,
    web.work.presence.pages,
    web.work.about.pages,
    web.cases.views.pages,
    web.cases.interventions.pages,
    web.records.views.pages,
    web.cases.comments.pages,
    web.audit.views.pages,
    web.clauses.views.pages,
    web.cases.documents.pages,
    web.design.views.pages,
    web.work.notifications.pages,
    web.account.me.pages,
    web.admin.people.pages,
)

csrf = CSRFProtect()


def create_app(services: Services) -> Flask:
    """The application. Nothing in it opens a connection but through `services`."""
    app = Flask(__name__)
    app.jinja_loader = FileSystemLoader(sorted(Path(__file__).parent.glob("*/templates")))
    app.config.update(
        SECRET_KEY=services.secret,
        MAX_CONTENT_LENGTH=uploads.MAX_BODY,
        MAX_FORM_MEMORY_SIZE=uploads.MAX_BODY,
        MAX_FORM_PARTS=5000,
        SESSION_COOKIE_NAME="cf_form",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=services.secure_cookies,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=services.secure_cookies,
    )
    app.extensions["clauseflow"] = services
    _stand_behind(app, services)
    converters.register(app)
    signed_in.register(app)
    language.Texts(app, locale_selector=lambda: language.LOCALES[language.language()])
    _dress_templates(app, services)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    csrf.init_app(app)  # behind `identify` and `allow_files`: it reads the body, whose limit depends on who asks
    errors.register(app)
    app.register_error_handler(CSRFError, stale_forms.stale)
    access_log.register(app)
    protect(app, services.secure_cookies)
    return app


def _stand_behind(app: Flask, services: Services) -> None:
    """Believe our own proxies about addresses and scheme, and answer to the public host alone where one is set."""
    proxies = services.trusted_proxies
    if proxies:
        # The host is what the last proxy asks for: X-Forwarded-Host of a browser passes many of them untouched.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=0)  # type: ignore[method-assign]
    if services.public_url:
        app.config["TRUSTED_HOSTS"] = [urlsplit(services.public_url).hostname]


def _dress_templates(app: Flask, services: Services) -> None:
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(formats.FILTERS)
    app.jinja_env.globals.update(
        asset=asset,
        case_title=case_title,
        here=here,
        in_language=language.in_language,
        in_own_half=language.in_own_half,
        language=language.language,
        regulation_of=lambda clause: services.register.regulations[clause.regulation],
        theme=preferences.theme,
        _=language.text,
        ways=ways,
        worth_a_look=worth_a_look,
    )
