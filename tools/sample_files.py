"""Draws the invented files of `processes/scenario_files/`: `.venv/bin/python -m tools.sample_files`."""

from __future__ import annotations

import math
import zipfile
from itertools import pairwise
from pathlib import Path

import manimgx_fonts_cjk
from PIL import Image, ImageDraw, ImageFilter, ImageFont

TARGET = Path(__file__).resolve().parent.parent / "processes" / "scenario_files"
FONT = Path(manimgx_fonts_cjk.__file__).parent / "NotoSansCJK-VF.otf.ttc"
CHINESE = 2
"""Simplified Chinese among the fonts of the file."""

INK, PAPER, RED = (32, 34, 40), (252, 251, 246), (196, 30, 36)
BUYER = "演示客户设备管理部"
PAGE = (827, 1169)
"""A4 at 100 dots an inch."""


def main() -> None:
    """Every file anew."""
    TARGET.mkdir(exist_ok=True)
    photographed(receipt()).save(TARGET / "收条.jpg", quality=72)
    seal(BUYER, 300).save(TARGET / "公章.png")
    signature().save(TARGET / "签字.png")
    site().save(TARGET / "现场照片.jpg", quality=72)
    for name, title, lines in PAPERS:
        page(title, lines).save(TARGET / name, resolution=100)
    program()


PAPERS = (
    ("书面要求.pdf", "关于设备质量问题的书面要求",
     ["贵公司：", "我单位所购设备投用后多次停机，", "现书面要求查明原因并予以更换，", "望在约定期限内答复。", "",
      BUYER, "（样件，纯属虚构）"]),
    ("确认函.pdf", "配件寄回修理确认函",
     ["贵公司：", "我单位将下列配件交贵公司修理，", "名称、数量、编号与贵公司来函一致，", "修后请按函中地址交还。", "",
      BUYER, "（样件，纯属虚构）"]),
    ("同意函.pdf", "关于报废配件的同意函",
     ["贵公司：", "检测认定没有修理价值的配件，", "我单位同意报废，留贵公司处置。", "", BUYER, "（样件，纯属虚构）"]),
    ("检测报告.pdf", "检测报告",
     ["委托方：演示公司质检部", "样品：电源模块（样件）", "项目：绝缘电阻、耐压、带载温升", "结果：绝缘电阻低于要求",
      "结论：不合格", "", "演示检测所（样件，纯属虚构）"]),
    ("图纸.pdf", "供电回路图（更改后）",
     ["图号 TZ-200-07 第 2 版", "更改：增加一级滤波", "更改人：现场工程师", "", "（样件，纯属虚构）"]),
)  # fmt: skip


def font(size: int, weight: int = 450) -> ImageFont.FreeTypeFont:
    found = ImageFont.truetype(str(FONT), size, index=CHINESE)
    found.set_variation_by_axes([weight])
    return found


def page(title: str, lines: list[str], size: tuple[int, int] = PAGE) -> Image.Image:
    """A typed page with a title, sealed below."""
    drawn = Image.new("RGB", size, PAPER)
    pen = ImageDraw.Draw(drawn)
    pen.text((size[0] / 2, 120), title, INK, font(38), anchor="mm")
    pen.line((90, 170, size[0] - 90, 170), INK, 2)
    for number, line in enumerate(lines):
        pen.text((110, 215 + 56 * number), line, INK, font(26))
    stamp = seal(BUYER, 210)
    drawn.paste(stamp, (size[0] - 330, 180 + 56 * len(lines)), stamp)
    return drawn


def receipt() -> Image.Image:
    lines = ["今收到：", "电源模块  WL-0420  壹件", "主缸密封圈  MF-0032  贰件", "用于设备维修，已装机。", "", BUYER]
    return page("收  条", lines, (900, 760))


