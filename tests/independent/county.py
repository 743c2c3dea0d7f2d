"""Fetches a file from the county as a person does: signs in with account and password, by HTTP."""

import re
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar

_TOKEN = re.compile(r'name="token" value="([0-9a-f]+)"')


def fetch(url: str, account: str, password: str, path: str) -> list[str]:
    """Return the lines of a file of the county's pages."""
    jar = urllib.request.HTTPCookieProcessor(CookieJar())
    browser = urllib.request.build_opener(jar)
    with browser.open(f"{url}/login", timeout=30) as page:
        token = _TOKEN.search(page.read().decode())
    assert token is not None, "no form to sign in"
    form = {"token": token[1], "account": account, "password": password, "next": "/"}
    with browser.open(f"{url}/login", urllib.parse.urlencode(form).encode(), timeout=30) as answer:
        assert answer.status == 200
    with browser.open(f"{url}{path}", timeout=30) as file:
        assert "html" not in file.headers["Content-Type"], "this is a page, not the file"
        return file.read().decode().splitlines()
