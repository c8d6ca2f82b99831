"""The forms that a speaker's label takes: one row a form, as seen in the wild. What counts in a document, labels.py decides.

A row's pattern is matched against a line without the white space around it; `label` is the name, and clock times beside it
are the turn's. Rows that prove more by their form come first. A form's trust says what a label of it is worth:

    PROOF    the form alone makes a label: `<nick> words`, `Name (00:01:02):`
    FORM     the form suggests one, if it recurs: `**Name** words`, a bare `Q`
    NAME     the form is that of prose too ("It says: …"): the label must look like a name or recur, and the editor is told

and its voice says when it is looked for at all: always (LOUD), where hardly a paragraph begins with a louder label (QUIET),
or where none of those is a convention either (FAINT), since its sign is one that prose is full of.
"""

from __future__ import annotations

import re

import msgspec

from .. import marks
from ..patterns import lazy

PROOF, FORM, NAME = 3, 2, 1
LOUD, QUIET, FAINT = 2, 1, 0
HEAD = 200  # characters of a line in which a label stands

CLOCK, MOMENT = marks.CLOCK.pattern, marks.MOMENT
RANGE = rf"{MOMENT}(?:\s?(?:-|–|—|-->|to)\s?{CLOCK})?"
BRACKETED = rf"(?:\\?[\[(]\s?{RANGE}\s?\\?[\])])"
# What may stand before a label: a time, a bullet, chevrons (the captioners' sign of a new speaker), a dash.
LEAD = rf"(?=[\\\[(\d\u200e])\u200e?(?:{BRACKETED}:?\s*|{RANGE}\s+)"
SEGMENT = lazy(rf"\[\s?{MOMENT}\s?(?:-|–|—|-->|to)\s?{CLOCK}\s?\](?=\s)")  # a stretch of the recording
DATED = lazy(rf"[\u200e\u200f]?\[?{marks.DAY}{CLOCK}")  # a line of a chat
SIGN = r"(?:(?:[-*•·‣–—―]|\+(?!\d)|>{1,3})\s*(?=\S))"
BULLETS = r"(?:(?:[-*+•·‣–—]|>{1,3})\s+)?"
STAMP = rf"\[?{MOMENT}\]?\s+"
BODY = r"(?!__?[^_\n]{1,80}_)(?P<label>[^\s*<>:：#\[(|][^\n:：*<>]{0,159}?|\([^\n:：*<>]{1,80}?)"
IN_BOLD = r"(?P<label>(?:\\.|[^*\\\n]){1,160}?)"
UNSTOPPED = r"(?:(?<!\.)|(?<=\b[JSjs][Rr]\.)|(?<=\b[Ee][Ss][Qq]\.)|(?<=\b[A-Z]\.))"  # no end of a sentence
STARS = r"\*\*\*?"


class Shape(msgspec.Struct, frozen=True, eq=False, gc=False):
    """One form of label; each is but itself."""

    name: str  # for people: "labels: bold name with colon, 41 of 41 turns"
    trust: int
    hint: str  # a line that begins with none of these characters is not of this form; "": any may
    patterns: tuple[re.Pattern[str], ...]  # the first that matches counts; times can stand in several places
    openers: tuple[re.Pattern[str], ...]  # those of labels that words may follow on the same line
    voice: int = LOUD

    def match(self, text: str) -> re.Match[str] | None:
        """The label at the head of a line."""
        patterns = self.patterns
        if len(text) > HEAD:  # no label is so long that it could end such a line: a bound on what a pattern may try
            text, patterns = text[:HEAD], self.openers
        for pattern in patterns:
            if match := pattern.match(text):
                return match
        return None


def _shape(name: str, trust: int, hint: str, *forms: str, voice: int = LOUD) -> Shape:
    patterns = tuple(map(lazy, forms))
    return Shape(name, trust, hint, patterns, tuple(one for one in patterns if not one.pattern.endswith("$")), voice)


