"""`site.toml`: read once, checked whole, frozen. What it says is passed in; nothing else in the program is configurable."""

from __future__ import annotations

import posixpath
import re
import tomllib
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote, unquote, urlsplit

import msgspec

from .diagnostics import CODES, Grade, diagnose, did_you_mean, is_fixed
from .fields import KeyPath, Locate, Place, decode
from .locales import is_language
from .model import Diagnostic

FILE = "site.toml"

MINIMAL = 'title = "My transcripts"\nbase_url = "https://example.org/"\n'

# Locales of giscus.app (its i18n.js, 2026); another value gives a frame that shows an error.
GiscusLocale = Literal[
    "ar", "be", "bg", "ca", "cs", "da", "de", "en", "eo", "es", "eu", "fa", "fr", "gr", "gsw", "hbs", "he", "hi", "hu", "id",
    "it", "ja", "kh", "ko", "nl", "pl", "pt", "ro", "ru", "th", "tr", "uk", "uz", "vi", "zh-CN", "zh-HK", "zh-Hans", "zh-Hant",
    "zh-TW",
]  # fmt: skip


class Themes(msgspec.Struct, frozen=True):
    """A giscus theme for each of the page's: a name that giscus knows, or the URL of a stylesheet."""

    light: str = "light"
    dark: str = "dark"


class Giscus(
    msgspec.Struct,
    frozen=True,
    rename={
        "repo_id": "repoID",
        "category_id": "categoryID",
        "reactions_enabled": "reactionsEnabled",
        "emit_metadata": "emitMetadata",
        "input_position": "inputPosition",
    },
):
    """`[params.comments.giscus]`, spelled as themes for Hugo spell it. https://giscus.app"""

    repo: str | None = None  # owner/name
    repo_id: str | None = None
    category: str | None = None
    category_id: str | None = None
    mapping: Literal["specific", "pathname", "url", "title", "og:title", "number"] = "specific"
    term: str | int | None = None  # with "specific": instead of the page's id; with "number": the discussion's
    strict: bool = True
    reactions_enabled: bool = True
    emit_metadata: bool = False
    input_position: Literal["top", "bottom"] = "bottom"
    theme: Themes | str = Themes()
    lang: GiscusLocale | None = None  # None: the page's language where giscus speaks it, else English
    loading: Literal["lazy", "eager"] = "lazy"


REQUIRED = ("repo", "repo_id", "category", "category_id")


def missing(giscus: Giscus | None) -> tuple[str, ...]:
    """The keys without which giscus shows nothing, as site.toml spells them."""
    spelled = {f.name: f.encode_name for f in msgspec.structs.fields(Giscus)}
    return tuple(spelled[name] for name in REQUIRED if giscus is None or not getattr(giscus, name))


class Comments(msgspec.Struct, frozen=True):
    """`[params.comments]`."""

    provider: Literal["giscus", "none"] | None = None  # None: the provider whose section is there
    load: Literal["ask", "visible"] = "ask"  # when the provider is contacted: on a click, or when scrolled to
    giscus: Giscus | None = None


class Cards(msgspec.Struct, frozen=True):
    """`[cards]`, pictures for where pages are shared."""

    enabled: bool = False  # each takes some milliseconds
    card_font: str | None = None  # a font file beside site.toml; None: one that has the Latin letters of English


class Params(msgspec.Struct, frozen=True):
    """`[params]`, what themes read."""

    comments: Comments = Comments()
    edit_url: str | None = None  # where a file can be edited; {path} stands for its path in the content folder
    git_dates: bool = True  # whether pages say when Git last saw them changed
    content_security_policy: bool = True  # whether pages say what they may load and run


class Serve(msgspec.Struct, frozen=True):
    """`[serve]`, the editor's loop."""

    editor_url: str = "vscode://file/{path}:{line}:{column}"  # opens a file at a place; "": no links


class Config(msgspec.Struct, frozen=True):
    """The whole of `site.toml`, with defaults."""

    title: str = "Transcripts"
    description: str = ""
    base_url: str | None = None  # where the site will stand, with scheme; a path is kept
    language: str = "en"  # BCP 47
    content: str = "content"
    output: str = "public"
    cards: Cards = Cards()
    serve: Serve = Serve()
    params: Params = Params()
    rules: dict[str, Grade] = {}  # what is made of a code: an error, a warning, a note, or nothing

    @property
    def origin(self) -> str:
        """Scheme and host, without a slash at the end."""
        parts = urlsplit(self.base_url or "http://localhost/")
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def base_path(self) -> str:
        """The path under which the site stands, with a slash at both ends."""
        path = urlsplit(self.base_url or "http://localhost/").path.strip("/")
        return f"/{quote(unquote(path))}/" if path else "/"

    @property
    def is_preview(self) -> bool:
        """Whether what is built is to be looked at, and found nowhere else than here."""
        return False

    def absolute(self, url: str) -> str:
        """The full address of a URL from the site's root, percent-encoded."""
        return self.origin + self.base_path + quote(url.lstrip("/"))

    def whole(self, address: str) -> str:
        """The full address of what a page links to by its path."""
        return self.origin + address


