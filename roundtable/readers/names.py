"""What can be a speaker's label, by its looks alone."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import lru_cache

from .. import marks
from ..model import SpeakerKind
from ..patterns import lazy

MAX_WORDS = 24
MAX_CJK = 12  # ideographs in a name, a title included
ROLES: dict[str, SpeakerKind] = {
    **dict.fromkeys(
        "host,cohost,co-host,moderator,interviewer,chair,chairman,chairwoman,chairperson,anchor,mc,facilitator,presenter,the host,the chair,"
        "the speaker pro tempore,speaker pro tempore,the acting chair,acting chair,the acting president pro tempore,the president pro tempore,m. le président,"
        "mme la présidente,m. le rapporteur,mme la rapporteure,m. le ministre,mme la ministre,le président,la présidente,le président de séance,ministre,rapporteur,rapporteure,premier ministre,première ministre,the chairman,the chairwoman,the chairperson,the moderator,the president,the vice president,the first lady,the prime minister,prime minister,"
        "the presiding officer,the speaker,president,presiding officer,"
        "主持人,主持,主席,司会,司会者,사회자,진행자,moderation,moderatorin,animateur,animatrice,modérateur,moderador,moderadora,"
        "entrevistador,entrevistadora,presentador,presentadora,conduttore,moderatore,ведущий,ведущая,المذيع,المنحה,המנחה".split(
            ","
        ),
        "host",
    ),
    **dict.fromkeys(
        "audience,audience member,audience question,attendee,question,questioner,q,participant,participants,reporter,the press,voice,voices,"
        "unidentified speaker,unidentified male,unidentified female,unknown speaker,unknown,all,several,"
        "un député,une députée,plusieurs députés,plusieurs députées,观众,觀眾,听众,聽眾,提问,提問,聴衆,청중,publikum,public,público".split(
            ","
        ),
        "audience",
    ),
    **dict.fromkeys(
        "speaker,the witness,witness,the court,court,the clerk,clerk,the interpreter,interpreter,translator,narrator,operator,a,answer,"
        "interviewee,guest,respondent,staff,secretary,the reporter,sprecher,sprecherin,orador,oradora,intervenant,发言人,發言人,受访者,受訪者".split(
            ","
        ),
        "unknown",
    ),
}
SMALL_WORDS = frozenset(
    "of the and for in on at to a an de la le les des du del della di da do dos das van von zu zur zum der den dem die das bin bint ibn al el y e et und "
    "en au aux para por o os as i mr mrs ms dr señor señora don doña heer mevrouw representing with from".split()
)
# Words of sentences, not of names: a label that holds one in small letters is prose.
SENTENCE_WORDS = frozenset(
    "is are was were be been am has have had do does did will would can could should may might must says said say asks asked ask means meant "
    "i you he she it we they me him us them this that these those my your his our their its what which who how why when where if but not so just "
    "here there because than then also about into says: including as follows following first second third like such "
    "es son fue era que dice dijo pregunta siguiente como pero porque esto esta este eso yo usted nosotros lo se su sus muy "
    "est sont était dit que qui nous vous je il elle ils cette ces mais parce suivant voici "
    "ist sind war sagt sagte dass wir ich sie er wie folgt aber nicht diese dieser folgende heißt "
    "é são foi disse isso isto mas porque não você eu ele ela nós seguinte "
    "è sono era disse che questo questa ma perché non seguente".split()
)
CJK_SENTENCE = lazy(
    r"[的是了說说這这那我你您他她們们有在不就也和與与說問问答為为所以從从到把被讓让,，。、！？「」]|です|ます|する|して|이다|하는"
)
CJK_SAYING = lazy(r"[我你您他她它][們们]?[說说問问講讲是]?|大家|有人|.*[說说]")  # "he said"
MAX_CJK_NAME = 5  # ideographs up to which any sign may be one of a name: 和田, 李在明
CJK = lazy(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af]")
DISCOURSE = frozenset(
    "date,location,venue,time,place,topic,topics,subject,title,link,links,url,language,duration,recorded,transcript,transcribed by,transcription by,source,"
    "anwesend,abwesend,entschuldigt,protokoll,beginn,ende,tagesordnung,présents,absents,excusés,ordre du jour,séance,presentes,ausentes,asistentes,orden del día,"
    "presenti,assenti,data,luogo,ora,ordine del giorno,ordem do dia,obecni,miejsce,temat,porządek obrad,tarih,yer,saat,konu,gündem,дата,место,время,тема,присутствовали,повестка,"
    "出席,出席者,缺席,列席,列席者,欠席,欠席者,議題,议题,日時,場所,記錄,记录,일시,장소,참석자,참석,안건,주제,التاريخ,المكان,الموضوع,الحضور,תאריך,מקום,נושא,נוכחים,सभा,दिनांक,स्थान,विषय,ngày,địa điểm,"
    "action,actions,action item,action items,decision,decisions,resolution,resolutions,resolved,proposed,moved,moved by,seconded,seconded by,"
    "in favour,in favor,against,opposed,abstain,abstained,abstention,abstentions,carried,quorum,in attendance,"
    "ayes,nays,noes,yeas,vote,votes,motion,item,todo,re,fwd,parking,tickets,admission,produced by,edited by,dear,votación,например,"
    "agenda,attendees,present,absent,apologies,minutes,meeting,regrets,scribe,speakers,guests,video,audio,slides,media,event,organizer,organiser,"
    "note,notes,nb,example,examples,first,second,third,fourth,fifth,last,next,then,also,however,thus,hence,so,therefore,because,besides,moreover,"
    "furthermore,meanwhile,instead,otherwise,still,yes,no,well,okay,now,again,for example,for instance,in short,in other words,that is,remember,"
    "reason,reasons,result,results,problem,solution,conclusion,warning,tip,important,update,edit,sources,see also,ps,"
    "level,step,point,points,rule,goal,goals,remark,remarks,summary,background,context,question is,my question,section,chapter,part,"
    "例如,比如,首先,其次,第一,第二,第三,最后,最後,总之,總之,因此,另外,此外,注,备注,時間,时间,地點,地点,日期,主題,主题,"
    "zum beispiel,erstens,zweitens,drittens,außerdem,datum,ort,zeit,thema,"
    "par exemple,premièrement,ensuite,enfin,lieu,heure,sujet,por ejemplo,primero,segundo,tercero,además,lugar,fecha,hora,tema,nota,contexto,duración".split(
        ","
    )
)
HONORIFIC = lazy(
    r"(?:mr|mrs|ms|miss|mx|dr|prof|professor|sir|dame|lord|lady|baroness|rev|hon|the hon|senator|sen|representative|rep|congressman|congresswoman|"
    r"secretary|chairman|chairwoman|chair|president|vice president|admiral|general|colonel|major|captain|lieutenant|judge|justice|chief justice|governor|"
    r"mayor|ambassador|director|commissioner|attorney|minister|deputy|chief|m|mm|mme|mlle|herr|frau|sr|sra|srta|srita|sres|dra|señor|señora|dip|el señor|la señora|o señor|"
    r"a señora|o sr|a sra|[ao] sr\.?[ªº]|sr\.?[ªº]|o senhor|a senhora|il presidente|le président|la présidente|der präsident|die präsidentin|abg|de heer|mevrouw|dhr|mw|fru|poseł|posłanka|pan|pani|marszałek|г-н|г-жа|"
    r"господин|госпожа|депутат|sayın|ông|bà|السيد|السيدة|חבר הכנסת|חברת הכנסת|מר|גב')\.?\s+\S",
    re.IGNORECASE,
)
ADDRESS = lazy(
    r"[^\W\d_]\s+(?:mr|mrs|ms|dr|señor|señora|sr|sra|senhor|senhora|monsieur|madame|mme|herr|frau|signor|signora)\b",
    re.IGNORECASE,
)
PARTICLES = lazy(
    r"^(?:(?:(?:van|von|vom|zu|de|der|den|del|della|di|da|do|dos|das|du|des|la|le|ter|ten|bin|ibn|al|el|af|av)\s)+|[dl]['’]|"
    r"\d{1,2}(?:st|nd|rd|th|[eºª.])\s)"
)
MAX_NICK = 3  # characters of a nickname in brackets, which may be no note
MAX_NAMESAKES = 20  # people of one surname who are told apart
TITLE = lazy(HONORIFIC.pattern.removesuffix(r"\S"), re.IGNORECASE)
ABBREVIATED = lazy(r"(?:\b[^\W\d_]{1,4}|(?<!\S)[^\x00-\u036f\s.]{1,6})\.(?=[\s,)-]|[^\W\d_]|$)")  # "J.", "Mr.", "Prof."
ASIDE = lazy(r"\s\([^()]*\)")  # "(PXY. Without revision.)"
UNSEEN = lazy(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")
SENTENCE_SIGN = lazy(r"[.!?;](?:\s|$)|[。！？]|^[\"“”][^\"“”]*$|^[^\"“”]*[\"“”]$")
WORDS = lazy(r"[^\W\d_]+")


# A transcript has few labels, each many times: what their looks say is worked out once.
REMEMBERED = lru_cache(maxsize=4_096)

# Labels under which nobody speaks: what stands there is narration.
INTERLUDES = frozenset(
    "break,jingle,music,ad,ads,advert,advertisement,sponsor,sponsors,commercial,commercial break,intro,outro,intro music,outro music,theme music,"
    "pausa,pause,werbung,publicité,música,musik,musique".split(",")
)


@REMEMBERED
def is_interlude(name: str) -> bool:
    """Whether a label announces a break or a note, "[Bell]", rather than a speaker; "AD" may be somebody's initials."""
    is_initials = len(name) == 2 and name.isupper()
    if name.startswith("[") and name.endswith("]"):  # "[z]" is a nickname, "[bell]" and "[Bell]" are none
        return len(name) > MAX_NICK or not name[1].islower()
    return key(name) in INTERLUDES and not is_initials


