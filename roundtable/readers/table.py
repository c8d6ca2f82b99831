"""Tables: a row for what somebody says, in CSV (RFC 4180), with tabs, or with semicolons as spreadsheets write it.

The first row names the columns. One must hold words, and another speakers or times; all others are skipped, by name. A
table of data is no transcript: where a column's name says little ("name", "time"), its cells must show what they are.

An empty cell of a speaker means "as above": that is how people fill in such tables, merged cells come out so, and in the
tables of interviews looked at all rows but stage directions were meant so. It is told. A row in brackets is nobody's.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from html import unescape
from itertools import islice
from typing import NamedTuple

from .. import frontmatter
from ..diagnostics import diagnose, line_at
from ..markup import escape
from ..model import Diagnostic, Metadata, Piece, Preamble, Reading, Skipped, Source, Utterance
from ..patterns import lazy
from . import speech
from .lines import Places
from .look import Look
from .speech import label

# These stand in tables of all kinds.
WEAK = frozenset(
    "name,who,person,from,voice,character,author,username,user,sender,nick,nombre,nom,nome,namn,navn,имя".split(",")
)


class Kind(NamedTuple):
    """The names of one kind of column."""

    ranks: dict[str, int]  # the best first
    strong: frozenset[str]  # those that leave no doubt


def _ranked(names: str) -> Kind:
    ranks = {name: rank for rank, name in enumerate(names.split(","))}
    return Kind(ranks, frozenset(ranks) - WEAK)


# Names of columns, the best first, as `_plain_name` spells them.
SPEAKERS = _ranked(
    "speaker name,speaker,speakers,speaker label,voice,participant,sprecher,sprecherin,redner,rednerin,locuteur,intervenant,orateur,"
    "interlocuteur,hablante,interviniente,orador,oradora,falante,relatore,parlante,oratore,spreker,talare,anförare,taler,puhuja,mówca,"
    "mluvčí,řečník,beszélő,felszólaló,vorbitor,говорящий,спикер,оратор,докладчик,ομιλητής,konuşmacı,المتحدث,वक्ता,发言人,说话人,發言人,"
    "說話者,話者,発言者,화자,발언자,interviewee,name,who,person,from,character,author,username,user,sender,nick,nombre,nom,nome,namn,navn,имя"
)
WORDS = _ranked(
    "words,text,utterance,transcript,transcription,speech,dialogue,dialog,content,body,statement,sentence,caption,subtitle,quote,said,"
    "message,comment,texto,texte,testo,tekst,wortlaut,rede,äußerung,transkript,discours,intervention,intervención,discurso,palabras,"
    "mensaje,fala,intervenção,mensagem,intervento,trascrizione,transcripción,transcrição,anförande,yttrande,текст,реплика,речь,"
    "выступление,konuşma,النص,पाठ,内容,文本,发言,發言,発言,発話,テキスト,내용,발언"
)
STARTS = _ranked(
    "start,start time,begin,begin time,time start,time in,in,tc in,in point,start timecode,timestamp,time stamp,timecode,time code,time,"
    "offset,starttime,startzeit,beginn,anfang,zeit,début,inicio,hora,tiempo,temps,início,tempo,inizio,början,tid,начало,время,时间,時間,"
    "시간"
)
ENDS = _ranked(
    "end,end time,stop,finish,time end,time out,out,tc out,out point,end timecode,stop time,endtime,ende,endzeit,fin,fim,fine,slut,"
    "конец"
)
# What may stand beside a known word in the name of a column, so that it is one of the same: "speaker_id", "full text".
BESIDE = frozenset("id,name,label,full,clean,cleaned,raw,spoken,the,of".split(","))
UNIT = lazy(r" (?:(ms|msec|milliseconds)|s|sec|seconds)$")

DELIMITERS = ",\t;"
HINTED = lazy(r"sep=([,;\t])\n")  # a first line for Excel
MAX_ABOVE = 5  # rows that may stand above the names of the columns
ABOVE = "stands above the names of the columns"
MAX_NAME = 6  # words of a column's name
SAMPLE = 200  # rows that are looked at to know a table
HEAD = 2_000  # characters in which the first row ends
ENTITY = lazy(r"&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
DIRECTION = lazy(r"\([^()]*\)|\[[^\[\]]*\]")
TIME = (
    r"[\[(<]?\s*(?P<{0}>(?:\d{{1,3}}[:;])?\d{{1,3}}[:;]\d{{1,2}}(?:[.,]\d{{1,6}})?|\d{{1,9}}(?:\.\d{{1,6}})?(?=s?\b))"
    r"(?:[:;]\d{{1,3}})?s?\s*[\])>]?"
)
TIMES = lazy(rf"{TIME.format('start')}(?:\s*(?:-{{1,2}}>?|–|—|to)\s*{TIME.format('end')})?", re.ASCII)
DATE = lazy(r"\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{2,4}", re.ASCII)
SLOW = 30.0  # seconds for a word: whole numbers that come to more are milliseconds


class Cell(NamedTuple):
    """One cell: its place, quotation marks and all, and what it says."""

    start: int
    end: int
    value: str


class Columns(NamedTuple):
    """Which column holds what."""

    names: tuple[str, ...]  # as printed
    words: int
    speaker: int | None = None
    start: int | None = None
    end: int | None = None
    scale: float = 1.0  # seconds in a time's unit


class Table(NamedTuple):
    """How a file is a table."""

    delimiter: str
    begins: int  # offset of the first row
    columns: Columns


# --- rows and cells --------------------------------------------------------------------------------------------------


def _cell_pattern(delimiter: str) -> re.Pattern[str]:
    """A cell: quoted, with what may follow the closing mark by mistake, or bare up to the next delimiter."""
    rest = rf"[^\n{delimiter}]*+"
    return re.compile(rf'[^\S\n{delimiter}]*+(?:"(?P<quoted>[^"]*+(?:""[^"]*+)*+)"(?P<more>{rest})|(?P<bare>{rest}))')


def rows(text: str, delimiter: str, start: int) -> Iterator[list[Cell]]:
    """The rows that hold something, from an offset on."""
    pattern = _cell_pattern(delimiter)
    row: list[Cell] = []
    at = start
    while at < len(text):
        match = pattern.match(text, at)
        assert match  # noqa: S101  (a cell may be empty)
        row.append(_cell(match))
        at = match.end()
        if at < len(text) and text[at] == delimiter:
            at += 1
            if at < len(text):
                continue
        if any(cell.value for cell in row):
            yield row
        row = []
        at += 1
    if any(cell.value for cell in row):
        yield row


def _cell(match: re.Match[str]) -> Cell:
    quoted = match["quoted"]
    value = match["bare"] if quoted is None else quoted.replace('""', '"') + match["more"]
    return Cell(match.start(), match.end(), _resolved(value).strip())


def _resolved(text: str) -> str:
    """The text with its entities as the characters they stand for: these tables are made for web pages."""
    return ENTITY.sub(lambda match: unescape(match[0]), text) if "&" in text else text


# --- what a table is -------------------------------------------------------------------------------------------------


def recognise(look: Look) -> str:
    """Why a file is a transcript in a table."""
    found = None if frontmatter.FENCE.match(look.text) else _table(look.text)
    if found is None:
        return ""
    sample = _sample(look.text, found)
    filled = sum(bool(_value(row, found.columns.words)) for row in sample)
    if not sample or 2 * filled < len(sample) or not _is_sure(found, sample):
        return ""
    columns = found.columns
    named = (columns.speaker, columns.words, columns.start, columns.end)
    return f"its first row names the columns {', '.join(repr(columns.names[i]) for i in named if i is not None)}"


def _table(text: str) -> Table | None:
    """The table that a text is, as far as its first row tells."""
    hint = HINTED.match(text)
    begins = hint.end() if hint else 0
    for delimiter in hint[1] if hint else DELIMITERS:
        if delimiter not in text[begins : begins + HEAD]:
            continue
        for i, row in enumerate(islice(rows(text[: begins + HEAD], delimiter, begins), MAX_ABOVE + 1)):
            columns = named_columns(tuple(cell.value for cell in row))
            if columns and (i == 0 or is_strong(columns)):
                return Table(delimiter, row[0].start, columns)
    return None


def is_strong(columns: Columns) -> bool:
    """Whether the names of the columns leave no doubt that one holds speakers."""
    return columns.speaker is not None and _plain_name(columns.names[columns.speaker]) not in WEAK


def _sample(text: str, table: Table) -> list[list[Cell]]:
    """The first rows below the header."""
    found = rows(text, table.delimiter, table.begins)
    return [row for i, row in zip(range(SAMPLE + 1), found, strict=False) if i]


def named_columns(names: tuple[str, ...]) -> Columns | None:
    """The columns by their names; None where none can be words, or none is a speaker or a time."""
    if len(names) < 2:
        return None
    plain = [_plain_name(name) if name.count(" ") < MAX_NAME else "" for name in names]
    bare = [UNIT.sub("", name) for name in plain]
    words = _place(bare, WORDS)
    if words is None:  # nearly every file that is no table
        return None
    speaker, start = _place(bare, SPEAKERS), _place(bare, STARTS)
    if speaker is None and start is None:
        return None
    unit = UNIT.search(plain[start]) if start is not None else None
    return Columns(names, words, speaker, start, _place(bare, ENDS), 0.001 if unit and unit[1] else 1.0)


def _place(names: list[str], kind: Kind) -> int | None:
    """The column of that kind: the one with the best known name, else the first made of known names and little else."""
    if exact := [(kind.ranks[name], i) for i, name in enumerate(names) if name in kind.ranks]:
        return min(exact)[1]
    made = (set(name.split()) for name in names)
    return next((i for i, parts in enumerate(made) if parts & kind.strong and parts - BESIDE <= kind.strong), None)


def _plain_name(name: str) -> str:
    """A column's name, spelling aside: "startTime", "Start_Time" and "start time" are one."""
    return " ".join(re.sub(r"[\W_]+|(?<=[a-z])(?=[A-Z])", " ", name[:100]).casefold().split())


