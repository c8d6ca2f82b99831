"""One engine, many conventions: the same conversations in every form of label, in many languages; and what is no label."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from typing import NamedTuple

import pytest

from roundtable import fidelity, markup
from roundtable.model import Transcript, Utterance
from roundtable.speakers import attribute

from .test_text import reading

Conversation = list[tuple[str, str]]
Said = list[tuple[str | None, float | None, str]]

# Invented. Words hold what labels are made of, too: colons, clock times, titles, numbers, names of those who listen.
CONVERSATIONS: dict[str, Conversation] = {
    "en": [
        ("Ada Marlowe", "Good evening, and welcome to the town library. We begin at 7:30 and we stop when the lamps go out."),
        ("Tom Birch", "Thank you, Ada. I brought the old map: it shows the river before the mill was built."),
        ("Priya Nair", "May I hold it? The paper is thinner than I thought."),
        ("Tom Birch", "Please do. My grandfather said one thing about it: never fold it twice."),
        ("Ada Marlowe", "And did he follow his own advice?"),
        ("Tom Birch", "No."),
        ("Priya Nair", "There are three creases here, Tom, so somebody forgot. It happens in every family, and paper never forgives."),
        ("Ada Marlowe", "Let us look at the ford. Was it ever used after the bridge opened?"),
        ("Priya Nair", "Only by geese, as far as the letters say."),
        ("Tom Birch", "Geese and one stubborn miller."),
    ],
    "es": [
        ("Lucía Ferrer", "Buenas tardes a todos. Hoy hablamos del mercado viejo, que abre a las 9:00 desde hace un siglo."),
        ("Mateo Olmos", "Gracias por la invitación. Mi madre vendía naranjas en el puesto doce y las contaba en voz alta."),
        ("Lucía Ferrer", "¿Y usted la ayudaba?"),
        ("Mateo Olmos", "Casi nunca. Prefería mirar a los pescaderos: tenían cuchillos más grandes que yo."),
        ("Inés Robles", "Yo recuerdo otra cosa: el hielo que corría por el suelo en agosto."),
        ("Lucía Ferrer", "¿Qué queda hoy de todo aquello?"),
        ("Inés Robles", "Queda el reloj, que se paró y nadie arregló."),
        ("Mateo Olmos", "Y quedan las naranjas, claro."),
    ],
    "fr": [
        ("Hélène Caron", "Bonsoir et bienvenue. Ce soir, nous parlons des phares et de ceux qui les gardaient."),
        ("Yves Le Goff", "Merci. J’ai vécu douze ans sur un rocher, avec un chat et une radio."),
        ("Hélène Caron", "Le chat avait-il un nom ?"),
        ("Yves Le Goff", "Oui : Capitaine. Il détestait la mer."),
        ("Nora Petit", "Les archives disent que la lampe s’éteignit deux fois, à 3:15 du matin."),
        ("Yves Le Goff", "Trois fois, en vérité ; la dernière, personne ne l’a écrite."),
        ("Hélène Caron", "Pourquoi ce silence ?"),
        ("Yves Le Goff", "Parce que je dormais."),
        ("Nora Petit", "Voilà une réponse honnête."),
    ],
    "de": [
        ("Karin Voss", "Guten Abend, meine Damen und Herren. Wir sprechen heute über Brot und über die Zeit, die es braucht."),
        ("Jörg Ahlers", "Vielen Dank. Ein guter Teig ruht länger, als die meisten Bäcker schlafen."),
        ("Karin Voss", "Wie lange genau?"),
        ("Jörg Ahlers", "Achtzehn Stunden: nicht mehr, nicht weniger."),
        ("Mia Straßner", "Bei uns waren es zwölf, aber wir hatten auch den wärmeren Keller."),
        ("Jörg Ahlers", "Das erklärt manches."),
        ("Karin Voss", "Frau Straßner, was haben Sie von Ihrem Vater gelernt?"),
        ("Mia Straßner", "Geduld. Und dass man um 4:30 Uhr keine Witze macht."),
        ("Jörg Ahlers", "Außer sie handeln von Brötchen."),
    ],
    "pt": [
        ("Rita Moura", "Boa noite. Falamos hoje das cheias e da ponte que a aldeia perdeu duas vezes."),
        ("Duarte Pinho", "Obrigado pelo convite. Eu tinha sete anos quando a água chegou à porta da escola."),
        ("Rita Moura", "Lembra-se do que levou consigo?"),
        ("Duarte Pinho", "Um livro: o de aritmética, por engano."),
        ("Rita Moura", "E a ponte nova, quem a desenhou?"),
        ("Duarte Pinho", "Uma engenheira de fora que nunca tinha visto o rio com raiva."),
        ("Rita Moura", "Aguentou?"),
        ("Duarte Pinho", "Até hoje, e já lá vão quarenta invernos."),
    ],
    "gl": [
        ("Uxía Castro", "Boas tardes. Imos falar das redes e das mulleres que as cosían no peirao."),
        ("Brais Loureiro", "Grazas. A miña avoa cosía de noite e cantaba para non durmir."),
        ("Uxía Castro", "Que cantaba?"),
        ("Brais Loureiro", "Sempre o mesmo: unha cantiga longa sobre un barco curto."),
        ("Antía Rego", "Na nosa casa diciamos que o fío sabe máis ca a man."),
        ("Uxía Castro", "E sabe?"),
        ("Antía Rego", "Ás veces. O martes pasado, ás 6:45, soubo máis ca min."),
        ("Brais Loureiro", "Iso hai que velo."),
    ],
    "zh": [
        ("林书远", "各位晚上好，今天我们在茶馆里聊聊老街。"),
        ("周蕙", "谢谢邀请。我在这条街上住了三十年，只有一件事没变：雨天的石板路。"),
        ("林书远", "您觉得最可惜的是什么？"),
        ("周蕙", "那家修伞的铺子。它下午5:30关门，从来不晚一分钟。"),
        ("高明", "我小时候去过，老板总送一颗糖。"),
        ("林书远", "糖是什么味道？"),
        ("高明", "薄荷味，很凉。"),
        ("周蕙", "我记得是橘子味。"),
    ],
    "ja": [
        ("佐藤 美咲", "皆さん、こんばんは。今日は町の時計台についてお話しします。"),
        ("田村 健", "よろしくお願いします。あの時計は毎朝7:05に鳴りました。"),
        ("佐藤 美咲", "五分遅れていたのですね。"),
        ("田村 健", "はい。町の人は皆、それに合わせて暮らしていました。"),
        ("小川 遥", "直そうとした人はいなかったのですか？"),
        ("田村 健", "一人だけいました。私の父です。"),
        ("小川 遥", "それで、どうなりましたか？"),
        ("田村 健", "翌日、町中が遅刻しました。"),
    ],
    "ko": [
        ("김서윤", "안녕하세요, 오늘은 오래된 서점에 대해 이야기하겠습니다."),
        ("박지호", "초대해 주셔서 감사합니다. 그 서점은 오후 2:00에 문을 열었지요."),
        ("김서윤", "왜 그렇게 늦게 열었을까요?"),
        ("박지호", "이유는 하나였습니다: 주인이 아침에는 책을 읽었거든요."),
        ("이하늘", "저는 그곳에서 첫 시집을 샀습니다."),
        ("김서윤", "아직 가지고 계신가요?"),
        ("이하늘", "네, 표지가 다 닳았어요."),
        ("박지호", "좋은 책은 그렇게 늙습니다."),
    ],
    "ru": [
        ("Вера Лунина", "Добрый вечер. Сегодня мы говорим о саде, который пережил трёх хозяев."),
        ("Пётр Градов", "Спасибо. Первое дерево посадил мой дед, и было это зимой."),
        ("Вера Лунина", "Разве деревья сажают зимой?"),
        ("Пётр Градов", "Нет. Но он говорил так: упрямое дерево вырастет и в снегу."),
        ("Анна Белова", "В дневнике записано время: 5:40 утра, минус восемь."),
        ("Пётр Градов", "Значит, он ещё и не спал."),
        ("Вера Лунина", "И оно выросло?"),
        ("Анна Белова", "Оно стоит до сих пор."),
    ],
    "ar": [
        ("ليلى منصور", "مساء الخير وأهلا بكم في هذا اللقاء عن السوق القديم."),
        ("كريم حداد", "شكرا لكم. كان دكان أبي يفتح أبوابه عند الساعة 6:30 كل صباح."),
        ("ليلى منصور", "وماذا كان يبيع؟"),
        ("كريم حداد", "كان يبيع شيئا واحدا: المفاتيح."),
        ("سلمى ناصر", "أذكر صوت المبرد من أول الشارع."),
        ("ليلى منصور", "هل بقي منه شيء؟"),
        ("سلمى ناصر", "بقي مفتاح لا يعرف أحد بابه."),
        ("كريم حداد", "أنا أعرف الباب."),
    ],
    "hi": [
        ("मीरा जोशी", "नमस्कार। आज हम पुराने कुएँ की बात करेंगे।"),
        ("अर्जुन सेठ", "धन्यवाद। वह कुआँ हमारे गाँव के बीच में था और सुबह 5:15 पर वहाँ भीड़ होती थी।"),
        ("मीरा जोशी", "आप वहाँ किसके साथ जाते थे?"),
        ("अर्जुन सेठ", "दादी के साथ। वे एक ही बात कहती थीं: रस्सी मत छोड़ना।"),
        ("कविता राव", "मैंने तो एक बार छोड़ दी थी।"),
        ("मीरा जोशी", "फिर क्या हुआ?"),
        ("कविता राव", "बाल्टी आज तक नीचे है।"),
        ("अर्जुन सेठ", "और डाँट आज तक याद है।"),
    ],
}  # fmt: skip
LONG = {
    "en": "There is a passage in the parish book that says the bell was cast here, in the yard, and that it cracked on the first morning; I have read it many times and I still do not know whether to believe it.",
    "es": "Hay una página en el libro de cuentas que dice que la campana se fundió aquí, en el patio, y que se rompió la primera mañana; la he leído muchas veces y todavía no sé si debo creerla.",
    "fr": "Il y a dans le registre une page qui raconte que la cloche fut fondue ici, dans la cour, et qu’elle se fendit dès le premier matin ; je l’ai lue bien des fois sans savoir si je dois la croire.",
    "de": "Im Kirchenbuch steht eine Seite, auf der es heißt, die Glocke sei hier im Hof gegossen worden und schon am ersten Morgen gesprungen; ich habe sie oft gelesen und weiß noch immer nicht, ob ich ihr glauben soll.",
    "ru": "В приходской книге есть страница, где сказано, что колокол отлили здесь, во дворе, и что он треснул в первое же утро; я читала её много раз и до сих пор не знаю, верить ли ей.",
}


class Form(NamedTuple):
    """How a turn is written: its name, its words, its number."""

    name: str
    write: Callable[[str, str, int], str]
    label: Callable[[str], str] = str  # what is printed of a name
    is_timed: bool = False
    parted: str = "\n\n"  # between turns


def at(i: int, hours: bool = False) -> str:
    """The clock time of a turn."""
    seconds = i * 14 + 3
    return f"00:{seconds // 60:02}:{seconds % 60:02}" if hours else f"{seconds // 60}:{seconds % 60:02}"


def upper(name: str) -> str:
    """A name in capitals."""
    return name.upper()


FORMS = (
    Form("Name: text", lambda name, text, i: f"{name}: {text}"),
    Form("Name: text, tight", lambda name, text, i: f"{name}: {text}", parted="\n"),
    Form("NAME: text", lambda name, text, i: f"{name.upper()}: {text}", upper),
    Form("full-width colon", lambda name, text, i: f"{name}：{text}"),
    Form("full-width colon, tight", lambda name, text, i: f"{name}：{text}", parted="\n"),
    Form("**Name**: text", lambda name, text, i: f"**{name}**: {text}"),
    Form("**Name:** text", lambda name, text, i: f"**{name}:** {text}"),
    Form("**Name：** text", lambda name, text, i: f"**{name}：** {text}"),
    Form("**Name** text", lambda name, text, i: f"**{name}** {text}"),
    Form("0:00:14.2 **Name** text", lambda name, text, i: f"{at(i, hours=True)}.0 **{name}** {text}", is_timed=True),
    Form("**[00:02] NAME:** text", lambda name, text, i: f"**[{at(i)}] {name.upper()}:** {text}", upper, is_timed=True),
    Form("[Name] [00:00] text", lambda name, text, i: f"[{name}] [{at(i)}] {text}", is_timed=True),
    Form("**\\<nick>** text", lambda name, text, i: f"**\\<{name}>** {text}"),
    Form("<nick> text", lambda name, text, i: f"<{name}> {text}", parted="\n"),
    Form("12:00:01 <nick> text", lambda name, text, i: f"{at(i, hours=True)} <{name}> {text}", is_timed=True, parted="\n"),
    Form("[12:00] <nick> text", lambda name, text, i: f"[12:{i:02}] <{name}> {text}", parted="\n"),
    Form("**Name** [1:52], above", lambda name, text, i: f"**{name}** [{at(i)}]\n\n{text}", is_timed=True),
    Form("**Name** [1:52], right above", lambda name, text, i: f"**{name}** [{at(i)}]\n{text}", is_timed=True),
    Form("Name  0:03, above", lambda name, text, i: f"{name}  {at(i)}\n{text}", is_timed=True),
    Form("Name (00:01:02):, above", lambda name, text, i: f"{name} ({at(i, hours=True)}):\n{text}", is_timed=True),
    Form("Name (00:01:02): text", lambda name, text, i: f"{name} ({at(i, hours=True)}): {text}", is_timed=True),
    Form("Name 00:01:02: text", lambda name, text, i: f"{name} {at(i, hours=True)}: {text}", is_timed=True),
    Form("[00:01:02] Name: text", lambda name, text, i: f"[{at(i, hours=True)}] {name}: {text}", is_timed=True),
    Form("00:01:02 Name: text", lambda name, text, i: f"{at(i, hours=True)} {name}: {text}", is_timed=True),
    Form("- Name: text", lambda name, text, i: f"- {name}: {text}", parted="\n"),
    Form("Name:, above", lambda name, text, i: f"{name}:\n{text}", parted="\n"),
    Form("Name:, above an empty line", lambda name, text, i: f"{name}:\n\n{text}"),
    Form("## Name", lambda name, text, i: f"## {name}\n\n{text}"),
    Form("### Name:", lambda name, text, i: f"### {name}:\n{text}"),
    Form(">> NAME: text", lambda name, text, i: f">> {name.upper()}: {text}", upper),
    Form("— Name : text", lambda name, text, i: f"— {name} : {text}"),
    Form("- **Name**: text", lambda name, text, i: f"- **{name}**: {text}", parted="\n"),
    Form("***Name:*** text", lambda name, text, i: f"***{name}:*** {text}"),
    Form("_Name_: text", lambda name, text, i: f"_{name}_: {text}"),
    Form("## Name [0:53]", lambda name, text, i: f"## {name} [{at(i)}]\n\n{text}", is_timed=True),
    Form("Name:: text", lambda name, text, i: f"{name}:: {text}"),
    Form("Name – text", lambda name, text, i: f"{name} – {text}"),
    Form("NAME – text", lambda name, text, i: f"{name.upper()} – {text}", upper),
    Form("Name -- text", lambda name, text, i: f"{name} -- {text}"),
    Form("Name | text", lambda name, text, i: f"{name} | {text}", parted="\n"),
    Form("0:53 | Name | text", lambda name, text, i: f"{at(i)} | {name} | {text}", is_timed=True, parted="\n"),
    Form("Name > text", lambda name, text, i: f"{name} > {text}", parted="\n"),
    Form("Name, tab, text", lambda name, text, i: f"{name}\t{text}", parted="\n"),
    Form("[Name] text", lambda name, text, i: f"[{name}] {text}"),
    Form("(Name) text", lambda name, text, i: f"({name}) {text}"),
    Form("[0:53 --> 1:10] [Name] text", lambda name, text, i: f"[{at(i)} --> {at(i + 1)}] [{name}] {text}", is_timed=True),
    Form("Name (0:53) text", lambda name, text, i: f"{name} ({at(i)}) {text}", is_timed=True),
    Form("Name:text", lambda name, text, i: f"{name}:{text}"),
    Form("Name, alone", lambda name, text, i: f"{name}\n{text}"),
    Form("0:53 Name, alone", lambda name, text, i: f"{at(i)} {name}\n{text}", is_timed=True),
    Form("Name, 0:53, alone", lambda name, text, i: f"{name}, {at(i)}\n{text}", is_timed=True),
    Form("[Name] 0:53, alone", lambda name, text, i: f"[{name}] {at(i, hours=True)}\n{text}", is_timed=True),
    Form("0:53 above the name", lambda name, text, i: f"{at(i)}\n{name}\n{text}", is_timed=True),
    Form("0:53 below the name", lambda name, text, i: f"{name}\n{at(i, hours=True)}\n{text}", is_timed=True),
    Form("0:53 above Name: text", lambda name, text, i: f"{at(i, hours=True)}\n{name}: {text}", is_timed=True),
    Form("day and time, Name: text", lambda name, text, i: f"[12.03.24, {at(i, hours=True)}] {name}: {text}", is_timed=True, parted="\n"),
    Form("day, time - Name: text", lambda name, text, i: f"12/03/2024, {at(i, hours=True)} - {name}: {text}", is_timed=True, parted="\n"),
    Form("Name (aside): text", lambda name, text, i: f"{name} (SPD): {text}", lambda name: f"{name} (SPD)"),
    Form("1. Name: text", lambda name, text, i: f"{i + 1}. {name}: {text}"),
    Form("[1] Name: text", lambda name, text, i: f"[{i + 1}] {name}: {text}"),
    Form("**Name.** text", lambda name, text, i: f"**{name}.** {text}"),
    Form("*Name.* text", lambda name, text, i: f"*{name}.* {text}"),
    Form("**Name**, a hard break", lambda name, text, i: f"**{name}**\\\n{text}"),
    Form("Name—text", lambda name, text, i: f"{name}—{text}"),
    Form("<b>Name:</b> text", lambda name, text, i: f"<b>{name}:</b> {text}"),
    Form("Name; text", lambda name, text, i: f"{name}; {text}"),
    Form("Name = text", lambda name, text, i: f"{name} = {text}"),
    Form("Name → text", lambda name, text, i: f"{name} → {text}"),
    Form("{Name} text", lambda name, text, i: f"{{{name}}} {text}"),
    Form("- Name - text", lambda name, text, i: f"- {name} - {text}", parted="\n"),
    Form("0:53 From Name to Everyone: text", lambda name, text, i: f"{at(i, hours=True)}\t From {name} to Everyone: {text}", is_timed=True, parted="\n"),
    Form("0:53 From  Name : text", lambda name, text, i: f"{at(i, hours=True)} From  {name} : {text}", is_timed=True, parted="\n"),
    Form("day and time of a zone, <nick> text", lambda name, text, i: f"2024-03-12T{at(i, hours=True)}+0100 <{name}> {text}", is_timed=True, parted="\n"),
    Form("[time UTC] <nick> text", lambda name, text, i: f"[{at(i, hours=True)} UTC] <{name}> {text}", is_timed=True, parted="\n"),
    Form("○Name　text", lambda name, text, i: f"○議長（{name}）　{text}", lambda name: f"議長（{name}）", parted="\n"),
)  # fmt: skip


def heard(text: str, path: str = "talk.txt") -> Said:
    """Who is said to have said what, and from when; that no word is lost is proven by the way."""
    read = reading(text, path)
    assert fidelity.reading(read) == ()
    return [(one.label, one.start, one.markdown) for one in read.pieces if isinstance(one, Utterance)]


def words(text: str, path: str) -> str:
    """The words of a text as Markdown, which they are already in Markdown."""
    return text if path.endswith(".md") else markup.escape(text)


@pytest.mark.parametrize("path", ["talk.txt", "talk.md"])
@pytest.mark.parametrize("language", CONVERSATIONS)
@pytest.mark.parametrize("form", FORMS, ids=[form.name for form in FORMS])
def test_every_form_of_label_is_read_in_every_language(form: Form, language: str, path: str) -> None:
    """All turns, their labels as printed, their times, and nothing else."""
    conversation = CONVERSATIONS[language]
    text = form.parted.join(form.write(name, words, i) for i, (name, words) in enumerate(conversation)) + "\n"
    assert [(label, said) for label, _, said in heard(text, path)] == [
        (form.label(name), words(said, path)) for name, said in conversation
    ]
    if form.is_timed:
        assert [start for _, start, _ in heard(text, path)] == [i * 14.0 + 3 for i in range(len(conversation))]


@pytest.mark.parametrize("path", ["talk.txt", "talk.md"])
@pytest.mark.parametrize("language", LONG)
def test_words_wrapped_at_72_columns_are_one_paragraph(language: str, path: str) -> None:
    """Names with colons stand at the head of a block; a turn of two blocks has two paragraphs."""
    long = LONG[language]
    conversation = [
        (name, f"{text}\n\n{long}" if i % 2 else f"{long} {text}")
        for i, (name, text) in enumerate(CONVERSATIONS[language])
    ]
    expected, blocks = [], []
    for name, text in conversation:
        wrapped = "\n\n".join(textwrap.fill(one, 72) for one in f"{name}: {text}".split("\n\n"))
        blocks.append(wrapped)
        expected.append((name, words(wrapped.removeprefix(f"{name}:").lstrip(), path)))
    assert [(label, said) for label, _, said in heard("\n\n".join(blocks) + "\n", path)] == expected


@pytest.mark.parametrize("language", LONG)
def test_paragraphs_that_are_set_in_are_told_apart_without_empty_lines(language: str) -> None:
    """As printed proceedings have them: every paragraph's first line is set in, its label too."""
    long = LONG[language]
    conversation = CONVERSATIONS[language]
    lines, expected = [], []
    for name, text in conversation:
        wrapped = textwrap.fill(f"{name}: {text} {long}", 72, initial_indent="    ")
        more = textwrap.fill(long, 72, initial_indent="    ")
        lines += [wrapped, more]
        said = "\n\n".join(one.strip() for one in (wrapped, more)).removeprefix(f"{name}:").lstrip()
        expected.append((name, markup.escape(said)))
    assert [(label, said) for label, _, said in heard("\n".join(lines) + "\n")] == expected


