"""The engines; `open_engine` is the only place that names them."""
