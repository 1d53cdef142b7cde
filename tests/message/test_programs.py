"""The writer's own words, whatever program wrote the mail: one mail of each, written for this test."""

from __future__ import annotations

import pytest

from monitor.mailbox.raw_message import WholeMail
from monitor.message.own_words import own_words
from monitor.message.reading import read_message

ANSWER = "Liebe Jana,\n\nDienstag um 10 Uhr passt mir gut.\n\nViele Grüße\nGeorg"
ASKED = "Lieber Georg,\n\npasst Dienstag um 10 Uhr? Oder lieber am Mittwoch?\n\nHerzlich\nJana"
QUOTED = "\n".join(f"> {line}".rstrip() for line in ASKED.split("\n"))

PLAIN = {
    "Outlook, German": "Von: Jana Weber <jana@weber-coaching.example>\nGesendet: Donnerstag, 12. März 2026 09:14\n"
    "An: Georg Prantl <georg@prantl.example>\nCc: Buchhaltung\nBetreff: Termin\n\n" + ASKED,
    "Outlook, English": "From: Jana Weber <jana@weber-coaching.example>\nSent: Thursday, March 12, 2026 9:14 AM\n"
    "To: Georg Prantl <georg@prantl.example>\nSubject: Termin\nImportance: High\n\n" + ASKED,
    "Outlook of former years": "-----Ursprüngliche Nachricht-----\nVon: Jana Weber [mailto:jana@weber-coaching.example]\n"
    "Gesendet: Donnerstag, 12. März 2026 09:14\nAn: 'Georg Prantl'\nBetreff: Termin\n\n" + ASKED,
    "Outlook.com": "________________________________\nVon: Jana Weber <jana@weber-coaching.example>\n"
    "Gesendet: Donnerstag, 12. März 2026 09:14\nAn: Georg Prantl <georg@prantl.example>\nBetreff: Termin\n\n" + ASKED,
    "Outlook on a phone": "Outlook für iOS<https://aka.example/o0ukef> beziehen\n________________________________\n"
    "Von: Jana Weber\nGesendet: Donnerstag, 12. März 2026 09:14\nAn: Georg\nBetreff: Termin\n\n" + ASKED,
    "Apple Mail, German": "Am 12.03.2026 um 09:14 schrieb Jana Weber <jana@weber-coaching.example>:\n\n" + QUOTED,
    "Apple Mail, English": "On 12. Mar 2026, at 09:14, Jana Weber <jana@weber-coaching.example> wrote:\n\n" + QUOTED,
    "Apple Mail, forwarded": "Anfang der weitergeleiteten Nachricht:\n\nVon: Jana Weber <jana@weber-coaching.example>\n"
    "Betreff: Termin\nDatum: 12. März 2026 um 09:14:51 MEZ\nAn: Georg Prantl\n\n" + ASKED,
    "iPhone, German": "Von meinem iPhone gesendet\n\nAm 12.03.2026 um 09:14 schrieb Jana Weber <jana@weber-coaching.example>:\n\n"
    + QUOTED,
    "iPhone, English": "Sent from my iPhone\n\nOn 12. Mar 2026, at 09:14, Jana Weber <jana@weber-coaching.example> wrote:\n\n"
    + QUOTED,
    "Gmail, German": "Am Do., 12. März 2026 um 09:14 Uhr schrieb Jana Weber <\njana@weber-coaching.example>:\n\n" + QUOTED,
    "Gmail, English": "On Thu, Mar 12, 2026 at 9:14 AM Jana Weber <jana@weber-coaching.example>\nwrote:\n\n" + QUOTED,
    "Gmail, forwarded": "---------- Forwarded message ---------\nVon: Jana Weber <jana@weber-coaching.example>\n"
    "Date: Do., 12. März 2026 um 09:14 Uhr\nSubject: Termin\nTo: <georg@prantl.example>\n\n\n" + ASKED,
    "Gmail of former years": "2026-03-12 9:14 GMT+01:00 Jana Weber <jana@weber-coaching.example>:\n\n" + QUOTED,
    "Thunderbird, German": "Am 12.03.26 um 09:14 schrieb Jana Weber:\n" + QUOTED,
    "Thunderbird, English": "On 12/03/2026 09:14, Jana Weber wrote:\n" + QUOTED,
    "Thunderbird, forwarded": "-------- Weitergeleitete Nachricht --------\nBetreff: \tTermin\nDatum: \tThu, 12 Mar 2026 09:14:51 +0100\n"
    "Von: \tJana Weber <jana@weber-coaching.example>\nAn: \tGeorg Prantl <georg@prantl.example>\n\n" + ASKED,
    "GMX": "Gesendet: Donnerstag, 12. März 2026 um 09:14 Uhr\nVon: \"Jana Weber\" <jana@weber-coaching.example>\n"
    "An: georg@prantl.example\nBetreff: Termin\n\n" + ASKED,
    "web.de": "--\nDiese Nachricht wurde von meinem Android Mobiltelefon mit WEB.DE Mail gesendet.\n"
    "Am 12.03.26, 09:14 schrieb Jana Weber <jana@weber-coaching.example>:\n" + QUOTED,
    "GMX on a phone": "Diese Nachricht wurde von meinem Android Mobiltelefon mit GMX Mail gesendet.\n\n"
    "Am 12.03.26, 09:14, Jana Weber <jana@weber-coaching.example> schrieb:\n\n" + ASKED,
    "T-Online": "-----Original-Nachricht-----\nBetreff: Termin\nDatum: 2026-03-12T09:14:51+0100\n"
    'Von: "Jana Weber" <jana@weber-coaching.example>\nAn: "Georg Prantl" <georg@prantl.example>\n\n' + ASKED,
    "T-Online on a phone": "Gesendet mit der Telekom Mail App\n\n--- Original-Nachricht ---\nVon: Jana Weber\nBetreff: Termin\n"
    "Datum: 12.03.2026, 9:14 Uhr\nAn: Georg\n\n" + ASKED,
    "Samsung, German": "Von meinem Galaxy gesendet\n\n-------- Ursprüngliche Nachricht --------\nVon: Jana Weber <jana@weber-coaching.example>\n"
    "Datum: 12.03.26 09:14 (GMT+01:00)\nAn: Georg Prantl <georg@prantl.example>\nBetreff: Termin\n\n" + ASKED,
    "Samsung, English": "Sent from my Galaxy\n\n-------- Original message --------\nFrom: Jana Weber\nDate: 12/03/2026 09:14 (GMT+01:00)\n"
    "To: Georg Prantl\nSubject: Termin\n\n" + ASKED,
    "Yahoo": "Am Donnerstag, 12. März 2026 um 09:14:51 MEZ hat Jana Weber <jana@weber-coaching.example> Folgendes geschrieben:\n\n"
    + ASKED,
    "Zoho": "---- On Thu, 12 Mar 2026 09:14:51 +0100 Jana Weber <jana@weber-coaching.example> wrote ----\n\n" + ASKED,
    "Proton": "Gesendet mit Proton Mail sicherer E-Mail.\n\nAm Donnerstag, 12. März 2026 um 09:14, Jana Weber "
    "<jana@weber-coaching.example> schrieb:\n\n" + QUOTED,
    "Lotus Notes": "Von:        Jana Weber/Coaching\nAn:        Georg Prantl/Moebel@Moebel\nDatum:        12.03.2026 09:14\n"
    "Betreff:        Termin\n\n" + ASKED,
    "French": "De : Jana Weber <jana@weber-coaching.example>\nEnvoyé : jeudi 12 mars 2026 09:14\nÀ : Georg Prantl\nObjet : Termin\n\n"
    + ASKED,
    "French, Apple": "Le 12 mars 2026 à 09:14, Jana Weber <jana@weber-coaching.example> a écrit :\n\n" + QUOTED,
    "French, Gmail": "Le jeu. 12 mars 2026 à 09:14, Jana Weber <jana@weber-coaching.example> a\nécrit :\n\n" + QUOTED,
    "French, Orange": "> Message du 12/03/26 09:14\n> De : \"Jana Weber\" <jana@weber-coaching.example>\n> A : \"Georg\"\n> Objet : Termin\n>\n"
    + QUOTED,
    "Dutch": "Van: Jana Weber <jana@weber-coaching.example>\nVerzonden: donderdag 12 maart 2026 09:14\nAan: Georg Prantl\n"
    "Onderwerp: Termin\n\n" + ASKED,
    "Dutch, Gmail": "Op do 12 mrt 2026 om 09:14 schreef Jana Weber <\njana@weber-coaching.example>:\n\n" + QUOTED,
    "Dutch, Apple": "Verstuurd vanaf mijn iPhone\n\nOp 12 mrt. 2026 om 09:14 heeft Jana Weber <jana@weber-coaching.example> het "
    "volgende geschreven:\n\n" + QUOTED,
    "Danish": "Fra: Jana Weber <jana@weber-coaching.example>\nSendt: 12. marts 2026 09:14\nTil: Georg Prantl\nEmne: Termin\n\n" + ASKED,
    "Danish, Apple": "Den 12. mar. 2026 kl. 09.14 skrev Jana Weber <jana@weber-coaching.example>:\n\n" + QUOTED,
    "Portuguese": "De: Jana Weber <jana@weber-coaching.example>\nEnviado: 12 de março de 2026 09:14\nPara: Georg Prantl\nAssunto: Termin\n\n"
    + ASKED,
    "Portuguese, Gmail": "Em qui., 12 de mar. de 2026 às 09:14, Jana Weber <jana@weber-coaching.example>\nescreveu:\n\n" + QUOTED,
    "Spanish": "El jue, 12 mar 2026 a las 9:14, Jana Weber (<jana@weber-coaching.example>)\nescribió:\n\n" + QUOTED,
    "Italian": "Il giorno gio 12 mar 2026 alle ore 09:14 Jana Weber <jana@weber-coaching.example> ha scritto:\n\n" + QUOTED,
    "Swedish": "Från: Jana Weber\nSkickat: den 12 mars 2026 09:14\nTill: Georg\nÄmne: Termin\n\n" + ASKED,
    "a language that nobody has told": "2026. 03. 12. 9:14 időpontban Jana Weber közölte:\n" + QUOTED,
}  # fmt: skip

