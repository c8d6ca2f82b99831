"""How a transcript, and a turn of it, is cited: functions from what is cited to each of six styles.

    APA       Publication Manual of the American Psychological Association, 7th edition: 8.14, 9.2 to 9.8, 9.22, 10.3, 10.12, 10.16
    MLA       MLA Handbook, 9th edition: 5.6 to 5.15 (authors), 5.29 (what has no title), 5.96 (URL), 5.119 (kind, at the end)
    Chicago   The Chicago Manual of Style, 18th edition, notes and bibliography: 13.23 (more than six), 13.110 (what is spoken)
    BibTeX    Oren Patashnik, BibTeXing (1988): @misc; `url`, as plainnat and biblatex know it
    RIS       RIS Format Specifications (Research Information Systems, 2011): TY ELEC
    CSL-JSON  citation-style-language/schema 1.0.2, csl-data.json: webpage

Titles stay as they are printed, because no program knows which of their words are names. A name is turned round only where
its form tells which part is the family's: "Xue Lan" stays whole. Who is only a role ("Host") is no author and stands in a
note. A turn is cited as its speaker's contribution. All English, as the styles are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec
from markupsafe import Markup, escape

from .config import Config
from .locales import direction, human_date
from .model import KINDS, Transcript
from .patterns import lazy
from .plan import voice_url
from .readers.names import TITLE

MONTHS = "January February March April May June July August September October November December".split()
ABBREVIATED = "Jan. Feb. Mar. Apr. May June July Aug. Sept. Oct. Nov. Dec.".split()  # MLA, appendix 1
CONTROL = lazy(r"[\x00-\x1f\x7f-\x9f\ue000]")  # and the sign of a hole
MOST_APA, MOST_CHICAGO, FIRST_CHICAGO = 20, 6, 3  # authors that are all named, or of more the first


# --- names -----------------------------------------------------------------------------------------------------------


class Name(NamedTuple):
    """A name in the forms that styles ask for."""

    whole: str
    apa: str  # "Duarte, A. M."
    turned: str  # "Duarte, Ana Maria"
    bibtex: str
    csl: dict[str, str] | str
    upright: str  # "A. M. Duarte", as APA has it within a reference


# Languages in which the family's name comes first, or in which none is told from the first name.
WHOLE = frozenset("am hu id is ja km ko lo mn ms my ta te ti vi zh".split())
TITLES = lazy(r"(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor)\.? (?=\S+ \S)")
SUFFIX = lazy(r",? (Jr\.?|Sr\.?|II|III|IV)$")
# First names (one, or one and initials, or initials), then a family name with its particles.
INITIAL = r"[^\W\d_]\.(?:[- ]?[^\W\d_]\.)*"
WORD = r"[^\W\d_]+(?:['’-][^\W\d_]+)*"
PARTS = lazy(
    rf"((?:{INITIAL}|{WORD})(?: {INITIAL}| [A-Z](?= ))*) "
    rf"((?:(?:van|von|vom|zu|de|der|den|del|della|di|da|do|dos|das|du|la|le|ter|ten|af|av|Ó|Ní|Nic|Mac|Uí) )*{WORD})"
)
# Words that may be Chinese or Japanese in Latin letters; names of either stand in either order.
PINYIN = r"(?:(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(?:iang|iong|uang|[aeio]ng|iao|ian|uai|uan|ai|ei|ao|ou|[aeiu]n|i[aeu]|u[aeio]|[aeiou])|er)+"
ROMAJI = r"(?:(?:[kgnhbpmr]y|sh|ch|ts|kk|tt|ss|pp|[kgsztdjnhfbpmrwy])?(?:[aeiou]|ou|oh)n?)+"
EASTERN = lazy(f"{PINYIN}|{ROMAJI}", re.IGNORECASE)
# Families of Korea, Vietnam and southern China, and words that may be first names there.
FAMILIES = frozenset(
    "ahn an bae baek ban bui cha chan chau cheng cheung chiang cho choi chou chow chun chung dang dinh do duong eom go gu ha han heo hoang "
    "ho hong hsieh hsu hur huynh hwang im jang jeon jeong ji jin jo joo ju jung kang kim ko koo kwak kwok kwon lam lau law le lee leung "
    "lim luong ly min moon mun na nam ng ngo nguyen no oh paik park pham phan rhee roh ryu seo shin sim sin so son song sung tran truong "
    "tsai tsang tsui tung um vo vu wong woo yang yau yeung yip yoo yoon yu yun".split()
)
SYLLABLES = lazy(
    r"(?:(?:ch|kh|ng|nh|ph|th|tr|gi|qu|hw|kw|jj|[bcdghjklmnpqrstv])?[yw]?(?:ae|eo|eu|oo|ee|ou|[aeiou])"
    r"(?:ng|nh|hn|ch|rk|[bchkmnlprt])?){1,2}",
    re.IGNORECASE,
)
# No people: who begins with an article, or ends with what bodies are called.
BODY = lazy(
    r"(?:The|An?|Le|Les|El|Los|Las|Die|Das|Il) .*|.* (?:Committee|Council|Commission|Board|Office|Ministry|Department|Agency|Group|Team|Staff|"
    r"University|Institute|Association|Foundation|Union|Party|Court|Bank|Company|Inc|Ltd)",
)
HYPHENED = lazy(r"\w-[a-z]")  # "Chee-hwa"
LONGEST = 16  # letters of such a word, which may be cut into syllables in many ways


@lru_cache(maxsize=10_000)
def named(name: str, language: str) -> Name:
    """The forms of a name, as it stands in a transcript of that language."""
    plain = TITLES.sub("", name)
    suffix = match[1] if (match := SUFFIX.search(plain)) else ""
    parts = PARTS.fullmatch(SUFFIX.sub("", plain))
    if not parts or not _is_told(plain, language):
        return Name(name, name, name, f"{{{latex(name)}}}", {"literal": name}, name)
    given, family = parts[1], parts[2]
    behind = f", {suffix}" if suffix else ""
    csl = {"family": family, "given": given} | ({"suffix": suffix} if suffix else {})
    letters, tex = _initials(given), ", ".join(map(latex, filter(None, (family, suffix, given))))
    upright = f"{letters} {family}{f' {suffix}' if suffix else ''}"
    return Name(name, f"{family}, {letters}{behind}", f"{family}, {given}{behind}", tex, csl, upright)


def _is_told(name: str, language: str) -> bool:
    """Whether the form of a name tells which part is the family's."""
    letters = unicodedata.normalize("NFKD", name)
    is_latin = all("LATIN" in unicodedata.name(sign, "") for sign in letters if sign.isalpha())
    is_known = (
        language.split("-", maxsplit=1)[0] not in WHOLE
        and is_latin
        and not TITLE.match(name)
        and not BODY.fullmatch(name)
    )
    return is_known and not _may_be_eastern(_plain(name))