@pytest.mark.parametrize(
    ("language", "titled"),
    [
        ("en", {"Ada Marlowe": "Mrs. MARLOWE", "Tom Birch": "Mr. BIRCH", "Priya Nair": "The PRESIDING OFFICER"}),
        ("fr", {"Hélène Caron": "Mme CARON", "Yves Le Goff": "M. LE GOFF", "Nora Petit": "Mlle PETIT"}),
        ("es", {"Lucía Ferrer": "Sra. FERRER", "Mateo Olmos": "Sr. OLMOS", "Inés Robles": "Sra. ROBLES"}),
        ("de", {"Karin Voss": "Dr. VOSS", "Jörg Ahlers": "Prof. AHLERS", "Mia Straßner": "Dr. STRASSNER"}),
    ],
)
def test_a_title_and_a_surname_with_a_full_stop(language: str, titled: dict[str, str]) -> None:
    """`Mr. SURNAME. text`, wrapped and set in by two spaces, as journals of parliaments print it."""
    conversation = [(titled[name], f"{text} {LONG[language]}") for name, text in CONVERSATIONS[language]]
    blocks = [textwrap.fill(f"{name}. {text}", 72, initial_indent="  ") for name, text in conversation]
    heads = [f"{name}." for name, _ in conversation]
    expected = [
        (name, markup.escape(block.strip().removeprefix(head).lstrip()))
        for (name, _), block, head in zip(conversation, blocks, heads, strict=True)
    ]
    assert [(label, said) for label, _, said in heard("\n".join(blocks) + "\n")] == expected


