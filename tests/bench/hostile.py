"""Inputs that make a careless reader slow: for each format a few, each as long as one asks for."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

Maker = Callable[[int], bytes]

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
AKOMA = '<akomaNtoso xmlns="http://docs.oasis-open.org/legaldocml/ns/akn/3.0"><debate><debateBody><debateSection>'
TEI = '<TEI xmlns="http://www.tei-c.org/ns/1.0"><text><body><div>'


def repeated(unit: str, before: str = "", after: str = "") -> Maker:
    """One unit again and again; `{i}` in it counts."""

    def make(length: int) -> bytes:
        times = max(length // len(unit), 1)
        middle = "".join(unit.replace("{i}", str(i)) for i in range(times)) if "{i}" in unit else unit * times
        return f"{before}{middle}{after}".encode()

    return make


def nested(opening: str, closing: str, before: str = "", after: str = "") -> Maker:
    """As deep as it is long."""

    def make(length: int) -> bytes:
        depth = max(length // (len(opening) + len(closing)), 1)
        return f"{before}{opening * depth}{closing * depth}{after}".encode()

    return make


def packed(name: str, make: Maker, **parts: str) -> Maker:
    """The same as a file in an archive, stored, so that its length is what is asked for."""

    def archive(length: int) -> bytes:
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w") as file:
            for part, text in parts.items():
                file.writestr(part.replace("__", "."), text)
            file.writestr(name, make(length))
        return data.getvalue()

    return archive


def objects(one: Callable[[int], Any], size: int, whole: Callable[[list[Any]], Any]) -> Maker:
    """JSON that lists objects of about that size."""
    return lambda length: json.dumps(whole([one(i) for i in range(max(length // size, 1))])).encode()


START = "Ann: one\nBob: two\nAnn: three\nBob: four\n"
LINES: dict[str, Maker] = {
    "spaces in a line": repeated(" ", f"{START}a", "b\n"),
    "spaces behind a sign": repeated(" ", f"{START}# a", "b\n"),
    "brackets": repeated("[", START),
    "closed brackets": repeated("[a](", START),
    "colons": repeated(":", START),
    "words with colons": repeated("a: ", START),
    "stars": repeated("*", START),
    "open bold labels": repeated("**a\n", START),
    "bold labels": repeated("**a {i}:** b\n\n", START),
    "bold labels in a line": repeated("**a:** b ", START),
    "labels, all different": repeated("Name{i}: words\n", START),
    "labels, all the same": repeated("Ann: words\n", START),
    "names and times": repeated("Name{i} (1:02):\nwords\n", START),
    "bare times": repeated("1:02 ", START),
    "titles": repeated("Mr. ", START),
    "capitals with full stops": repeated("A. ", START),
    "nicks": repeated("<a{i}> b\n", START),
    "open angles": repeated("<", START),
    "headings": repeated("# a\n", START),
    "headings, all different": repeated("## Title {i}\n\nwords\n\n", START),
    "one giant line": repeated("word ", START),
    "one giant word": repeated("w", START),
    "tiny lines": repeated("a\n", START),
    "empty lines": repeated("\n", START, "b\n"),
    "open parentheses in lines": repeated("(\n", START, ")\n"),
    "parentheses in a line": repeated("(a", START),
    "asides in parentheses": repeated("(a b.) ", START),
    "bullets in a line": repeated("- ", START, "b\n"),
    "bullets in lines": repeated("- a\n", START),
    "backslashes": repeated("\\", START),
    "backticks": repeated("`", START),
    "fences": repeated("```a\n", START),
    "comments": repeated("<!-- a\n", START),
    "definitions": repeated("[^{i}]: a\n\n", START),
    "guests": repeated("Guests\n- Ann Li, Dean\n", START),
    "tabs": repeated("a\t", START),
    "ideographs": repeated("的：", START),
    "entities": repeated("&amp;", START),
    "carriage returns": repeated("\r", START, "b"),
    "set in deeper and deeper": lambda length: (
        START.encode() + b"".join(b" " * (i % 500) + b"a\n" for i in range(length // 250))
    ),
    "front matter without an end": repeated("a: b\n", "---\n"),
    "front matter, nested": repeated("[", "---\na: ", "\n---\nAnn: b\n"),
}
CUES: dict[str, str] = {
    "open voices": "<v ",
    "open classes": "<c>",
    "voices, all different": "<v N{i}>a\n",
    "arrows": "--> ",
    "entities": "&amp;",
    "open entities": "&a",
    "one giant line": "word ",
    "labels in a cue": "- Ann: a\n",
    "tiny lines": "a\n",
    "spaces": " ",
    "brackets": "[",
}
TABLES: dict[str, Maker] = {
    "quotes": repeated('"', "speaker,text\n"),
    "open quotes in rows": repeated('a,"b\n', "speaker,text\n"),
    "commas": repeated(",", "speaker,text\n"),
    "columns": repeated("c{i},", "speaker,text,", "\na,b\n"),
    "tiny rows": repeated("a,b\n", "speaker,text\n"),
    "speakers, all different": repeated("N{i},b\n", "speaker,text\n"),
    "one giant cell": repeated("word ", 'speaker,text\na,"', '"\n'),
    "line breaks in a cell": repeated("\n", 'speaker,text\na,"b', 'c"\n'),
    "empty rows": repeated("\n", "speaker,text\na,b\n"),
    "entities": repeated("&#8212;", "speaker,text\na,"),
}


def trees(before: str, speech: str, words: str) -> dict[str, Maker]:
    """Hostile XML of one kind; `speech` opens a speech, `words` a paragraph in it."""
    tag, inner = speech.split(maxsplit=1)[0].strip("<>"), words.strip("<>")
    return {
        "open speeches": repeated(speech, before),
        "speeches": repeated(f"{speech}{words}a</{inner}></{tag}>", before),
        "nested paragraphs": nested(words, f"</{inner}>", before),
        "paragraphs in a speech": repeated(f"{words}a</{inner}>", before + speech),
        "open angles": repeated("<", before),
        "open comments": repeated("<!--", before),
        "comments": repeated("<!---->", before + speech + words),
        "attributes": repeated(' a{i}="b"', f"{before}<x", "/>"),
        "a giant attribute": repeated("word ", f'{before}<x a="', '"/>'),
        "entities": repeated("&amp;", before + speech + words),
        "open entities": repeated("&", before + speech + words),
        "one giant text": repeated("word ", before + speech + words),
        "spaces": repeated(" ", before + speech + words, "b"),
        "sections and definitions": repeated("<![CDATA[a]]>", before + speech + words),
        "instructions": repeated("<?a?>", before),
    }


def documents(before: str, speech: str, words: str, after: str) -> dict[str, Maker]:
    """The same, well-formed where that is possible: an unclosed file is given up early."""
    tag, inner = speech.split(maxsplit=1)[0].strip("<>"), words.strip("<>")
    end = f"</{inner}></{tag}>{after}"
    return {
        "speeches, whole": repeated(f"{speech}{words}a</{inner}></{tag}>", before, after),
        "speeches, all different": repeated(
            speech.replace("x1", "x{i}") + f"{words}a</{inner}></{tag}>", before, after
        ),
        "paragraphs, whole": repeated(f"{words}a</{inner}>", before + speech, f"</{tag}>{after}"),
        "nested, whole": nested("<x>", "</x>", before + speech + words, end),
        "elements in a line": repeated("<x>a</x>", before + speech + words, end),
        "empty elements": repeated("<x/>", before + speech + words, end),
        "entities, whole": repeated("&amp; ", before + speech + words, end),
        "spaces, whole": repeated(" ", before + speech + words + "a", "b" + end),
        "giant text, whole": repeated("word ", before + speech + words, end),
        "comments, whole": repeated("<!-- a -->", before + speech + words, end),
    }


def spoken(
    word: Callable[[int], Any], size: int, whole: Callable[[list[Any], str], Any], field: str
) -> dict[str, Maker]:
    """Hostile JSON of one kind: many words, giant strings, what is broken."""

    def of(text: str, one: Callable[[int], Any] = word) -> Maker:
        return objects(one, size, lambda listed: whole(listed, text))

    def giant(unit: str) -> Maker:
        return lambda length: json.dumps(whole([{**word(0), field: unit * (length // len(unit))}], "a")).encode()

    return {
        "words": of("a"),
        "words of many people": of("a", lambda i: {**word(i), "speaker": f"N{i}", "speaker_label": f"N{i}"}),
        "empty words": of("a", lambda i: {**word(i), field: ""}),
        "words that are repeated": lambda length: json.dumps(
            whole([word(i) for i in range(length // (2 * size))], "a " * (length // 4))
        ).encode(),
        "one giant text": giant("word "),
        "one giant word": giant("w"),
        "escapes": giant('"\\'),
        "characters beyond ASCII": giant("é"),
        "spaces": giant(" "),
        "open lists": repeated("["),
        "nested lists": nested("[", "]"),
        "open objects": repeated('{"a":'),
        "keys": repeated('"a{i}":1,', "{", '"b":1}'),
        "open strings": repeated('"', "["),
    }


def _aws(listed: list[Any], text: str) -> Any:
    return {"jobName": "a", "results": {"transcripts": [{"transcript": text}], "items": listed}}


def _aws_word(i: int) -> Any:
    times = {"start_time": f"{i}.0", "end_time": f"{i}.5", "type": "pronunciation", "speaker_label": f"spk_{i % 2}"}
    return {**times, "alternatives": [{"confidence": "0.9", "content": "a"}]}


def _deepgram(listed: list[Any], text: str) -> Any:
    return {"results": {"channels": [{"alternatives": [{"transcript": text, "words": listed}]}]}}


def _assemblyai(listed: list[Any], text: str) -> Any:
    return {"id": "a", "status": "completed", "acoustic_model": "b", "text": text, "words": listed, "punctuate": True}


JSON: dict[str, dict[str, Maker]] = {
    "aws": spoken(_aws_word, 140, _aws, "type"),
    "deepgram": spoken(
        lambda i: {"word": "a", "start": i, "end": i + 0.5, "speaker": i % 2, "punctuated_word": "a"}, 80, _deepgram, "word"
    ),
    "assemblyai": spoken(
        lambda i: {"text": "a", "start": i, "end": i + 1, "speaker": "AB"[i % 2]}, 60, _assemblyai, "text"
    ),
    "podcast": spoken(
        lambda i: {"speaker": f"A{i % 2}", "startTime": i, "endTime": i + 1, "body": "a"},
        70,
        lambda listed, text: {"version": "1.0.0", "segments": listed},
        "body",
    ),
    "whisper": spoken(
        lambda i: {"start": i, "end": i + 1, "text": " a", "speaker": f"S{i % 2}"},
        60,
        lambda listed, text: {"text": text, "segments": listed},
        "text",
    ),
    "services": spoken(
        lambda i: {"alternatives": [{"content": "a", "speaker": f"S{i % 2}"}], "type": "word", "start_time": i, "end_time": i},
        90,
        lambda listed, text: {"results": listed},
        "content",
    ),
    "listed": spoken(
        lambda i: {"speaker": f"S{i % 2}", "text": "a", "start": i, "end": i},
        60,
        lambda listed, text: {"title": text, "transcript": listed},
        "text",
    ),
    "json": spoken(lambda i: {"a": "b"}, 10, lambda listed, text: {"c": listed}, "a"),
}  # fmt: skip

PAGE = "<html><body><p><b>Ann:</b> a</p><p><b>Bob:</b> b</p><p><b>Ann:</b> c</p>"
PRE = "<html><body><pre>Ann: one\nBob: two\nAnn: three\nBob: four\n"
BODY = f'<w:document xmlns:w="{WORD}"><w:body>'
BODY_END = "</w:body></w:document>"
RUN = "<w:r><w:t>a</w:t></w:r>"
PAGES: dict[str, Maker] = {
    "open elements": repeated("<div>", PAGE),
    "nested elements": nested("<div>", "</div>", PAGE),
    "nested inline elements": nested("<b>", "</b>", f"{PAGE}<p>"),
    "open bold paragraphs": repeated("<p><b>a:</b>", PAGE),
    "paragraphs": repeated("<p><b>A{i}:</b> b</p>", PAGE),
    "open angles": repeated("<", PAGE),
    "open comments": repeated("<!--", PAGE),
    "attributes": repeated(' a{i}="b"', f"{PAGE}<p", ">"),
    "lists": nested("<ul><li>", "</li></ul>", PAGE),
    "tables": nested("<table><tr><td>", "</td></tr></table>", PAGE),
    "cells": repeated("<td>a</td>", f"{PAGE}<table><tr>"),
    "entities": repeated("&amp;", f"{PAGE}<p>"),
    "spaces": repeated(" ", f"{PAGE}<p>a", "b</p>"),
    "one giant text": repeated("word ", f"{PAGE}<p>"),
    "breaks": repeated("<br>", f"{PAGE}<p>"),
    "links": repeated('<a href="b">', f"{PAGE}<p>"),
    "open scripts": repeated("<script>", PAGE),
    "closing tags": repeated("</p>", PAGE),
}
DOCUMENTS: dict[str, Maker] = {
    "paragraphs": repeated(f"<w:p>{RUN}</w:p>", BODY, BODY_END),
    "runs": repeated(RUN, f"{BODY}<w:p>", f"</w:p>{BODY_END}"),
    "bold runs": repeated(f"<w:r><w:rPr><w:b/></w:rPr><w:t>a:</w:t></w:r>{RUN}", f"{BODY}<w:p>", f"</w:p>{BODY_END}"),
    "one giant run": repeated("word ", f"{BODY}<w:p><w:r><w:t>", f"</w:t></w:r></w:p>{BODY_END}"),
    "spaces": repeated(" ", f'{BODY}<w:p><w:r><w:t xml:space="preserve">a', f"b</w:t></w:r></w:p>{BODY_END}"),
    "nested tables": nested("<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>", BODY, BODY_END),
    "cells": repeated(f"<w:tc><w:p>{RUN}</w:p></w:tc>", f"{BODY}<w:tbl><w:tr>", f"</w:tr></w:tbl>{BODY_END}"),
    "breaks": repeated("<w:br/>", f"{BODY}<w:p><w:r>", f"</w:r></w:p>{BODY_END}"),
    "open paragraphs": repeated("<w:p>", BODY),
}


def _export(*texts: str, user: str = "U1") -> str:
    """A day of a channel, in which one person says all this."""
    return json.dumps([{"type": "message", "user": user, "text": text, "ts": f"{i}.0"} for i, text in enumerate(texts)])


def _said(unit: str) -> Maker:
    return lambda length: _export(unit * (length // len(unit))).encode()


SLACK: dict[str, Maker] = {
    "messages": lambda length: _export(*["a"] * (length // 60)).encode(),
    "messages of many people": lambda length: json.dumps(
        [{"type": "message", "user": f"U{i}", "text": "a", "ts": f"{i}.0"} for i in range(length // 60)]
    ).encode(),
    "mentions": _said("<@U1> "),
    "open angles": _said("<"),
    "stars": _said("*a "),
    "fences": _said("```"),
    "one giant text": _said("word "),
    "spaces": _said(" "),
    "lines": _said("&gt; a\n"),
    "nested lists": nested("[", "]"),
}
USERS = {"users__json": '[{"id": "U1", "name": "ana"}]', "channels__json": '[{"name": "a"}]'}

HOSTILE: dict[str, dict[str, Maker]] = {
    "markdown": LINES,
    "text": LINES,
    "webvtt": {
        **{name: repeated(unit, "WEBVTT\n\n00:01.000 --> 00:02.000\n") for name, unit in CUES.items()},
        "cues": repeated("00:01.000 --> 00:02.000\na\n\n", "WEBVTT\n\n"),
        "cues of many people": repeated("00:01.000 --> 00:02.000\n<v N{i}>a\n\n", "WEBVTT\n\n"),
        "notes": repeated("NOTE a\n\n", "WEBVTT\n\n"),
    },
    "srt": {
        **{name: repeated(unit, "1\n00:00:01,000 --> 00:00:02,000\n") for name, unit in CUES.items()},
        "cues": repeated("1\n00:00:01,000 --> 00:00:02,000\na\n\n"),
        "cues with labels": repeated("1\n00:00:01,000 --> 00:00:02,000\nN{i}: a\n\n"),
        "numbers": repeated("1\n\n", "1\n00:00:01,000 --> 00:00:02,000\na\n\n"),
    },
    "docx": {name: packed("word/document.xml", make) for name, make in DOCUMENTS.items()},
    "slack": {name: packed("a/2026-01-01.json", make, **USERS) for name, make in SLACK.items()},
    "html": PAGES,
    "html-text": {
        name: lambda length, make=make: PRE.encode() + make(length).replace(START.encode(), b"")  # type: ignore[misc]
        for name, make in LINES.items()
        if not name.startswith("front matter") and "angle" not in name and name != "nicks"
    },
    **JSON,
    "foreign": {"declarations": repeated("@a\n"), "spaces": repeated(" "), "open signs": repeated("@")},
    "table": TABLES,
    "xml": {**trees("<a>", "<b>", "<c>"), **documents("<a>", "<b>", "<c>", "</a>")},
    "akoma-ntoso": {
        **trees(AKOMA, '<speech by="#x1">', "<p>"),
        **documents(AKOMA, '<speech by="#x1">', "<p>", "</debateSection></debateBody></debate></akomaNtoso>"),
    },
    "tei": {
        **trees(TEI, '<u who="#x1">', "<seg>"),
        **documents(TEI, '<u who="#x1">', "<seg>", "</div></body></text></TEI>"),
    },
    "parlparse": {
        **trees("<publicwhip>", '<speech speakername="x1">', "<p>"),
        **documents("<publicwhip>", '<speech speakername="x1">', "<p>", "</publicwhip>"),
    },
}
