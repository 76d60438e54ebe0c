"""Every sentence and word a form says to people, in Chinese and English, and the refusal of one value.

A sentence is named by the rule it states; `{label}` is the field's label in the sentence's language.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from engine.errors import Problem


class Words(NamedTuple):
    """The same words in both languages; an empty English falls back to the Chinese."""

    zh: str = ""
    en: str = ""

    def text(self, language: str) -> str:
        """The words in `language` ("zh" or "en")."""
        return self.zh if language.startswith("zh") or not self.en else self.en


class Wrong(Exception):
    """One value that a rule refuses; `facts` fill the rule's sentence, `message` replaces it."""

    def __init__(self, rule: str, message: Words | None = None, **facts: Any) -> None:
        super().__init__(rule)
        self.rule, self.message, self.facts = rule, message, facts

    def problem(self, where: str, label: Words) -> Problem:
        """The finding at field `where`; the label names the field in the sentence."""
        said = self.message or SENTENCES[self.rule]
        return Problem(
            rule=f"form.{self.rule}",
            where=where,
            zh=_fill(said.zh, label.zh, self.facts),
            en=_fill(said.en or said.zh, label.en or label.zh, self.facts),
        )


def _fill(template: str, label: str, facts: dict[str, Any]) -> str:
    return template.replace("{label}", label) if not facts else template.format(label=label, **facts)


SENTENCES: dict[str, Words] = {
    "required": Words("请填写“{label}”。", "Fill in “{label}”."),
    "choose": Words("请选择“{label}”。", "Choose “{label}”."),
    "tick": Words("请勾选“{label}”。", "Tick “{label}”."),
    "not_text": Words("“{label}”要填文字。", "“{label}” must be text."),
    "bad_character": Words(
        "“{label}”里有无法保存的字符（{code}），请删除后再提交。",
        "“{label}” holds a character that cannot be stored ({code}); remove it and submit again.",
    ),
    "one_line": Words("“{label}”只能写一行。", "“{label}” takes a single line."),
    "too_short": Words("“{label}”至少要写 {limit} 个字。", "“{label}” needs at least {limit} characters."),
    "too_long": Words(
        "“{label}”最多 {limit} 个字，现在有 {length} 个字。",
        "“{label}” takes at most {limit} characters; it has {length}.",
    ),
    "pattern": Words("“{label}”的格式不对。", "“{label}” does not have the required format."),
    "email": Words(
        "“{label}”不是邮箱地址，例如 name@example.com。", "“{label}” is not an e-mail address such as name@example.com."
    ),
    "phone": Words(
        "“{label}”不是电话号码，例如 13800000000 或 +86 21 5000 0000。",
        "“{label}” is not a phone number such as 13800000000 or +86 21 5000 0000.",
    ),
    "not_a_number": Words("“{label}”要填数字，例如 1000.50。", "“{label}” must be a number such as 1000.50."),
    "number_comma": Words(
        "“{label}”里请不要写逗号：小数点用“.”，千位之间不分隔，例如 1000.50。",
        "Write “{label}” without commas: a point for decimals, nothing between thousands, such as 1000.50.",
    ),
    "number_exponent": Words(
        "“{label}”请把数字完整写出来，不用科学计数法。", "Write “{label}” out in digits, not in scientific notation."
    ),
    "number_too_long": Words(
        "“{label}”的数字太长，最多 {limit} 位。", "“{label}” has too many digits; at most {limit}."
    ),
    "whole_number": Words("“{label}”要填整数。", "“{label}” must be a whole number."),
    "decimal_digits": Words("“{label}”最多 {limit} 位小数。", "“{label}” takes at most {limit} decimal places."),
    "too_small": Words("“{label}”不能小于 {limit}。", "“{label}” must be {limit} or more."),
    "too_large": Words("“{label}”不能大于 {limit}。", "“{label}” must be {limit} or less."),
    "not_a_step": Words("“{label}”要填 {limit} 的倍数。", "“{label}” must be a multiple of {limit}."),
    "not_a_date": Words("“{label}”要填日期，例如 2026-03-02。", "“{label}” must be a date such as 2026-03-02."),
    "not_a_time": Words("“{label}”要填时间，例如 09:30。", "“{label}” must be a time of day such as 09:30."),
    "not_a_datetime": Words(
        "“{label}”要填日期和时间，例如 2026-03-02T09:30。",
        "“{label}” must be a date and time such as 2026-03-02T09:30.",
    ),
    "past_date": Words("“{label}”不能早于今天。", "“{label}” must not be before today."),
    "time_interval": Words("“{label}”要填 {limit} 分钟的倍数。", "“{label}” must be a multiple of {limit} minutes."),
    "not_yes_or_no": Words("“{label}”只能是“是”或“否”。", "“{label}” must be yes or no."),
    "not_an_option": Words("“{label}”请从给出的选项里选择。", "Choose “{label}” from the options given."),
    "record_not_found": Words(
        "“{label}”没有找到这一项，请从列表中选择。", "“{label}” was not found; choose it from the list."
    ),
    "record_ambiguous": Words(
        "“{label}”找到 {count} 项，请从列表中选择其中一项。",
        "“{label}” matches {count} entries; choose one from the list.",
    ),
    "source_missing": Words(
        "“{label}”的名单“{source}”没有登记，请联系流程设计人。",
        "The list “{source}” behind “{label}” is not registered; tell the process designer.",
    ),
    "not_a_list": Words("“{label}”要填若干行。", "“{label}” must be a list of rows."),
    "too_few_rows": Words("“{label}”至少要填 {limit} 行。", "“{label}” needs at least {limit} rows."),
    "too_many_rows": Words("“{label}”最多 {limit} 行。", "“{label}” takes at most {limit} rows."),
    "fixed_rows": Words(
        "“{label}”的行数不能改变，应为 {limit} 行。", "“{label}” has {limit} rows and that cannot change."
    ),
    "undeclared": Words("这张表单没有“{key}”这个字段。", "This form has no field “{key}”."),
    "read_only": Words("“{label}”是只读的，不能修改。", "“{label}” is read-only and cannot be changed."),
    "computed": Words("“{label}”由系统计算，不能填写。", "“{label}” is computed and cannot be filled in."),
    "check": Words("“{label}”不符合填写规则。", "“{label}” breaks a rule of this form."),
    "expression_failed": Words(
        "“{label}”的公式无法计算（{reason_zh}），请联系流程设计人。",
        "The formula of “{label}” cannot be computed ({reason_en}); tell the process designer.",
    ),
    "not_a_file": Words("“{label}”要上传文件。", "“{label}” must be an uploaded file."),
    "unknown_file": Words(
        "“{label}”里的文件没有上传成功，请重新上传。", "A file of “{label}” did not arrive; upload it again."
    ),
    "too_many_files": Words("“{label}”最多 {limit} 个文件。", "“{label}” takes at most {limit} files."),
    "file_type": Words(
        "“{label}”不接受“{name}”这种文件，只接受 {accepted}。", "“{label}” does not take “{name}”; it takes {accepted}."
    ),
    "file_size": Words(
        "“{label}”里的“{name}”太大，每个文件最多 {limit} MB。",
        "“{name}” in “{label}” is too large; a file takes at most {limit} MB.",
    ),
}