@REMEMBERED
def key(name: str) -> str:
    """What is the same for two spellings of one label: case, spaces, kinds of apostrophe, unseen signs and a colon aside."""
    name = UNSEEN.sub("", name)
    return " ".join(name.strip(" :：").casefold().replace("’", "'").split())


class Forms:
    """The full names of a document, by what a short form of one has of it.

    "MR. NEWMAN" is a form of "EDWIN NEWMAN, MODERATOR", "Ana Lu (by phone)" one of "Ana Lu", "WH" one of a listed "Wei Huang".
    A surname alone is a form of nobody: it takes a title, and even then no second person of that surname.
    """

    def __init__(self, listed: Iterable[str], printed: Iterable[str], often: Collection[str] = ()) -> None:
        """`often` are printed labels that recur: whoever is called by a full name all along is not called otherwise too."""
        self.listed = dict.fromkeys(listed)
        printed = tuple(printed)
        self.spoken = {*map(key, self.listed), *map(key, printed)}
        self.full: dict[tuple[str, ...], str] = {}
        self.surname: dict[str, list[tuple[str, ...]]] = {}
        self.initials: dict[str, list[str]] = {}
        for name in (*self.listed, *printed):
            words = _plain(name)
            if not words or is_role(name) or (ADDRESS.search(name) and not is_honoured(name)):  # "Counsel for Mr. Lind"
                continue
            if words in self.full:  # the plainest spelling counts
                self.full[words] = name if key(name) == " ".join(words) else self.full[words]
                continue
            self.full[words] = name
            namesakes = self.surname.setdefault(words[-1], [])
            if not is_honoured(name) and len(namesakes) < MAX_NAMESAKES and (name in self.listed or name not in often):
                namesakes.append(words)
        for name in dict.fromkeys(self.listed):
            letters = "".join(word[0] for word in _plain(name) if word not in SMALL_WORDS).upper()
            self.initials.setdefault(letters, []).append(name)

    def of(self, label: str) -> list[str]:
        """The full names of which a label is a form; more than one where it fits several."""
        own = _plain(label)
        if not own or is_role(label) or key(label.partition(",")[2]) in self.spoken:  # "Ana, Host" are two
            return []
        if label.isupper() and label.isalpha() and 2 <= len(label) <= 4 and (listed := self.initials.get(label)):
            return listed
        if is_honoured(label):
            found = [
                words for words in self.surname.get(own[-1], ()) if len(words) > len(own) and words[-len(own) :] == own
            ]
            if found:
                return [self.full[words] for words in found]
        full = self.full.get(own)
        return [full] if full and key(full) == " ".join(own) != key(label) else []


