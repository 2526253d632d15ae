"""Images inside PDFs: the pixels stay, whatever else their bytes held goes."""

import io
import os
import zlib

import pytest
from pikepdf import Array, Dictionary, Name, Object, Pdf, PdfImage, Stream, String
from PIL import Image, ImageChops, ImageStat

from functions.sanitize.clean import MAX_FILE_BYTES, FileRefusedError
from functions.sanitize.cleaners import clean_here as clean
from tests.sanitize import samples, samples_pdf
from tests.sanitize.samples import CANARY, RAW

SIZE = (320, 200)


def _around(made: Pdf, image: Object) -> bytes:
    return samples_pdf.simple(b"/I Do", Dictionary(XObject=Dictionary(I=image)), made)


def _image(raw: bytes) -> tuple[Pdf, Stream]:
    content = clean(raw).content
    assert not samples.holds_canary(samples_pdf.everything(content))
    opened = Pdf.open(io.BytesIO(content))
    (image,) = opened.pages[0].Resources.XObject.values()
    return opened, image


def _refusal(raw: bytes) -> str:
    with pytest.raises(FileRefusedError) as refused:
        clean(raw)
    return str(refused.value.code)


def _raw_image(
    made: Pdf, data: bytes, space: object, bits: int = 8, size: tuple[int, int] = SIZE, **extra: object
) -> Stream:
    image = made.make_stream(
        data, Type=Name.XObject, Subtype=Name.Image, Width=size[0], Height=size[1], BitsPerComponent=bits
    )
    if space is not None:
        image.ColorSpace = space
    for key, value in extra.items():
        image["/" + key] = value
    return image


def _difference(left: Image.Image, right: Image.Image) -> float:
    assert left.size == right.size
    bands = ImageStat.Stat(ImageChops.difference(left.convert("RGB"), right.convert("RGB"))).mean
    return sum(bands) / len(bands)


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_a_camera_s_jpeg_is_encoded_again(mode: str) -> None:
    made = Pdf.new()
    space = {"L": Name.DeviceGray, "RGB": Name.DeviceRGB, "CMYK": Name.DeviceCMYK}[mode]
    source = samples.jpeg(samples.picture(mode=mode), orientation=6, profile=False)
    inverted = {"/Decode": Array([1, 0] * 4)} if mode == "CMYK" else {}
    raw = _around(made, samples_pdf.image_xobject(made, source, space, inverted))
    assert samples.holds_canary(raw)
    opened, image = _image(raw)
    with opened:
        jpeg = image.read_raw_bytes()
        assert jpeg.startswith(b"\xff\xd8")
        assert image.ColorSpace == space
        assert ("/Decode" in image) == (mode == "CMYK")
        before, after = samples.open_image(source), samples.open_image(jpeg)
        assert after.mode == mode
        assert _difference(before, after) < 3  # and not turned: a PDF knows no EXIF


def test_a_jpeg_packed_twice() -> None:
    made = Pdf.new()
    image = samples_pdf.image_xobject(made, b"", Name.DeviceRGB)
    image.write(zlib.compress(samples.jpeg()), filter=Array([Name.FlateDecode, Name.DCTDecode]))
    opened, image = _image(_around(made, image))
    with opened:
        assert image.Filter == Name.DCTDecode
        assert _difference(samples.open_image(image.read_raw_bytes()), samples.picture()) < 3


def test_jpeg_2000_becomes_jpeg() -> None:
    made = Pdf.new()
    out = io.BytesIO()
    samples.picture(mode="RGBA").save(out, "JPEG2000", comment=RAW)
    image = samples_pdf.image_xobject(made, out.getvalue(), Name.DeviceRGB, codec=Name.JPXDecode)
    opened, image = _image(_around(made, image))
    with opened:
        assert image.Filter == Name.DCTDecode
        assert image.ColorSpace == Name.DeviceRGB
        assert _difference(samples.open_image(image.read_raw_bytes()), samples.picture()) < 4


@pytest.mark.parametrize(
    ("mode", "space"), [("RGB", Name.DeviceRGB), ("L", Name.DeviceGray), ("CMYK", Name.DeviceCMYK)]
)
def test_bitmaps_keep_every_pixel_and_nothing_behind_them(mode: str, space: Name) -> None:
    made, picture = Pdf.new(), samples.picture(mode=mode)
    opened, image = _image(_around(made, _raw_image(made, picture.tobytes() + RAW, space)))
    with opened:
        assert image.read_bytes() == picture.tobytes()