INTERFACE: dict[str, Words] = {
    "summary": Words("有 {count} 处需要修改", "To put right: {count}"),
    "required": Words("必填", "required"),
    "choose": Words("请选择", "Choose"),
    "none": Words("未填写", "Not given"),
    "uncomputed": Words("待计算", "To be computed"),
    "yes": Words("是", "Yes"),
    "no": Words("否", "No"),
    "add_row": Words("添加一行", "Add a row"),
    "remove_row": Words("删除", "Remove"),
    "row_up": Words("上移", "Move up"),
    "row_down": Words("下移", "Move down"),
    "row": Words("第 {number} 行", "Row {number}"),
    "cut": Words("……（太长，只显示前 {count} 个字）", "… (too long: only the first {count} characters are shown)"),
    "cut_rows": Words("共 {count} 行，只显示前 {shown} 行。", "There are {count} rows; the first {shown} are shown."),
    "no_rows": Words("还没有内容。", "Nothing here yet."),
    "keep_file": Words("保留", "Keep"),
    "choose_file": Words("选择文件", "Choose a file"),
    "take_photo": Words("拍照或选择照片", "Take or choose a photo"),
    "sign": Words("在此签名", "Sign here"),
    "clear": Words("清除", "Clear"),
    "date": Words("日期", "Date"),
    "time": Words("时间", "Time"),
    "draft_found": Words("这张表单有未提交的草稿（{time}）。", "An unsent draft of this form was kept ({time})."),
    "draft_restore": Words("恢复草稿", "Restore the draft"),
    "draft_discard": Words("不用了", "Discard it"),
    "draft_offline": Words(
        "网络已断开。内容已保存在本机浏览器，恢复连接后请再提交。",
        "There is no connection. What you typed is kept in this browser; submit again when you are back online.",
    ),
    "sending": Words("正在提交…", "Sending…"),
}


def say(name: str, language: str, **facts: Any) -> str:
    """A word of the interface in `language`."""
    text = INTERFACE[name].text(language)
    return text.format(**facts) if facts else text


SAID: dict[str, Words] = {
    "filled": Words("“{label}”填写为：{after}", "“{label}” filled in: {after}"),
    "changed": Words("“{label}”由“{before}”改为“{after}”", "“{label}” changed from “{before}” to “{after}”"),
    "cleared": Words("“{label}”已清空，原为：{before}", "“{label}” cleared; it was: {before}"),
}
"""How history tells a change of one field."""
