"""Appropriateness documents and tables made for the tests: every shape with invented content."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from tests.pdf_shapes import wrapped

WIDTH, HEIGHT = A4
LEFT, LEADING = 50.0, 12.0

Cells = Sequence[str]


@dataclass(frozen=True)
class Sign:
    """How a document draws one radiation symbol: with a font's own sign, or as a picture."""

    font: str = "ZapfDingbats"
    letter: str = "d"
    picture: bool = False


GLYPH, PICTURE = Sign(), Sign(picture=True)


class Sheet:
    """Draws captions and tables downwards; begins a new page where a row does not fit."""

    def __init__(self, path: Path, *, sign: Sign = GLYPH, size: tuple[float, float] = A4) -> None:
        self.canvas = Canvas(str(path), pagesize=size)
        self.height = size[1]
        self.y = self.height - 60
        self.sign = sign
        self.pages = 1

    def line(self, text: str, *, bold: bool = False, x: float = LEFT) -> None:
        self.y -= LEADING * 1.3
        self._write(text, x, bold)

    def _write(self, text: str, x: float, bold: bool) -> None:
        self.canvas.setFont("Helvetica-Bold" if bold else "Helvetica", 9)
        self.canvas.drawString(x, self.y, text)

    def caption(self, number: int, text: str, width: int = 90) -> None:
        self.y -= 4
        for place, line in enumerate(wrapped(f"Variant {number}: {text}", width)):
            self.line(line, bold=True, x=LEFT if place == 0 else LEFT + 48)

    def page(self) -> None:
        self.canvas.showPage()
        self.y = self.height - 60
        self.pages += 1

    def table(
        self, widths: Sequence[float], rows: Sequence[Cells], *, ruled: bool = True,
        head: bool = True, bottom: float = 60, wrap: float = 5.2, gap: float = 6,
    ) -> None:  # fmt: skip
        """Rows of cells, wrapped within their widths; ``*n`` in a cell stands for n symbols."""
        self.y -= gap
        for number, row in enumerate(rows):
            lines = [wrapped(cell, int(w / wrap)) for cell, w in zip(row, widths, strict=True)]
            height = LEADING * max(map(len, lines)) + 4
            if self.y - height < bottom:
                self.page()
            self._row(widths, lines, height, bold=head and number == 0, ruled=ruled)
            self.y -= height

    def _row(
        self, widths: Sequence[float], lines: list[list[str]], height: float,
        *, bold: bool, ruled: bool,
    ) -> None:  # fmt: skip
        x = LEFT
        for width, cell in zip(widths, lines, strict=True):
            if ruled:
                self.canvas.rect(x, self.y - height, width, height)
            for place, text in enumerate(cell):
                self._cell_line(text, x + 3, self.y - LEADING * (place + 1) + 1, bold)
            x += width

    def _cell_line(self, text: str, x: float, y: float, bold: bool) -> None:
        if text.startswith("*") and text[1:].isdigit():
            self._symbols(int(text[1:]), x, y)
            return
        self.canvas.setFont("Helvetica-Bold" if bold else "Helvetica", 9)
        self.canvas.drawString(x, y, text)

    def _symbols(self, count: int, x: float, y: float) -> None:
        if not self.sign.picture:
            self.canvas.setFont(self.sign.font, 9)
            self.canvas.drawString(x, y, self.sign.letter * count)
            return
        picture = ImageReader(_trefoil())
        for number in range(count):
            self.canvas.drawImage(picture, x + number * 10, y - 1, 9, 9)

    def save(self) -> None:
        self.canvas.save()


def _trefoil() -> BytesIO:
    packed = BytesIO()
    Image.new("RGB", (24, 24), (90, 90, 90)).save(packed, "PNG")
    packed.seek(0)
    return packed


HEAD = ("Procedure", "Appropriateness Category", "Relative Radiation Level")
ROWS = (
    ("US knee", "Usually Appropriate", "O"),
    ("MRI knee without IV contrast", "Usually Appropriate", "O"),
    ("CT knee with IV contrast and a very long name that does not fit on one line of its column",
     "May Be Appropriate", "*2"),
    ("Fluoroscopy knee", "May Be Appropriate (Disagreement)", "*1"),
    ("Bone scan whole body", "Usually Not Appropriate", "*3"),
    ("PET whole body", "Usually Not Appropriate", "*4"),
)  # fmt: skip
WIDTHS = (250.0, 130.0, 110.0)


