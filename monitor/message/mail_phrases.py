"""What mail programs of many languages write where they quote or forward another mail.

Data alone: the rules stand in ``message/other_mail.py``. German and English are complete as far as known; of other
languages there is what the programs of clients abroad write. All words are in lower case.
"""

from __future__ import annotations

# The names of header fields, by what they tell of the other mail.
SENDER = frozenset(
    {
        "von", "absender", "from", "sender", "de", "de la", "expéditeur", "van", "fra", "från", "da", "mittente",
        "remetente", "od", "lähettäjä", "feladó", "kimden", "от", "від", "发件人", "寄件者", "差出人", "보낸 사람",
    }
)  # fmt: skip
TIME = frozenset(
    {
        "gesendet", "gesendet am", "datum", "sent", "date", "sent on", "envoyé", "envoyé le", "message du", "verzonden",
        "verzonden op", "sendt", "dato", "skickat", "skickat den", "enviado", "enviado el", "enviado em", "enviada em",
        "enviada", "fecha", "data", "inviato", "wysłano", "wysłane", "lähetetty", "päiväys", "päivämäärä", "elküldve",
        "küldve", "dátum", "odesláno", "odoslané", "gönderilme", "gönderildi", "tarih", "отправлено", "дата",
        "надіслано", "trimis", "发送时间", "发送日期", "日期", "寄件日期", "送信日時", "日付", "보낸 날짜",
    }
)  # fmt: skip
RECIPIENT = frozenset(
    {
        "an", "empfänger", "kopie", "cc", "bcc", "to", "copy to", "à", "a", "copie à", "copie", "destinataire",
        "aan", "til", "kopi", "till", "kopia", "para", "per", "destinatario", "do", "dw", "vastaanottaja", "kopio",
        "címzett",
        "másolat", "komu", "kime", "bilgi", "кому", "копия", "копія", "către", "收件人", "抄送", "宛先", "받는 사람",
        "참조",
    }
)  # fmt: skip
SUBJECT = frozenset(
    {
        "betreff", "subject", "re", "objet", "sujet", "onderwerp", "emne", "ämne", "assunto", "asunto", "oggetto",
        "temat", "aihe", "tárgy", "předmět", "predmet", "konu", "тема", "subiect", "主题", "主旨", "件名", "제목",
    }
)  # fmt: skip
OTHER_FIELDS = frozenset(
    {
        "antwort an", "reply-to", "priorität", "wichtigkeit", "anlagen", "anhänge", "importance", "priority",
        "attachments", "organisation", "organization", "reply to", "message-id", "newsgroups", "prioriteit", "bijlagen",
        "importância", "anexos", "vedhæftede filer", "pièces jointes", "signed by", "mailed-by",
    }
)  # fmt: skip

# "… wrote:" in the line above the quoted mail.
WROTE = (
    "schrieb", "schrieben", "geschrieben", "wrote", "writes", "a écrit", "écrit", "schreef", "geschreven", "skrev",
    "har skrevet", "escreveu", "escribió", "ha scritto", "scrive", "napisał", "napisał(a)", "napisała", "pisze",
    "kirjoitti", "írta", "napsal", "napsal(a)", "napísal", "yazdı", "написал", "написал(а)", "написала", "пишет",
    "пише", "a scris", "写道", "寫道", "のメール", "작성",
)  # fmt: skip

# How such a line begins, before the date.
ATTRIBUTION_BEGINS = (
    "am", "on", "le", "el", "il", "il giorno", "op", "den", "em", "dnia", "w dniu", "dne", "в", "на", "a", "pe", "la",
)  # fmt: skip
WEEKDAYS = (
    "mo", "di", "mi", "do", "fr", "sa", "so", "montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag",
    "sonntag", "mon", "tue", "wed", "thu", "fri", "sat", "sun", "man", "tir", "ons", "tor", "tors", "fre", "lør", "søn",
    "ma", "wo", "vr", "za", "zo", "lun", "mar", "mer", "jeu", "ven", "sam", "dim", "seg", "ter", "qua", "qui", "sex",
)  # fmt: skip

# What stands alone above a mail that is answered or forwarded.
SEPARATORS = (
    "ursprüngliche nachricht", "ursprüngliche e-mail", "original nachricht", "original-nachricht", "originalnachricht",
    "urspr. mitteilung", "weitergeleitete nachricht", "anfang der weitergeleiteten nachricht", "weitergeleitet von",
    "anfang der weitergeleiteten e-mail", "ende der weitergeleiteten nachricht",
    "original message", "original-message", "original email", "original mail", "original appointment", "reply message",
    "forwarded message", "forwarded by", "forwarded mail", "begin forwarded message", "quoted message",
    "replied message",
    "reply to message", "message d'origine", "message original", "message initial", "message transféré",
    "message transmis", "début du message réexpédié", "début du message transféré", "oorspronkelijk bericht",
    "oorspronkelijk e-mailbericht", "doorgestuurd bericht", "begin doorgestuurd bericht", "oprindelig meddelelse",
    "oprindelig besked", "videresendt meddelelse", "videresendt besked", "start på videresendt besked",
    "opprinnelig melding", "videresendt melding", "ursprungligt meddelande", "originalmeddelande",
    "vidarebefordrat meddelande", "mensagem original", "mensagem encaminhada", "mensagem reencaminhada",
    "mensaje original", "mensaje reenviado", "messaggio originale", "messaggio inoltrato", "inizio messaggio inoltrato",
    "wiadomość oryginalna", "oryginalna wiadomość", "wiadomość przekazana dalej", "treść przekazanej wiadomości",
    "alkuperäinen viesti", "eredeti üzenet", "původní zpráva", "исходное сообщение", "пересылаемое сообщение",
    "оригинальное сообщение", "原始邮件", "转发的邮件", "원본 메시지", "元のメッセージ",
)  # fmt: skip

# Separators that bear no dashes because they are a line of their own words.
OPENINGS = ("anfang der", "begin ", "début du", "start på", "inizio ")