def _may_be_eastern(name: str) -> bool:
    words = re.findall(r"\w+", name)
    if max(map(len, words), default=0) > LONGEST:
        return False
    if all(map(EASTERN.fullmatch, words)) or HYPHENED.search(name):
        return True
    others = [word for word in words if word.casefold() not in FAMILIES]
    return len(others) < len(words) and all(map(SYLLABLES.fullmatch, others))


def _plain(name: str) -> str:
    """A name without what stands above and below letters."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", name) if not unicodedata.combining(sign))


def _initials(given: str) -> str:
    """First names as APA has them: A. M., J.-P."""
    return re.sub(r"[^\W\d_][\w'’]*\.?(?=([- ])?)", lambda match: f"{match[0][0]}.", re.sub(r"\.(?=\w)", ". ", given))


# --- what is cited ---------------------------------------------------------------------------------------------------


class Cited(NamedTuple):
    """A transcript, or a turn of it, as far as a citation names it."""

    title: str
    site: str
    series: str | None
    date: str | None  # ISO 8601: a year, a month or a day
    place: str | None
    language: str
    url: str  # with scheme and host
    names: tuple[Name, ...]  # of people
    roles: tuple[str, ...]  # who speaks and is no name: "Host"
    kind: str  # what it is: "Transcript"
    by: Name | None = None  # who speaks the turn, if one is cited
    number: str = ""  # of the turn

    @property
    def containers(self) -> tuple[str, ...]:
        """In what it appeared, the nearest first."""
        return (self.series, self.site) if self.series else (self.site,)

    @property
    def authors(self) -> tuple[Name, ...]:
        """Who stands first."""
        return (self.by,) if self.by else self.names


def cited(transcript: Transcript, config: Config, url: str) -> Cited:
    """What a citation names of a transcript; `url` is its address, with scheme and host."""
    m, names = transcript.metadata, [speaker.name for speaker in transcript.speakers]
    return Cited(
        _flat(transcript.title), _flat(config.title),
        _flat(m.series) if m.series and m.series.casefold() != config.title.casefold() else None, m.date,
        _flat(m.place) if m.place else None, transcript.language, url,
        tuple(named(_flat(name), transcript.language) for name in names if voice_url(name)),
        tuple(_flat(name) for name in names if not voice_url(name)), KINDS[m.record],
    )  # fmt: skip


def _flat(text: str) -> str:
    """The text on one line, without control characters."""
    return CONTROL.sub("", " ".join(text.split()))


def line(one: Cited) -> Markup:
    """What stands behind a speaker's name where a turn is cited in one line, its address left out."""
    date = human_date(one.date, one.language) if one.date else "n.d."
    kind = " (summary record)" if one.kind == KINDS["summary"] else ""
    # Where text runs from right to left, what is written in Latin letters is to stay by itself.
    opened, closed = ("<bdi>", "</bdi>") if direction(one.language) == "rtl" else ("", "")
    return Markup(f"“{escape(_inner(one.title))}”{kind}, {opened}{escape(one.containers[0])}{closed}, {escape(date)}")