def _plain(name: str) -> tuple[str, ...]:
    """The words of a name without title, without what stands behind a comma or in parentheses, and without full stops."""
    bare = re.sub(r"\s*[(（].*$|\s*[,，].*$|\s\[.*$", "", name)
    while (match := TITLE.match(bare)) and match.end() < len(bare):
        bare = bare[match.end() :]
    return tuple(key(bare.replace(".", " ")).split())


@REMEMBERED
def role_kind(name: str) -> SpeakerKind | None:
    """The kind of speaker that a label such as "Moderator" or "Audience member 2" names."""
    return ROLES.get(re.sub(r"\s*(?:#?\d+|\([^()]*\)|\s\?|\sdu groupe\s.*)$", "", key(name)))


def is_role(name: str) -> bool:
    """Whether the label names a role rather than a person."""
    return role_kind(name) is not None


@REMEMBERED
def is_discourse(label: str) -> bool:
    """Whether a label is more likely a sentence's beginning or a piece of metadata: "Note:", "Date:", "Item 3:"."""
    return re.sub(r"\s*#?\d+$", "", key(label)) in DISCOURSE


@REMEMBERED
def is_adverb(label: str) -> bool:
    """Whether a label that occurs once looks like the beginning of a sentence: "Additionally:"; "Beverly:" recurs."""
    word = key(label)
    return len(word) > 5 and word.endswith("ly") and " " not in word