def narrative(
    path: Path, *, sign: Sign = GLYPH, ruled: bool = True, year: int = 2027,
    title: str = "Sprained Invented Knee", rows: Sequence[Cells] = ROWS, variants: int = 2,
) -> Path:  # fmt: skip
    """Title, variants with three columns each, then prose that names the variants again."""
    sheet = Sheet(path, sign=sign)
    for text in ("American College of Radiology", "ACR Appropriateness Criteria®", title):
        sheet.line(text, bold=True)
    for number in range(1, variants + 1):
        sheet.caption(number, f"{CAPTION} Stage {number}. Initial imaging.")
        sheet.table(WIDTHS, (HEAD, *rows), ruled=ruled)
    sheet.line(f"Revised {year}")
    sheet.page()
    sheet.line("Summary of Literature Review", bold=True)
    for number in range(1, variants + 1):
        sheet.caption(number, f"{CAPTION} Stage {number}. Initial imaging.")
        for line in wrapped(PROSE, 95):
            sheet.line(line)
    sheet.save()
    return path


CAPTION = (
    "Adult patient with a sprained knee after sport, swelling of the joint and pain on weight "
    "bearing for less than two weeks."
)
PROSE = (
    "The knee is examined with ultrasound first. Many invented studies have been made, and all of "
    "them say the same about this joint. Nothing in this paragraph is taken from a guideline."
)


def captions_in_tables(path: Path) -> Path:
    """The caption is the table's first row, over all its columns; on the next page it is repeated."""
    sheet = Sheet(path)
    sheet.line("ACR Appropriateness Criteria® Sprained Invented Wrist", bold=True)
    for number, rows, more in ((1, ROWS[:4], ""), (1, ROWS[4:], " (continued)"), (2, ROWS, "")):
        if more:
            sheet.page()
        sheet.y -= 20
        caption = f"Variant {number}{more}: Adult with a sprained wrist, part {number}."
        sheet.canvas.rect(LEFT, sheet.y - 18, sum(WIDTHS), 18)
        sheet._cell_line(caption, LEFT + 3, sheet.y - 12, True)
        sheet.y -= 18
        sheet.table(WIDTHS, (HEAD, *rows), gap=0)
    sheet.save()
    return path


def discussed(path: Path) -> Path:
    """Prose alone: long captions, under each the procedures, then the summary over them all."""
    sheet = Sheet(path)
    sheet.line("ACR Appropriateness Criteria® Sprained Invented Joints", bold=True)
    for number, joint in ((1, "knee"), (2, "foot")):
        sheet.caption(number, f"Adult with a sprained {joint}. {CAPTION * 2} Initial imaging.")
        for procedure in ("US", "MRI"):
            sheet.y -= 8
            sheet.line(f"{procedure} Joint", bold=True)
            for line in wrapped(f"{procedure} {joint} is invented here. {PROSE * 3}", 95):
                sheet.line(line)
    sheet.y -= 8
    sheet.line("Summary of Recommendations", bold=True)
    for line in wrapped(f"Everything is invented for this document of the tests. {PROSE}", 95):
        sheet.line(line)
    sheet.save()
    return path


def over_pages(path: Path, *, repeat_head: bool) -> Path:
    """A table that goes on over the page break, its head repeated or not."""
    sheet = Sheet(path)
    for text in ("American College of Radiology", "ACR Appropriateness Criteria®", "Broken Hand"):
        sheet.line(text, bold=True)
    for _ in range(34):
        sheet.line("")
    sheet.caption(1, "Hand injury of an adult. Initial imaging.")
    sheet.table(WIDTHS, (HEAD, *ROWS[:2]))
    sheet.line("Revised 2027")
    sheet.page()
    sheet.table(WIDTHS, (HEAD, *ROWS[2:]) if repeat_head else ROWS[2:], head=repeat_head)
    sheet.save()
    return path


def broken_row(path: Path) -> Path:
    """A row whose name begins on one page and ends on the next, where its other cells are empty."""
    sheet = Sheet(path)
    for text in ("American College of Radiology", "ACR Appropriateness Criteria®", "Broken Foot"):
        sheet.line(text, bold=True)
    sheet.caption(1, "Foot injury of an adult. Initial imaging.")
    sheet.table(WIDTHS, (HEAD, ROWS[0], ("MRI foot without and with", "May Be Appropriate", "O")))
    sheet.page()
    sheet.table(WIDTHS, (("IV contrast", "", ""), ROWS[4]), head=False)
    sheet.save()
    return path