COLON = r"(?:::?\s+|：\s*)(?=\S)"
TITLE = r"(?:(?i:mrs?|ms|dr|prof|hon|rev|sen|rep|gen|col|maj|capt|lt|sgt|sra?|srta|st|mm?|mme|mlle|dip|fr|gov|amb|supt|messrs|jr)|[A-Z])\."
WORD = rf"(?!{TITLE}|[-–—|~=→;]+\s)[^\s.:：!?()]{{1,40}}"
CAPITAL = r"(?:[(\[][^\W\d_]|[\"“'‘¿¡]?[^\W\d_a-zß-öø-ÿ])"
NOTED = rf"(?=\\?[\[(](?:{CLOCK}|[a-zß-öø-ÿ]))"  # a time or a mark comes next
GRADE = r"(?i:esq|jr|sr|ph\.?d|m\.?d)\b\.?"  # "ANA LU, ESQ."
CAPITALS = rf"(?!{TITLE}|[-–—~=→;]+\s)[^a-zß-öø-ÿ\s.:：!?()]{{1,40}}"

# The names of forms that are treated alike, or are no other form's like.
HEADING = "name as a heading"
OWN_LINE = "label alone on its line"
SCRIBED = "name behind a scribe's nick"
TAGGED = "name between tags"
NUMBERED = "numbered name with colon"
SENDER = "time, then sender"
BARE_LETTER = "bare letter Q or A"
INLINE = "label before its words"
BOLD = "bold name with colon"
BOLD_ALONE = "bold name"
BOLD_WORDS = "bold name and words"
NICK = "nick in angle brackets"
TIMED_ALONE = "name and time alone on their line"
TABBED = "name, then a wide space"
IN_BRACKETS = "name in brackets"
BRACKETED_COLON = "name in brackets with colon"
NAKED = "name alone on its line"
FULL_STOP = "name with full stop"
DASHED_STOP = "name with full stop and dash"

