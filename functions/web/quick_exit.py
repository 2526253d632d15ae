"""The quick exit (keluar cepat): one press leads to a harmless site and removes what our pages left in the browser.

It is a plain link to ``GET /keluar``, so it works without JavaScript. Where scripts run, ``assets/keluar.js`` empties
the page and takes the answered form out of the history, so that Back and Reload show nothing. The help page says what
neither removes: the browser's own history, other tabs, and without JavaScript the Back button, which sends the form
again. Whether ``sessionStorage`` goes depends on the browser, so nothing a person wrote may ever be kept there.
"""

from flask import Flask, Response

from functions.web.cross_site import is_from_elsewhere

PATH = "/keluar"
ELSEWHERE = "https://www.bmkg.go.id/"  # weather and earthquakes: a page that anybody may be reading
CLEAR = '"cache", "cookies", "storage"'


def register(app: Flask, elsewhere: str = ELSEWHERE) -> None:
    """Add the route. ``elsewhere`` is the site that it leads to."""

    @app.get(PATH)
    def leave() -> Response:
        response = Response(status=303, headers={"Location": elsewhere})
        # Another site's page could load this as a picture, and so sign officers out and discard drafts.
        if not is_from_elsewhere():
            response.headers["Clear-Site-Data"] = CLEAR
        return response