def photographed(paper: Image.Image) -> Image.Image:
    """The paper lying a little askew on a desk, as a telephone sees it."""
    desk = Image.new("RGB", (1200, 1000), (112, 88, 66))
    pen = ImageDraw.Draw(desk)
    for y in range(0, 1000, 9):
        pen.line((0, y, 1200, y + 14), (106 + y % 27 // 3, 82 + y % 18 // 3, 60), 5)
    shape = Image.new("L", paper.size, 255).rotate(-3.5, expand=True, resample=Image.Resampling.BICUBIC)
    turned = paper.rotate(-3.5, expand=True, resample=Image.Resampling.BICUBIC, fillcolor=PAPER)
    shadow = Image.new("RGB", turned.size, (40, 30, 22))
    desk.paste(shadow, (132, 112), shape.filter(ImageFilter.GaussianBlur(9)))
    desk.paste(turned, (120, 96), shape)
    return desk.filter(ImageFilter.GaussianBlur(0.7))


def seal(owner: str, side: int) -> Image.Image:
    """A round red seal: the owner's name around a star."""
    scale = 3
    full, middle = side * scale, side * scale / 2
    drawn = Image.new("RGBA", (full, full), (255, 255, 255, 0))
    pen = ImageDraw.Draw(drawn)
    edge = full * 0.03
    pen.ellipse((edge, edge, full - edge, full - edge), outline=(*RED, 225), width=int(full * 0.025))
    points = [star_point(corner, middle, full * (0.16 if corner % 2 == 0 else 0.062)) for corner in range(10)]
    pen.polygon(points, fill=(*RED, 225))
    for number, letter in enumerate(owner):
        degrees = -120 + 240 * number / (len(owner) - 1)
        put_around(drawn, letter, degrees, full)
    small = font(int(full * 0.07), 600)
    pen.text((middle, full * 0.79), "样件专用", (*RED, 225), small, anchor="mm")
    return drawn.resize((side, side), Image.Resampling.LANCZOS)


def star_point(corner: int, middle: float, radius: float) -> tuple[float, float]:
    angle = math.pi * corner / 5 - math.pi / 2
    return middle + radius * math.cos(angle), middle + radius * math.sin(angle)


def put_around(drawn: Image.Image, letter: str, degrees: float, full: int) -> None:
    """One letter on the circle, its foot towards the middle; 0 degrees is the top."""
    box = int(full * 0.17)
    tile = Image.new("RGBA", (box, box), (255, 255, 255, 0))
    ImageDraw.Draw(tile).text((box / 2, box / 2), letter, (*RED, 225), font(int(full * 0.105), 700), anchor="mm")
    tile = tile.rotate(-degrees, resample=Image.Resampling.BICUBIC)
    angle, radius = math.radians(degrees), full * 0.375
    x, y = full / 2 + radius * math.sin(angle), full / 2 - radius * math.cos(angle)
    drawn.alpha_composite(tile, (int(x - box / 2), int(y - box / 2)))


def signature() -> Image.Image:
    """A name written quickly with a finger."""
    drawn = Image.new("RGBA", (1200, 480), (255, 255, 255, 0))
    pen = ImageDraw.Draw(drawn)
    strokes = (
        [(180 + 5 * t, 210 + 60 * math.sin(t / 9) - t * 0.6) for t in range(60)],
        [(300 - 1.2 * t, 110 + 4.4 * t) for t in range(60)],
        [(430 + 7 * t, 260 + 85 * math.sin(t / 5.2) * math.exp(-t / 60)) for t in range(85)],
        [(560 + 2.4 * t, 120 + 0.4 * t + 20 * math.sin(t / 12)) for t in range(80)],
    )
    for stroke in strokes:
        for number, (begin, end) in enumerate(pairwise(stroke)):
            width = 11 + 6 * math.sin(number / 11)
            pen.line((*begin, *end), (*INK, 255), int(width))
            pen.circle(end, width / 2, (*INK, 255))
    return drawn.resize((600, 240), Image.Resampling.LANCZOS)


def site() -> Image.Image:
    """A machine in a hall: a frame, a cabinet with an open door and a dark screen."""
    drawn = Image.new("RGB", (1200, 900), (178, 184, 188))
    pen = ImageDraw.Draw(drawn)
    pen.rectangle((0, 620, 1200, 900), (132, 136, 132))
    for x in range(-300, 1500, 170):
        pen.line((x, 900, 600 + (x - 600) * 0.45, 620), (120, 124, 120), 3)
    for x in (90, 420, 750, 1080):
        pen.rectangle((x, 0, x + 26, 620), (150, 157, 163))
    pen.rectangle((180, 330, 760, 690), (56, 92, 128))
    pen.rectangle((205, 355, 735, 560), (66, 108, 148))
    pen.ellipse((300, 390, 430, 520), (188, 192, 196), (70, 74, 78), 12)
    pen.ellipse((520, 390, 650, 520), (188, 192, 196), (70, 74, 78), 12)
    pen.rectangle((180, 640, 760, 690), (228, 186, 44))
    for x in range(180, 760, 58):
        pen.polygon([(x, 690), (x + 22, 690), (x + 46, 640), (x + 24, 640)], (34, 34, 34))
    pen.rectangle((830, 260, 1030, 700), (206, 208, 204), (120, 122, 120), 4)
    pen.polygon([(1030, 260), (1110, 300), (1110, 745), (1030, 700)], (188, 190, 186))
    pen.rectangle((855, 295, 1005, 395), (18, 22, 26))
    for row in range(5):
        pen.rectangle((860, 430 + 50 * row, 1000, 462 + 50 * row), (96, 104, 96))
        pen.line((870, 446 + 50 * row, 990, 452 + 50 * row), (196, 62, 44) if row == 2 else (60, 96, 168), 4)
    return drawn.filter(ImageFilter.GaussianBlur(1.1))


def program() -> None:
    """A control program as it is archived: its text in a zip file, with a fixed time inside."""
    text = "(* 样件 *)\nIF supply_ok AND NOT emergency THEN\n  screen := TRUE;\nEND_IF;\n"
    with zipfile.ZipFile(TARGET / "程序.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("screen.st", (2026, 3, 2, 9, 0, 0)), text)


if __name__ == "__main__":
    main()