# --- the styles ------------------------------------------------------------------------------------------------------


def apa(one: Cited) -> str:
    """`Duarte, A., & Lind, B. (2026, March 5). *Silt and tide* [Transcript]. Harbour talks. https://…`."""
    year, month, day = _parts(one.date)
    written = f"{year}, {MONTHS[month - 1]}{f' {day}' if day else ''}" if month else year or "n.d."
    names = _apa_names([name.apa for name in one.authors])
    title = f"{_i(one.title)} [{one.kind}]."
    if one.by:
        whole = _apa_names([name.upright for name in one.names], inside=True)
        title = _joined("[Contribution]. In", f"{whole}," if whole else "", title)
        after = [_stop(_joined(*one.containers, by=", "))]
    elif one.series:  # as an episode of it
        title = f"{one.title} [{one.kind}]."
        after = [f"In {_i(one.series)}.", _stop(one.site)]
    else:
        after = [_stop(one.site)]
    first = [_stop(names), f"({written})."] if names else [title, f"({written})."]
    return _joined(*first, title if names else "", *after, one.url)


def _apa_names(names: Sequence[str], inside: bool = False) -> str:
    """Up to twenty all; of more the first nineteen and the last."""
    if len(names) > MOST_APA:
        return f"{', '.join(names[: MOST_APA - 1])}, . . . {names[-1]}"
    before = " " if inside and len(names) == 2 else ", "
    return f"{', '.join(names[:-1])}{before}& {names[-1]}" if len(names) > 1 else "".join(names)


def mla(one: Cited) -> str:
    """`Duarte, Ana, and Bo Lind. “Silt and Tide.” *Harbour Talks*, 5 Mar. 2026, https://…. Transcript.`."""
    year, month, day = _parts(one.date)
    date = " ".join(filter(None, (str(day or ""), ABBREVIATED[month - 1] if month else "", year)))
    within = _joined(*map(_i, one.containers), date, f"{one.url}.", by=", ")
    first = one.authors[0].turned if one.authors else ""
    if len(one.authors) == 2:
        first += f", and {one.authors[1].whole}"
    elif one.authors[2:]:
        first += ", et al."
    return _joined(_stop(first), "Contribution to" if one.by else "", _quoted(one.title), within, f"{one.kind}.")