@REMEMBERED
def is_honoured(label: str) -> bool:
    """Whether a label begins with a form of address or an office: "Mr. Long", "O señor PRESIDENTE"."""
    return HONORIFIC.match(label) is not None


@REMEMBERED
def is_address(label: str) -> bool:
    """Whether a label rather speaks of somebody: "Thank you Mr. Long", "Di o señor Quiroga"; "Translator for Mr. Long" speaks."""
    return not is_honoured(label) and not is_role(label.split(maxsplit=1)[0]) and ADDRESS.search(label) is not None


@REMEMBERED
def is_sentence_like(label: str) -> bool:
    """Whether a label has the words or signs of a sentence."""
    label = ASIDE.sub("", label)
    if SENTENCE_SIGN.search(ABBREVIATED.sub("", label)):
        return True
    words = label.split()
    if len(words) > MAX_WORDS or any(map(_is_of_a_sentence, words, (*words[1:], ""))):
        return True
    if "'" in label or "’" in label:
        lowered = label.replace("’", "'").casefold()
        if re.search(r"\b(?:it|that|what|here|there|he|she|who|let)'s\b|n't\b|'(?:re|ve|ll|m)\b", lowered):
            return True
    ideographs = 0 if label.isascii() else len(CJK.findall(label))
    if ideographs <= MAX_CJK_NAME:
        return ideographs > 0 and CJK_SAYING.fullmatch(label) is not None
    return ideographs > MAX_CJK or CJK_SENTENCE.search(label) is not None


def _is_of_a_sentence(word: str, after: str) -> bool:
    """Whether a word is one of sentences; "do" before a capital is Portuguese: "Vozes do Norte"."""
    return word.strip(",'’") in SENTENCE_WORDS and not (word in SMALL_WORDS and after[:1].isupper())


@REMEMBERED
def is_mark(name: str) -> bool:
    """Whether a name in brackets is rather a mark of a kind that is known: "laughs", "inaudible"."""
    return any(mark.kind not in {"direction", "editorial"} for mark in marks.find(f"[{name}]"))


@REMEMBERED
def is_loud(label: str) -> bool:
    """Whether a label has letters, and none of them is small: "SMITH", "議長"."""
    return any(map(str.isalpha, label)) and not any(map(str.islower, label))


@REMEMBERED
def has_loud_word(label: str) -> bool:
    """Whether a word of a label is in capitals: "Mr. SMITH of Lindhaven"."""
    return any(len(word) > 1 and is_loud(word) for word in re.findall(r"\w[\w'-]*", label))


@REMEMBERED
def is_described(label: str) -> bool:
    """Whether a label names somebody and says more behind a comma: "Ana Duarte, harbour master"."""
    return is_name_like(label.partition(", ")[0])


@REMEMBERED
def is_titled(label: str) -> bool:
    """Whether a label names somebody and an office behind a comma: "Mme Roux, rapporteure"."""
    name, _, office = label.partition(", ")
    return is_role(office) and is_name_like(name)


@REMEMBERED
def is_particled(label: str) -> bool:
    """Whether a label is a name that begins with a small word or a number of order: "van der Berg", "2nd Ferryman"."""
    name = PARTICLES.sub("", label)
    return name != label and name[:1].isalpha() and is_name_like(name)


@REMEMBERED
def is_name_like(label: str) -> bool:
    """Whether a label could be a name or a role: few words, capitalised where the script has capitals, no sentence."""
    label = label.removeprefix("@")
    words = label.split()
    if not words or not label[0].isalpha() or label[0].islower():
        return is_role(label)
    if is_role(label):
        return True
    if is_sentence_like(label):
        return False
    plain = re.sub(r"\([^()]*\)", "", label).split()
    return len(plain) <= MAX_WORDS and all(not word[0].islower() or word.casefold() in SMALL_WORDS for word in plain)
