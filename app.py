"""Start the page: `python app.py`, then open the address it prints."""

import argparse
import inspect
import os
import sys
from pathlib import Path


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    port = os.environ.get("PORT")
    parser.add_argument(
        "--port", type=int, default=port, help="default: $PORT, or a free one from 7860"
    )
    parser.add_argument("--host", help="0.0.0.0 lets other machines in; default: this machine only")
    parser.add_argument(
        "--allow-host", action="append", default=[], metavar="NAME",
        help="a name by which the page may be asked for, besides this machine's; * allows all",
    )  # fmt: skip
    parser.add_argument(
        "--allow-frame", action="append", default=[], metavar="ORIGIN",
        help="a website that may show the page in a frame, such as https://school.example",
    )  # fmt: skip
    parser.add_argument("--weights", type=Path, help="other weights than the shipped ones")
    flags = parser.parse_args()

    # With one picture at a time TensorFlow's own kernels are faster than oneDNN's.
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # or it calls it an error to have no GPU
    import_gradio()
    from demo.interface import build
    from demo.kit.network import load_network
    from demo.kit.theme import launch_settings
    from demo.serve.hosts import guarded

    page, network = build(lambda: load_network(flags.weights))
    try:
        _, address, _ = page.launch(
            server_name=flags.host,
            server_port=flags.port,
            prevent_thread_lock=True,
            quiet=True,
            **launch_settings(),
            **guarded(flags.allow_host, flags.allow_frame),
        )
    except OSError:
        sys.exit(f"Port {flags.port or 7860} is taken: choose another with --port or PORT.")
    print(f"Residual Hands is at {address} (Ctrl-C ends it)", flush=True)
    network.start()
    page.block_thread()


if __name__ == "__main__":
    main()