HTML_ANSWER = "<p>Liebe Jana,</p><p>Dienstag um 10 Uhr passt mir gut.</p><p>Viele Grüße<br>Georg</p>"
HTML_ASKED = "<p>Lieber Georg,</p><p>passt Dienstag um 10 Uhr? Oder lieber am Mittwoch?</p><p>Herzlich<br>Jana</p>"
HEADER = "<b>Von:</b> Jana Weber<br><b>Gesendet:</b> Donnerstag, 12. März 2026 09:14<br><b>An:</b> Georg<br><b>Betreff:</b> Termin"

HTML = {
    "Gmail": '<div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">Am Do., 12. März 2026 um 09:14 Uhr schrieb '
    f'Jana Weber &lt;<a href="mailto:x">jana@weber-coaching.example</a>&gt;:<br></div><blockquote class="gmail_quote">{HTML_ASKED}</blockquote></div>',
    "Apple Mail": f"<br><div><blockquote type=cite><div>Am 12.03.2026 um 09:14 schrieb Jana Weber &lt;j@weber.example&gt;:</div>{HTML_ASKED}</blockquote></div>",
    "iPhone": "<div dir=ltr>Von meinem iPhone gesendet</div><div dir=ltr><br><blockquote type=cite>Am 12.03.2026 um 09:14 schrieb Jana Weber:"
    f"<br><br></blockquote></div><blockquote type=cite>{HTML_ASKED}</blockquote>",
    "Thunderbird": f'<div class="moz-cite-prefix">Am 12.03.26 um 09:14 schrieb Jana Weber:<br></div><blockquote type="cite" cite="mid:x">{HTML_ASKED}</blockquote>',
    "Outlook": "<div><div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'>"
    f"<p class=MsoNormal>{HEADER}<o:p></o:p></p></div></div>{HTML_ASKED}",
    "Outlook on the web": f'<div id="appendonsend"></div><hr style="display:inline-block;width:98%"><div id="divRplyFwdMsg" dir="ltr">{HEADER}</div>{HTML_ASKED}',
    "Outlook on a phone": '<div class="ms-outlook-mobile-signature">Outlook für iOS beziehen</div><hr>'
    f'<div id="divRplyFwdMsg">{HEADER}</div>{HTML_ASKED}',
    "Outlook for Mac": f'<div id="mail-editor-reference-message-container"><div>{HEADER}</div>{HTML_ASKED}</div>',
    "GMX and web.de": f'<div>&nbsp;<div name="quote" style="border-left:2px solid #C3D9E5"><div>{HEADER}</div><div name="quoted-content">{HTML_ASKED}</div></div></div>',
    "Yahoo": '<div id="yahoo_quoted_1" class="yahoo_quoted"><div>Am Donnerstag, 12. März 2026 um 09:14:51 MEZ hat Jana Weber '
    f"&lt;j@weber.example&gt; Folgendes geschrieben:</div><div>{HTML_ASKED}</div></div>",
    "Proton": f'<div class="protonmail_quote">Am Donnerstag, 12. März 2026 um 09:14, Jana Weber &lt;j@weber.example&gt; schrieb:<br><blockquote>{HTML_ASKED}</blockquote></div>',
    "Samsung": "<div>Von meinem Galaxy gesendet</div><div>-------- Ursprüngliche Nachricht --------</div>"
    f"<div>Von: Jana Weber</div><div>Datum: 12.03.26 09:14 (GMT+01:00)</div><div>An: Georg</div><div>Betreff: Termin</div>{HTML_ASKED}",
}


