"""What the lines of one document say about its labels: which are sure, which are prose, which are doubtful."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from functools import cached_property

from ..patterns import lazy
from .candidates import candidates
from .lines import BULLET, LONE_BULLETS, Label, Line, is_title_like
from .names import (
    CJK,
    CJK_SENTENCE,
    has_loud_word,
    is_address,
    is_adverb,
    is_described,
    is_discourse,
    is_honoured,
    is_interlude,
    is_loud,
    is_mark,
    is_name_like,
    is_particled,
    is_role,
    is_sentence_like,
    is_titled,
    key,
)
from .shapes import (
    DASHED_STOP,
    DATED,
    FAINT,
    FORM,
    FULL_STOP,
    HEADING,
    IN_BRACKETS,
    LOUD,
    NAKED,
    NAME,
    OWN_LINE,
    PROOF,
    QUIET,
    TIMED_ALONE,
    Shape,
)

TOKEN = lazy(r"\w[\w'-]*")
MIN_SURE = 3  # labels
RARE_SHARE = 0.1  # of the paragraphs that begin with a sure label of a louder form
NICK_SHARE = 0.3  # of a nickname's occurrences: so many are labels; a phrase of prose occurs elsewhere too
CHAT_SHARE = 0.4  # of the labels
MAX_INITIALS = 3  # letters
MAX_HONOURED = 3  # words of a title and a name in small letters
MENTIONS = 3  # of somebody in a chat who writes once: people are called by their nicknames
MIN_NICK = 4  # letters of a nickname that occurs once
SMALL_SHARE = 0.05  # of the lines
OPENING_SHARE = 0.9
LOUD_SHARE = 0.7
MAX_UNSURE = 6  # words of a label in small letters that may be one
LABELLED_SHARE = 0.5
MOSTLY = 0.8  # of the labels that have a form's sign
MAX_CJK_SINGLE = 5  # ideographs of a name that occurs once


class Evidence:
    """What the lines of a document say about labels."""

    def __init__(self, lines: list[Line], known: set[str], opens: Collection[int] | None) -> None:
        self.lines, self.known, self.opens = lines, known, opens
        self.candidates: dict[Shape, dict[int, Label]] = {}
        self.counts: dict[Shape, Counter[str]] = {}
        for voice in (LOUD, QUIET, FAINT):
            found = dict(self._without_titles(candidates(lines, opens, voice)))
            self.candidates |= found
            self.counts |= {
                shape: Counter(key(label.name) for label in labels.values()) for shape, labels in found.items()
            }
            rare = max(RARE_SHARE * len(lines if opens is None else opens), MIN_SURE if voice == LOUD else 1)
            if any(self._named(shape) >= rare for shape in self.candidates):
                break  # then a full stop or a dash is no sign of a speaker

    def _without_titles(self, found: Mapping[Shape, dict[int, Label]]) -> Iterable[tuple[Shape, dict[int, Label]]]:
        """The candidates, without headings of a level that holds titles: names recur there or are honoured, titles aren't."""
        for shape, labels in found.items():
            if shape.name != HEADING:
                yield shape, labels
                continue
            levels: dict[int, dict[int, Label]] = {}
            for i, label in labels.items():
                text = self.lines[i].text
                levels.setdefault(len(text) - len(text.lstrip("#")), {})[i] = label
            if kept := {i: label for own in levels.values() if self._are_names(own) for i, label in own.items()}:
                yield shape, dict(sorted(kept.items()))

    def _are_names(self, labels: Mapping[int, Label]) -> bool:
        counts = Counter(key(label.name) for label in labels.values())
        named = sum(
            n for name, n in counts.items() if n > 1 or name in self.known or is_role(name) or is_honoured(name)
        )
        return named >= 0.5 * len(labels) and (named >= MIN_SURE or len(labels) == 1)

    @cached_property
    def small(self) -> Counter[str]:
        """How often each word occurs in small letters, in labels too."""
        return Counter(word for line in self.lines for word in TOKEN.findall(line.text) if word[0].islower())

    @cached_property
    def is_well_written(self) -> bool:
        """Whether hardly a line begins in small letters, so that one which does may begin with a nickname."""
        small = sum(line.text[0].islower() for line in self.lines)
        return self.opens is None and small <= SMALL_SHARE * len(self.lines)

    def is_chat(self, shape: Shape) -> bool:
        """Whether most labels of a form are nicknames: no capital, or none where names have one."""
        return self.nicks(shape) > CHAT_SHARE * sum(self.counts[shape].values())

    @staticmethod
    def is_chat_like(labels: Mapping[int, Label]) -> bool:
        """Whether most labels are nicknames, with which people also address each other."""
        return sum(not is_name_like(label.name) for label in labels.values()) > CHAT_SHARE * len(labels)

    def labelled(self, shape: Shape) -> float:
        """The share of the paragraphs that begin with a sure label of a form, or stand below one."""
        apart = self.weight(shape) if shape.name in (OWN_LINE, NAKED) else 0
        return self.weight(shape) / max(len(self.lines) - apart, 1)

    @cached_property
    def _weights(self) -> dict[Shape, int]:
        return {}

    def nicks(self, shape: Shape) -> int:
        """How many labels of a form are nicknames that recur."""
        printed = self._printed(shape)
        return sum(n for name, n in self.counts[shape].items() if n > 1 and not is_name_like(printed[name]))

    def weight(self, shape: Shape) -> int:
        """How many of the labels of a form are sure."""
        if shape not in self._weights:
            printed = self._printed(shape)
            self._weights[shape] = sum(
                n for name, n in self.counts[shape].items() if self.is_sure(shape, printed[name])
            )
        return self._weights[shape]

    def _named(self, shape: Shape) -> int:
        """How many of the labels of a form are sure, without phrases that recur: "The first thing was"."""
        if shape.trust > NAME:
            return self.weight(shape)
        printed = {name: spelled for name, spelled in self._printed(shape).items() if self.is_sure(shape, spelled)}
        return sum(self.counts[shape][name] for name, one in printed.items() if " " not in one or is_name_like(one))

    def _printed(self, shape: Shape) -> Mapping[str, str]:
        """A printed form of each key: the one with the fewest capitals."""
        if shape not in self._spelled:
            spelled = sorted({label.name for label in self.candidates[shape].values()})
            self._spelled[shape] = {key(name): name for name in spelled}
        return self._spelled[shape]

    @cached_property
    def _surety(self) -> dict[tuple[str, str], bool]:
        return {}

    @cached_property
    def _louds(self) -> dict[Shape, bool]:
        return {}

    @cached_property
    def _spelled(self) -> dict[Shape, dict[str, str]]:
        return {}

    def is_sure(self, shape: Shape, name: str) -> bool:
        """Whether a label of that form is one, wherever it stands."""
        sure = self._surety.get((shape.name, name))
        if sure is None:
            sure = self._surety[shape.name, name] = self._is_sure(shape, name)
        return sure

    def _is_sure(self, shape: Shape, name: str) -> bool:
        if key(name) in self.known:
            return True
        is_word = is_discourse(name) and not self._are_initials(shape, name)
        if is_word or is_interlude(name) or (shape.name == IN_BRACKETS and self._is_bracketed_otherwise(shape, name)):
            return is_interlude(name) and shape.trust >= NAME
        times = self.counts[shape][key(name)]
        if shape.trust == PROOF:
            is_bare = " " in name and shape.name == TIMED_ALONE and not is_name_like(name)  # "We meet at  9:15"
            return times > 1 or not (is_sentence_like(name) or is_bare)
        if shape.name == FULL_STOP:
            is_office = is_role(name) and (is_loud(name) or len(name.split()) > 1)
            loud = [word for word in TOKEN.findall(name) if len(word) > 2 and word.isupper()]
            is_office = is_office or (
                bool(loud) and (times > 1 or name.startswith("The ")) and not is_sentence_like(name)
            )
            is_office = is_office or (is_honoured(name) and times > 1 and not is_sentence_like(name))
            return (
                is_office
                or (is_honoured(name) and (is_name_like(name) or is_titled(name)))
                or (times > 1 and (is_role(name) or (name.isupper() and not is_sentence_like(name))))
            )
        is_office = is_role(name) and (times > 1 or key(name) not in ("question", "answer"))
        if (
            is_office
            or self._is_introduced(shape, name)
            or (is_honoured(name) and (is_name_like(name) or len(name.split()) <= MAX_HONOURED))
        ):
            return True
        spelled = {name, self._printed(shape)[key(name)]} if times > 1 else ()
        return any(self._recurs_as_name(shape, one, times) for one in spelled)

    def _is_bracketed_otherwise(self, shape: Shape, name: str) -> bool:
        """Whether what stands in brackets is a mark, or counts the items of a list: "(A)", where nobody asks as "(Q)"."""
        return is_mark(name) or (len(name) == 1 and not self.counts[shape]["q"])

    def _are_initials(self, shape: Shape, name: str) -> bool:
        """Whether a word in capitals is rather somebody's initials, where labels are in capitals: "NB", "SO"."""
        is_short = 1 < len(name) <= MAX_INITIALS and name.isalpha() and name.isupper()
        return is_short and self.counts[shape][key(name)] >= MIN_SURE and self.is_shouted(shape)

    def _is_introduced(self, shape: Shape, name: str) -> bool:
        """Whether a label says more, behind a comma, of somebody whose plain name is a label that recurs."""
        plain, _, more = name.partition(", ")
        if not more or self.counts[shape][key(plain)] < 2 or is_sentence_like(name):
            return False
        return (not more[0].islower() or is_role(more) or not self.nicks(shape)) and self.is_sure(shape, plain)

    def _recurs_as_name(self, shape: Shape, name: str, times: int) -> bool:
        """Whether a label that recurs is a name, and not a phrase that recurs before colons, or a number."""
        if shape.voice < LOUD and not any(c.isalpha() for c in name):
            return False
        if is_sentence_like(name) and not (times > 2 and " " not in name and self.is_chat(shape)):
            return False
        if shape.trust >= FORM:
            return any(c.isalpha() for c in name)
        if is_described(name):
            return times > 2 or not self.is_common(name)
        if CJK.search(name):
            return True
        rarest = min((self.small[word] for word in TOKEN.findall(name) if word[0].islower()), default=0)
        return times >= NICK_SHARE * rarest

    def is_common(self, name: str) -> bool:
        """Whether all words of a capitalised label are words of the document's prose as well, as a proper name's are not."""
        words = [word.casefold() for word in TOKEN.findall(name) if len(word) > 1]
        return bool(words) and all(self.small[word] for word in words)

    def is_prose(self, shape: Shape, i: int, label: Label) -> bool:
        """Whether a label that is not sure is so plainly none that nobody need be told."""
        name, before = label.name, self.lines[i - 1].text if i else ""
        is_unlike = shape.voice < LOUD and not self._is_of_a_kind(shape, name) and not self._is_in_chat(i, name)
        if is_sentence_like(name) or is_unlike:
            return True
        is_dated = DATED.match(self.lines[i].text) is not None
        stands_so = is_dated or self._is_timed(shape, label)
        is_told = len(name.split()) <= MAX_UNSURE and stands_so
        if shape.trust >= FORM or is_told or self._is_in_chat(i, name):
            return False
        is_last = i + 1 in self.candidates[shape]  # another label follows at once: this may be a heading with a colon
        if before in LONE_BULLETS or (is_last and len(name.split()) > 3 and is_title_like(self.lines[i].text)):
            return True
        words = name.split()
        if self._is_like_a_name(shape, name) or (len(words) <= MAX_UNSURE and self._is_dense(shape)):
            return False
        has_capital = any(word[0].isupper() for word in words[1:])
        may_be = has_capital or self.labelled(shape) >= LABELLED_SHARE or self._stands_apart(shape, i, label)
        if is_honoured(name) or (len(words) <= MAX_UNSURE and may_be):
            return False  # this may be one, and is told
        return len(name.split()) > 1 or not self._may_be_nick(shape, i, label)

    def _stands_apart(self, shape: Shape, i: int, label: Label) -> bool:
        """Whether a paragraph begins with a label and large letters, as turns do: "The man in the red hat: May I ask?"."""
        is_apart = i > 0 and self.lines[i].row > self.lines[i - 1].row + 1 and label.name[0].isupper()
        return is_apart and self._begins_large(i, label) and self._opening.get(shape, 0) >= OPENING_SHARE

    def _is_timed(self, shape: Shape, label: Label) -> bool:
        """Whether a label stands behind a time, as nearly all of its form do: there a turn begins, whoever speaks."""
        return label.start is not None and self._timed.get(shape, 0) >= MOSTLY

    @cached_property
    def _timed(self) -> dict[Shape, float]:
        """The share of the sure labels of each form that have a time."""
        sure = {
            shape: [label.start is not None for label in labels.values() if self.is_sure(shape, label.name)]
            for shape, labels in self.candidates.items()
        }
        return {shape: sum(timed) / len(timed) for shape, timed in sure.items() if len(timed) >= MIN_SURE}

    def _is_dense(self, shape: Shape) -> bool:
        """Whether nearly every line has the form, so that hardly one that has it is prose."""
        lines = len(self.lines if self.opens is None else self.opens)
        return self.weight(shape) >= MIN_SURE and len(self.candidates[shape]) >= OPENING_SHARE * lines

    def _is_in_chat(self, i: int, name: str) -> bool:
        """Whether a label stands behind a chat's date, where any name may: "~Joana", "+48 600 100 200"."""
        words = name.split()
        is_plain = len(words) == 1 or not any(word[0].islower() for word in words)
        return is_plain and not is_sentence_like(name) and DATED.match(self.lines[i].text) is not None

    def _is_like_a_name(self, shape: Shape, name: str) -> bool:
        """Whether a label looks like one, where labels of its form that are sure stand beside it."""
        if is_name_like(name) or (shape.name == DASHED_STOP and is_described(name)):
            return True
        return is_particled(name) and self.weight(shape) >= MIN_SURE

    def is_telling(self, shape: Shape, i: int, label: Label) -> bool:
        """Whether a label of a form that is not the document's looks like one none the less."""
        name = label.name
        if self.is_sure(shape, name) or (
            is_name_like(name) and not is_discourse(name) and self.counts[shape][key(name)] > 1
        ):
            return True
        return is_name_like(name) and not self.is_prose(shape, i, label) and not self.is_doubtful(shape, i, label)

    def _may_be_nick(self, shape: Shape, i: int, label: Label) -> bool:
        """Whether a label in small letters may be a nickname: others are, or else it is not how a line would begin there."""
        if self.nicks(shape) or self.is_well_written:
            return True
        return self._begins_large(i, label) and self._opening.get(shape, 0) >= OPENING_SHARE

    def is_shouted(self, shape: Shape) -> bool:
        """Whether labels of a form are in capitals, as words of address are not."""
        return self._loud.get(shape, 0) >= LOUD_SHARE

    def is_call(self, shape: Shape, name: str) -> bool:
        """Whether a label in small letters, where labels are in capitals, is rather how somebody is addressed."""
        return name[:1].islower() and self.is_shouted(shape)

    @cached_property
    def _loud(self) -> dict[Shape, float]:
        """The share of the labels of each form that are in capitals."""
        return {
            shape: sum(label.name.isupper() for label in labels.values()) / len(labels)
            for shape, labels in self.candidates.items()
        }

    @cached_property
    def _opening(self) -> dict[Shape, float]:
        """The share of the sure labels of each form behind which words begin with a capital, as they rarely do in prose."""
        sure = {
            shape: [self._begins_large(i, label) for i, label in labels.items() if self.is_sure(shape, label.name)]
            for shape, labels in self.candidates.items()
        }
        return {shape: sum(large) / len(large) for shape, large in sure.items() if len(large) >= MIN_SURE}

    def _begins_large(self, i: int, label: Label) -> bool:
        """Whether the words behind a label, or below it, begin with a capital."""
        text = self.lines[i].text[label.words_at :] or (self.lines[i + 1].text if i + 1 < len(self.lines) else "")
        return text[:1].isupper()

    def _is_of_a_kind(self, shape: Shape, name: str) -> bool:
        """Whether a label whose sign is one of prose too looks like the sure labels, and these are most that have the sign."""
        if shape.name == DASHED_STOP and is_described(name):
            return True
        if shape.name == FULL_STOP:
            return has_loud_word(name) if self._is_loud(shape) else is_honoured(name)
        is_told = shape.name == NAKED and is_loud(name) and self.weight(shape) > 0 and self._is_loud(shape)
        return is_told or self._is_usual(shape, name)

    def _is_usual(self, shape: Shape, name: str) -> bool:
        """Whether most lines that have a form's sign are sure labels."""
        share = self.weight(shape) / len(self.candidates[shape])
        return share >= (LABELLED_SHARE if is_name_like(name) else MOSTLY)

    def _is_loud(self, shape: Shape) -> bool:
        """Whether nearly all sure labels of a form have a word in capitals."""
        if shape not in self._louds:
            labels = self.candidates[shape].values()
            sure = [has_loud_word(label.name) for label in labels if self.is_sure(shape, label.name)]
            self._louds[shape] = sum(sure) >= MOSTLY * len(sure)
        return self._louds[shape]

    def is_doubtful(self, shape: Shape, i: int, label: Label) -> bool:
        """Whether a label that is not sure is more likely prose."""
        name = label.name
        is_timed = self._is_timed(shape, label) and not DATED.match(self.lines[i].text)  # chats say things themselves
        if self._is_in_chat(i, name) or (is_timed and not is_discourse(name)):
            return False
        if is_discourse(name) or is_adverb(name) or is_address(name) or not any(c.isalpha() for c in name):
            return True
        if shape.trust >= FORM:
            return False
        is_untimed = label.start is None and " " not in name and self._timed.get(shape, 0) >= MOSTLY  # "Budget: 4000"
        if is_untimed or (shape.name == NAKED and not self._is_usual(shape, name)):
            return True
        after = self.lines[i + 1].text if i + 1 < len(self.lines) else ""
        if BULLET.match(after) and BULLET.match(self.lines[i].text) is None:
            return True
        return self._is_unlike_a_name(shape, i, label)

    def _is_unlike_a_name(self, shape: Shape, i: int, label: Label) -> bool:
        name = label.name
        if CJK.search(name):
            return len(CJK.findall(name)) > MAX_CJK_SINGLE or CJK_SENTENCE.search(name) is not None
        if self._is_like_a_name(shape, name):
            return self.is_common(name)
        if (
            len(name.split()) > 1
            or len(name) < MIN_NICK
            or not name[0].isalnum()
            or not self._may_be_nick(shape, i, label)
        ):
            return True
        return any(self.small[word] > (MENTIONS if self.is_chat(shape) else 1) for word in TOKEN.findall(name))
