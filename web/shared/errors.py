"""What people see when something is refused or fails: a sentence and a way on, never a stack trace."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from flask import Flask, render_template, request
from flask_babel import lazy_gettext as _
from werkzeug.exceptions import HTTPException, SecurityError

from engine.errors import ClauseflowError
from web.shared import refusals
from web.shared.kept_form import KeptForm, holds_secrets
from web.shared.services import services

Answer = tuple[str, int]
log = logging.getLogger("clauseflow.web")


@dataclass(frozen=True, slots=True)
class Saying:
    """The words of an error page: what happened, and what to do."""

    title: Any
    advice: Any


SAYINGS = {
    400: Saying(_("这个请求看不懂"), _("请返回上一页重试；若是很久以前打开的页面，请先刷新。")),
    403: Saying(_("您没有这项权限"), _("如果工作需要，请联系管理员为您的角色开通。")),
    404: Saying(_("没有这个页面"), _("地址可能有误，或内容已不在原处。")),
    405: Saying(_("这个地址不能这样打开"), _("请从页面上的按钮或链接进入。")),
    409: Saying(_("情况已经变了"), _("在您打开页面之后，有人先办了一步。")),
    413: Saying(_("提交的内容太大"), _("请删减文字后再提交；文件请逐个上传。")),
    422: Saying(_("提交的内容有问题"), _("请返回上一页，按提示修改后再提交。")),
    429: Saying(_("请求太频繁"), _("请稍等片刻再试。")),
    500: Saying(_("系统出错了"), _("没有执行任何操作，错误已记录。请稍后重试，仍不行请联系管理员。")),
    503: Saying(_("系统正忙"), _("没有执行任何操作，请稍后重试。")),
}


def register(app: Flask) -> None:
    """Answer every error of the application with a page."""
    app.register_error_handler(ClauseflowError, refused)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(Exception, failed)


def refused(error: ClauseflowError) -> Answer:
    """The page for something the product refuses on purpose."""
    if error.status >= 500:
        log.warning("%s %s: %s", request.method, request.path, error)
    return page(error.status, refusals.sentence(error))


def http_error(error: HTTPException) -> Answer:
    """The page for an error of the protocol."""
    if isinstance(error, SecurityError):  # of a host that is not ours; no page has an address there
        return render_template("errors/host.html", address=services().public_url), 400
    return page(error.code or 500, None)


def failed(error: Exception) -> Answer:
    """The page for a fault of ours; the log has the details."""
    log.error("%s %s", request.method, request.path, exc_info=error)
    return page(500, None)


def page(status: int, sentence: str | None, **context: Any) -> Answer:
    """The error page of a status; `sentence` says more than its general words.

    When the page itself cannot be drawn, a bare one in both languages stands in.
    """
    saying = SAYINGS.get(status) or SAYINGS[500 if status >= 500 else 400]
    try:
        told = {"saying": saying, "sentence": sentence, "kept": _kept(status), **context}
        return render_template("errors/error.html", status=status, **told), status
    except Exception:
        log.exception("error page %s of %s", status, request.path)
        return render_template("errors/bare.html"), 500


def _kept(status: int) -> KeptForm | None:
    """The form whose submit failed by our fault, to be sent once more; None where a password was in it."""
    ours = status >= 500 and request.method == "POST"
    return KeptForm.posted(None) if ours and not holds_secrets() else None
