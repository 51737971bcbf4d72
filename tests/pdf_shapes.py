"""PDF files made for the tests with reportlab: one function a shape."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = A4
LEFT = 60.0
LINE = 14.0

LOREM = (
    "The examination is acquired without contrast in a single breath hold.",
    "Images are reviewed on a workstation with lung and soft tissue windows.",
    "Findings outside the lungs are described in a separate paragraph.",
    "The report names the edition of the guideline that was applied.",
)


def wrapped(text: str, width: int) -> list[str]:
    """Lines of at most ``width`` characters, broken between words."""
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) + 1 > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


class Page:
    """Draws downwards from the top of a page."""

    def __init__(self, canvas: Canvas, x: float = LEFT, y: float = HEIGHT - 100) -> None:
        self.canvas, self.x, self.y = canvas, x, y

    def line(
        self, text: str, *, bold: bool = False, size: float = 10, x: float | None = None
    ) -> None:
        self.canvas.setFont("Helvetica-Bold" if bold else "Helvetica", size)
        self.canvas.drawString(self.x if x is None else x, self.y, text)
        self.y -= LINE * max(1.0, size / 10)

    def heading(self, text: str, size: float = 10) -> None:
        self.y -= LINE
        self.line(text, bold=True, size=size)
        self.y -= LINE / 2

    def paragraph(self, text: str, width: int = 85) -> None:
        for line in wrapped(text, width):
            self.line(line)
        self.y -= LINE


def protocol(
    path: Path, sentence: str = "Slices are 1.0 mm thick.", title: str | None = None
) -> Path:
    """One page: title, two headings, prose; ``sentence`` stands under 'Acquisition'."""
    canvas = Canvas(str(path), pagesize=A4)
    if title:
        canvas.setTitle(title)
    page = Page(canvas)
    page.line("Chest CT protocol", bold=True, size=18)
    page.line("Radiology department, revised 2024")
    page.heading("Acquisition")
    page.paragraph(f"{LOREM[0]} {sentence} {LOREM[1]}")
    page.heading("Reporting")
    page.paragraph(" ".join(LOREM[2:]))
    canvas.save()
    return path


def with_running_heads(path: Path, pages: int = 5) -> Path:
    """Running head, foot with page number; a sentence broken over each page break."""
    canvas = Canvas(str(path), pagesize=A4)
    for number in range(1, pages + 1):
        page = Page(canvas)
        canvas.setFont("Helvetica", 8)
        canvas.drawString(LEFT, HEIGHT - 40, "University Hospital - Imaging Handbook")
        canvas.drawString(WIDTH / 2, 30, f"Page {number} of {pages}")
        if number > 1:
            page.paragraph(f"that ends on page {number} after the break. {LOREM[0]}")
        for text in LOREM:
            page.paragraph(f"On page {number}: {text}")
        if number < pages:
            for line in wrapped(f"Here begins sentence {number} of the handbook, a sentence", 85):
                page.line(line)
        canvas.showPage()
    canvas.save()
    return path


def two_columns(path: Path, *, across: bool) -> Path:
    """Two columns of prose; drawn column by column, or (``across``) line by line over both."""
    left = wrapped(
        " ".join(f"Left sentence {n} speaks of the first column only." for n in range(1, 13)), 42
    )
    right = wrapped(
        " ".join(f"Right sentence {n} speaks of the second column only." for n in range(1, 13)), 42
    )
    canvas = Canvas(str(path), pagesize=A4)
    canvas.setFont("Helvetica", 10)
    placed = [(LEFT, n, text) for n, text in enumerate(left)]
    placed += [(WIDTH / 2 + 15, n, text) for n, text in enumerate(right)]
    if across:
        placed.sort(key=lambda item: (item[1], item[0]))
    for x, n, text in placed:
        canvas.drawString(x, HEIGHT - 120 - n * LINE, text)
    canvas.save()
    return path


def hyphenated(path: Path) -> Path:
    """Words broken at line ends: one to be joined, two that keep their hyphen."""
    canvas = Canvas(str(path), pagesize=A4)
    page = Page(canvas)
    for line in (
        "An incidental nodule is common, and every inci-",
        "dental finding is described with care. A part-solid nodule is",
        "measured twice, because in a part-",
        "solid nodule the solid portion matters. The range is 6-",
        "8 mm in this sentence.",
    ):
        page.line(line)
    canvas.save()
    return path


def table(path: Path) -> Path:
    """A heading and rows of three cells each."""
    canvas = Canvas(str(path), pagesize=A4)
    page = Page(canvas)
    page.heading("Variant 1: Flank pain. Initial imaging.")
    for row in (
        ("CT abdomen without contrast", "Usually appropriate", "3 mSv"),
        ("US kidneys", "May be appropriate", "0 mSv"),
        ("Radiography abdomen", "Usually not appropriate", "1 mSv"),
    ):
        for x, cell in zip((LEFT, 280.0, 440.0), row, strict=True):
            canvas.setFont("Helvetica", 10)
            canvas.drawString(x, page.y, cell)
        page.y -= LINE * 1.4
    canvas.save()
    return path


def with_references(path: Path) -> Path:
    """Prose, then a list of references, then a disclaimer under a heading of its own."""
    canvas = Canvas(str(path), pagesize=A4)
    page = Page(canvas)
    page.heading("Recommendation")
    page.paragraph("Low-dose CT is repeated after twelve months in this handbook.")
    page.heading("References")
    for number in range(1, 5):
        page.paragraph(
            f"{number}. Author A. Quantum pancreas imaging study {number}. Journal 2019."
        )
    page.heading("Disclaimer")
    page.paragraph("This handbook does not replace the judgement of the physician in charge.")
    canvas.save()
    return path


def rotated(path: Path) -> Path:
    """A page turned by 90 degrees with upright text for the reader."""
    canvas = Canvas(str(path), pagesize=A4)
    canvas.setPageRotation(90)
    canvas.saveState()
    canvas.translate(WIDTH, 0)
    canvas.rotate(90)
    for n, text in enumerate(("Rotated line one comes first.", "Rotated line two comes second.")):
        canvas.setFont("Helvetica", 10)
        canvas.drawString(60, WIDTH - 80 - n * LINE, text)
    canvas.restoreState()
    canvas.save()
    return path


def encrypted(path: Path, user_password: str) -> Path:
    """Encrypted; an empty user password opens it without asking."""
    lock = StandardEncryption(user_password, ownerPassword="owner", strength=128)
    canvas = Canvas(str(path), pagesize=A4, encrypt=lock)
    Page(canvas).paragraph("A locked sentence about the spleen stands here for the reader.")
    canvas.save()
    return path


def picture_only(path: Path, pages: int = 1) -> Path:
    """Pages with drawings and no text, as a scanner makes them."""
    canvas = Canvas(str(path), pagesize=A4)
    for _ in range(pages):
        canvas.rect(100, 100, 300, 500, fill=1)
        canvas.showPage()
    canvas.save()
    return path


def mixed_with_pictures(path: Path) -> Path:
    """A page of prose between two pictures."""
    canvas = Canvas(str(path), pagesize=A4)
    canvas.rect(100, 100, 300, 500, fill=1)
    canvas.showPage()
    Page(canvas).paragraph("The only text of this file stands on its second page and is kept.")
    canvas.showPage()
    canvas.rect(100, 100, 300, 500, fill=1)
    canvas.showPage()
    canvas.save()
    return path


def truncated(path: Path) -> Path:
    """The first third of a PDF."""
    whole = protocol(path).read_bytes()
    path.write_bytes(whole[: len(whole) // 3])
    return path


def no_pages(path: Path) -> Path:
    """A well-formed file whose page tree is empty."""
    body = b"%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
    second = len(body)
    body += b"2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n"
    start = len(body)
    body += b"xref\n0 3\n0000000000 65535 f \n%010d 00000 n \n%010d 00000 n \n" % (9, second)
    body += b"trailer\n<</Size 3/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % start
    path.write_bytes(body)
    return path


def cyclic_pages(path: Path) -> Path:
    """A page tree that contains itself."""
    body = b"%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
    second = len(body)
    body += b"2 0 obj\n<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>\nendobj\n"
    start = len(body)
    body += b"xref\n0 3\n0000000000 65535 f \n%010d 00000 n \n%010d 00000 n \n" % (9, second)
    body += b"trailer\n<</Size 3/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % start
    path.write_bytes(body)
    return path


def bomb(path: Path, megabytes: int = 600) -> Path:
    """A content stream of a few hundred kilobytes that inflates to ``megabytes``."""
    import zlib

    packer = zlib.compressobj(9)
    chunk = b"BT /F1 10 Tf 50 50 Td (nodule) Tj ET\n" * 28_000
    stream = b"".join(packer.compress(chunk) for _ in range(megabytes)) + packer.flush()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%b\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    return _written(path, objects)


def many_pages(path: Path, count: int) -> Path:
    """``count`` pages that share one small content stream."""
    stream = b"BT /F1 10 Tf 50 50 Td (nodule) Tj ET"
    kids = b" ".join(b"%d 0 R" % number for number in range(5, 5 + count))
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 3 0 R/Resources<</Font<</F1 4 0 R>>>>>>"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%b]/Count %d>>" % (kids, count),
        b"<</Length %d>>stream\n%b\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        *[page] * count,
    ]
    return _written(path, objects)


def _written(path: Path, objects: Sequence[bytes]) -> Path:
    """A PDF of these objects, numbered from 1; the first is its catalog."""
    parts, places, length = [b"%PDF-1.4\n"], [], 9
    for number, content in enumerate(objects, 1):
        places.append(length)
        parts.append(b"%d 0 obj\n%b\nendobj\n" % (number, content))
        length += len(parts[-1])
    size = len(objects) + 1
    parts.append(b"xref\n0 %d\n0000000000 65535 f \n" % size)
    parts += [b"%010d 00000 n \n" % place for place in places]
    parts.append(b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, length))
    path.write_bytes(b"".join(parts))
    return path


def raised_figures(path: Path) -> Path:
    """Reference marks and an exponent set small and raised, right after figures and full stops."""
    canvas = Canvas(str(path), pagesize=A4)
    y = HEIGHT - 120
    x = LEFT
    for text, raised in (
        ("The scan is repeated after 12", False),
        ("3", True),
        (" months in this handbook.", False),
        ("4,5", True),
        (" There are 10", False),
        ("5", True),
        (" cells in 30 mm", False),
        ("3", True),
        (" of this sample.", False),
    ):
        size = 6 if raised else 10
        canvas.setFont("Helvetica", size)
        canvas.drawString(x, y + (4 if raised else 0), text)
        x += canvas.stringWidth(text, "Helvetica", size)
    canvas.save()
    return path
