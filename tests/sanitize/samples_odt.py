"""An OpenDocument text made by hand, with a canary in every place where one keeps something that nobody sees."""

from tests.sanitize import samples
from tests.sanitize.samples import CANARY as C
from tests.sanitize.samples_office import Parts, zipped

MEDIA_TYPE = "application/vnd.oasis.opendocument.text"
_ODF = "urn:oasis:names:tc:opendocument:xmlns:"
NAMESPACES = (
    " ".join(
        f'xmlns:{prefix}="{_ODF}{name}:1.0"'
        for prefix, name in {
            "office": "office",
            "text": "text",
            "table": "table",
            "draw": "drawing",
            "style": "style",
            "fo": "xsl-fo-compatible",
            "svg": "svg-compatible",
            "script": "script",
            "meta": "meta",
            "form": "form",
            "config": "config",
            "manifest": "manifest",
        }.items()
    )
    + ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    + ' xmlns:xhtml="http://www.w3.org/1999/xhtml" xmlns:x="urn:kenari" office:version="1.3"'
)
WHO = f"<dc:creator>{C}</dc:creator><dc:date>2026-11-03T04:05:06</dc:date><meta:creator-initials>{C}</meta:creator-initials>"
HIDDEN_FIELDS = [
    "author-name",
    "author-initials",
    "initial-creator",
    "creator",
    "sender-firstname",
    "sender-lastname",
    "sender-initials",
    "sender-title",
    "sender-position",
    "sender-email",
    "sender-phone-private",
    "sender-company",
    "sender-city",
    "file-name",
    "template-name",
    "user-defined",
    "creation-date",
    "creation-time",
    "modification-date",
    "modification-time",
    "print-date",
    "print-time",
    "printed-by",
    "editing-cycles",
    "editing-duration",
    "description",
    "keywords",
    "time",
    "hidden-text",
    "script",
]
# What a reader sees of the document, paragraph by paragraph.
VISIBLE = [
    "Laporan",
    "Jalan di depan  pasar rusak parah sekali.",
    "Kalimat dengan tautan. Tanggal 3 November 2026",
    "Ditambahkan sesudahnya.",
    "Catatan1Isi catatan kaki.",
    "Butir satu",
    "Halaman 1 dari 1",
    "Sel",
    "Tulisan di kotak",
    "Tulisan di bentuk",
    "Sebelum [gambar tidak ikut] sesudah",
    "Gambar:",
    "Bagian yang tampak",
]
FRAME = f'draw:name="{C}" draw:style-name="fr1" svg:width="5cm" svg:height="3cm" text:anchor-type="as-char"'


def image(href: str, style: str = "fr1") -> str:
    frame = FRAME.replace("fr1", style)
    return (
        f'<draw:frame {frame}><draw:image xlink:href="{href}" x:mime="{C}"/><svg:title>{C}</svg:title><svg:desc>{C}</svg:desc>'
        f'<office:event-listeners><script:event-listener xlink:href="vnd.sun.star.script:{C}"/></office:event-listeners></draw:frame>'
    )