def test_bitmaps_with_predictors_keep_every_pixel() -> None:
    made, picture = Pdf.new(), samples.picture()
    rows = b"".join(b"\0" + picture.tobytes()[at : at + 960] for at in range(0, 960 * 200, 960))
    image = _raw_image(made, b"", Name.DeviceRGB)
    image.write(
        zlib.compress(rows), filter=Name.FlateDecode, decode_parms=Dictionary(Predictor=15, Colors=3, Columns=320)
    )
    opened, image = _image(_around(made, image))
    with opened:
        assert image.read_bytes() == picture.tobytes()


def test_screenshots_stay_small() -> None:
    made, picture = Pdf.new(), Image.linear_gradient("L").resize((1000, 1000)).convert("RGB")
    opened, image = _image(_around(made, _raw_image(made, picture.tobytes(), Name.DeviceRGB, size=(1000, 1000))))
    with opened:
        assert len(image.read_raw_bytes()) < 40_000


def test_palettes_end_at_their_last_colour() -> None:
    made = Pdf.new()
    space = Array([Name.Indexed, Name.DeviceRGB, 1, String(b"\0\0\0\xff\xff\xff" + RAW)])
    opened, image = _image(_around(made, _raw_image(made, b"\xaa" * 40 * 200, space, bits=1)))
    with opened:
        assert bytes(image.ColorSpace[3]) == b"\0\0\0\xff\xff\xff"
        assert image.read_bytes() == b"\xaa" * 40 * 200


def test_palettes_may_be_streams() -> None:
    made = Pdf.new()
    space = Array(
        [Name.Indexed, Array([Name.CalGray, Dictionary(WhitePoint=[1, 1, 1])]), 1, made.make_stream(b"\0\xff" + RAW)]
    )
    opened, image = _image(_around(made, _raw_image(made, b"\1" * 64000, space)))
    with opened:
        assert bytes(image.ColorSpace[3]) == b"\0\xff"


def test_masks_are_cleaned_as_images_are() -> None:
    made = Pdf.new()
    soft = samples_pdf.image_xobject(made, samples.jpeg(samples.picture(mode="L"), profile=False), Name.DeviceGray)
    stencil = _raw_image(made, b"\xf0" * 8000 + RAW, None, bits=1, ImageMask=True, Decode=[1, 0])
    image = _raw_image(made, samples.picture().tobytes(), Name.DeviceRGB, SMask=soft, Mask=stencil)
    opened, image = _image(_around(made, image))
    with opened:
        assert image.SMask.Filter == Name.DCTDecode
        assert image.Mask.ImageMask is True
        assert image.Mask.read_bytes() == b"\xf0" * 8000
        assert "/ColorSpace" not in image.Mask


def test_a_colour_key_is_kept() -> None:
    made = Pdf.new()
    image = _raw_image(made, samples.picture().tobytes(), Name.DeviceRGB, Mask=[0, 9, 0, 9, 0, String(CANARY)])
    opened, image = _image(_around(made, image))
    with opened:
        assert list(image.Mask) == [0, 9, 0, 9, 0]


def test_an_image_that_masks_itself_is_refused_or_comes_to_an_end() -> None:
    made = Pdf.new()
    one = _raw_image(made, bytes(64000), Name.DeviceGray)
    two = _raw_image(made, bytes(64000), Name.DeviceGray, SMask=one)
    one.SMask = two
    assert _refusal(_around(made, one)) == "damaged"


def test_profiles_become_plain_colours() -> None:
    made = Pdf.new()
    for count, name in ((1, Name.DeviceGray), (3, Name.DeviceRGB), (4, Name.DeviceCMYK)):
        space = Array([Name.ICCBased, made.make_stream(samples.icc(), N=count)])
        raw = _around(made, _raw_image(made, bytes(count * 64000), space))
        opened, image = _image(raw)
        with opened:
            assert image.ColorSpace == name
        made = Pdf.new()


def test_patterns_and_single_names_are_colour_spaces_too() -> None:
    spaces = Dictionary(A=Array([Name.Pattern, Name.DeviceRGB]), B=Array([Name.DeviceGray]), C=Name.Other)
    content = clean(samples_pdf.simple(b"/A cs /B cs /C cs", Dictionary(ColorSpace=spaces))).content
    with Pdf.open(io.BytesIO(content)) as cleaned:
        kept = cleaned.pages[0].Resources.ColorSpace
        assert list(kept.N0) == [Name.Pattern, Name.DeviceRGB]
        assert Name.DeviceGray == kept.N1
        assert Name("/N3") == kept.N2


