"""Start the page: `python app.py`, then open the address it prints."""

import argparse
import importlib.util
import inspect
import os
import re
import sys
from pathlib import Path

from demo.serve.address import choose_port, own_folder
from demo.serve.ending import Ending, leave

SCALES = ("0..1", "-1..1", "0..255")  # as in `model.network.any_model`
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
    parser._negative_number_matcher = re.compile(r"-\d")  # or -1..1 would be taken for a flag
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
        "--model",
        type=Path,
        metavar="FILE.keras",
        help="open the page on another image classifier, one that Keras saved",
    )
    parser.add_argument(
        "--labels", type=Path, metavar="FILE.txt", help="the names of its classes, one a line"
    )
    parser.add_argument(
        "--scale",
        choices=SCALES,
        help="what it takes for black and white, if it does not scale pictures itself",
    )
    flags = parser.parse_args(arguments)
    if flags.model and (flags.weights or flags.mcp):
        parser.error("--model opens another network, which has no --weights of ours and no --mcp")
    if (flags.labels or flags.scale) and not flags.model:
        parser.error("--labels and --scale say more of a --model")
    if flags.mcp and not importlib.util.find_spec("mcp"):
        parser.error("--mcp needs the package mcp: pip install '.[serve]'")

    ending = Ending()
    ending.listen()
    try:
        port = choose_port(flags.port, os.environ)
        with own_folder():
            serve(flags, port, ending)
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
    # With one picture at a time TensorFlow's own kernels are faster than oneDNN's.
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # or it calls it an error to have no GPU
    # The page calls nobody but itself, to see that it's there, and no proxy can help with that.
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = "*"
    import_gradio()
    from demo.kit.theme import launch_settings
    from demo.serve.health import watched
    from demo.serve.server import close_page, open_page

    page, network = put_together(flags)
    address = open_page(
        page, flags.host, port, flags.allow_host, flags.allow_frame,
        root_path=flags.root_path, mcp_server=flags.mcp or None,
        **watched(page, network, flags.metrics, flags.log), **launch_settings(flags.model is None),
    )  # fmt: skip
    print(f"Residual Hands is at {address} (Ctrl-C ends it)", flush=True)
    network.start()
    ending.wait()
    close_page(page, network, ending)


def put_together(flags: argparse.Namespace):
    """The page that is asked for, and the network behind it.

    Raises:
        ValueError: one sentence, if that network cannot be drawn.
    """
    if flags.model:  # it is opened first, as what the page has depends on it
        from demo.any_classifier.network import load_network as load_other
        from demo.any_classifier.page import build as build_other

        return build_other(load_other(flags.model, flags.labels, flags.scale))
    from demo.interface import build
    from demo.kit.network import load_network

    return build(lambda: load_network(flags.weights))


if __name__ == "__main__":
    main()
