"""What the demo's cases are about: machines and customers of its business records, and what they say is wrong."""

from __future__ import annotations

from dataclasses import dataclass

from demo import records as demo_records


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine at a customer, by its serial number."""

    serial_no: str
    model: str
    product: str
    customer: str
    site: str
    contact: str
    phone: str
    contract_no: str


FAMILIES = {"ZJ-200": "bench", "ZX-12": "bench", "SD-60": "bench", "CS-30": "bench",
            "LY-315": "press", "KY-08": "press", "QJ-50": "press"}  # fmt: skip
"""The products that cases are about by family: what fails electrically, and what fails under pressure."""

FAULTS = {
    "ZJ-200": (
        "开机后主控屏无显示，远程诊断未能恢复",
        "检测到一半死机，重启后复现",
        "电源模块反复跳闸",
        "主控屏花屏，触摸无反应",
        "上电后急停灯常亮，不能复位",
        "机柜温升报警，风扇不转",
    ),
    "ZX-12": ("四点顶升不同步", "急停灯常亮，不能复位", "传感器零点漂移，校准后半天又偏", "主控屏无显示"),
    "SD-60": ("升弓压力曲线不出", "检测数据不能上传，报通讯超时", "主机反复重启", "打印机无供电，报告出不来"),
    "CS-30": ("屏幕花屏", "探头没有波形", "电池充不上电", "回波杂乱，调零无效"),
    "LY-315": (
        "保压阶段压力下降",
        "主缸密封处渗油，压装力上不去",
        "压装曲线有台阶，压力波动大",
        "泵站噪声大，油温超过六十度",
        "退到位后主缸不回程",
        "压力传感器示值与表头不符",
        "保压三分钟掉压 2 MPa，油里有切屑",
    ),
    "KY-08": ("排气压力上不去", "油温高报警停机", "加载阀不动作", "漏油，一天降两指"),
    "QJ-50": ("输出扭矩不足", "气压掉到 0.4 MPa", "换向阀漏气", "示值与检定值不符"),
}
"""What customers say is wrong, by model."""

SHOPPERS = tuple(
    (name, f"{contact['contact_name']} {contact['contact_phone']}")
    for place, name in enumerate(demo_records.CUSTOMERS)
    for contact in (demo_records.contact(place),)
    if place >= 10 and not name.endswith(("女士", "先生"))
)
"""Customers of goods: name, and whom to call."""

BUYERS = ("陈女士", "穆先生", "欧阳女士", "纪先生", "苗女士", "成先生", "叶女士", "谷先生", "安女士", "路先生")
"""People who bought something over the counter."""

COOLERS = ("立式冷柜 LG-320",)
COMPLAINTS = (
    "冷柜制冷不足，反复停机",
    "压缩机夜里轰响，柜温降不下来",
    "用了两周结霜严重，门关不严",
    "温控失灵，饮料冻裂了两箱",
    "送来就有磕碰，面板凹了一块",
    "报修三天没有人上门",
    "插电跳闸，怀疑漏电",
    "柜内渗水，把货泡了",
)
GOODS = (
    "羊绒围巾 米色",
    "真丝衬衫 藏青",
    "电热水壶 1.7L",
    "儿童书包 小号",
    "不粘炒锅 30cm",
    "羽绒被 两米",
    "蓝牙音箱 二代",
    "登山鞋 42 码",
)

REMARKS = (
    "客户周五停机检修，最好赶在那之前。",
    "电话里核对过，和上次是同一台。",
    "配件库存只剩一件，已请供应部补。",
    "客户着急，请优先。",
    "照片已收到，看起来像密封老化。",
    "合同复印件在档案柜第三层。",
    "对方设备科换了联系人，号码已更新。",
    "上次也是这个部位，留意是不是批次问题。",
    "已约好周三上午，进厂要提前报备。",
    "金额和客户口头确认过。",
    "运输单号发在群里了。",
    "这件先放一放，等客户回话。",
)
"""What people say about a case while it is under way."""


def machines() -> tuple[Machine, ...]:
    """The machines of the demo's records that cases are about."""
    return tuple(
        _machine(place)
        for place in range(demo_records.MACHINES)
        if demo_records.PRODUCTS[place % len(demo_records.PRODUCTS)][0] in FAMILIES
    )


def _machine(place: int) -> Machine:
    model, name, *_ = demo_records.PRODUCTS[place % len(demo_records.PRODUCTS)]
    owner = demo_records.owner(place)
    customer, contact = demo_records.CUSTOMERS[owner], demo_records.contact(owner)
    return Machine(
        serial_no=demo_records.serial_no(place),
        model=model,
        product=f"{name} {model}",
        customer=customer,
        site=f"{customer}{demo_records.site(place)}",
        contact=contact["contact_name"],
        phone=contact["contact_phone"],
        contract_no=f"HT-{2023 + place % 4}-{100 + 13 * place:04d}",
    )