@pytest.mark.parametrize("program", PLAIN)
def test_an_answer_above_the_quoted_mail_is_all_that_is_left(program: str) -> None:
    assert own_words(f"{ANSWER}\n\n{PLAIN[program]}") == ANSWER


# These put their own line above what they quote: a signature, below which nobody is expected to write.
OWN_LINE_ABOVE = {"iPhone, German", "iPhone, English", "web.de", "Proton", "Dutch, Apple"}


@pytest.mark.parametrize(
    "program", [name for name, quoted in PLAIN.items() if quoted.endswith(QUOTED) and name not in OWN_LINE_ABOVE]
)
def test_an_answer_below_the_quoted_mail_is_all_that_is_left(program: str) -> None:
    assert own_words(f"{PLAIN[program]}\n\n{ANSWER}") == ANSWER


@pytest.mark.parametrize("program", HTML)
def test_an_answer_in_html_is_all_that_is_left(program: str) -> None:
    data = f"From: georg@prantl.example\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<html><body>{HTML_ANSWER}{HTML[program]}</body></html>"

    assert read_message(WholeMail(data.encode())).text == ANSWER


def test_answers_between_the_lines_are_kept_in_html() -> None:
    body = (
        '<div class="gmail_quote"><div class="gmail_attr">Am Do., 12. März 2026 um 09:14 Uhr schrieb Jana &lt;j@weber.example&gt;:</div>'
        "<blockquote class=gmail_quote>Passt Dienstag?</blockquote><div>Ja, sehr gut sogar.</div>"
        "<blockquote class=gmail_quote>Und die Liste?</blockquote><div>Die kommt morgen.</div></div>"
    )
    data = f"From: georg@prantl.example\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{body}"

    assert read_message(WholeMail(data.encode())).text == "Ja, sehr gut sogar.\n\nDie kommt morgen."