@pytest.mark.parametrize(
    ("language", "titled"),
    [
        (
            "es",
            {"Lucía Ferrer": "La señora FERRER", "Mateo Olmos": "El señor OLMOS", "Inés Robles": "La señora ROBLES"},
        ),
        ("gl", {"Uxía Castro": "A señora CASTRO", "Brais Loureiro": "O señor LOUREIRO", "Antía Rego": "A señora REGO"}),
    ],
)
@pytest.mark.parametrize("form", ["{}.- {}", "{}.— {}", "{}. – {}", "{}: {}"])
def test_a_form_of_address_and_a_surname_with_a_full_stop_and_a_dash(
    language: str, titled: dict[str, str], form: str
) -> None:
    """`El señor NOMBRE.- texto`."""
    conversation = [(titled[name], text) for name, text in CONVERSATIONS[language]]
    text = "\n".join(form.format(*turn) for turn in conversation) + "\n"
    assert [(label, said) for label, _, said in heard(text)] == [
        (name, markup.escape(one)) for name, one in conversation
    ]


@pytest.mark.parametrize("form", ["— {} : {}", "- {} : {}", "{} : {}"])
def test_french_titles_behind_dashes(form: str) -> None:
    """`— M. Nom : texte`, with a space before the colon, which may be one that doesn't break."""
    titled = {"Hélène Caron": "Mme Caron", "Yves Le Goff": "M. Le Goff", "Nora Petit": "Mme la secrétaire Petit"}
    conversation = [(titled[name], text) for name, text in CONVERSATIONS["fr"]]
    for space in (" ", "\u00a0", "\u202f"):
        text = "\n".join(form.replace(" :", f"{space}:").format(*turn) for turn in conversation) + "\n"
        assert [(label, said) for label, _, said in heard(text)] == conversation


