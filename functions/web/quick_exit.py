"""The quick exit (keluar cepat): to a harmless site at one press, with what our pages left in the browser taken away.

It is a plain link to ``GET /keluar``, so it works without JavaScript. What it cannot take away, the help page says: the
browser's own history, and the Back button, which leads back to the page that was left. Chromium leaves a tab's
``sessionStorage`` in place as well, so nothing a person wrote may ever be kept there.
"""

from flask import Flask, Response

from functions.web.cross_site import is_from_elsewhere

PATH = "/keluar"
ELSEWHERE = "https://www.bmkg.go.id/"  # weather and earthquakes: anybody may be looking at that
CLEAR = '"cache", "cookies", "storage"'


def register(app: Flask, elsewhere: str = ELSEWHERE) -> None:
    """Add the route. ``elsewhere`` is where a person is found to have been."""

    @app.get(PATH)
    def leave() -> Response:
        response = Response(status=303, headers={"Location": elsewhere})
        # Another site's page could ask for this as for a picture, and so sign officers out and throw drafts away.
        if not is_from_elsewhere():
            response.headers["Clear-Site-Data"] = CLEAR
        return response