class Preview(Config, frozen=True):
    """A site as it is built to be looked at somewhere else: its links lead there, what it says of itself is the site's."""

    at: str = ""  # where it will stand; "" for a path that is the site's

    @property
    def base_path(self) -> str:
        """The path of links."""
        return Config(base_url=self.at or self.base_url).base_path

    @property
    def is_preview(self) -> bool:
        """It is one."""
        return True

    def absolute(self, url: str) -> str:
        """The address at which the site has it."""
        return self._site().absolute(url)

    def whole(self, address: str) -> str:
        """The same of what a page links to by its path here."""
        return self.absolute(unquote(address.removeprefix(self.base_path)))

    def _site(self) -> Config:
        return Config(base_url=self.base_url)


def previewed(config: Config, at: str | None) -> Preview:
    """The site as a preview; without comments where each address would begin a discussion of its own."""
    params = config.params
    giscus = params.comments.giscus
    if giscus and giscus.mapping in ("pathname", "url"):
        params = msgspec.structs.replace(params, comments=Comments(provider="none"))
    fields = {name: getattr(config, name) for name in Config.__struct_fields__}
    return Preview(**fields | {"params": params}, at=at or "")


def load(root: Path) -> tuple[Config, tuple[Diagnostic, ...]]:
    """The configuration of the site in that folder, and all that is wrong with it."""
    file = root / FILE
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        hint = f"run this where {FILE} is, name the folder with --root, or write one:\n{MINIMAL}".rstrip()
        return Config(), (diagnose("RT101", f"there is no {FILE} in {root}", None, hint),)
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or error
        return Config(), (diagnose("RT101", f"{FILE} can't be read: {why}", FILE, "save it as UTF-8, readable by you"),)
    return parse(text)


def parse(text: str) -> tuple[Config, tuple[Diagnostic, ...]]:
    """The configuration that the text of a `site.toml` spells, and all that is wrong with it."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return Config(), (_syntax_error(text, error),)
    except (RecursionError, ValueError) as error:  # nested without end; a number of thousands of digits
        message = f"not read: {type(error).__name__}: {error}"
        return Config(), (diagnose("RT102", message, (FILE, 1, 1), "write plain keys and values"),)
    config, found = decode(Config, data, locate := _locator(text))
    config = msgspec.structs.replace(config, content=posixpath.normpath(config.content))
    grades, wrong = _grades(config.rules, locate)
    config = msgspec.structs.replace(config, rules=grades)
    return config, (*found, *_rules(config, locate), *wrong)


def _grades(rules: dict[str, Grade], locate: Locate) -> tuple[dict[str, Grade], list[Diagnostic]]:
    """What of `[rules]` can be, and what is wrong with the rest."""
    found = []
    for code, grade in rules.items():
        place = locate(("rules", code))
        at = (place.path, place.line, place.column)
        if code not in CODES:
            hint = did_you_mean(code, CODES) or "a code such as RT211; the guide lists them"
            found.append(diagnose("RT103", f"unknown code '{code}' in [rules]", at, hint, place.source))
        elif is_fixed(code) and grade != "error":
            message = f"'{code}' in [rules]: {CODES[code].meaning!r} is always an error"
            hint = "take the line out; the site would say something false, or could not be built"
            found.append(diagnose("RT104", message, at, hint, place.source))
    return {code: rules[code] for code in sorted(rules) if code in CODES}, found


def _syntax_error(text: str, error: tomllib.TOMLDecodeError) -> Diagnostic:
    match = re.search(r"\(at (?:line (\d+), column (\d+)|end of document)\)", str(error))
    lines = text.splitlines() or [""]
    line, column = (int(match[1]), int(match[2])) if match and match[1] else (len(lines), len(lines[-1]) + 1)
    source = lines[min(line, len(lines)) - 1]
    return diagnose(
        "RT102",
        str(error).split(" (at")[0],
        (FILE, line, column),
        "see https://toml.io for how TOML is written",
        source,
    )


def _rules(config: Config, locate: Locate) -> list[Diagnostic]:
    """What types can't say."""

    def wrong(key: KeyPath, message: str, hint: str) -> Diagnostic:
        place = locate(key)
        return diagnose("RT104", message, (place.path, place.line, place.column), hint, place.source)

    found = []
    if config.base_url is None:
        hint = f'add to {FILE}: base_url = "https://…/"'
        found.append(
            diagnose(
                "RT107", "no base_url: feed, sitemap and canonical links name http://localhost/", (FILE, 1, 1), hint
            )
        )
    elif problem := base_url_problem(config.base_url):
        found.append(
            wrong(("base_url",), f"base_url {problem}: {config.base_url!r}", 'write it whole: "https://example.org/"')
        )
    if not is_language(config.language):
        found.append(
            wrong(
                ("language",),
                f"language is no language tag: {config.language!r}",
                'a BCP 47 tag such as "en" or "zh-Hant"',
            )
        )
    for key in ("content", "output"):
        folder = Path(getattr(config, key))
        if folder.is_absolute() or ".." in folder.parts or not folder.parts:
            found.append(
                wrong((key,), f"{key} leaves the site's folder: {str(folder)!r}", "name a folder beside site.toml")
            )
    if problem := _edit_url_problem(config.params.edit_url):
        hint = 'an address with {path} in it: "https://github.com/owner/name/edit/main/content/{path}"'
        found.append(wrong(("params", "edit_url"), f"edit_url {problem}: {config.params.edit_url!r}", hint))
    if problem := _editor_url_problem(config.serve.editor_url):
        hint = 'an address with {path} in it: "vscode://file/{path}:{line}:{column}"; "" for none'
        found.append(wrong(("serve", "editor_url"), f"editor_url {problem}: {config.serve.editor_url!r}", hint))
    return found + _comments_rules(config.params.comments, wrong, locate)


