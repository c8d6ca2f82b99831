"""The forms that a speaker's label takes: one row a form, as seen in the wild. What counts in a document, labels.py decides.

A row's pattern is matched against a line without the white space around it; `label` is the name, and clock times beside it
are the turn's. Rows that prove more by their form come first. A form's trust says what a label of it is worth:

    PROOF    the form alone makes a label: `<nick> words`, `Name (00:01:02):`
    FORM     the form suggests one, if it recurs: `**Name** words`, a bare `Q`
    NAME     the form is that of prose too ("It says: …"): the label must look like a name or recur, and the editor is told
    ECHO     a form so weak that it counts only for names that another form has shown: `Name:words`
"""

from __future__ import annotations

import re
from typing import NamedTuple

from .. import marks

PROOF, FORM, NAME, ECHO = 3, 2, 1, 0
HEAD = 200  # characters of a line in which a label stands

CLOCK = marks.CLOCK.pattern
RANGE = rf"{CLOCK}(?:\s?(?:-|–|—|-->|to)\s?{CLOCK})?"
BRACKETED = rf"(?:\\?[\[(]\s?{RANGE}\s?\\?[\])])"
# What may stand before a label: a time, a bullet, chevrons (the captioners' sign of a new speaker), a dash.
LEAD = rf"(?:{BRACKETED}:?\s*|{RANGE}\s+)"
SIGN = r"(?:(?:[-*+•·‣–—―]|>{1,3})\s*(?=\S))"
STAMP = r"(?:\d{4}-\d\d-\d\d[T ])?\[?\d{1,2}:\d\d(?::\d\d)?Z?\]?\s+"
BODY = r"(?P<label>[^\s*<>:：#\[(|][^\n:：*<>]{0,159}?|\([^\n:：*<>]{1,80}?)"
BOLD = r"(?P<label>(?:\\.|[^*\\\n]){1,160}?)"


class Shape(NamedTuple):
    """One form of label."""

    name: str  # for people: "labels: bold name with colon, 41 of 41 turns"
    trust: int
    hint: (
        str  # a line that begins with none of these characters (or, for NAME and below, holds none) is not of this form
    )
    patterns: tuple[re.Pattern[str], ...]  # the first that matches counts; times can stand in several places

    def match(self, text: str) -> re.Match[str] | None:
        """The label at the head of a line."""
        patterns = self.patterns
        if len(text) > HEAD:  # no label is so long that it could end such a line: a bound on what a pattern may try
            text, patterns = text[:HEAD], self.openers
        return next(filter(None, (pattern.match(text) for pattern in patterns)), None)

    @property
    def openers(self) -> tuple[re.Pattern[str], ...]:
        """The patterns of labels that words may follow on the same line."""
        return tuple(pattern for pattern in self.patterns if not pattern.pattern.endswith("$"))


def _patterns(*forms: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(form) for form in forms)


COLON = r"(?::\s+|：\s*)(?=\S)"
TITLE = r"(?:(?i:mrs?|ms|dr|prof|hon|rev|sen|rep|gen|col|maj|capt|lt|sgt|sra?|srta|st|mm?|mme|mlle|dip|fr|gov|amb|supt|messrs|jr)|[A-Z])\."
WORD = rf"(?!{TITLE})[^\s.:：!?()]{{1,40}}"
CAPITAL = r"[\"“'‘(\[¿¡]?[^\W\d_a-zß-öø-ÿ]"