@pytest.mark.parametrize("path", ["talk.txt", "talk.md"])
def test_a_bare_q_and_answers_with_names(path: str) -> None:
    """A press briefing: wrapped at 72 columns, `Q` with spaces, `MS. NAME:`."""
    asked = {"Ada Marlowe": "MS. MARLOWE:  ", "Tom Birch": "Q    ", "Priya Nair": "Q    "}
    conversation = CONVERSATIONS["en"] * 2
    blocks = [textwrap.fill(f"{asked[name]}{text}", 72) for name, text in conversation]
    expected = [
        (asked[name].strip().rstrip(":"), words(block.removeprefix(asked[name].strip()).lstrip(), path))
        for (name, _), block in zip(conversation, blocks, strict=True)
    ]
    assert [(label, said) for label, _, said in heard("\n\n".join(blocks) + "\n", path)] == expected


@pytest.mark.parametrize("form", ["{}: {}", "{}. {}", "{}:\n{}", "**{}:** {}", "**{}**: {}"])
@pytest.mark.parametrize("path", ["talk.txt", "talk.md"])
def test_questions_and_answers(path: str, form: str) -> None:
    """`Q:` and `A:`."""
    conversation = [("QA"[i % 2], text) for i, (_, text) in enumerate(CONVERSATIONS["en"])]
    text = "\n\n".join(form.format(*turn) for turn in conversation) + "\n"
    assert [(label, said) for label, _, said in heard(text, path)] == [
        (who, words(said, path)) for who, said in conversation
    ]


