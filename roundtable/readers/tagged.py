"""Whether a Markdown file is a transcript, and where its labels are: in the canonical form, or in another that it keeps to."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Literal, NamedTuple

from ..diagnostics import diagnose, did_you_mean, line_at, span_at
from ..model import Diagnostic, Metadata, Source
from ..patterns import lazy
from . import slips
from .beginnings import NARRATION, Beginning, fences
from .lines import Line, is_wrapped, lines_of, openings, place_of
from .names import CJK, is_discourse, is_name_like, is_role, is_sentence_like, key

if TYPE_CHECKING:  # what other forms take is imported for files that are not in the canonical one
    from .labels import Convention

# A file is a transcript without being told so if at least this share of its paragraphs begins with a label.
TRANSCRIPT_SHARE = 0.25
PLAIN_LABEL = lazy(r"([^\W\d_][^\n:*]{0,60}):[ ]")
PLAIN_SHARE = 0.3  # of the bold labels
RULE = lazy(r"\|?(?:[ ]?:?-{2,100}:?[ ]?\|){1,20}(?:[ ]?:?-{2,100}:?)?")  # below the heads of a table's columns
NAMED = lazy(r"(?P<quote>(?:>[ ]?){1,9})?(?P<bold>\*\*)?(?P<name>[^\W\d_][^\n:*>|]{0,60}):(?:\*\*)?(?=\s|$)")
BEHIND_DATE = lazy(r"(?:\s?[AaPp]\.?[Mm]\.?)?\]?\s?(?:[-–]\s)?")  # of a line of a chat
WHICH = "say which in the front matter: 'type: transcript' or 'type: page'"
MIN_TERMS = 5  # of a glossary
HEADWORDS = frozenset(
    "new,added,changed,fixed,removed,deprecated,improved,updated,security,breaking,features,fixes,bug fixes,known issues,"
    "phone,telephone,tel,mobile,fax,email,e-mail,mail,address,website,web,hours,opening hours,name,price,size,weight,"
    "last updated,release notes,key points,key takeaways,table of contents,see also,further reading,learning objectives,"
    "ingredients,method,serves,tip,tips,note,notes,warning,example,step,steps,result,summary,pros,cons".split(",")
)
LINES_SHARE = 0.02  # … and of its lines: below, another form is looked for first


class Labelled(NamedTuple):
    """What a file is, and where its labels are."""

    kind: Literal["transcript", "page"]
    beginnings: list[Beginning] = []  # noqa: RUF012  (never changed)
    convention: str = ""
    doubts: tuple[Diagnostic, ...] = ()


def labelled(source: Source, body: int, beginnings: list[Beginning], others: list[int], metadata: Metadata) -> Labelled:
    """Whether the file is a transcript, as it says itself or as its labels show; and its labels, in whatever form.

    `others` are the places of lines without a plain label: all that nearly looks like one stands there.
    """
    found = Labelled("page") if metadata.type == "page" else _labelled(source, body, beginnings, others, metadata)
    if found.kind == "page" and not found.doubts and not metadata.type:
        return found._replace(doubts=_recurring(source, _open_lines(source, body, beginnings)))
    if found.kind == "page" or _is_written(metadata):
        return found
    doubts = (*found.doubts, *slips.told(source, body, found.beginnings, others))
    return found._replace(doubts=tuple(sorted(doubts, key=lambda one: one.line or 0)))


def _recurring(source: Source, lines: list[Line]) -> tuple[Diagnostic, ...]:
    """A warning where a full name or an office recurs before a colon on a page, or any name behind a date or bold in quotations."""
    from .shapes import DATED

    seen = set()
    for line in lines:
        dated = DATED.match(line.text)
        behind = BEHIND_DATE.match(line.text, dated.end()) if dated else None
        match = NAMED.match(line.text, behind.end() if behind else 0)
        name = match["name"] if match else ""
        if not match or not (dated or is_name_like(name)) or is_discourse(name) or key(name) in HEADWORDS:
            continue
        if key(name) in seen:
            message = f"{name!r} recurs before a colon, like a speaker's label: read as a page"
            return (diagnose("RT205", message, place_of(source, line), WHICH, line.text),)
        if dated or is_role(name) or " " in name or (match["quote"] and match["bold"]):
            seen.add(key(name))
    return ()


def _is_written(metadata: Metadata) -> bool:
    """Whether exports.markdown wrote the file, as it seems."""
    return metadata.labels == "bold" or any(person.id for person in metadata.speakers)


def _labelled(
    source: Source, body: int, beginnings: list[Beginning], others: list[int], metadata: Metadata
) -> Labelled:
    """The same, without what only nearly looks like a label."""
    paragraphs = source.text.rstrip().count("\n\n", body) + 1
    labels = [one for one in beginnings if one.label]
    is_written = _is_written(metadata)
    are_many = len(labels) >= max(TRANSCRIPT_SHARE * paragraphs, LINES_SHARE * source.text.count("\n", body))
    if labels and is_written:
        return _canonical(source, beginnings, metadata)
    names = [] if metadata.type or metadata.speakers else [one.label.name for one in labels if one.label]
    if are_many and _are_headwords(names):
        return Labelled("page", doubts=(_unlike(source, labels, paragraphs, "page"),))
    is_like_terms = _are_like_terms(names)
    is_glossary = is_like_terms and len(names) >= MIN_TERMS
    if are_many and not is_glossary and not _has_plain_labels(source, others, len(labels)):
        found = _canonical(source, slips.with_slips(source, beginnings, others), metadata)
        asked = (_unlike(source, labels, paragraphs, "transcript"),) if is_like_terms else ()
        return found._replace(doubts=(*asked, *found.doubts))
    other = Labelled("page") if is_written else _detected(source, body, beginnings, metadata, paragraphs)
    if other.kind == "page" and (metadata.type or metadata.speakers):
        return _canonical(source, beginnings, metadata)
    return other if other.kind == "transcript" or not labels else _asked(source, body, beginnings, labels, paragraphs)


def _asked(
    source: Source, body: int, beginnings: list[Beginning], labels: list[Beginning], paragraphs: int
) -> Labelled:
    """A file with few labels: a page; or an address, if one stands at the very top. Anyone may say `**Note:**` once."""
    if len(labels) == 1 and _is_address(source, body, beginnings):
        doubt = _unlike(source, labels, paragraphs, "transcript")
        return Labelled("transcript", beginnings, "bold name with colon, 1 turn", (doubt,))
    return Labelled("page", doubts=(_unlike(source, labels, paragraphs, "page"),) if len(labels) > 1 else ())


def _is_address(source: Source, body: int, beginnings: list[Beginning]) -> bool:
    """Whether the words are somebody's who alone speaks: the one label is a full name or an office, and opens the text."""
    at = body
    for one in beginnings:
        if source.text[at : one.start].strip():
            return False
        if one.label:
            name = one.label.name
            is_full = is_role(name) or " " in name or CJK.search(name) is not None
            return is_full and is_name_like(name) and not is_discourse(name) and key(name) not in HEADWORDS
        at = one.end
    return False