BODY = f"""<office:forms><form:form form:name="{C}"/></office:forms>
<text:tracked-changes><text:changed-region text:id="ct1"><text:deletion><office:change-info>{WHO}</office:change-info>
<text:p>{C}</text:p></text:deletion></text:changed-region></text:tracked-changes>
<text:user-field-decls><text:user-field-decl office:string-value="{C}" text:name="{C}"/></text:user-field-decls>
<text:h text:style-name="Heading_20_1" text:outline-level="1" xml:id="{C}"><text:bookmark text:name="{C}"/>Laporan</text:h>
<text:p text:style-name="P1" xhtml:about="{C}">Jalan di depan<text:s text:c="2"/>pasar <text:span text:style-name="T1">rusak</text:span>
<text:span text:style-name="Gaib">{C}</text:span>parah<office:annotation office:name="{C}">{WHO}<text:p>{C}</text:p></office:annotation>
sekali.</text:p>
<text:p>Kalimat dengan <text:a xlink:href="https://{C}.example/" office:name="{C}">tautan</text:a>. Tanggal <text:date
text:date-value="2026-11-03T04:05:06.789">3 November 2026</text:date></text:p>
<text:p><text:change-start text:change-id="ct1"/>Ditambahkan<text:change-end text:change-id="ct1"/> sesudahnya.</text:p>
{"".join(f"<text:p><text:{name} text:name='{C}'>{C}</text:{name}></text:p>" for name in HIDDEN_FIELDS)}
<text:p><text:variable-set text:display="none" text:name="{C}" text:formula="{C}">{C}</text:variable-set></text:p>
<text:p>Catatan<text:note text:id="{C}" text:note-class="footnote"><text:note-citation text:label="{C}">1</text:note-citation>
<text:note-body><text:p>Isi catatan kaki.</text:p></text:note-body></text:note></text:p>
<text:list text:style-name="L1" xml:id="{C}"><text:list-item><text:p>Butir satu</text:p></text:list-item></text:list>
<text:p>Halaman <text:page-number text:select-page="current">7</text:page-number> dari <text:page-count>9</text:page-count></text:p>
<table:table table:name="{C}" table:style-name="Tabel"><table:table-column/><table:table-row><table:table-cell office:value-type="string"
office:string-value="{C}" table:formula="{C}"><text:p>Sel</text:p></table:table-cell></table:table-row>
<table:table-row table:visibility="collapse"><table:table-cell><text:p>{C}</text:p></table:table-cell></table:table-row></table:table>
<text:p><draw:frame {FRAME}><draw:text-box><text:p>Tulisan di kotak</text:p></draw:text-box></draw:frame></text:p>
<text:p><draw:g><draw:custom-shape {FRAME}><text:p>Tulisan di bentuk</text:p></draw:custom-shape></draw:g></text:p>
<text:p>Sebelum {image("Pictures/gambar.svg")} sesudah<draw:frame draw:name="{C}"><draw:object xlink:href="./Object 1"/>
</draw:frame></text:p>
<text:p>Gambar:{image(f"Pictures/{C}.jpg")}{image("Pictures/2.png")}</text:p>
<text:section text:name="{C}" text:display="none"><text:p>{C}</text:p></text:section>
<text:section text:name="{C}"><text:section-source xlink:href="file:///C:/{C}"/><text:p>Bagian yang tampak</text:p></text:section>
<text:p><text:hidden-paragraph text:condition="{C}" text:is-hidden="true"/>{C}</text:p>
<text:p text:style-name="GaibAnak">{C}</text:p><x:lain>{C}</x:lain>"""
AUTOMATIC = f"""<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Dinas_20_{C}">
<style:text-properties fo:color="#ff0000" fo:language="jv" fo:country="ID" x:rsid="{C}"/></style:style>
<style:style style:name="T1" style:family="text"><style:text-properties fo:font-weight="bold"/></style:style>
<style:style style:name="Gaib" style:family="text"><style:text-properties text:display="none"/></style:style>
<style:style style:name="GaibAnak" style:family="paragraph" style:parent-style-name="Gaib"/>
<style:style style:name="fr1" style:family="graphic"><style:graphic-properties fo:clip="rect(0cm, 0cm, 0cm, 0cm)"/></style:style>
<style:style style:name="potong" style:family="graphic"><style:graphic-properties fo:clip="rect(0in, 0.6in, 0.4in, 0in)"/></style:style>
<text:list-style style:name="L1"><text:list-level-style-bullet text:level="1" text:bullet-char="•"/></text:list-style>"""
STYLES = f"""<office:styles><style:default-style style:family="paragraph"><style:text-properties style:font-name="Liberation Serif"/>
</style:default-style><style:style style:name="Standard" style:family="paragraph"/><style:style style:name="Dinas_20_{C}"
style:display-name="Dinas {C}" style:family="paragraph" style:parent-style-name="Standard"/></office:styles>
<office:automatic-styles><style:page-layout style:name="Mpm1"><style:page-layout-properties fo:page-width="21cm"/></style:page-layout>
</office:automatic-styles><office:master-styles><style:master-page style:name="Standard" style:page-layout-name="Mpm1"><style:header>
<text:p>Kepala <text:author-name>{C}</text:author-name></text:p></style:header><style:header-first style:display="false"><text:p>{C}</text:p>
</style:header-first></style:master-page><style:master-page style:name="{C}" style:page-layout-name="Mpm1"><style:footer><text:p>{C}</text:p>
</style:footer></style:master-page></office:master-styles>"""


def content(body: str) -> str:
    return (
        f"<office:document-content {NAMESPACES}><office:scripts>{C}</office:scripts><office:font-face-decls><style:font-face "
        f'style:name="Liberation Serif" svg:font-family="&apos;Liberation Serif&apos;" style:font-adornments="{C}"/></office:font-face-decls>'
        f"<office:automatic-styles>{AUTOMATIC}</office:automatic-styles><office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )


def parts(body: str = BODY) -> Parts:
    """All the parts of the file."""
    return {
        "mimetype": MEDIA_TYPE,
        "Thumbnails/thumbnail.png": samples.png(),
        "meta.xml": f"<office:document-meta {NAMESPACES}><office:meta>{WHO}<meta:generator>LibreOffice {C}</meta:generator></office:meta></office:document-meta>",
        "settings.xml": f'<office:document-settings {NAMESPACES}><config:config-item config:name="PrinterName">{C}</config:config-item></office:document-settings>',
        "content.xml": content(body),
        "styles.xml": f"<office:document-styles {NAMESPACES}>{STYLES}</office:document-styles>",
        "manifest.rdf": f"<rdf>{C}</rdf>",
        "Configurations2/accelerator/current.xml": f"<x>{C}</x>",
        "Basic/Standard/Modul.xml": f"<x>{C}</x>",
        "Scripts/python/x.py": C,
        "Object 1/content.xml": f"<x>{C}</x>",
        f"Pictures/{C}.jpg": samples.jpeg(),
        "Pictures/2.png": samples.png(),
        "Pictures/gambar.svg": f"<svg>{C}</svg>",
        "META-INF/manifest.xml": f'<manifest:manifest {NAMESPACES}><manifest:file-entry manifest:full-path="/" manifest:media-type="{MEDIA_TYPE}"/></manifest:manifest>',
        "META-INF/documentsignatures.xml": f"<x>{C}</x>",
    }


def odt(body: str = BODY, **changed: str | bytes) -> bytes:
    """The file; with another body, or with parts changed (keys as in ``samples_office.types``)."""
    made = parts(body)
    made.update({key.replace("__", "/").replace("_xml", ".xml"): data for key, data in changed.items()})
    return zipped(made)
