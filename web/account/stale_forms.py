"""The protection of forms against other sites (CSRF): whose page a form was on, and what becomes of one that is stale.

Its secret names the person (`form_secret`): a form from an old tab, from before the cookies were lost or from somebody
else's session says by its signed token whose words it carries.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import g, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError

from web.account.login import ask_again, log_in_page, resume_page
from web.shared import errors, form_secret
from web.shared.kept_form import KeptForm, holds_secrets

OPEN = ("portal", "preferences")
"""Where people act without a log-in."""


def stale(_error: CSRFError) -> ResponseReturnValue:
    """The page for a form whose protection no longer fits. What was typed is kept when it came from a page of ours."""
    if request.endpoint == "auth.log_in":
        return log_in_page(
            400, _("登录页打开太久，或浏览器没有保留 Cookie。请再登录一次；若还是这样，请允许本站使用 Cookie。")
        )
    author = form_secret.author()
    if holds_secrets() or not (author or _from_here()):
        return errors.page(400, _("为安全起见，这个表单已失效：页面打开太久，或之后重新登录过。请返回、刷新后再提交。"))
    if "actor" not in g and request.blueprint not in OPEN:
        return ask_again(author)
    if author not in (None, g.actor.id if "actor" in g else None):
        return errors.page(400, _("这份表单是另一位同事填写的，没有提交。"))
    why = _("这个页面打开太久，或之后重新登录过，所以还没有提交。现在可以接着提交；系统会像第一次那样检查。")
    return resume_page(KeptForm.posted(author), why), 400


def _from_here() -> bool:
    """Whether the browser says that a page of this address sent the form."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return urlsplit(request.headers.get("Origin", "")).netloc == request.host