def chicago(one: Cited) -> str:
    """`Duarte, Ana, and Bo Lind. “Silt and Tide.” Transcript, Leeds, March 5, 2026. Harbour Talks. https://…`."""
    year, month, day = _parts(one.date)
    date = f"{MONTHS[month - 1]} {f'{day}, ' if day else ''}{year}" if month else year or "n.d."
    names = [name.turned if number == 0 else name.whole for number, name in enumerate(one.authors)]
    if len(names) > MOST_CHICAGO:
        first = f"{', '.join(names[:FIRST_CHICAGO])}, et al."
    else:
        first = f"{', '.join(names[:-1])}, and {names[-1]}" if len(names) > 1 else "".join(names)
    held = _stop(", ".join(filter(None, (one.kind, one.series, one.place, date))))
    return _joined(
        _stop(first), "Contribution to" if one.by else "", _quoted(one.title), held, _stop(one.site), f"{one.url}."
    )  # fmt: skip


def bibtex(one: Cited) -> str:
    """An entry @misc; everybody is named."""
    year, month, day = _parts(one.date)
    title = f"Contribution to ``{latex(_inner(one.title))}''" if one.by else latex(one.title)
    note = [
        one.place and f"Held in {one.place}",
        f"{day} {MONTHS[month - 1]} {year}" if month and day else "",
        _note(one),
    ]
    fields = {
        "author": " and ".join(name.bibtex for name in one.authors),
        "key": "" if one.authors else latex(one.title),
        "title": f"{{{title}}}",
        "howpublished": latex(", ".join((one.kind, *one.containers))),
        "year": year,
        "month": MONTHS[month - 1][:3].casefold() if month else "",
        "note": latex(". ".join(filter(None, note))),
        "url": one.url,
        "language": latex(one.language),
    }
    bare = ("month",)
    lines = [f"  {key} = {value if key in bare else f'{{{value}}}'}," for key, value in fields.items() if value]
    return "\n".join((f"@misc{{{_id(one)},", *lines, "}"))


LATEX = str.maketrans({
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}", **{sign: f"\\{sign}" for sign in "$&#%_"},
})  # fmt: skip


SPECIAL = lazy(r"[\\{}^~$&#%_]")


def latex(text: str) -> str:
    """The text as LaTeX sets it; braces stay balanced, which BibTeX counts."""
    return text.translate(LATEX) if SPECIAL.search(text) else text


def ris(one: Cited) -> str:
    """A record ELEC; everybody is named."""
    year, month, day = _parts(one.date)
    fields = [
        ("TY", "ELEC"),
        *(("AU", name.turned) for name in one.authors),
        ("TI", f"Contribution to “{_inner(one.title)}”" if one.by else one.title),
        *zip(("T2", "T3"), one.containers, strict=False),
        ("PB", one.site),
        ("PY", year),
        ("DA", f"{year}/{f'{month:02}' if month else ''}/{f'{day:02}' if day else ''}/" if year else ""),
        ("M3", one.kind),
        ("N1", ". ".join(filter(None, (one.place and f"Held in {one.place}", _note(one))))),
        ("LA", one.language),
        ("UR", one.url),
    ]
    return "\n".join([*(f"{tag}  - {value}" for tag, value in fields if value), "ER  - "])


def csl_json(one: Cited) -> str:
    """A list of one item; everybody is named."""
    year, *rest = _parts(one.date)
    item: dict[str, Any] = {
        "id": _id(one),
        "type": "webpage",
        "title": f"Contribution to “{_inner(one.title)}”" if one.by else one.title,
        "container-title": one.site,
        "collection-title": one.series,
        "genre": one.kind,
        "author": [name.csl for name in one.authors],
        "issued": {"date-parts": [[int(year), *filter(None, rest)]]} if year else None,
        "event-place": one.place,
        "note": _note(one),
        "language": one.language,
        "URL": one.url,
    }
    lines = (f'  "{key}": {msgspec.json.encode(value).decode()}' for key, value in item.items() if value)
    return "[{\n" + ",\n".join(lines) + "\n}]"


STYLES: dict[str, tuple[str, Callable[[Cited], str]]] = {  # by id: how people call it, and what makes it
    "apa": ("APA", apa),
    "mla": ("MLA", mla),
    "chicago": ("Chicago", chicago),
    "bibtex": ("BibTeX", bibtex),
    "ris": ("RIS", ris),
    "csl": ("CSL-JSON", csl_json),
}