def _edit_url_problem(url: str | None) -> str | None:
    """Why text can't be the address of an editor; None if it can."""
    if url is None:
        return None
    if not re.fullmatch(r"https?://[^\s\"'<>{}]+\{path\}[^\s\"'<>{}]*", url):
        return "is no http(s) address with one {path} behind its host"
    return None


def _editor_url_problem(url: str) -> str | None:
    """Why text can't be what opens an editor; None if it can."""
    if not url:
        return None
    places = r"(?:[^\s\"'<>{}]|\{line\}|\{column\})*"
    if not re.fullmatch(rf"[a-z][a-z0-9+.-]*:{places}\{{path\}}{places}", url):
        return "is no address with one {path} in it, and nothing else in braces but {line} and {column}"
    if re.match(r"(?:javascript|data|blob|vbscript):", url):
        return "would run in the page"
    return None


def base_url_problem(url: str) -> str | None:
    """Why an address can't be the site's; None if it can."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  (it is checked when it is asked for)
    except ValueError:
        return "is no http(s) address"
    if parts.scheme not in ("http", "https") or not parts.hostname or not url.isascii() or re.search(r"\s", url):
        return "is no http(s) address"
    if parts.query or parts.fragment or parts.username is not None:
        return "has more than scheme, host and path"
    return None


def _comments_rules(comments: Comments, wrong: Any, locate: Locate) -> list[Diagnostic]:
    table = ("params", "comments", "giscus")
    found = _giscus_rules(comments.giscus, wrong) if comments.giscus else []
    lacking = missing(comments.giscus)
    if comments.provider == "none" or not lacking:
        return found
    place = locate(table)
    hint = (
        f"add {', '.join(lacking)} under [{'.'.join(table)}] in {FILE}, with the values that https://giscus.app shows"
    )
    if comments.giscus or comments.provider == "giscus":
        message = f"comments are left out: {', '.join(lacking)} not set"
        return [*found, diagnose("RT601", message, (place.path, place.line, place.column), hint, place.source)]
    silence = f'{hint}; or say [params.comments] provider = "none"'
    return [*found, diagnose("RT602", "pages have no comments block: none is configured", (FILE, 1, 1), silence)]


def _giscus_rules(giscus: Giscus, wrong: Any) -> list[Diagnostic]:
    table = ("params", "comments", "giscus")
    found = []
    if giscus.repo and not re.fullmatch(r"[\w.-]+/[\w.-]+", giscus.repo):
        found.append(wrong((*table, "repo"), f"repo is no repository: {giscus.repo!r}", 'write "owner/name"'))
    if giscus.mapping == "number" and not str(giscus.term or "").isdigit():
        found.append(
            wrong((*table, "mapping"), "mapping 'number' needs term, the number of the discussion", 'add: term = "12"')
        )
    themes = (giscus.theme,) if isinstance(giscus.theme, str) else (giscus.theme.light, giscus.theme.dark)
    hint = 'a name such as "light", or { light = "light", dark = "dark_dimmed" }'
    unknown = (theme for theme in themes if not re.fullmatch(r"[a-z_]+|https://\S+|/\S+", theme))
    return [
        *found,
        *(wrong((*table, "theme"), f"theme is no name and no address: {theme!r}", hint) for theme in unknown),
    ]


def _locator(text: str) -> Locate:
    """Finds the line of a key in TOML. tomllib keeps no places; tables and keys one a line is how people write them."""
    lines = text.splitlines()
    places: dict[KeyPath, Place] = {}
    table: KeyPath = ()
    in_string = False
    for number, line in enumerate(lines, 1):
        was_in_string = in_string
        in_string ^= (line.count('"""') + line.count("'''")) % 2 == 1
        if was_in_string:
            continue
        if header := re.match(r"\s*\[{1,2}\s*([^\[\]]+?)\s*\]", line):
            table = _key_path(header[1])
            places.setdefault(table, Place(FILE, number, header.start(1) + 1, line))
        elif assignment := re.match(r"\s*([\w.\-\"' ]+?)\s*=", line):
            places.setdefault((*table, *_key_path(assignment[1])), Place(FILE, number, assignment.start(1) + 1, line))

    def locate(key: KeyPath) -> Place:
        while key and key not in places:  # an inline table's key is found at its table
            key = key[:-1]
        return places.get(key) or Place(FILE, 1, 1, lines[0] if lines else "")

    return locate


def _key_path(dotted: str) -> KeyPath:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))
