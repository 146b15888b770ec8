"""The web front end; `create_app` is the factory."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import Flask

from searchapp.config import Settings
from searchapp.engine import Engine
from searchapp.engines import open_engine
from searchapp.web.routes import blueprint
from searchapp.web.serving.access import Budget, admit
from searchapp.web.serving.monitoring import Metrics, watch_log

__all__ = ["blueprint", "create_app"]


def create_app(settings: Settings, engine: Callable[[], Engine] | None = None, reindex: Sequence[str] = ()) -> Flask:
    """Return the site as a Flask application of its own.

    engine: gives the engine of the live generation; None opens the index of the settings (raises IndexProblemError).
    reindex: as in `blueprint`.
    """
    app = Flask("searchapp", static_folder=None, template_folder=None)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    live = engine or open_engine(settings)
    watch_log(app, settings)
    Metrics(settings, live).watch(app, settings.metrics_from)
    admit(app, settings)
    if settings.processor_seconds:
        Budget(settings).watch(app)
    app.register_blueprint(blueprint(settings, live, alone=True, reindex=reindex))
    return app
