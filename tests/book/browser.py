"""Pages measured by a headless Chromium: all in frames of one harness page, in one start.

Its name lookup knows this machine alone, so that a request to another host fails as it would for
a reader without a network.
"""

import functools
import http.server
import json
import os
import re
import shutil
import subprocess
import threading
from html import unescape
from pathlib import Path

BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
HARNESS = """<!doctype html><body><script>
const results = [];
const frames = [];
for (const page of PAGES) for (const width of WIDTHS) {
  frames.push(new Promise(done => {
    const frame = document.createElement("iframe");
    frame.style = `width:${width}px;height:900px;border:0`;
    frame.onload = async () => {
      const inner = frame.contentWindow, root = frame.contentDocument.documentElement;
      try {
        for (let i = 0; i < 100 && inner.MathJax && !inner.MathJax.startup?.promise; i++)
          await new Promise(later => setTimeout(later, 50));
        await inner.MathJax?.startup?.promise;
        const seen = root.clientWidth;
        const wide = [...frame.contentDocument.querySelectorAll("article.bd-article *")]
          .filter(part => part.getBoundingClientRect().right > seen + 1)
          .map(part => part.tagName.toLowerCase() + "." + part.className).slice(0, 5);
        const needed = root.scrollWidth;
        for (const fold of frame.contentDocument.querySelectorAll("details")) fold.open = true;
        const boxed = [...frame.contentDocument.querySelectorAll("article.bd-article *")]
          .filter(part => part.scrollWidth > part.clientWidth + 1
            && ["auto", "scroll"].includes(inner.getComputedStyle(part).overflowX))
          .map(part => part.tagName.toLowerCase() + "." + part.className).slice(0, 5);
        results.push({
          page, width, seen, needed, wide, boxed,
          formulae: frame.contentDocument.querySelectorAll(".math").length,
          typeset: frame.contentDocument.querySelectorAll(".math mjx-container").length,
          errors: frame.contentDocument.querySelectorAll("mjx-merror").length,
          broken: [...frame.contentDocument.scripts]
            .filter(script => !script.src && ["", "text/javascript"].includes(script.type))
            .flatMap(script => {
              try { new Function(script.textContent); return []; }
              catch (error) { return [String(error) + ": " + script.textContent.slice(0, 80)]; }
            }),
          foreign: inner.performance.getEntriesByType("resource").map(entry => entry.name)
            .filter(name => !name.startsWith(location.origin) && name.startsWith("http")),
        });
      } catch (error) { results.push({ page, width, failure: String(error) }); }
      frame.remove();
      done();
    };
    frame.src = page;
    document.body.append(frame);
  }));
}
Promise.all(frames).then(() => {
  const report = document.createElement("pre");
  report.id = "report";
  report.textContent = JSON.stringify(results);
  document.body.append(report);
});
</script></body>"""


def find_browser() -> str | None:
    named = os.environ.get("BROWSER_BINARY")
    return next(
        (found for name in (named, *BROWSERS) if name and (found := shutil.which(name))), None
    )


class Pages(http.server.SimpleHTTPRequestHandler):
    """Serves the built book, and the harness page beside it; says nothing."""

    harness = b""

    def do_GET(self) -> None:
        if self.path != "/harness":
            return super().do_GET()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(self.harness)

    def log_message(self, *_: object) -> None:
        pass


def measure(browser: str, folder: Path, names: list[str], widths: list[int], profile: Path) -> list:
    """One measurement a page and width, both in CSS pixels.

    Each has `needed` and `seen` (widths of the document and of the screen), `wide` (a few parts
    that reach beyond it), `boxed` (a few parts that scroll sideways in a box of their own once all
    folds are open), `formulae`, `typeset` and `errors` (of MathJax), `broken` (scripts that cannot
    be parsed, so that none of their lines runs), and `foreign` (requests to other hosts). Raises
    AssertionError when the browser gives no report.
    """
    harness = HARNESS.replace("PAGES", json.dumps(names), 1).replace(
        "WIDTHS", json.dumps(widths), 1
    )
    handler = type("Served", (Pages,), {"harness": harness.encode()})
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(handler, directory=str(folder))
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        printed = subprocess.run(
            [
                browser,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--hide-scrollbars",
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
                f"--user-data-dir={profile}",
                "--window-size=1400,1000",
                "--virtual-time-budget=60000",
                "--dump-dom",
                f"http://127.0.0.1:{server.server_address[1]}/harness",
            ],
            capture_output=True,
            text=True,
            timeout=900,
        )
    finally:
        server.shutdown()
        server.server_close()
    report = re.search(r'<pre id="report">(.*?)</pre>', printed.stdout, re.DOTALL)
    assert report, f"{browser} gave no report: {printed.stderr[-800:]}"
    return json.loads(unescape(report.group(1)))
