"""The page that a browser gets first: Streamlit's own, with our style, and with the parts of its pages in it already.

Streamlit fetches the JavaScript of each kind of part (a button, a slider) when a page first has one, and shows a grey
box in its place meanwhile. The box has a height of its own, so that all below it would move twice, in whichever order
the parts happen to arrive. Here, the kinds that our pages have are there before Streamlit starts.
"""

import base64
import hashlib
import json
import re
from pathlib import Path

import streamlit as st

PARTS_PATH = "/parts.js"

# Not Plotly and ECharts: with 4.7 and 1.2 MB they would keep each page waiting, and a chart's height is known without.
KINDS = (
    "BidiComponent", "Button", "ButtonGroup", "Checkbox", "DownloadButton", "FileUploader", "Html", "Metric",
    "NumberInput", "PageLink", "Pagination", "Progress", "Radio", "Selectbox", "Slider", "Spinner", "TextInput",
)  # fmt: skip
_STATIC = Path(st.__file__).parent / "static"
_SCRIPTS = "./static/js/"


def page(base: str) -> str:
    """Streamlit's page with our style, which it so has from its first paint on: brought later, all would move.

    It is told where its server is (`base`, a path) and so does not ask below each page's path first, in vain.
    """
    theirs = (_STATIC / "index.html").read_text("utf-8")
    style = Path(__file__).with_name("page.css").read_text("utf-8")
    script = Path(__file__).with_name("page.js").read_text("utf-8")
    server = f"window.__streamlit = {{ BACKEND_BASE_URL: location.origin + {json.dumps(base)} }}"
    first = f'<script type="importmap">{_import_map()}</script><script type="module">{_kinds()}</script>'
    last = f"<style>{style}</style><script>{server}</script><script>{script}</script>"
    return theirs.replace("<head>", f"<head>{first}").replace("</head>", f"{last}</head>")


def parts() -> str:
    """Instead of Streamlit's loader of parts: it gives at once what is there already, and asks the other for the rest.

    A promise would be kept a moment later, and in that moment stands the grey box.
    """
    return f"""import {{ t as load }} from "{_SCRIPTS}{_loader()}?theirs";
export function t(fetch, files, base) {{
  const part = window.digitClinicParts?.[files?.[0]];
  return part ? {{ then: (use) => use(part) }} : load(fetch, files, base);
}}
"""


def _import_map() -> str:
    return json.dumps({"imports": {f"{_SCRIPTS}{_loader()}": f".{PARTS_PATH}"}})


def _kinds() -> str:
    """The JavaScript that fetches them all before Streamlit's own, which comes after it in the page."""
    scripts = _STATIC / "static" / "js"
    names = [file.name for kind in KINDS for file in sorted(scripts.glob(f"{kind}.*.js"))]
    imports = [f'import * as part{index} from "{_SCRIPTS}{name}";' for index, name in enumerate(names)]
    table = ", ".join(f'"./{name}": part{index}' for index, name in enumerate(names))
    return "\n".join([*imports, f"window.digitClinicParts = {{ {table} }};"])


def _loader() -> str:
    return next((_STATIC / "static" / "js").glob("preload-helper.*.js")).name


def content_security_policy(page: str) -> str:
    """What a page may load and where it may send anything: this app, and nothing else.

    Parts with their own JavaScript come as `blob:`; the scripts that the page begins with are known by their hashes;
    style sheets are made in the page. Nothing may evaluate text, as Plotly's `scattergl` would.
    """
    scripts = re.findall(r'<script(?: type="\w+")?>(.*?)</script>', page, re.S)
    hashes = "".join(
        f" 'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" for script in scripts
    )
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' blob:{hashes}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "media-src 'self' data: blob:",
            "font-src 'self' data:",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )
