"""Charts without rules made for the tests: coloured boxes, and cells that are colour alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = landscape(A4)
COLOURS = ("#c8e6c9", "#fff59d", "#ffcc80", "#ef9a9a", "#b39ddb")

COLUMNS = (
    (
        "GRAIN (Choose 1)",
        (("Sandy or almost sandy", 0), ("Mixed sand and pebble", 1), ("Pebble", 2)),
    ),
    ("SHINE (Choose 1)", (("Matt", 0), ("Glossy", 1), ("Very glossy", 3))),
    ("SHAPE (Choose 1)", (("Wider-than-tall", 0), ("Taller-than-wide", 3))),
    ("SPECKS (Choose all that apply)", (("None or large comet-tail specks", 0), ("Rim specks", 2))),
)
LEVELS = (
    ("0 Points", "PR1", "Smooth", "No polishing"),
    ("2 Points", "PR2", "Rather smooth", "No polishing"),
    ("4 to 6 Points", "PR4", "Rough", "Polish if >= 1.5 cm"),
)


def _box(
    canvas: Canvas, area: Sequence[float], lines: Sequence[str], colour: Color, *,
    bold: bool = False, round_corners: bool = False,
) -> None:  # fmt: skip
    x, y, width, height = area
    canvas.setFillColor(colour)
    (canvas.roundRect if round_corners else canvas.rect)(
        x, y, width, height, *([6] if round_corners else []), fill=1, stroke=int(round_corners)
    )
    canvas.setFillColor(HexColor("#000000"))
    canvas.setFont("Helvetica-Bold" if bold else "Helvetica", 9)
    for place, text in enumerate(lines):
        canvas.drawCentredString(x + width / 2, y + height - 14 - 11 * place, text)


def points_chart(path: Path) -> Path:
    """Columns of boxes, a title box over each, points at the right; below a banner and level boxes."""
    canvas = Canvas(str(path), pagesize=landscape(A4))
    canvas.setFont("Helvetica-Bold", 18)
    canvas.drawString(300, HEIGHT - 50, "Pebble TI-RADS")
    for number, (title, choices) in enumerate(COLUMNS):
        x, colour = 40 + number * 195, HexColor(COLOURS[number])
        _box(canvas, (x, HEIGHT - 110, 180, 24), [title], colour, bold=True)
        canvas.setFillColor(colour)
        canvas.rect(x, HEIGHT - 220, 180, 104, fill=1, stroke=0)
        canvas.setFillColor(HexColor("#000000"))
        canvas.setFont("Helvetica", 8)
        for place, (text, points) in enumerate(choices):
            canvas.drawString(x + 6, HEIGHT - 138 - 28 * place, text)
            canvas.drawRightString(x + 174, HEIGHT - 138 - 28 * place, f"{points} points")
    _box(canvas, (200, HEIGHT - 270, 440, 22), ["Add Points From All Categories"],
         HexColor("#dddddd"), bold=True, round_corners=True)  # fmt: skip
    for number, lines in enumerate(LEVELS):
        area = (120 + number * 210, HEIGHT - 360, 190, 66)
        _box(canvas, area, lines, HexColor(COLOURS[number]), round_corners=True)
    canvas.save()
    return path


def painted_table(path: Path) -> Path:
    """A category table whose cells are painted areas side by side, no rule drawn, categories merged."""
    canvas = Canvas(str(path), pagesize=A4)
    xs, top, high = (50.0, 150.0, 350.0, 540.0), A4[1] - 120, 30.0

    def cell(column: int, row: int, text: str, colour: str, rows: int = 1) -> None:
        x, y = xs[column], top - high * (row + rows)
        canvas.setFillColor(HexColor(colour))
        canvas.rect(x, y, xs[column + 1] - x, high * rows, fill=1, stroke=0)
        canvas.setFillColor(HexColor("#000000"))
        canvas.setFont("Helvetica-Bold" if row == 0 else "Helvetica", 9)
        canvas.drawString(x + 4, y + high * rows / 2 - 3, text)

    for column, name in enumerate(("Category", "Findings", "Management")):
        cell(column, 0, name, "#546e7a")
    cell(0, 1, "2", COLOURS[0], rows=2)
    cell(1, 1, "Pebble under 6 mm", "#e8f5e9")
    cell(1, 2, "Pebble with sand", "#f1f8e9")
    cell(2, 1, "12 month survey", COLOURS[0], rows=2)
    cell(0, 3, "3", COLOURS[2], rows=2)
    cell(1, 3, "Pebble of 6 mm to under 8 mm", "#fff3e0")
    cell(1, 4, "New pebble under 6 mm", "#fff8e1")
    cell(2, 3, "6 month survey", COLOURS[2], rows=2)
    canvas.save()
    return path


FIELD = (
    ("Pebbles", ("Round", "Flat", "Split")),
    ("Layers", ("Even", "Tilted")),
    ("Edges", ("Sharp", "Worn")),
)
LABORATORY = (
    (
        ("Grains", ("Coarse", "Fine", "Mixed")),
        ("Lustre", ("Dull", "Waxy")),
        ("Hardness", ("Low", "High")),
    ),
    (("Streak", ("White", "Grey")), ("Cleavage", ("None", "One")), ("Colour", ("Pale", "Dark"))),
)


def poster(path: Path) -> Path:
    """Tables under coloured bands: rules inside, no frame; under the second band two lists side by side."""
    canvas = Canvas(str(path), pagesize=landscape(A4))
    canvas.setFont("Helvetica-Bold", 20)
    canvas.drawString(300, HEIGHT - 50, "Pebble Atlas")
    _band(canvas, 40, 220, "FIELD", "#ec407a")
    _list(canvas, 40, 220, FIELD, 20)
    _band(canvas, 280, 480, "LABORATORY", "#fb8c00")
    _list(canvas, 280, 240, LABORATORY[0], 20)
    canvas.line(520, HEIGHT - 110, 520, HEIGHT - 110 - 6 * 26)
    _list(canvas, 520, 240, LABORATORY[1], 26)
    canvas.save()
    return path


def _band(canvas: Canvas, x: float, width: float, text: str, colour: str) -> None:
    canvas.setFillColor(HexColor(colour))
    canvas.rect(x, HEIGHT - 110, width, 24, fill=1, stroke=0)
    canvas.setFillColor(HexColor("#000000"))
    canvas.setFont("Helvetica-Bold", 14)
    canvas.drawCentredString(x + width / 2, HEIGHT - 103, text)


def _list(
    canvas: Canvas, x: float, width: float, groups: Sequence[tuple[str, Sequence[str]]], high: float
) -> None:
    """A label and its values under each other; a rule below every value, none below the last group."""
    canvas.setFont("Helvetica", 9)
    top = HEIGHT - 110
    canvas.line(x + 100, top, x + 100, top - 6 * 26)
    for number, (label, values) in enumerate(groups):
        canvas.drawString(x + 4, top - 12, label)
        for place, value in enumerate(values, 1):
            canvas.drawString(x + 104, top - 12, value)
            top -= high
            if place < len(values):
                canvas.line(x + 100, top, x + width, top)
            elif number < len(groups) - 1:
                canvas.line(x, top, x + width, top)