def test_an_image_of_two_inks() -> None:
    made = Pdf.new()
    tint = Dictionary(FunctionType=2, Domain=[0, 1], N=1)
    space = Array([Name.DeviceN, [Name.Emas, Name.Perak], Name.DeviceCMYK, tint])
    opened, image = _image(_around(made, _raw_image(made, b"\1\2" * 64000 + RAW, space)))
    with opened:
        assert image.read_bytes() == b"\1\2" * 64000


@pytest.mark.parametrize(
    "space", [Array(), Array([Name.Budi, 1]), 7, Name.Budi, Array([Name.ICCBased, Dictionary(N=2)])]
)
def test_what_is_no_colour_space_is_refused(space: object) -> None:
    made = Pdf.new()
    assert _refusal(_around(made, _raw_image(made, bytes(64000), space))) == "damaged"


def test_fax_codes_are_kept_with_what_reading_them_needs() -> None:
    made, page = Pdf.new(), samples.picture(mode="1")
    out = io.BytesIO()
    page.save(out, "TIFF", compression="group4", strip_size=1 << 20)
    tiff = Image.open(io.BytesIO(out.getvalue()))
    start, length = tiff.tag_v2[273][0], tiff.tag_v2[279][0]
    image = _raw_image(made, b"", Name.DeviceGray, bits=1)
    parms = Dictionary(K=-1, Columns=320, Rows=200, BlackIs1=tiff.tag_v2[262] == 1, Note=String(CANARY))
    image.write(out.getvalue()[start : start + length], filter=Name.CCITTFaxDecode, decode_parms=parms)
    opened, image = _image(_around(made, image))
    with opened:
        assert _difference(PdfImage(image).as_pil_image(), page) == 0


@pytest.mark.parametrize("codecs", [["/DCTDecode", "/FlateDecode"], ["/Unknown"]])
def test_other_codes_are_refused(codecs: list[str]) -> None:
    made = Pdf.new()
    image = _raw_image(made, b"", Name.DeviceGray)
    image.write(b"data", filter=Array([Name(codec) for codec in codecs]))
    assert _refusal(_around(made, image)) == "too_complex"


def test_pixel_bombs_are_refused_by_the_dictionary_and_by_the_data() -> None:
    made = Pdf.new()
    assert _refusal(_around(made, _raw_image(made, b"x", Name.DeviceGray, size=(30_000, 30_000)))) == "too_many_pixels"
    for data, codec in ((samples.jpeg_bomb(), Name.DCTDecode),):
        made = Pdf.new()
        raw = _around(made, samples_pdf.image_xobject(made, data, Name.DeviceRGB, codec=codec))
        assert _refusal(raw) == "too_many_pixels"


@pytest.mark.parametrize("data", [b"", b"\xff\xd8\xff", samples.jpeg()[:2000]])
def test_broken_photos_are_refused(data: bytes) -> None:
    made = Pdf.new()
    assert _refusal(_around(made, samples_pdf.image_xobject(made, data, Name.DeviceRGB))) == "damaged"


def test_inline_images_of_forms_are_cleaned_too() -> None:
    made = Pdf.new()
    photo = samples.jpeg(samples.picture((16, 16)), motion=False).hex().encode()
    inline = b"BI /W 16 /H 16 /CS /RGB /BPC 8 /F [/AHx /DCT] ID " + photo + b"> EI"
    form = made.make_stream(b"q " + inline + b" Q", Subtype=Name.Form, BBox=[0, 0, 1, 1])
    raw = _around(made, form)
    assert samples.holds_canary(samples_pdf.everything(raw))
    opened, copied = _image(raw)
    with opened:
        (image,) = copied.Resources.XObject.values()
        assert image.Filter == Name.DCTDecode
        assert samples.open_image(image.read_raw_bytes()).size == (16, 16)


def test_large_photos_are_made_smaller_until_the_document_fits() -> None:
    made, photos = Pdf.new(), Dictionary()
    for name in ("/A", "/B"):
        out = io.BytesIO()
        Image.frombytes("RGB", (2300, 2300), os.urandom(2300 * 2300 * 3)).save(out, "JPEG", quality=61)
        photos[name] = samples_pdf.image_xobject(made, out.getvalue(), Name.DeviceRGB)
    raw = samples_pdf.simple(b"/A Do /B Do", Dictionary(XObject=photos), made)
    assert MAX_FILE_BYTES * 0.9 < len(raw) <= MAX_FILE_BYTES
    content = clean(raw).content
    assert len(content) <= MAX_FILE_BYTES
    with Pdf.open(io.BytesIO(content)) as cleaned:
        assert [int(photo.Width) for photo in cleaned.pages[0].Resources.XObject.values()] == [1700, 1700]