@pytest.mark.parametrize("number", ["Speaker {}", "SPEAKER {}", "Sprecher {}", "Speaker_{}", "spk_{}", "S{}"])
@pytest.mark.parametrize(
    "form", ["[{0}] [{2}] {1}", "{0} ({2}):\n{1}", "{0}  {2}\n{1}", "{0}: {1}", "**{0}:** {1}", "[{0}]: {1}"]
)
def test_numbered_speakers_of_a_machine(number: str, form: str) -> None:
    """`[Speaker 1] [00:00] text`, and its relatives."""
    order: dict[str, int] = {}
    conversation = [(number.format(order.setdefault(name, len(order) + 1)), text) for name, text in CONVERSATIONS["de"]]
    text = "\n\n".join(form.format(*turn, at(i, hours=True)) for i, turn in enumerate(conversation)) + "\n"
    assert [(label, said) for label, _, said in heard(text)] == conversation


@pytest.mark.parametrize(
    "nicks", [("ann_", "bo|away", "kit^2"), ("kayab", "rehrar", "sarang"), ("Ann", "m0n0", "z[m]")]
)
@pytest.mark.parametrize(
    "form",
    ["<{0}> {1}", "{2} <{0}> {1}", "[{2}] <{0}> {1}", "**\\<{0}>** {1}", "**<{0}>** {1}", "2024-05-01T{2}Z <{0}> {1}", "<@{0}> {1}"],
)  # fmt: skip
def test_nicknames_in_angle_brackets(form: str, nicks: tuple[str, str, str]) -> None:
    """IRC, with its clocks and its signs."""
    names = dict(zip(("Ada Marlowe", "Tom Birch", "Priya Nair"), nicks, strict=True))
    conversation = [(names[name], text) for name, text in CONVERSATIONS["en"]]
    text = "\n".join(form.format(*turn, at(i, hours=True)) for i, turn in enumerate(conversation)) + "\n"
    assert [(label, said) for label, _, said in heard(text)] == [
        (nick, markup.escape(said)) for nick, said in conversation
    ]


