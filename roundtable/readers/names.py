"""What can be a speaker's label, by its looks alone."""

from __future__ import annotations

import re

from ..model import SpeakerKind

MAX_WORDS = 8
ROLES: dict[str, SpeakerKind] = {
    **dict.fromkeys(
        "host,cohost,co-host,moderator,interviewer,chair,chairman,chairwoman,chairperson,anchor,mc,facilitator,presenter,the host,the chair,"
        "主持人,主持,主席,司会,司会者,사회자,진행자,moderation,moderatorin,animateur,animatrice,modérateur,moderador,moderadora,"
        "entrevistador,entrevistadora,presentador,presentadora,conduttore,moderatore,ведущий,ведущая,المذيع,המנחה".split(
            ","
        ),
        "host",
    ),
    **dict.fromkeys(
        "audience,audience member,audience question,attendee,question,questioner,q,观众,觀眾,听众,聽眾,提问,提問,聴衆,청중,publikum,public,público".split(
            ","
        ),
        "audience",
    ),
}
SMALL_WORDS = frozenset(
    "of the and for de la le les des du del der den dem die das di da dos van von zu bin bint ibn al el y e et und".split()
)
DISCOURSE = frozenset(
    "date,location,venue,time,place,topic,subject,title,link,url,language,duration,recorded,transcript,transcribed by,source,"
    "note,nb,example,examples,first,second,third,fourth,fifth,last,next,then,also,however,thus,hence,so,therefore,because,besides,moreover,"
    "furthermore,meanwhile,instead,otherwise,still,yes,no,well,okay,now,again,for example,for instance,in short,in other words,that is,"
    "answer,reason,reasons,result,results,problem,solution,conclusion,warning,tip,important,update,edit,source,sources,see also,ps,"
    "level,step,point,points,rule,goal,goals,remark,remarks,summary,background,context,question is,my question,"
    "例如,比如,首先,其次,第一,第二,第三,最后,最後,总之,總之,因此,另外,此外,注,备注,zum beispiel,erstens,zweitens,drittens,außerdem,"
    "par exemple,premièrement,ensuite,enfin,por ejemplo,primero,segundo,tercero,además".split(",")
)
ABBREVIATED = re.compile(r"\b[^\W\d_]{1,4}\.(?=\s|[^\W\d_]|$)")  # "J.", "Mr.", "Prof."


def key(name: str) -> str:
    """What is the same for two spellings of one label: case, spaces and a colon aside."""
    return " ".join(name.strip(" :：").casefold().split())


def role_kind(name: str) -> SpeakerKind | None:
    """The kind of speaker that a label such as "Moderator" or "Audience member 2" names."""
    return ROLES.get(re.sub(r"\s*#?\d+$", "", key(name)))


def is_role(name: str) -> bool:
    """Whether the label names a role rather than a person."""
    return role_kind(name) is not None


def is_discourse(label: str) -> bool:
    """Whether a label that occurs once is more likely the beginning of a sentence: "Additionally:", "Note:"."""
    word = key(label)
    return word in DISCOURSE or (len(word) > 5 and word.endswith("ly") and " " not in word)


def is_name_like(label: str) -> bool:
    """Whether a label could be a name or a role: few words, capitalised where the script has capitals, no sentence."""
    words = label.split()
    if not 1 <= len(words) <= MAX_WORDS or not label[0].isalpha() or label[0].islower():
        return False
    if is_role(label):
        return True
    if re.search(r"[.!?;\"“”。！？]", ABBREVIATED.sub("", label)):
        return False
    return all(not word[0].islower() or word in SMALL_WORDS for word in words)
