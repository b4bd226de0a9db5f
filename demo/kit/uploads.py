"""Pictures that come as files: only those that were uploaded to this server are opened."""

from pathlib import Path

import gradio as gr
from gradio.data_classes import FileData
from gradio.utils import get_upload_folder

REFUSED = "Only pictures uploaded to this page are read: upload yours and try again."
GONE = "This picture's file is gone: files are kept for about an hour. Upload it again."


def uploaded(payload: FileData | None) -> str | None:
    """The path of an upload; for `preprocess` of every component that takes a file.

    Gradio itself checks no path that comes without the `meta` field.

    Args:
        payload: what the browser or a program sent in place of a file.

    Returns:
        A regular file in the upload folder, links followed; None where nothing was sent.

    Raises:
        gr.Error: for everything else, whether it is there or not.
    """
    if payload is None:
        return None
    try:
        path = Path(payload.path or "").resolve()
        if path.is_relative_to(Path(get_upload_folder()).resolve()):
            if path.is_file():
                return str(path)
            if not path.exists():
                raise gr.Error(GONE, print_exception=False)
    except (OSError, ValueError, RuntimeError):  # missing; a null byte; links in a circle
        pass
    raise gr.Error(REFUSED, print_exception=False)


def picture_upload(what: str) -> gr.Image:
    """Where a visitor puts a picture in: by dropping, choosing, pasting, or with a camera.

    Args:
        what: the pictures that are wanted, such as `a picture of a hand`.
    """
    upload = gr.Image(
        type="filepath",
        sources=["upload", "webcam", "clipboard"],
        placeholder=f"Choose {what}\nor drop it here",
        label="Your picture",
        show_label=False,
        container=False,
        buttons=["fullscreen"],
        alt_text="Your picture",
        height=360,
        elem_id="picture",
    )
    upload.preprocess = uploaded  # type: ignore[method-assign, assignment]
    return upload