SHAPES = (
    _shape(BOLD, FORM, "*_->+•",
        rf"{BULLETS}{STARS}(?:{BRACKETED}\s*)?{IN_BOLD}(?:[:：]{STARS}|{STARS}\s?:|{STARS}：)\s*",
        rf"{BULLETS}{STARS}{IN_BOLD}\s*{BRACKETED}(?:[:：]{STARS}|{STARS}\s?:|{STARS}：)\s*",
        r"__(?P<label>[^_\n]{1,160}?)(?::__|__\s?:)\s*",
    ),
    _shape(TAGGED, PROOF, "<", r"<(?P<tag>b|strong|u|i|em)>(?P<label>[^<>\n]{1,160}?)(?::\s?</(?P=tag)>|</(?P=tag)>\s?:)\s*"),
    _shape(NICK, PROOF, "*<[0123456789",
        r"(?:\*\*)?\\?(?:<|&lt;)(?P<relay>[^<>*\n]{1,40})(?:>|&gt;)\s?[\[{]-?(?P<label>[^\s\[\]{}]{1,40})[\]}]\*\*\s*",  # who is relayed
        r"(?:\*\*)?\\?(?:<|&lt;)\s?[@+%&~]?(?P<label>[^\s<>*:][^<>*:\n]{0,40})(?:>|&gt;)(?:\*\*)?:?(?:\s+|$)",
        rf"{STAMP}<\s?[@+%&~]?(?P<label>[^\s<>*:][^<>*:\n]{{0,40}})>(?:\s+|$)",
    ),
    _shape(SCRIBED, NAME, "<", r"<(?:scribe|Scribe)>\s+(?P<label>[^\W\d_][^\n:：<>]{0,60}?)\s?[:：]\s+(?=\S)"),
    _shape(SENDER, PROOF, "0123456789[(\\",  # to whom, if not to all, is told with the words
        rf"{LEAD}From\s+{BODY}(?:(?:\s+to\s+Everyone)?\s?:(?:\s+|$)|\s+(?=to\s\S[^\n:]{{0,80}}:(?:\s|$)))",
    ),
    _shape("time, then bold name", PROOF, "0123456789[(\\", rf"{LEAD}{STARS}{IN_BOLD}:?{STARS}:?\s*"),
    _shape("bold name, then time", PROOF, "*", rf"{STARS}{IN_BOLD}{STARS}:?\s*(?:{BRACKETED}|{RANGE}(?=\s|$)):?\s*"),
    _shape("name in brackets, then time", PROOF, "[", rf"\[(?P<label>[^\[\]\n]{{1,80}})\]\s*(?:{BRACKETED}:?\s*|{RANGE}$)"),
    _shape(BRACKETED_COLON, FORM, "[", r"\[(?P<label>[^\[\]\n\d:][^\[\]\n:]{0,80})\]\s?[:：]\s*"),
    _shape(TIMED_ALONE, PROOF, "",
        rf"(?P<label>[^\n:：*<>#]{{1,120}}?)\s*{BRACKETED}\s*[:：]?$",
        rf"(?P<label>[^\n:：*<>#]{{1,120}}?)(?:\s{{2,}}|[\t\n]+|\s[-–—|·@]\s){RANGE}\s*[:：]?$",
        rf"(?P<label>(?:{TITLE}\s)*(?:[^\n:：*<>#.,;!?]|(?<=\b[A-Z])\.|,\s{GRADE}){{1,80}}?)(?:,|\sat)?\s{RANGE}$",
        rf"(?:{BRACKETED}|{RANGE})\n(?P<label>[^\n:：*<>#]{{1,120}})$",
    ),
    _shape("name and time with colon", PROOF, "",
        rf"(?P<label>[^\n:：*<>#]{{1,120}}?)\s+{BRACKETED}\s*{COLON}",
        rf"(?P<label>[^\n:：*<>#]{{1,80}}?)\s+{RANGE}\s*{COLON}",
    ),
    _shape(HEADING, FORM, "#",
        r"#{1,6}[ \t]+(?P<label>[^\s#:：](?:[^\n:：]{0,118}[^\s#:：])?)[ \t]*[:：]?(?:[ \t]+#+)?$",
        rf"#{{1,6}}[ \t]+(?:{LEAD})?(?P<label>[^\s#:：\d](?:[^\n:：]{{0,118}}[^\s#:：])?)(?:[ \t]+(?:{BRACKETED}|{RANGE}))?[ \t]*[:：]?(?:[ \t]+#+)?$",
    ),
    _shape(BARE_LETTER, FORM, "QA", r"(?P<label>[QA])(?:[.:]\s+|\s{2,}|\t\s*|\s[-–—]\s+|$)", rf"(?P<label>Q)\s(?=(?i:{TITLE})|{CAPITAL}|[-–—…])"),
    _shape(BOLD_ALONE, FORM, "*-", rf"(?:{SIGN})?{STARS}{IN_BOLD}{UNSTOPPED}{STARS}(?:\s+|\\?$)"),
    _shape(BOLD_WORDS, FORM, "*", r"\*\*(?P<label>[^*:：\n]{1,80}):\s+(?=[^*\s])"),
    _shape("bold name with full stop", NAME, "*_", rf"(?:{STARS}|__?)(?P<label>[^\s*_:：\n][^*_:：\n]{{0,80}}?)\.(?:{STARS}|__?)\s+(?=\S)", r"\*(?P<label>[^\s*_:：\n][^*_:：\n]{0,80}?)\.\*\s+(?=\S)"),
    _shape("italic name with colon", NAME, "*_",
        r"\*(?P<label>[^*_:：\n]{1,80})(?:[:：]\*|\*\s?[:：])\s*", r"_(?P<label>[^*_:：\n]{1,80})(?:[:：]_|_\s?[:：])\s*",
    ),
    _shape("name behind a circle", NAME, "○◯◎●〇",
        r"[○◯◎●〇]\s?(?P<label>[^\u3000\n:：]{1,60}?)(?:[\u3000:：]|\s{2})\s*", r"[○◯◎●〇]\s?(?P<label>[^\s:：]{1,40})(?:\s+|$)",
    ),
    _shape(OWN_LINE, NAME, "", rf"(?:{LEAD})?{SIGN}?(?:{LEAD})?{BODY}\s*[:：]$"),
    _shape(INLINE, NAME, "", rf"(?:{LEAD})?{SIGN}?{BODY}\s*{COLON}", rf"{SIGN}(?:{LEAD})?{BODY}\s*{COLON}"),
    _shape(NUMBERED, NAME, "0123456789([#", rf"(?:\(?\d{{1,4}}[.)]|\[\d{{1,4}}\]|#\d{{1,4}})\s+{BODY}\s*{COLON}"),
    _shape(DASHED_STOP, NAME, "",
        r"(?P<label>[^\s\W][^\n:：*<>]{0,100}?)\s?\.\s?[-–—]{1,2}\s*(?=\S)", voice=QUIET,
    ),
    _shape(FULL_STOP, NAME, "",
        rf"(?=[^\W\d_])(?P<label>(?:(?>{TITLE}|(?i:mrs?|ms|miss|dr|mme|mlle|the)(?=\s)|{CAPITALS})\s){{0,8}}?{CAPITALS}(?:\s\([^()\n]{{1,60}}\))?)\.\s+(?:{NOTED}|(?![-–—]+\s|[|>»=(\[;~→])(?=\S))",
        rf"(?=[^\W\d_])(?P<label>(?:(?:{TITLE}|{WORD})\s){{0,8}}?{WORD}(?:\s\([^()\n]{{1,60}}\))?)\.\s+(?={NOTED}|(?i:{TITLE})|{CAPITAL}|\d|--)",
        rf"(?=[^\W\d_])(?P<label>(?:(?:{TITLE}|{WORD})\s){{0,8}}?(?!{GRADE}){WORD}(?:\s\([^()\n]{{1,60}}\))?)\.$", voice=QUIET,
    ),
    _shape(TABBED, NAME, "",
        rf"(?:{LEAD})?(?P<label>@?[^\W_][^\t\n:]{{0,80}}?)(?<![|>»\]=\-–—]):?(?:\t+\s*|\u3000\s*|(?<!\.)\s{{2,}})(?=\S)", voice=QUIET
    ),
    _shape("name, then dash", NAME, "",
        rf"(?:{LEAD})?{SIGN}?(?P<label>[^\W\d_](?:\([^()\n]{{1,80}}\)|[^\n:：*<>(]){{0,100}}?)\s(?:--?|–|—|―)\s+(?=\S)", voice=QUIET,
    ),
    _shape("name, then bar", NAME, "",
        rf"[|◇◆□■▷▶]?\s*(?:{LEAD}\|?\s*)?(?P<label>[^\W\d_][^\n:：*<>|»]{{0,80}}?)\s?[|>»]\s+(?=\S)", voice=QUIET,
    ),
    _shape(IN_BRACKETS, NAME, "",
        rf"(?:{LEAD})?\[(?P<label>[^\W\d_][^\[\]\n:]{{0,80}})\](?:\s+(?=\S)|$)",
        rf"(?:{LEAD})?\((?![^\W\d_A-ZÀ-Þ]\)|[ivxIVX]{{1,4}}\))(?P<label>[^\W\d_][^()\n:]{{0,80}})\)(?:\s+(?=\S)|$)", voice=FAINT,  # (a) is of a list
    ),
    _shape("name in black brackets", NAME, "",
        r"【(?P<label>[^【】\n]{1,40})】\s*", r"\{(?P<label>[^{}\n]{1,80})\}:?\s+(?=\S)", voice=FAINT,
    ),
    _shape("name, then another sign", NAME, "",
        r"(?P<label>[^\W\d_][^\n:：*<>;=~→—]{0,60}?)(?:\s?[;=~→]\s+|—)(?=\S)", voice=FAINT,
    ),
    _shape("name and time before words", NAME, "",
        rf"(?P<label>[^\W\d_][^\n:：*<>#]{{0,80}}?)\s+{BRACKETED}\s+(?=\S)", voice=FAINT,
    ),
    _shape("time, then name, alone on their line", NAME, "",
        rf"{LEAD}(?:[-–—|]\s+)?(?P<label>[^\W\d_][^\n:：*<>#;!?\[\]]{{0,80}})$", voice=FAINT,
    ),
    _shape("name, then colon without a space", NAME, "",
        r"(?P<label>[^\W\d_][^\n:：*<>]{0,60}?):(?=[^\s/\\\d:]|\\?\[\d)", voice=FAINT
    ),
    _shape(NAKED, NAME, "", r"(?P<label>[^\W\d_][^\n:：*<>#;!?。，、！？；؟؛۔।॥\[\]]{0,60})(?<!…)" + UNSTOPPED + "$", voice=FAINT),
)  # fmt: skip
