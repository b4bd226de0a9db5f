"""Start the page: `python app.py`, then open the address it prints."""

import argparse
import importlib.util
import inspect
import os
import re
import sys
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

from demo.serve.address import LOOPBACK, choose_port, find_port, own_folder
from demo.serve.ending import Ending, leave

SCALES = ("0..1", "-1..1", "0..255")  # as in `model.network.any_model`
COMMANDS = {  # of `residual-hands`, besides `page`, and the modules that answer them
    "read": ("explain.read", "read the digits in pictures, as a table or JSON lines"),
    "train": ("model.train", "train the network"),
    "evaluate": ("model.evaluate", "score weights on pictures whose digits are known"),
    "fetch": ("model.collections.__main__", "fetch the photographs to train on, or list them"),
}
SHELLS = ("bash", "zsh", "fish", "powershell")
COMPLETION = """Print what makes a shell complete the commands of residual-hands.

    residual-hands completion bash > ~/.local/share/bash-completion/completions/residual-hands
    residual-hands completion zsh > ~/.zfunc/_residual-hands   # after fpath+=~/.zfunc in ~/.zshrc
    residual-hands completion fish > ~/.config/fish/completions/residual-hands.fish
"""


def command_line() -> None:
    """`residual-hands`: open the page, or run another command."""
    command, *rest = arguments = sys.argv[1:] or ["page"]
    if hasattr(sys.stdout, "reconfigure"):  # names of files may be in any script, or in none
        sys.stdout.reconfigure(errors="backslashreplace")
    if command == "completion":
        print_completion(rest)
    elif command in COMMANDS:
        importlib.import_module(COMMANDS[command][0]).main(rest)
    else:
        main(rest if command == "page" else arguments)


def print_completion(arguments: list[str]) -> None:
    """Print the script that makes a shell complete the commands, their flags and files."""
    import shtab

    own = argparse.ArgumentParser(
        prog="residual-hands completion",
        description=COMPLETION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    own.add_argument("shell", choices=SHELLS)
    shell = own.parse_args(arguments).shell
    parsers = {name: importlib.import_module(module) for name, (module, _) in COMMANDS.items()}
    words = {"page": "open the page"} | {name: says for name, (_, says) in COMMANDS.items()}
    together = {"page": parser()} | {name: each.parser() for name, each in parsers.items()}
    together["completion"], words["completion"] = own, "complete the commands in a shell"
    whole = argparse.ArgumentParser(
        prog="residual-hands", parents=[together["page"]], conflict_handler="resolve"
    )
    commands = whole.add_subparsers(title="commands")
    for name, each in together.items():
        for action in each._actions:
            if action.metavar in ("FOLDER", "DIR"):
                action.complete = shtab.DIRECTORY  # type: ignore[attr-defined]
            elif action.type is Path or action.metavar == "PICTURE":
                action.complete = shtab.FILE  # type: ignore[attr-defined]
        commands.add_parser(name, help=words[name], parents=[each], conflict_handler="resolve")
    print(shtab.complete(whole, shell))


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


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="residual-hands",
        usage="residual-hands [page] [options]\n       residual-hands COMMAND …",
        description="Open the page, and print its address.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="commands, each with --help of its own:\n"
        + "".join(f"  {name:22}{says}\n" for name, (_, says) in COMMANDS.items())
        + f"  {'completion':22}print what makes a shell complete all this",
    )
    parser._negative_number_matcher = re.compile(r"-\d")  # or -1..1 would be taken for a flag
    place = parser.add_argument_group("where it is served")
    place.add_argument("--port", metavar="N", help="default: $PORT, or a free one from 7860")
    place.add_argument(
        "--host", metavar="NAME", help="0.0.0.0 lets other machines in; default: this machine only"
    )
    place.add_argument(
        "--allow-host", action="append", default=[], metavar="NAME",
        help="a name by which the page may be asked for, besides this machine's; * allows all",
    )  # fmt: skip
    place.add_argument(
        "--allow-frame", action="append", default=[], metavar="ORIGIN",
        help="a website that may show the page in a frame, such as https://school.example",
    )  # fmt: skip
    place.add_argument(
        "--root-path",
        metavar="PATH",
        help="where a proxy serves the page, such as /hands (default: $GRADIO_ROOT_PATH)",
    )
    more = parser.add_argument_group("what it tells others")
    more.add_argument(
        "--mcp", action="store_true", help="let agents call it as tools, at /gradio_api/mcp/"
    )
    more.add_argument(
        "--metrics", action="store_true", help="say at /metrics how busy it is, for Prometheus"
    )
    more.add_argument("--log", action="store_true", help="print a line for each request")
    network = parser.add_argument_group("which network answers")
    network.add_argument(
        "--weights",
        type=Path,
        metavar="FILE",
        help="other weights than the shipped ones: .npz, .weights.h5, .keras or .h5",
    )
    network.add_argument(
        "--model",
        type=Path,
        metavar="FILE.keras",
        help="another image classifier, one that Keras saved",
    )
    network.add_argument(
        "--labels", type=Path, metavar="FILE.txt", help="the names of its classes, one a line"
    )
    network.add_argument(
        "--scale",
        choices=SCALES,
        help="the input values that mean black and white, if it does not scale pictures itself",
    )
    network.add_argument(
        "--readers",
        choices=("local", "ray"),
        default="local",
        help="who reads the pictures: this process, or a Ray cluster (docs/cluster.md)",
    )
    return parser


def main(arguments: list[str] | None = None) -> None:
    asked = parser()
    flags = asked.parse_args(arguments)
    if flags.model and (flags.weights or flags.mcp):
        asked.error("--model cannot be combined with --weights or --mcp; leave them out")
    if (flags.labels or flags.scale) and not flags.model:
        asked.error("--labels and --scale describe another network; name it with --model")
    if flags.readers == "ray" and flags.model:
        asked.error("--readers ray works only with this project's own network; leave --model out")
    if flags.readers == "ray" and not importlib.util.find_spec("ray"):
        asked.error("--readers ray needs the package ray: pip install '.[cluster]'")
    if flags.mcp and not importlib.util.find_spec("mcp"):
        asked.error("--mcp needs the package mcp: pip install '.[serve]'")

    ending = Ending()
    ending.listen()
    try:
        port = choose_port(flags.port, os.environ)
        with ExitStack() as opened:
            opened.enter_context(own_folder())
            ending.start(opened.close)
            (serve_on_cluster if flags.readers == "ray" else serve)(flags, port, ending)
    except ValueError as error:
        print(error, file=sys.stderr)
        leave(1)
    leave(0)


def serve(flags: argparse.Namespace, port: int | None, ending: Ending) -> None:
    """Put the page together, open it, and close it when that is asked for.

    Raises:
        ValueError: one sentence, if it cannot be served.
    """
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
    command_line()