SHAPES = (
    Shape("bold name with colon", FORM, "*_", _patterns(
        rf"(?:\*\*)(?:{BRACKETED}\s*)?{BOLD}(?::\*\*|\*\*\s?:|：\*\*|\*\*：)\s*",
        rf"(?:\*\*){BOLD}\s*{BRACKETED}(?::\*\*|\*\*\s?:|：\*\*|\*\*：)\s*",
        r"__(?P<label>[^_\n]{1,160}?)(?::__|__\s?:)\s*",
    )),
    Shape("nick in angle brackets", PROOF, "*<[0123456789", _patterns(
        r"(?:\*\*)?\\?(?:<|&lt;)(?P<relay>[^<>*\n]{1,40})(?:>|&gt;)\s?[\[{]-?(?P<label>[^\s\[\]{}]{1,40})[\]}]\*\*\s*",  # who is relayed
        r"(?:\*\*)?\\?(?:<|&lt;)[@+%&~]?(?P<label>[^\s<>*:][^<>*:\n]{0,40})(?:>|&gt;)(?:\*\*)?:?(?:\s+|$)",
        rf"{STAMP}<[@+%&~]?(?P<label>[^\s<>*:][^<>*:\n]{{0,40}})>(?:\s+|$)",
    )),
    Shape("time, then bold name", PROOF, "0123456789[(\\", _patterns(rf"{LEAD}\*\*{BOLD}:?\*\*:?\s*")),
    Shape("bold name, then time", PROOF, "*", _patterns(rf"\*\*{BOLD}\*\*:?\s*(?:{BRACKETED}|{RANGE}(?=\s|$)):?\s*")),
    Shape("name in brackets, then time", PROOF, "[", _patterns(rf"\[(?P<label>[^\[\]\n]{{1,80}})\]\s*{BRACKETED}:?\s*")),
    Shape("name in brackets with colon", FORM, "[", _patterns(r"\[(?P<label>[^\[\]\n\d:][^\[\]\n:]{0,80})\]\s?[:：]\s*")),
    Shape("name and time alone on their line", PROOF, "", _patterns(
        rf"(?P<label>[^\n:：*<>#]{{1,120}}?)\s*{BRACKETED}\s*[:：]?$",
        rf"(?P<label>[^\n:：*<>#]{{1,120}}?)(?:\s{{2,}}|\t+|\s[-–—|·]\s){RANGE}\s*[:：]?$",
        rf"(?P<label>[^\n:：*<>#.,;!?]{{1,80}}?)\s{RANGE}$",
    )),
    Shape("name and time with colon", PROOF, "", _patterns(
        rf"(?P<label>[^\n:：*<>#]{{1,120}}?)\s+{BRACKETED}\s*{COLON}",
        rf"(?P<label>[^\n:：*<>#]{{1,80}}?)\s+{RANGE}\s*{COLON}",
    )),
    Shape("name as a heading", FORM, "#", _patterns(
        r"#{1,6}[ \t]+(?P<label>[^\s#:：](?:[^\n:：]{0,118}[^\s#:：])?)[ \t]*[:：]?(?:[ \t]+#+)?$"
    )),
    Shape("bare letter Q or A", FORM, "QA", _patterns(r"(?P<label>[QA])(?:[.:]\s+|\s{2,}|\t\s*|$)")),
    Shape("bold name", FORM, "*-", _patterns(rf"(?:{SIGN})?\*\*{BOLD}\*\*(?:\s+|$)")),
    Shape("label alone on its line", NAME, ":：", _patterns(rf"{LEAD}?{SIGN}?{LEAD}?{BODY}\s*[:：]$")),
    Shape("label before its words", NAME, ":：", _patterns(
        rf"{LEAD}?{SIGN}?{BODY}\s*{COLON}", rf"{SIGN}{LEAD}?{BODY}\s*{COLON}",
    )),
    Shape("name with full stop and dash", NAME, ".", _patterns(
        r"(?P<label>[^\s\W][^\n:：*<>]{0,100}?)\s?\.\s?[-–—]{1,2}\s?(?=\S)",
    )),
    Shape("name with full stop", NAME, ".", _patterns(
        rf"(?P<label>(?:(?:{TITLE}|{WORD})\s){{0,8}}?{WORD}(?:\s\([^()\n]{{1,60}}\))?)\.\s+(?=(?i:{TITLE})|{CAPITAL}|\d|--)",
        rf"(?P<label>(?:(?:{TITLE}|{WORD})\s){{0,8}}?{WORD}(?:\s\([^()\n]{{1,60}}\))?)\.$",
    )),
    Shape("name, then tab", NAME, "\t", _patterns(rf"(?:{LEAD})?(?P<label>[^\t\n:]{{1,80}}):?\t+(?=\S)")),
)  # fmt: skip
