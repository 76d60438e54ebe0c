"""The customers, machines and goods of the demo: plainly invented, the same at every run."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine at a customer, by its serial number; `family` says what can be wrong with it."""

    serial_no: str
    product: str
    family: str
    customer: str
    site: str
    contact: str
    phone: str
    contract_no: str


PLACES = (
    ("北岭轨道装备公司", "检修基地二号库", "石磊", "0310-5550117"),
    ("南川机车厂", "总装车间", "罗成钢", "0311-5550223"),
    ("东湖地铁运营公司", "车辆段架修库", "温如玉", "0312-5550338"),
    ("西原车辆段", "轮轴车间", "关山月", "0313-5550441"),
    ("长桥铁路局工务段", "机修车间", "桥大梁", "0314-5550552"),
    ("青石动车检修基地", "三级修库", "时不待", "0315-5550667"),
    ("云台城轨公司", "停车场检修棚", "云中鹤", "0316-5550771"),
    ("白沙机械厂", "试验站", "沙里金", "0317-5550880"),
    ("金岸港务公司", "流机修理厂", "江自流", "0318-5550991"),
    ("远山矿业公司", "机车队", "山外青", "0319-5551008"),
    ("春晖有轨电车公司", "车辆基地", "春来早", "0320-5551114"),
    ("雁荡车轴厂", "压装工段", "雁南飞", "0321-5551225"),
    ("平川货车检修段", "转向架间", "平步云", "0322-5551337"),
    ("松岭林业铁路", "机务段", "松长青", "0323-5551440"),
    ("银湾海铁联运公司", "堆场机修班", "万顷波", "0324-5551552"),
    ("石门牵引电机厂", "装配二车间", "石敢当", "0325-5551669"),
)
"""Customers of machines: name, site, who answers there, telephone."""

PRODUCTS = {
    "bench": ("转向架检测台 ZJ-200", "转向架检测台 ZJ-260", "轴承检测台 ZC-120", "转向架静载台 ZJ-300"),
    "press": ("轮对压装机 LY-315", "轮对压装机 LY-250", "轮对退卸机 LT-400", "轴箱压装机 LX-160"),
}
"""Machines by family: what is tested electrically, and what presses hydraulically."""

FAULTS = {
    "bench": (
        "开机后主控屏无显示，远程诊断未能恢复",
        "检测到一半死机，重启后复现",
        "电源模块反复跳闸",
        "主控屏花屏，触摸无反应",
        "检测数据不能上传，报通讯超时",
        "上电后急停灯常亮，不能复位",
        "传感器零点漂移，校准后半天又偏",
        "打印机无供电，检测报告出不来",
        "机柜温升报警，风扇不转",
    ),
    "press": (
        "保压阶段压力下降",
        "主缸密封处渗油，压装力上不去",
        "压装曲线有台阶，压力波动大",
        "泵站噪声大，油温超过六十度",
        "退卸到位后主缸不回程",
        "换向阀卡滞，动作迟缓",
        "压力传感器示值与表头不符",
        "保压三分钟掉压 2 MPa，密封圈有切屑",
    ),
}
"""What customers say is wrong, by family."""

SHOPPERS = (
    ("青禾电器商行", "陆先生 138-0000-0001"),
    ("老街小卖部", "街坊张 138-0000-0002"),
    ("月半湾餐厅", "月掌柜 138-0000-0003"),
    ("清早豆浆铺", "磨师傅 138-0000-0004"),
    ("三味书屋", "寿先生 138-0000-0005"),
    ("大风车幼儿园", "车园长 138-0000-0006"),
    ("竹里馆茶社", "竹女士 138-0000-0007"),
    ("半亩塘花店", "方小塘 138-0000-0008"),
    ("向阳社区食堂", "葵大姐 138-0000-0009"),
    ("一江水鲜行", "江老板 138-0000-0010"),
    ("山里红果行", "果姑娘 138-0000-0011"),
    ("夜归人便利店", "夜店长 138-0000-0012"),
)
"""Customers of goods: name, and whom to call."""

BUYERS = ("陈女士", "穆先生", "欧阳女士", "纪先生", "苗女士", "成先生", "叶女士", "谷先生", "安女士", "路先生")
"""People who bought something over the counter."""

COOLERS = ("立式冷柜 LG-320", "卧式冷柜 WG-210", "展示柜 ZS-450", "双门冷柜 SM-680")
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
    """Every machine of the demo: two of each family at every customer."""
    return tuple(
        Machine(
            serial_no=f"{PRODUCTS[family][kind].split()[-1].replace('-', '')}-{800 + 17 * place + kind:04d}",
            product=PRODUCTS[family][kind],
            family=family,
            customer=customer,
            site=f"{customer.removesuffix('公司')}{site}",
            contact=contact,
            phone=phone,
            contract_no=f"HT-{2023 + (place + kind) % 4}-{100 + 13 * place + kind:04d}",
        )
        for place, (customer, site, contact, phone) in enumerate(PLACES)
        for family in PRODUCTS
        for kind in (place % 4, (place + 1) % 4)
    )
