"""Every PDF of the product is made here: archived form, tagged, with the repository's fonts. Nothing is ever fetched over a network."""

import gc
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pydyf
from weasyprint import CSS, HTML, Attachment
from weasyprint.document import Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

SCHEME = "asset:///"
FOLDER = Path(__file__).resolve().parent / "static" / "staff"
# Names of fonts go into the PDF as bytes, which must be UTF-8 (ISO 19005-3, 6.1.8): plain ASCII is.
_FACES = (
    ("AnSinhSerif", "Serif", "Regular", "normal", "normal"),
    ("AnSinhSerif", "Serif", "Bold", "bold", "normal"),
    ("AnSinhSerif", "Serif", "Italic", "normal", "italic"),
    ("AnSinhSerif", "Serif", "BoldItalic", "bold", "italic"),
    ("AnSinhSans", "Sans", "Regular", "normal", "normal"),
    ("AnSinhSans", "Sans", "Bold", "bold", "normal"),
    ("AnSinhMono", "Mono", "Regular", "normal", "normal"),
    ("AnSinhMono", "Mono", "Bold", "bold", "normal"),
)

NATION = "<b>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</b>"
MOTTO = '<b class="motto">Độc lập - Tự do - Hạnh phúc<span class="rule"></span></b>'
# Decree 30/2020, appendix I: a rule of a third to half the line under whoever issues the paper, one as long as the motto under that.
_RULES = """
.agency, .motto { display: inline-block; }
.agency .rule, .motto .rule { display: block; margin: 0.8mm auto 0; border-top: 0.7pt solid #000; }
.agency .rule { width: 40%; } .motto .rule { width: 100%; }
"""

# Where HarfBuzz's subsetter is missing, fontTools takes its place, and writes the hour into every font unless it is given one.
os.environ.setdefault("SOURCE_DATE_EPOCH", "0")


class AssetFetcher(URLFetcher):
    """Serves `asset:///fonts/…` from the application's static files; any other address stops the rendering."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=("asset",), allow_redirects=False)

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """The file's content. Raises FatalURLFetchingError for anything that isn't one of ours."""
        path = (FOLDER / url.removeprefix(SCHEME)).resolve()
        if not url.startswith(SCHEME) or not path.is_relative_to(FOLDER) or not path.is_file():
            raise FatalURLFetchingError(f"not a file of ours: {url}")
        return URLFetcherResponse(url, body=path.read_bytes())


@dataclass(frozen=True)
class Embedded:
    """A file that travels inside the PDF: the same figures for a program to read. `modified` is printed into the PDF, so it comes from the data."""

    name: str
    description: str
    content: bytes
    modified: datetime


def archive_pdf(html: str, *, identifier: bytes, files: Sequence[Embedded] = (), accessible: bool = True) -> bytes:
    """HTML as PDF/A-3a that is also PDF/UA-1; with `accessible=False` as PDF/A-3u, for long lists printed as lines.

    The same HTML, files and identifier (16 bytes, from a digest of what is printed) give the same bytes. The families are AnSinhSerif,
    AnSinhSans and AnSinhMono; any other file the HTML names stops the rendering. `agency` and `motto` with a `rule` in them are the head of a paper.
    """
    fetcher = AssetFetcher()
    attachments = [
        Attachment(
            string=each.content, name=each.name, description=each.description, relationship="Data", base_url=SCHEME, url_fetcher=fetcher,
            created=each.modified.astimezone(UTC), modified=each.modified.astimezone(UTC),
        )
        for each in files
    ]  # fmt: skip
    fonts = FontConfiguration()
    faces = CSS(string=_faces_in(html) + _RULES, base_url=SCHEME, url_fetcher=fetcher, font_config=fonts)
    with _fewer_collections():
        content: bytes = HTML(string=html, base_url=SCHEME, url_fetcher=fetcher).write_pdf(
            font_config=fonts, stylesheets=[faces], pdf_variant="pdf/a-3a" if accessible else "pdf/a-3u", pdf_tags=accessible,
            pdf_identifier=identifier[:16], attachments=attachments, finisher=_claim_pdf_ua if accessible else None,
        )  # fmt: skip
    return content


@contextmanager
def _fewer_collections() -> Iterator[None]:
    """A page is many small objects that all live until it is drawn: looking for garbage among them every 700 takes an eighth of the time."""
    before = gc.get_threshold()
    gc.set_threshold(50_000, 10, 10)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _faces_in(html: str) -> str:
    """The families the HTML names: each one declared costs time, used or not."""
    return "".join(
        f'@font-face {{ font-family: {name}; font-weight: {weight}; font-style: {style}; src: url("{SCHEME}fonts/Liberation{kind}-{cut}.ttf"); }}\n'
        for name, kind, cut, weight, style in _FACES
        if name in html
    )


def _claim_pdf_ua(document: Document, pdf: pydyf.PDF) -> None:
    """Add PDF/UA's identification to the metadata: WeasyPrint writes that of one standard only, and XMP has one block for all."""
    number = int(pdf.catalog["Metadata"].split()[0])
    metadata = pdf.objects[number]
    content = metadata.stream[0].replace(b"</rdf:RDF>", (FOLDER / "pdf-ua.xmp").read_bytes() + b"</rdf:RDF>")
    metadata.stream = [content]
