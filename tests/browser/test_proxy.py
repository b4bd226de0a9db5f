"""The page behind a proxy that serves it under a path of its own."""

import http.client
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest

from tests.browser.conftest import serve
from tests.demo.conftest import tiny_network

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PLACE = "/hands"


def proxy_to(port: int) -> ThreadingHTTPServer:
    """A proxy that takes PLACE off each path, as nginx and Caddy do."""

    class Proxy(BaseHTTPRequestHandler):
        def do_GET(self):
            if not self.path.startswith(f"{PLACE}/"):
                return self.send_error(404)
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            there = http.client.HTTPConnection("127.0.0.1", port)
            headers = {**self.headers, "X-Forwarded-Host": self.headers["Host"]}
            there.request(self.command, self.path.removeprefix(PLACE), body, headers)
            answer = there.getresponse()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in ("transfer-encoding", "connection"):
                    self.send_header(name, value)
            self.send_header("Connection", "close")
            self.end_headers()
            while piece := answer.read1(65536):
                self.wfile.write(piece)
                self.wfile.flush()

        do_POST = do_HEAD = do_GET

        def log_message(self, *words):
            pass

    return ThreadingHTTPServer(("127.0.0.1", 0), Proxy)


def test_a_page_behind_a_path_wakes_up_and_reads(chromium):
    with serve(tiny_network, root_path=PLACE) as address:
        proxy = proxy_to(urlsplit(address).port)
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        page = chromium.new_page()
        page.set_default_timeout(60_000)
        try:
            page.goto(f"http://127.0.0.1:{proxy.server_port}{PLACE}/")
            page.wait_for_selector(".chip.ready")
            page.locator("#examples button").first.click()
            page.wait_for_selector("#answer :text('%')")
        finally:
            page.close()
            proxy.shutdown()