def _is_sure(table: Table, sample: list[list[Cell]]) -> bool:
    """Whether the cells are what weak names of columns say."""
    columns = table.columns
    timed = [_time(value) is not None for row in sample if (value := _value(row, columns.start))]
    is_timed = bool(timed) and sum(timed) > 0.9 * len(timed)
    if columns.speaker is None:
        return is_timed and (columns.end is not None or any(":" in _value(row, columns.start) for row in sample))
    if is_strong(columns):
        return True
    names = Counter(value for row in sample if (value := _value(row, columns.speaker)))
    return is_timed or (len(names) > 1 and 2 * len(names) <= names.total())


def _time(value: str) -> re.Match[str] | None:
    """The time with which a cell begins; a day is none."""
    return None if DATE.match(value) else TIMES.match(value)


def _value(row: list[Cell], column: int | None) -> str:
    return row[column].value if column is not None and column < len(row) else ""


# --- reading ---------------------------------------------------------------------------------------------------------


def read(source: Source, sidecar: Metadata | None = None) -> Reading:
    """The pieces of a table."""
    table = _table(source.text)
    if table is None:
        hint = "name the columns in the first row: speaker, words, and time; if it is no table, call it .txt"
        diagnostic = diagnose("RT225", "no column is named as one of words", (source.path, 1, 1), hint)
        return speech.unread(source, sidecar, diagnostic)
    reader = _Rows(source, table)
    pieces = tuple(reader.pieces())
    said = [piece for piece in pieces if isinstance(piece, Utterance)]
    labelled = sum(piece.label is not None for piece in said)
    convention = f"column {table.columns.names[table.columns.speaker]!r}, {labelled} of {len(said)} rows" if (
        table.columns.speaker is not None
    ) else "no column of speakers"  # fmt: skip
    found = tuple(reader.found())
    if said and not labelled:
        found = (*found, speech.nobody(source))
    return Reading(source, "transcript", sidecar or Metadata(), pieces, convention, continuous=True, diagnostics=found)