def _unlike(source: Source, labels: list[Beginning], paragraphs: int, kind: str) -> Diagnostic:
    """A warning where a file is read as what it may not be."""
    begin = "begin" if len(labels) > 1 else "begins"
    message = f"{len(labels)} of {paragraphs} paragraphs {begin} like a speaker's label: read as a {kind}"
    start, end = labels[0].start, labels[0].end
    return diagnose("RT205", message, span_at(source, start, end), WHICH, source.text[start:end])


def _are_like_terms(names: list[str]) -> bool:
    """Whether bold words before colons may be terms: more than one, none of which recurs, few of them full names or offices."""
    if len(names) < 2 or len({key(name) for name in names}) < len(names):
        return False
    return 2 * sum(is_role(name) or (len(name.split()) > 1 and is_name_like(name)) for name in names) < len(names)


def _are_headwords(names: list[str]) -> bool:
    """Whether most of the words before colons are such as head notices and lists of changes, whether or not they recur."""
    distinct = {key(name) for name in names}
    return len(distinct) > 1 and 2 * len(distinct & HEADWORDS) > len(distinct)


def _has_plain_labels(source: Source, others: list[int], bold: int) -> bool:
    """Whether names without bold type recur before colons so often that they may be speakers too."""
    counts = Counter(match[1] for at in others if (match := PLAIN_LABEL.match(source.text, at)))
    recurring = sum(n for name, n in counts.items() if n > 1 and is_name_like(name) and not is_discourse(name))
    return recurring >= PLAIN_SHARE * bold


