"""Contact sheets: a screen in its sizes and themes side by side, and many screens of one size packed into columns."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw

GAP, TITLE = 12, 26
HEIGHT: Final = 1400  # of a sheet; a longer screen goes on in the next column
GROUND, INK = "#8a8f92", "#000000"
Piece = tuple[str, Image.Image]


def side_by_side(pictures: Sequence[Path], width: int, target: Path) -> None:
    """Write the first ``HEIGHT`` pixels of each picture beside each other, each at this width."""
    pieces = [(picture.stem, scaled(Image.open(picture), width).crop((0, 0, width, HEIGHT))) for picture in pictures]
    _write(pieces, width, target)


def packed(pictures: Iterable[Path], width: int, columns: int, folder: Path, name: str) -> int:
    """Write sheets of so many columns that hold all pictures whole, and return how many sheets there are."""
    pieces: list[Piece] = []
    for picture in pictures:
        whole = scaled(Image.open(picture), width)
        for part, top in enumerate(range(0, whole.height, HEIGHT)):
            cut = whole.crop((0, top, width, min(top + HEIGHT, whole.height)))
            pieces.append((f"{picture.stem}{f' ({part + 1})' if part else ''}", cut))
    sheets = [[column] for column in _columns(pieces)]
    for n in range(0, len(sheets), columns):
        _write(
            [column for group in sheets[n : n + columns] for column in group],
            width,
            folder / f"{name}-{n // columns + 1:02}.png",
        )
    return -(-len(sheets) // columns)


def scaled(picture: Image.Image, width: int) -> Image.Image:
    """Return the picture at this width."""
    return picture.convert("RGB").resize((width, max(1, round(picture.height * width / picture.width))))


def _columns(pieces: Sequence[Piece]) -> list[Piece]:
    """Stack short pieces, so that a column is nearly full."""
    columns: list[Piece] = []
    for name, piece in pieces:
        title = _titled(name, piece)
        if columns and columns[-1][1].height + GAP + title.height <= HEIGHT + TITLE:
            above = columns.pop()[1]
            both = Image.new("RGB", (title.width, above.height + GAP + title.height), GROUND)
            both.paste(above, (0, 0))
            both.paste(title, (0, above.height + GAP))
            title = both
        columns.append(("", title))
    return columns


def _titled(name: str, piece: Image.Image) -> Image.Image:
    framed = Image.new("RGB", (piece.width, piece.height + TITLE), GROUND)
    ImageDraw.Draw(framed).text((4, 6), name, fill=INK)
    framed.paste(piece, (0, TITLE))
    return framed


def _write(pieces: Sequence[Piece], width: int, target: Path) -> None:
    shown = [_titled(name, piece) if name else piece for name, piece in pieces]
    sheet = Image.new("RGB", (len(shown) * (width + GAP) + GAP, max(each.height for each in shown) + 2 * GAP), GROUND)
    for n, each in enumerate(shown):
        sheet.paste(each, (GAP + n * (width + GAP), GAP))
    sheet.save(target)
