"""Start the page: `python app.py`, then open the address it prints."""

import argparse
import importlib.util
import inspect
import os
import sys
from functools import partial
from pathlib import Path
from typing import Any

from demo.serve.address import LOOPBACK, choose_port, find_port, own_folder
from demo.serve.ending import Ending, leave

COMMANDS = {  # of `residual-hands`, besides `page`, and the modules that answer them
    "read": ("explain.read", "read the digits in pictures, as a table or JSON lines"),
    "train": ("model.train", "train the network"),
    "evaluate": ("model.evaluate", "score weights on pictures whose digits are known"),
    "fetch": ("model.collections.__main__", "fetch the photographs to train on; `fetch list` too"),
}


def command_line() -> None:
    """`residual-hands`: open the page, or run another command."""
    command, *rest = arguments = sys.argv[1:] or ["page"]
    if command not in COMMANDS:
        return main(rest if command == "page" else arguments)
    if command == "fetch":
        rest = rest if rest[:1] in (["list"], ["fetch"]) else ["fetch", *rest]
    importlib.import_module(COMMANDS[command][0]).main(rest)


def import_gradio() -> None:
    """Import Gradio in two thirds of the time.

    While it's imported, Gradio parses the source of its 80 components to write type stubs for
    editors, and leaves out those whose source it can't find.
    """

    def not_found(thing):
        raise OSError

    find, inspect.getfile = inspect.getfile, not_found
    try:
        import gradio  # noqa: F401
    finally:
        inspect.getfile = find


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="After pip install there are these commands, each with --help of its own:\n"
        "  residual-hands [page]   open the page\n"
        + "\n".join(f"  residual-hands {name:9}{says}" for name, (_, says) in COMMANDS.items()),
    )
    parser.add_argument("--port", help="default: $PORT, or a free one from 7860")
    parser.add_argument("--host", help="0.0.0.0 lets other machines in; default: this machine only")
    parser.add_argument(
        "--allow-host", action="append", default=[], metavar="NAME",
        help="a name by which the page may be asked for, besides this machine's; * allows all",
    )  # fmt: skip
    parser.add_argument(
        "--allow-frame", action="append", default=[], metavar="ORIGIN",
        help="a website that may show the page in a frame, such as https://school.example",
    )  # fmt: skip
    parser.add_argument(
        "--root-path",
        metavar="PATH",
        help="where a proxy serves the page, such as /hands (default: $GRADIO_ROOT_PATH)",
    )
    parser.add_argument(
        "--mcp", action="store_true", help="let agents call it as tools, at /gradio_api/mcp/"
    )
    parser.add_argument(
        "--metrics", action="store_true", help="say at /metrics how busy it is, for Prometheus"
    )
    parser.add_argument("--log", action="store_true", help="print a line for each request")
    parser.add_argument(
        "--weights",
        type=Path,
        help="other weights than the shipped ones: .npz, .weights.h5 or .keras",
    )
    parser.add_argument(
        "--readers",
        choices=("local", "ray"),
        default="local",
        help="who reads the pictures: this process, or a Ray cluster (docs/cluster.md)",
    )
    flags = parser.parse_args(arguments)
    if flags.readers == "ray" and not importlib.util.find_spec("ray"):
        parser.error("--readers ray needs the package ray: pip install '.[cluster]'")
    if flags.mcp and not importlib.util.find_spec("mcp"):
        parser.error("--mcp needs the package mcp: pip install '.[serve]'")

    ending = Ending()
    ending.listen()
    try:
        port = choose_port(flags.port, os.environ)
        with own_folder():
            (serve_on_cluster if flags.readers == "ray" else serve)(flags, port, ending)
    except ValueError as error:
        print(error, file=sys.stderr)
        leave(1)
    except SystemExit:  # asked to end before it was open
        pass
    leave(0)


def serve(flags: argparse.Namespace, port: int | None, ending: Ending) -> None:
    """Put the page together, open it, and close it when that is asked for.

    Raises:
        ValueError: one sentence, if it cannot be served.
    """
    # The page calls nobody but itself, to see that it's there, and no proxy can help with that.
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = "*"
    import_gradio()
    from demo.interface import build
    from demo.kit.network import load_network
    from demo.kit.theme import launch_settings
    from demo.serve.health import watched
    from demo.serve.server import close_page, open_page

    page, network = build(lambda: load_network(flags.weights))
    address = open_page(
        page, flags.host, port, flags.allow_host, flags.allow_frame,
        root_path=flags.root_path, mcp_server=flags.mcp or None,
        **watched(page, network, flags.metrics, flags.log), **launch_settings(),
    )  # fmt: skip
    print(f"Residual Hands is at {address} (Ctrl-C ends it)", flush=True)
    network.start()
    ending.wait()
    close_page(page, network, ending)


def serve_on_cluster(flags: argparse.Namespace, port: int | None, ending: Ending) -> None:
    """The same on Ray, with two readers.

    Raises:
        ValueError: one sentence, if it cannot be served.
    """
    host = flags.host or LOOPBACK
    port = find_port(host, port)
    from demo.serve.cluster import close_cluster, open_cluster

    names = ("weights", "allow_host", "allow_frame", "root_path", "mcp", "metrics", "log")
    options = {name: getattr(flags, name) for name in names}
    address = open_cluster(on_cluster(options | {"readers": 2}), host, port)
    ending.listen()  # again, for Ray listens too
    print(f"Residual Hands is at {address} (Ctrl-C ends it)", flush=True)
    ending.wait()
    close_cluster()


def on_cluster(options: dict[str, Any]) -> Any:
    """The Ray Serve application; cluster/serve.yaml names this function and gives its `Options`."""
    from demo.interface import build
    from demo.kit.network import load_network
    from demo.serve.cluster import Options, application

    chosen = Options(**options)
    weights = Path(chosen.weights).resolve() if chosen.weights else None
    return application(build, partial(load_network, weights), chosen)


if __name__ == "__main__":
    main()
