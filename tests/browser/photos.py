"""Photos as phones take them, with what a phone writes beside the picture; and the look at what is left of it."""

from io import BytesIO
from pathlib import Path

from PIL import Image

MAKER, DESCRIPTION, USER_COMMENT, GPS, EXIF_IFD = 0x010F, 0x010E, 0x9286, 0x8825, 0x8769


def taken(folder: Path, canary: str, colour: str = "orange") -> Path:
    """A JPEG whose EXIF and whose name hold ``canary``."""
    exif = Image.Exif()
    exif[MAKER] = exif[DESCRIPTION] = canary
    exif.get_ifd(EXIF_IFD)[USER_COMMENT] = canary.encode()
    exif.get_ifd(GPS).update({1: "N", 2: (0.0, 30.0, 17.0), 3: "E", 4: (117.0, 32.0, 9.0)})
    path = folder / f"{canary}.jpg"
    Image.new("RGB", (640, 480), colour).save(path, exif=exif, comment=canary.encode())
    assert path.read_bytes().count(canary.encode()) >= 3
    return path


def left_in(content: bytes) -> dict[object, object]:
    """What a photo still says beside its picture: nothing, if it was cleaned."""
    with Image.open(BytesIO(content)) as picture:
        picture.load()
        said = dict(picture.getexif())
        said |= {name: value for name, value in picture.info.items() if not name.startswith("jfif")}
        return {name: value for name, value in said.items() if name not in {"progressive", "progression", "dpi"}}
