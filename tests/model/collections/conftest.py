"""Small collections, and a server on loopback in place of their homes."""

import http.server
import io
import tarfile
import threading

import h5py
import numpy as np
import pytest
from PIL import Image

from model.collections.catalogue import COLLECTIONS


def picture(path, size=(10, 8), colour=(9, 9, 9)):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, colour).save(path)


@pytest.fixture
def folder(tmp_path):
    """Small collections in the layout of the real ones."""
    (tmp_path / "signs").mkdir()
    for part, count in (("train", 40), ("test", 6)):
        with h5py.File(tmp_path / "signs" / f"{part}_signs.h5", "w") as file:
            file[f"{part}_set_x"] = np.zeros((count, 64, 64, 3), np.uint8)
            file[f"{part}_set_y"] = np.arange(count) % 2
    for number in (1118, 5599, 5600, 5739, 5740):
        picture(tmp_path / f"sign-language-digits/Dataset/3/IMG_{number}.JPG")
    rows = ["filename,width,height,class,xmin,ymin,xmax,ymax"]
    for name in ("2_pic1.jpg", "5_pic1.jpg", "16_pic2.jpg"):
        picture(tmp_path / "hands/images/train" / name, (400, 300))
        rows.append(f"{name},800,600,4-hand,100,200,300,500")
    rows.append("2_pic1.jpg,800,600,0-hand,400,0,500,100")
    (tmp_path / "hands/data").mkdir()
    (tmp_path / "hands/data/train_labels.csv").write_text("\n".join(rows))
    (tmp_path / "hands/data/test_labels.csv").write_text(rows[0])
    picture(tmp_path / "hand-cricket/input/5_150.jpg")
    for original in (8, 9, 19):
        picture(
            tmp_path
            / f"gesture-digits/digital_gesture_recognition/resized_img/2_{original}_0_7.jpg"
        )
    for number in (3, 9):
        picture(tmp_path / f"hand-patches/neg/neg_{number}.png")
    for row in COLLECTIONS:
        room, _, source = row.name.partition("/")
        if row.whole_frames and source:
            picture(tmp_path / row.name / "frames/frame.jpg")
            (tmp_path / row.name / "frames/boxes.csv").write_text(
                "file,digit,width,height,xmin,ymin,xmax,ymax\nframe.jpg,4,10,8,1,2,5,6\n"
            )
        elif room == "more-hands":
            picture(tmp_path / row.name / f"2/{source}_2_001.jpg")
        elif room == "no-hands":
            picture(tmp_path / f"no-hands/{source}__0001.png")
    return tmp_path


FILES = {
    "input/0_1.jpg": np.random.default_rng(0).bytes(200_000),
    "input/1_2.jpg": b"one",
    "LICENSE": b"not wanted",
}


def archive():
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for name, content in FILES.items():
            member = tarfile.TarInfo(f"repository-abc/{name}")
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


@pytest.fixture
def server():
    """A server on loopback that can break off, honour ranges or not, send chunks, and refuse."""

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        body, breaks, ranges, chunked, status, asked = archive(), 0, True, False, 200, []

        def do_GET(self):
            self.asked.append((self.path, self.headers.get("Range")))
            self.close_connection = True
            body = next((FILES[name] for name in FILES if self.path.endswith(name)), self.body)
            start = 0
            if self.ranges and self.headers.get("Range"):
                start = int(self.headers["Range"][6:-1])
            if self.status != 200 or start >= len(body):
                return self.send_error(self.status if self.status != 200 else 416)
            self.send_response(206 if start else 200)
            if start:
                self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
            if self.chunked:
                self.send_header("Transfer-Encoding", "chunked")
            else:
                self.send_header("Content-Length", str(len(body) - start))
            self.end_headers()
            body, end = body[start:], b""
            if self.chunked:
                self.wfile.write(b"%x\r\n" % len(body))
                end = b"\r\n0\r\n\r\n"
            if self.breaks:
                type(self).breaks -= 1
                return self.wfile.write(body[:60_000])
            self.wfile.write(body + end)

        def log_message(self, *_):
            pass

    httpd = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=httpd.serve_forever, args=(0.01,), daemon=True).start()
    Handler.address = f"http://127.0.0.1:{httpd.server_port}"
    Handler.asked = []
    yield Handler
    httpd.shutdown()
    httpd.server_close()
