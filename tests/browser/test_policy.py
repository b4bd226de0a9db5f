"""What browsers are told to allow: enough for the page, and no more."""

import urllib.request

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TABS = ("Inside", "Can I trust it?", "Why residual?")


def test_the_page_works_under_its_policy(read, served):
    with urllib.request.urlopen(served) as answer:
        assert "default-src 'self'" in answer.headers["content-security-policy"]
    for name in TABS:  # a violation is an error on the console, which `page` takes for a failure
        read.get_by_role("tab", name=name).click()
        read.wait_for_timeout(1500)
    read.get_by_role("tab", name="Try it").click()
    assert read.locator("#answer .numeral").is_visible()


def test_another_website_cannot_frame_the_page(chromium, served):
    page = chromium.new_page()
    refused = []
    page.on("console", lambda line: refused.append(line.text))
    page.set_content(f'<iframe src="{served}"></iframe>')
    page.wait_for_timeout(2000)
    assert any("frame-ancestors" in text for text in refused)
    page.close()