@pytest.mark.parametrize("form", ["{} ({}):\n{}", "{} ({}): {}"])
@pytest.mark.parametrize("language", CONVERSATIONS)
def test_a_bare_time_goes_on_with_the_same_speaker(language: str, form: str) -> None:
    """`(00:01:02):` on its own is a mark among the words of whoever speaks."""
    conversation = CONVERSATIONS[language]
    blocks, expected = [], []
    for i, (name, text) in enumerate(conversation):
        blocks += [form.format(name, at(i, hours=True), text), f"(00:59:{i:02}):\n{text}"]
        expected.append((name, i * 14.0 + 3, markup.escape(f"{text}\n\n(00:59:{i:02}):\n\n{text}")))
    assert heard("\n\n".join(blocks) + "\n") == expected


def test_a_nickname_that_comes_once_where_turns_begin_with_capitals() -> None:
    """Behind a word of prose a sentence goes on in small letters; here another turn begins."""
    turns = ("Ada: The weir is low.", "Birch: And the geese are back.", "Ada: so they are", "Birch: All nine.")
    long = [f"{turn}\n\nAnother paragraph, which nobody labels.\n\nand one in small letters" for turn in turns * 3]
    said = heard("\n\n".join((*long[:7], "kestrel: Good evening from the mill.", *long[7:])))
    assert ("kestrel", "Good evening from the mill.") not in [(label, words) for label, _, words in said]  # too few
    large = [one.replace("so they are", "So they are.") for one in long]
    said = heard("\n\n".join((*large[:7], "kestrel: Good evening from the mill.", "caution: it is late", *large[7:])))
    assert ("kestrel", "Good evening from the mill.\n\ncaution: it is late") in [
        (name, words) for name, _, words in said
    ]