def _note(one: Cited) -> str:
    """Who else speaks."""
    if one.by:
        others = (*(name.whole for name in one.names), *one.roles)
        return f"Speakers: {'; '.join(others)}" if others else ""
    return f"Also speaking: {'; '.join(one.roles)}" if one.roles else ""


def _id(one: Cited) -> str:
    """The key of an entry: letters and numbers of the title and the year."""
    words = re.findall(r"[a-z0-9]+", _plain(one.title).casefold())
    behind = f"-{one.number}" if one.by else ""
    return "-".join((*words[:4], (one.date or "")[:4] or "nd")) + behind


def _parts(date: str | None) -> tuple[str, int, int]:
    """Year, month and day; 0 for what is not known."""
    year, month, day = [*(date or "").split("-"), "0", "0"][:3]
    return year, int(month), int(day)


def _joined(*parts: str, by: str = " ") -> str:
    return by.join(filter(None, parts))


ITALIC, UPRIGHT = "\x01", "\x02"  # begin and end of what is set in italics; what is cited holds no such signs


def _i(text: str) -> str:
    return f"{ITALIC}{text}{UPRIGHT}"


def html(text: str) -> Markup:
    """A citation as a page shows it."""
    return Markup(str(escape(text)).replace(ITALIC, "<i>").replace(UPRIGHT, "</i>"))


def _stop(text: str) -> str:
    """The text with a full stop, unless it ends a sentence already."""
    return text if not text or text.endswith((".", "?", "!", "。", "？", "！")) else text + "."


def _quoted(title: str) -> str:
    """A title in quotation marks, the full stop before the last."""
    return f"“{_stop(_inner(title))}”"


def _inner(title: str) -> str:
    """A title as it stands within quotation marks: its own are single ones."""
    if '"' in title:
        title = re.sub(r'"([^"]*)"', r"‘\1’", title)
    return title.replace("“", "‘").replace("”", "’")


# --- as a page has them ----------------------------------------------------------------------------------------------


class Form(NamedTuple):
    """A citation of a whole transcript."""

    id: str
    label: str
    text: Markup


class Citations(NamedTuple):
    """What a transcript's page offers."""

    forms: tuple[Form, ...]
    line: Markup  # what stands behind a speaker's name, the address left out
    url: str
    turns: str  # JSON, from which the page's script makes the citation of any turn

    def safe(self) -> tuple[str, str]:
        """Line and address as HTML."""
        return str(self.line), str(escape(self.url))


# What a script puts into the forms of a turn; no title holds such a sign.
WHO, URL, NUMBER = "\ue000who", "\ue000url", "\ue000n"
HOLE = lazy(f'("{WHO}"|{WHO}|{URL}|{NUMBER})')
NUMBERS = {f'"{WHO}"': 1, WHO: 1, URL: 2, NUMBER: 3}


def citations(transcript: Transcript, config: Config, url: str) -> Citations:
    """The citations of a transcript whose address is `url`."""
    one = cited(transcript, config, url)
    forms = tuple(Form(id, label, html(style(one))) for id, (label, style) in STYLES.items())
    blank = one._replace(by=Name(WHO, WHO, WHO, WHO, WHO, WHO), url=URL, number=NUMBER)
    turns = {id: _with_holes(style(blank)) for id, (_, style) in STYLES.items()}
    names = {speaker.name: _forms(_flat(speaker.name), transcript.language) for speaker in transcript.speakers}
    told = line(one)
    data = {"line": told.striptags(), "forms": turns, "names": names, "url": url}
    return Citations(forms, told, url, msgspec.json.encode(data).decode().replace("<", "\\u003c"))


@lru_cache(maxsize=10_000)
def _forms(name: str, language: str) -> tuple[str, ...]:
    """A name as styles have it, in the order that quote.js knows; without the full stop that a style adds itself."""
    one = named(name, language)
    csl = msgspec.json.encode(one.csl).decode()
    return one.apa.rstrip("."), one.turned.rstrip("."), one.bibtex, one.turned, csl


def _with_holes(form: str) -> list[str | int]:
    """A form cut where something is put in: texts, and numbers for what stands between them."""
    text = form.replace(ITALIC, "").replace(UPRIGHT, "")
    return [NUMBERS.get(part, part) for part in HOLE.split(text) if part]
