"""The only files a PDF may load: fonts and templates of this repository. Nothing is ever fetched over a network."""

from pathlib import Path

from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

SCHEME = "asset:///"
FOLDER = Path(__file__).resolve().parent / "static" / "staff"


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