def ratings(path: Path) -> Path:
    """The older tables: rating, comment and one radiation column, with a scale under each."""
    sheet = Sheet(path, sign=PICTURE)
    sheet.line("Last review date: 2014")
    sheet.line("Clinical Condition: Invented Elbow Pain", bold=True)
    widths = (190.0, 50.0, 180.0, 60.0)
    for number in (1, 2):
        sheet.caption(number, "Elbow pain of an adult without injury. Next study.")
        sheet.table(
            widths,
            (
                ("Radiologic Procedure", "Rating", "Comments", "RRL*"),
                ("X-ray elbow", "9", "", "*1"),
                ("MRI elbow without contrast", "6", "If the radiograph is normal.", "O"),
                ("CT elbow without contrast", "2", "", "*2"),
            ),
        )
        sheet.line("Rating Scale: 1,2,3 Usually not appropriate; 4,5,6 May be appropriate;")
    sheet.save()
    return path


def appendix(path: Path) -> Path:
    """Landscape, votes under a merged header, nested lists of references between the rows."""
    sheet = Sheet(path, size=landscape(A4))
    for text in ("American College of Radiology", "ACR Appropriateness Criteria®"):
        sheet.line(text, bold=True)
    sheet.line("Sprained Invented Knee", bold=True)
    sheet.caption(1, "Adult patient with a sprained knee. Initial imaging.")
    _votes_head(sheet)
    for row in (
        ("US knee", "Usually appropriate", "Strong", "O 0 mSv", "O 0 mSv [ped]", "8", "8"),
        (
            "CT knee with IV contrast",
            "May be appropriate",
            "Expert Consensus",
            "*3",
            "*4",
            "5",
            "5",
        ),
    ):
        sheet.table(APPENDIX, ((*row, *"000142730"),), head=False, gap=0)
        sheet.table((150.0, 60.0), (("References", "Study Quality"), ("14 (2620)", "3")), gap=0)
    sheet.save()
    return path


APPENDIX = (150.0, 90.0, 65.0, 70.0, 80.0, 35.0, 45.0, *([22.0] * 9))


def _votes_head(sheet: Sheet) -> None:
    names = ("Procedure", "Appropriateness Category", "SOE", "Adults RRL", "Peds RRL", "Rating",
             "Median")  # fmt: skip
    x, height = LEFT, 30.0
    for name, width in zip(names, APPENDIX, strict=False):
        sheet.canvas.rect(x, sheet.y - height, width, height)
        for place, word in enumerate(name.split(" ", 1) if len(name) > 12 else [name]):
            sheet._cell_line(word, x + 3, sheet.y - 12 * (place + 1), True)
        x += width
    sheet.canvas.rect(x, sheet.y - 15, 9 * 22, 15)
    sheet._cell_line("Final Tabulations", x + 3, sheet.y - 12, True)
    for vote in range(9):
        sheet.canvas.rect(x + vote * 22, sheet.y - 30, 22, 15)
        sheet._cell_line(str(vote + 1), x + vote * 22 + 3, sheet.y - 27, True)
    sheet.y -= height


def merged_chart(path: Path) -> Path:
    """A category chart: cells spanning rows, a head over two columns, a footnote."""
    canvas = Canvas(str(path), pagesize=A4)
    top = HEIGHT - 100
    xs = (50.0, 130.0, 330.0, 430.0, 530.0)
    ys = [top - 22 * n for n in range(6)]

    def box(column: int, row: int, text: str, *, columns: int = 1, rows: int = 1) -> None:
        x0, x1 = xs[column], xs[column + columns]
        y0, y1 = ys[row], ys[row + rows]
        canvas.rect(x0, y1, x1 - x0, y0 - y1)
        canvas.setFont("Helvetica-Bold" if row < 2 else "Helvetica", 9)
        canvas.drawString(x0 + 3, (y0 + y1) / 2 - 3, text)

    box(0, 0, "Category", rows=2)
    box(1, 0, "Findings", rows=2)
    box(2, 0, "Follow-up", columns=2)
    box(2, 1, "Interval")
    box(3, 1, "Study*")
    box(0, 2, "2", rows=2)
    box(1, 2, "Pebble under 6 mm")
    box(1, 3, "Pebble with sand")
    box(2, 2, "12 months", rows=2)
    box(3, 2, "CT", rows=2)
    box(0, 4, "3")
    box(1, 4, "Pebble of 6 mm or more")
    box(2, 4, "6 months")
    box(3, 4, "CT")
    canvas.setFont("Helvetica", 8)
    canvas.drawString(50, ys[5] - 14, "* Low-dose technique is used for every study.")
    canvas.save()
    return path
