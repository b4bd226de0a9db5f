import hashlib
import http.server
import shutil
import ssl
import subprocess
import threading

import pytest

from model.collections.download import Home, digest_of, fetch, kept_files
from tests.model.collections.conftest import FILES

ONE = "43dd47ea691c90a5fa7827892c70241913351963"  # git hash-object of `one`


def home(**changes):
    lines = "".join(
        f"{hashlib.sha256(FILES[name]).hexdigest()}  {name}\n" for name in sorted(FILES)[1:]
    )
    fields = {"files": 2, "digest": hashlib.sha256(lines.encode()).hexdigest()} | changes
    return Home("owner/name", "abc", r"input/[0-5]_[^/]*\.jpg", **fields)


def single():
    large = hashlib.sha256(FILES["input/0_1.jpg"]).hexdigest()
    return Home("owner/name", "abc", single={"input/0_1.jpg": large, "input/1_2.jpg": ONE})


def fetched(server, folder, source=None):
    return fetch("cricket", source or home(), folder, server.address, server.address)


@pytest.mark.parametrize("chunked", [False, True])
def test_fetch_keeps_what_is_wanted_under_the_final_name(server, tmp_path, chunked, capsys):
    server.chunked = chunked
    place = fetched(server, tmp_path)
    assert kept_files(place, home()) == ["input/0_1.jpg", "input/1_2.jpg"]
    assert all((place / path).read_bytes() == FILES[path] for path in kept_files(place, home()))
    assert [path.name for path in tmp_path.iterdir()] == ["cricket"]
    assert not (place / "LICENSE").exists()
    shown = capsys.readouterr().err
    assert "cricket: 0.2 MB" in shown if chunked else "0.2 of 0.2 MB, 100%" in shown
    fetched(server, tmp_path)
    assert server.asked == [("/owner/name/tar.gz/abc", None)]  # the second time nothing


@pytest.mark.parametrize("ranges", [True, False], ids=["ranges", "no ranges"])
@pytest.mark.parametrize("chunked", [True, False], ids=["chunked", "length"])
@pytest.mark.parametrize("source", [home(), single()], ids=["archive", "single files"])
def test_fetch_goes_on_after_a_break(server, tmp_path, ranges, chunked, source):
    server.breaks, server.ranges, server.chunked = 1, ranges, chunked
    with pytest.raises(ValueError, match="download of cricket.* broke off .* run the same command"):
        fetched(server, tmp_path, source)
    assert not (tmp_path / "cricket").exists()
    place = fetched(server, tmp_path, source)
    assert [asked for _, asked in server.asked[:2]] == [None, "bytes=60000-"]
    names = kept_files(place, source)
    assert len(names) == 2
    assert all((place / name).read_bytes() == FILES[f"input/{name[-7:]}"] for name in names)
    assert [path.name for path in tmp_path.iterdir()] == ["cricket"]


def test_single_files_that_came_are_not_asked_for_again(server, tmp_path, monkeypatch):
    monkeypatch.setitem(FILES, "input/1_2.jpg", b"two")
    with pytest.raises(ValueError, match=r"cricket, 1_2.jpg is not what it was .*another digest"):
        fetched(server, tmp_path, single())
    assert not (tmp_path / "cricket").exists()
    monkeypatch.setitem(FILES, "input/1_2.jpg", b"one")
    place = fetched(server, tmp_path, single())
    assert sorted(path.name for path in place.iterdir()) == ["0_1.jpg", "1_2.jpg"]
    assert [path[-7:] for path, _ in server.asked] == ["0_1.jpg", "1_2.jpg", "1_2.jpg"]


def test_fetch_refuses_another_digest(server, tmp_path):
    with pytest.raises(ValueError, match=r"cricket is not what it was .*\(another digest\)"):
        fetched(server, tmp_path, home(digest="0" * 64))
    with pytest.raises(ValueError, match="2 files instead of 3"):
        fetched(server, tmp_path, home(files=3))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("damage", ["no archive", "truncated", "scrambled"])
def test_a_damaged_archive_is_fetched_anew(server, tmp_path, damage):
    whole = server.body
    server.body = {
        "no archive": b"<html>",
        "truncated": whole[:100_000],
        "scrambled": whole[:20] + bytes(len(whole) - 20),
    }[damage]
    with pytest.raises(ValueError, match="download of cricket is damaged; run the same command"):
        fetched(server, tmp_path)
    assert list(tmp_path.iterdir()) == []
    server.body = whole
    assert fetched(server, tmp_path).is_dir()


def test_an_archive_that_changed_between_two_tries_is_not_kept(server, tmp_path):
    (tmp_path / ".cricket.tar.gz.part").write_bytes(bytes(60_000))
    with pytest.raises(ValueError, match="download of cricket is damaged; run the same command"):
        fetched(server, tmp_path)
    assert fetched(server, tmp_path).is_dir()


def test_a_whole_archive_is_not_fetched_again(server, tmp_path):
    (tmp_path / ".cricket.tar.gz.part").write_bytes(server.body)
    assert kept_files(fetched(server, tmp_path), home())


def test_no_server_and_no_page_get_one_sentence(server, tmp_path):
    server.status = 404
    with pytest.raises(ValueError, match="home of cricket answers 404 for http.*; try again later"):
        fetched(server, tmp_path)
    with pytest.raises(ValueError, match="home of cricket, 0_1.jpg answers 404"):
        fetched(server, tmp_path, single())
    with pytest.raises(ValueError, match="home of cricket cannot be reached .*connection"):
        fetch("cricket", home(), tmp_path, "http://127.0.0.1:9")
    assert not (tmp_path / "cricket").exists()


def test_an_incomplete_folder_is_not_taken_for_the_collection(server, tmp_path):
    (fetched(server, tmp_path) / "input/1_2.jpg").unlink()
    with pytest.raises(ValueError, match="holds 1 of the 2 files of cricket; move it away"):
        fetched(server, tmp_path)


def test_a_folder_that_cannot_be_written_gets_one_sentence(server, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ValueError, match="cricket cannot be written to .*file.* name another"):
        fetched(server, tmp_path / "file" / "data")


def test_the_digest_is_over_lines_of_digest_and_path(tmp_path):
    (tmp_path / "a").write_bytes(b"one")
    line = f"{hashlib.sha256(b'one').hexdigest()}  a\n".encode()
    assert digest_of(tmp_path, ["a"]) == hashlib.sha256(line).hexdigest()


@pytest.fixture
def untrusted(tmp_path_factory):
    """The address of an HTTPS server whose certificate it signed itself."""
    place = tmp_path_factory.mktemp("certificate")
    words = "req -x509 -newkey rsa:2048 -nodes -subj /CN=localhost -keyout key.pem -out own.pem"
    subprocess.run(["openssl", *words.split()], cwd=place, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(place / "own.pem", place / "key.pem")
    httpd = http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler)
    httpd.handle_error = lambda *_: None
    httpd.socket = context.wrap_socket(httpd.socket, server_side=True)
    threading.Thread(target=httpd.serve_forever, args=(0.01,), daemon=True).start()
    yield f"https://127.0.0.1:{httpd.server_port}"
    httpd.shutdown()
    httpd.server_close()


@pytest.mark.skipif(not shutil.which("openssl"), reason="there is no openssl to sign with")
def test_a_certificate_that_is_not_trusted_is_said_to_be_that(untrusted, tmp_path):
    with pytest.raises(ValueError, match="certificate of the home of cricket is not trusted here"):
        fetch("cricket", home(), tmp_path, untrusted)
    assert not (tmp_path / "cricket").exists()