def test_where_labels_are_in_capitals_a_name_in_small_letters_is_an_address() -> None:
    """In a chat: it is told, and stays with whoever says it."""
    turns = ("HERON: who has the key?", "GREBE: heron took it", "HERON: right", "GREBE: so we wait")
    text = "\n\n".join((*turns, "heron: or do you come here?", *turns, "grebe: yes, at once", *turns))
    said = [(label, words) for label, _, words in heard(text)]
    assert ("GREBE", "so we wait\n\nheron: or do you come here?") in said
    assert {one.line for one in reading(text).diagnostics if one.code == "RT206"} == {9, 19}


def test_a_message_to_one_person_is_of_who_sends_it() -> None:
    """The chat beside a video call says to whom; the page does too."""
    text = (
        "10:15:02\t From Ana Lu to Everyone:\n\tHello.\n10:15:05\t From Tom Reis to Everyone:\n\tHi.\n"
        "10:15:09\t From Ana Lu to Tom Reis(Direct Message):\n\tDid you see it?\n"
    )
    assert [(label, words) for label, _, words in heard(text)] == [
        ("Ana Lu", "Hello."), ("Tom Reis", "Hi."), ("Ana Lu", "to Tom Reis(Direct Message):\n\nDid you see it?"),
    ]  # fmt: skip
    document, _ = attribute(reading(text), "en")
    assert isinstance(document, Transcript)
    assert {one.id for one in document.speakers} == {"ana-lu", "tom-reis"}