def test_the_end_of_a_quoted_line_that_a_program_broke_is_no_answer() -> None:
    text = (
        "Gern.\n\nAm 12.03.2026 um 09:14 schrieb Jana:\n> ich würde gern wissen, ob wir uns am kommenden Dienstag schon um zehn\n"
        "treffen können oder erst\n> am Nachmittag.\n"
    )

    assert own_words(text) == "Gern."


@pytest.mark.parametrize(
    "text",
    [
        "Hallo Jana,\n\nam 12.03. schrieb ich dir:\n\nIch komme später. Das gilt noch.",
        "Hi Jana,\n\nOn Monday at 10:15 we wrote:\n\nNobody answered. Please do.",
        "Von: München\nAn: jemanden, der mir hilft\n\nIch suche eine Fahrt.",
        "Hallo,\n\nhier die Punkte:\n\n- Montag\n- Dienstag\n\n- Mittwoch",
        "Hej,\n\nSvar.\n\nDet var alt.",
        "Sent from my desk, which is much easier than my phone.\n\nHi Jana, all good.",
        "Kurz: ja.\n\nBitte schau auf www.prantl.example nach, dort steht alles.",
    ],
)
def test_what_only_looks_like_it_stays(text: str) -> None:
    assert own_words(text) == text


def test_an_answer_written_below_an_opening_line_without_marks_is_kept() -> None:
    assert own_words('On 12 Mar 2026 09:14, "Jana Weber" <j@weber.example> wrote:\n\nYes, it does.') == "Yes, it does."
