"""The words for people's data and for what administrators did, in the reader's language."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _

from company.people.audit_log import Act
from web.shared.formats import moment

LABELS: dict[str, Any] = {
    "name": _("姓名"),
    "name_en": _("英文姓名"),
    "gender": _("性别"),
    "title": _("职务"),
    "department": _("部门"),
    "email": _("邮箱"),
    "phone": _("固话"),
    "mobile": _("手机"),
    "description": _("描述"),
    "language": _("语言"),
    "roles": _("角色"),
    "permissions": _("权限"),
    "granted": _("授予"),
    "withdrawn": _("收回"),
    "substitute": _("代理人"),
    "starts_at": _("开始"),
    "ends_at": _("结束"),
    "reason": _("事由"),
    "address": _("地址"),
    "year": _("年份"),
    "zone": _("时区"),
    "released": _("放回组里的任务"),
}
"""What the details of the log are called."""

ACTS: dict[str, Any] = {
    "add_person": _("添加人员"),
    "change_person": _("修改资料"),
    "activate": _("启用账号"),
    "deactivate": _("停用账号"),
    "set_roles": _("调整角色"),
    "reset_password": _("重置密码"),
    "change_password": _("修改自己的密码"),
    "add_role": _("添加角色"),
    "set_permissions": _("调整权限"),
    "add_department": _("添加部门"),
    "add_substitute": _("设定代理"),
    "end_substitute": _("结束代理"),
    "change_calendar": _("修改工作日历"),
    "revoke_session": _("强制退出登录"),
    "retry_schedule": _("让定时发起重试"),
    "retry_message": _("让消息重新投递"),
}
"""Everything the log records."""


def act_details(act: Act) -> list[tuple[Any, str]]:
    """What an act changed, as labels and texts; `旧 → 新` where it replaced something."""
    return [(LABELS.get(name, name), _said(value)) for name, value in act.details.items() if value not in ("", [])]


def _said(value: Any) -> str:
    if isinstance(value, dict):
        return f"{_said(value.get('from'))} → {_said(value.get('to'))}"
    if isinstance(value, list):
        return "、".join(value) or "—"
    if isinstance(value, datetime):
        return moment(value)
    return str(value or "—")