def test_a_phrase_that_recurs_before_colons_hides_no_names_of_a_softer_form() -> None:
    """It has the louder sign, but is no name."""
    phrases = [f"Meine erste Frage lautet: wie viele? Es sind {i}." for i in range(4)]
    turns = [(("Karin Voss", "Jörg Ahlers")[i % 2], phrases[i // 2] if i % 2 else f"Ja, {i}.") for i in range(8)]
    text = "\n\n".join(f"{name}\n{said}" for name, said in turns) + "\n"
    assert [label for label, _, _ in heard(text)] == [name for name, _ in turns]


def test_letters_without_capitals_are_no_names_before_a_full_stop() -> None:
    """What recurs before a full stop is a sentence, in scripts that do not tell."""
    turns = [("ليلى حداد", "نعم. الطقس بارد اليوم"), ("سامر النجار", "لا. البحر هادئ")] * 4
    text = "\n\n".join(f"[{name}] {said}" for name, said in turns) + "\n"
    assert [label for label, _, _ in heard(text)] == [name for name, _ in turns]


@pytest.mark.parametrize("form", ["{}\n{}\n", "{}, 0:12\n{}\n", "0:12\n{}\n{}\n", "{}:\n{}\n"])
def test_a_grade_behind_a_name_ends_no_sentence(form: str) -> None:
    """Names stand alone on their lines, one of them with a full stop."""
    turns = [("ANA R. LIND, ESQ.", "The weir is low."), ("JUSTICE REIS", "Is it?"), ("GENERAL OZ", "Very.")] * 4
    text = "\n".join(form.format(name, said) for name, said in turns)
    assert [label for label, _, _ in heard(text)] == [name for name, _ in turns]


def test_an_office_behind_a_comma_belongs_to_the_name_before_a_full_stop() -> None:
    """As France's assembly prints it, for somebody who speaks once too."""
    text = (
        "M. le président. La séance est ouverte.\n\nM. Petit, ministre. Je vous remercie.\n\n"
        "Mme Anne Roux, rapporteure. La commission est d’accord.\n\nM. le président. Merci.\n"
    )
    assert [label for label, _, _ in heard(text)] == [
        "M. le président", "M. Petit, ministre", "Mme Anne Roux, rapporteure", "M. le président",
    ]  # fmt: skip


def test_a_phrase_above_a_time_speaks_where_nearly_all_others_are_names() -> None:
    """Somebody in the hall, whom nobody named."""
    names = ["Ana Lu", "Tom Reis"] * 5
    names[5] = "Z głębi sali"
    text = "\n\n".join(f"{name}\n00:0{i}:12\nWords number {i}." for i, name in enumerate(names)) + "\n"
    assert [label for label, _, _ in heard(text)] == names


def test_who_is_introduced_with_an_office_and_then_named_plainly_is_one_person() -> None:
    """The first label says more than the others."""
    turns = [("Ana Lu, harbour master, Port of Lindhaven", "Hello."), ("Tom Reis, moderator", "Hi."), ("Ana Lu", "So.")]
    text = "\n\n".join(
        f"{name}: {said}" for name, said in (*turns, ("Tom Reis", "Yes."), *turns[2:], ("Tom Reis", "No."))
    )
    assert [label for label, _, _ in heard(text)][:2] == [name for name, _ in turns[:2]]
    document, _ = attribute(reading(text), "en")
    assert isinstance(document, Transcript)
    assert {one.name for one in document.speakers} == {"Ana Lu", "Tom Reis"}


def test_a_translator_and_who_is_translated_are_two() -> None:
    """A name that somebody speaks for is no surname."""
    turns = [("Ms. Lind", "Welcome."), ("Translator for Mr. Putov", "He thanks you."), ("Mr. Putov", "Yes.")]
    text = "\n\n".join(f"{name}: {said}" for name, said in turns * 2)
    document, _ = attribute(reading(text), "en")
    assert isinstance(document, Transcript)
    assert {one.name for one in document.speakers} == {name for name, _ in turns}


def test_a_scribe_goes_on_with_somebodys_words() -> None:
    """Minutes break long turns."""
    text = (
        "<scribe> Ana: Is it low?\n<scribe> … at night?\n<scribe> Tom: Very.\n<scribe> Ana: Oh.\n<scribe> ... well.\n"
    )
    assert heard(text) == [
        ("Ana", None, "Is it low?"), ("Ana", None, "at night?"), ("Tom", None, "Very."), ("Ana", None, "Oh."),
        ("Ana", None, "well."),
    ]  # fmt: skip


def test_a_log_with_tabs_and_what_its_program_says() -> None:
    """Who joins and who leaves says nothing."""
    lines = (
        "-->\tana (~ana@host.example) has joined",
        "ana\thello",
        "@tom\thi ana",
        "ana\thow is it: low?",
        "<--\tana has quit",
    )
    text = "".join(f"2021-05-03 10:15:0{i}\t{line}\n" for i, line in enumerate(lines))
    assert [label for label, _, _ in heard(text)] == [None, "ana", "@tom", "ana", None]


def test_days_below_messages_are_nobodys() -> None:
    """As some networks export them: a name, words, and when they were sent."""
    turns = [
        ("Ana Lu", "Are you coming?"),
        ("Tom Reis", "At noon.\nOr later."),
        ("Ana Lu", "Fine."),
        ("Tom Reis", "Good."),
    ]
    text = "".join(f"{name}\n{said}\nMay {i + 3}, 2021 10:15 AM\n\n" for i, (name, said) in enumerate(turns))
    assert [label for label, _, _ in heard(text) if label] == [name for name, _ in turns]
    assert [said for label, _, said in heard(text) if not label] == [f"May {i}, 2021 10:15 AM" for i in range(3, 7)]


def test_directions_that_name_speakers_are_nobodys() -> None:
    """In plays, a name with a full stop speaks, and "Enter" is no name."""
    text = "ANNA. Who is it?\n\nTOM. It is me.\n\nEnter ANNA and TOM.\n\nANNA. Go home.\n\nTOM. No.\n\nExit TOM.\n"
    assert [label for label, _, _ in heard(text)] == ["ANNA", "TOM", None, "ANNA", "TOM", None]


@pytest.mark.parametrize("mark", ["[laughs] ", "\\[04:01\\] ", "(00:12) ", "[inaudible] "])
@pytest.mark.parametrize("names", [("Mr. Lind", "Ms. Reis"), ("MR. LIND", "MS. REIS")])
def test_a_mark_between_a_full_stop_and_words_hides_no_label(names: tuple[str, str], mark: str) -> None:
    """Somebody laughs before they speak."""
    text = "".join(f"{name}. {mark if i == 2 else ''}The weir is low.\n\n" for i, name in enumerate(names * 3))
    assert [label for label, _, _ in heard(text)] == [*names * 3]


def test_initials_that_spell_a_word_are_labels_where_labels_are_in_capitals() -> None:
    """So is nobody's name; SO may be somebody's initials."""
    turns = [("WH", "Is it low?"), ("SO", "It is."), ("NB", "Very.")] * 3
    text = "\n\n".join(f"{name}: {said}" for name, said in turns) + "\n"
    assert [label for label, _, _ in heard(text)] == [name for name, _ in turns]


@pytest.mark.parametrize("label", ["Ana Duarte: ", "Ana Duarte:\n", "陳美玲：", "ANA DUARTE: "])
@pytest.mark.parametrize("title", ["", "A Speech at the Quay\n\n"])
def test_who_alone_speaks_is_the_speaker_and_is_asked_about(title: str, label: str) -> None:
    """Though no other label says how labels are written, and sentences that begin paragraphs are more than one."""
    words = "The harbour was built in 1900.\n\nThen came the flood. It lasted.\n\nNobody knew. They rowed."
    read = reading(f"{title}{label}{words}\n", "a.txt")
    spoken = [piece for piece in read.pieces if isinstance(piece, Utterance)]
    assert [(piece.label, piece.markdown) for piece in spoken] == [(label.rstrip(":： \n"), words)]
    assert "RT211" in [one.code for one in read.diagnostics]