def _canonical(source: Source, beginnings: list[Beginning], metadata: Metadata) -> Labelled:
    """A file in the canonical form, without bold words that only look like labels: "**Note:**", "**Place:**" at the top."""
    known = {*known_names(metadata), key(NARRATION)}
    labels = [(one, one.label.name) for one in beginnings if one.label]
    names = [key(name) for _, name in labels]
    counts = Counter(names)
    doubtful = set()
    doubts = []
    once = [labels[i] for i, name in enumerate(names) if counts[name] == 1 and name not in known]
    single = {one.start for one, _ in once}
    first = next((one.start for one, _ in labels if one.start not in single), 0)
    above = [one for one, _ in once if one.start < first]
    for one, printed in once:
        is_metadata = one.start < first and len(above) > 1 and not is_role(printed)
        if (
            is_discourse(printed) or is_sentence_like(printed) or is_metadata or printed.startswith("* ")
        ):  # a chat's "/me"
            doubtful.add(one.start)
            near = did_you_mean(printed, [person.name for person in metadata.speakers])
            hint = near or "if it is a speaker, list it under 'speakers' in the front matter"
            message = f"{printed!r} stands like a label, once: read as words"
            place = span_at(source, one.start, one.end)
            doubts.append(diagnose("RT206", message, place, hint, line_at(source.text, one.start)))
    left = [one for one in beginnings if one.start not in doubtful]
    return Labelled("transcript", left, f"bold name with colon, {len(labels) - len(doubtful)} turns", tuple(doubts))


def known_names(metadata: Metadata) -> frozenset[str]:
    """The names and aliases that front matter lists."""
    return frozenset(key(name) for person in metadata.speakers for name in (person.name, *person.aliases))


def _detected(source: Source, body: int, beginnings: list[Beginning], metadata: Metadata, paragraphs: int) -> Labelled:
    """A file whose labels have another form, if there is evidence enough."""
    from .labels import decide

    lines = _open_lines(source, body, beginnings)
    opens = openings(lines)
    known = [name for person in metadata.speakers for name in (person.name, *person.aliases)]
    convention = decide(lines, known, opens if is_wrapped(lines, opens) else None, is_maybe_a_page=True)
    is_told = bool(metadata.type or metadata.speakers)
    if not convention.labels or not (is_told or convention.is_convincing(lines, paragraphs)):
        return Labelled("page", doubts=_unsure(source, lines, convention))
    places = {lines[i].start: (lines[i], label) for i, label in convention.labels.items()}
    found = [
        one
        for one in beginnings
        if one.kind in ("definition", "comment") or (one.kind == "heading" and one.start not in places)
    ]
    found += [Beginning("label", start, start + label.words_at, None, label) for start, (_, label) in places.items()]
    return Labelled(
        "transcript", sorted(found, key=lambda one: one.start), convention.described(), convention.doubts(source, lines)
    )


def _open_lines(source: Source, body: int, beginnings: list[Beginning]) -> list[Line]:
    """The lines on which a label may stand: not in code, comments or definitions."""
    from . import stamps

    closed = [(one.start, one.end) for one in beginnings if one.kind in ("definition", "comment")]
    if "```" in source.text or "~~~" in source.text:
        closed += fences(source.text).items()
    closed.sort()
    lines, i = [], 0
    for line in lines_of(source, body):
        while i < len(closed) and closed[i][1] <= line.start:
            i += 1
        if i == len(closed) or line.start < closed[i][0]:
            lines.append(line)
    rules = {line.number for line in lines if line.text[0] in "|:-" and RULE.fullmatch(line.text)}  # of tables
    lines = [line for line in lines if not {line.number, line.number + 1} & rules] if rules else lines
    return stamps.joined(lines, source.text)


def _unsure(source: Source, lines: list[Line], convention: Convention) -> tuple[Diagnostic, ...]:
    """A warning where a page may be a transcript: labels that recur and begin many of its lines."""
    recurring = sorted(convention.labels.keys() - convention.single.keys())
    if len(recurring) < 3 or len(recurring) < TRANSCRIPT_SHARE * len(lines):
        return ()
    first = lines[recurring[0]]
    message = f"{len(recurring)} of {len(lines)} lines begin like a speaker's label: read as a page"
    return (diagnose("RT205", message, place_of(source, first), WHICH, first.text),)
