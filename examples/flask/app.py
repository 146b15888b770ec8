"""An office's own Flask site with the search under /tra-cuu: `flask --app app run`."""

from flask import Flask

from searchapp import config
from searchapp.web import blueprint

app = Flask(__name__)
app.register_blueprint(blueprint(config.load()), url_prefix="/tra-cuu")


@app.get("/")
def home() -> str:
    """The site's own page."""
    return '<!doctype html><html lang="vi"><title>Cơ quan</title><a href="/tra-cuu/">Tra cứu văn kiện</a></html>'