class _Rows:
    """One pass over the rows."""

    def __init__(self, source: Source, table: Table) -> None:
        self.source, self.table, self.places = source, table, Places(source)
        self.listed = list(rows(source.text, table.delimiter, table.begins))
        self.columns = self._scaled()
        self.speaker: str | None = None
        self.unnamed: list[Cell] = []  # words in rows without a speaker
        self.ragged: list[Cell] = []  # first cells of rows with more cells than columns
        self.unclosed: list[Cell] = []

    def _scaled(self) -> Columns:
        """The columns, with the unit of their times: whole numbers are seconds, unless nobody speaks so slowly."""
        columns = self.table.columns
        times = [value for row in self.listed[1:] if (value := _value(row, columns.start))]
        if columns.scale != 1 or not times or not all(time.isdecimal() for time in times):
            return columns
        words = sum(len(_value(row, columns.words).split()) for row in self.listed[1:])
        spoken = max(int(time[:12]) for time in times) - min(int(time[:12]) for time in times)
        return columns._replace(scale=0.001) if spoken > SLOW * max(words, 1) else columns

    def pieces(self) -> Iterator[Piece]:
        """All pieces, in order."""
        begins = self.table.begins
        if above := self.source.text[:begins].strip():
            span = self.places.span(0, begins)
            yield Preamble(span) if HINTED.fullmatch(f"{above}\n") else Skipped(above, ABOVE, span)
        if self.listed:
            yield Preamble(self.places.span(begins, self.listed[0][-1].end))
        for row in self.listed[1:]:
            yield from self._row(self._whole(row))

    def _whole(self, row: list[Cell]) -> list[Cell]:
        """The row; where words are the last column, they reach to the row's end, whatever delimiters they hold."""
        names = len(self.columns.names)
        self.unclosed += [cell for cell in row if cell.value.startswith('"') and self._is_unclosed(cell)][:1]
        if len(row) <= names or not any(cell.value for cell in row[names:]):
            return row
        self.ragged.append(row[0])
        if self.columns.words != names - 1:
            return row
        start, end = row[names - 1].start, row[-1].end
        return [*row[: names - 1], Cell(start, end, _resolved(self.source.text[start:end]).strip())]

    def _is_unclosed(self, cell: Cell) -> bool:
        raw = self.source.text[cell.start : cell.end].strip()
        return raw.startswith('"') and raw.count('"') % 2 == 1

    def _row(self, row: list[Cell]) -> Iterator[Piece]:
        known = {self.columns.speaker, self.columns.start, self.columns.end}
        if named := label(_value(row, self.columns.speaker)):
            self.speaker = named
        for i, cell in enumerate(row):
            if not cell.value:
                continue
            if i == self.columns.words:
                yield self._utterance(row, cell)
            elif i in known and (i == self.columns.speaker or TIMES.fullmatch(cell.value)):
                yield Preamble(self.places.span(cell.start, cell.end))
            else:
                yield self._skipped(i, cell)

    def _utterance(self, row: list[Cell], cell: Cell) -> Utterance:
        whose = self.speaker
        if not label(_value(row, self.columns.speaker)):
            if DIRECTION.fullmatch(cell.value):
                whose = None
            elif whose:
                self.unnamed.append(cell)
        span = self.places.span(cell.start, cell.end)
        markdown = "\n\n".join(escape(" ".join(line.split())) for line in cell.value.split("\n") if line.strip())
        return Utterance(whose, markdown, span, span.start, *self._times(row))

    def _times(self, row: list[Cell]) -> tuple[float | None, float | None]:
        begun, ended = (_time(_value(row, column)) for column in (self.columns.start, self.columns.end))
        start = speech.seconds(_clock(begun["start"]), self.columns.scale) if begun else None
        last = ended["start"] if ended else begun["end"] if begun else None
        end = speech.seconds(_clock(last), self.columns.scale) if last else None
        return start, end if start is None or end is None or end >= start else None

    def _skipped(self, column: int, cell: Cell) -> Skipped:
        names = self.columns.names
        name = names[column] if column < len(names) else ""
        reason = f"column {name!r} is not part of the transcript" if name else "a cell without a column"
        if column in {self.columns.start, self.columns.end}:
            reason = f"column {name!r} holds more than a time here, or none"
        return Skipped(cell.value, reason, self.places.span(cell.start, cell.end))

    def found(self) -> Iterator[Diagnostic]:
        """What an editor should know, each once."""
        if n := len(self.ragged):
            message = f"{_many(n, 'has', 'have')} more cells than the table has columns"
            yield self._at("RT227", self.ragged[0], message, "put quotation marks around cells that hold a comma")
        if n := len(self.unclosed):
            message = f"a quotation mark is opened and never closed in {_many(n)}"
            yield self._at(
                "RT227", self.unclosed[0], message, "close it; inside quotation marks, write each mark twice"
            )
        if n := len(self.unnamed):
            message = f"{_many(n, 'names', 'name')} no speaker: read as words of the speaker above"
            hint = "name the speaker in each row; put words of nobody in brackets: [A bell rings]"
            yield self._at("RT228", self.unnamed[0], message, hint)

    def _at(self, code: str, cell: Cell, message: str, hint: str) -> Diagnostic:
        span = self.places.span(cell.start, cell.end)
        return diagnose(code, message, span, hint, line_at(self.source.text, span.start))


def _many(count: int, one: str = "", many: str = "") -> str:
    return (f"1 row {one}" if count == 1 else f"{count} rows {many}").rstrip()


def _clock(time: str) -> str:
    return time.replace(";", ":")


def plain(stretch: str) -> str:
    """The words in a stretch of a table: a cell's quotation marks and delimiters are no words; entities are resolved."""
    return _resolved(stretch) if speech.WORD.search(stretch) else ""
