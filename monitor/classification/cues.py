"""Cues: marks of a segment that carry meaning across topics, in German and English.

A client coach and a dog trainer are asked about different things with the same small words. Each cue is one
named pattern on the lower-cased segment; the names are shown to people by ``explain``.
"""

from __future__ import annotations

from functools import lru_cache

import re2

from monitor.classification.folding import fold

_PATTERNS: dict[str, str] = {
    # --- how it is said
    "question": r"\?",
    "exclamation": r"!",
    "ellipsis": r"\.\.\.|…",
    "you_formal": r"\b(?:sie|ihnen|ihr|ihre[nmrs]?)\b",
    "you": r"\b(?:du|dir|dich|dein\w{0,2}|euch|euer|eure\w?|you|your|yours|yourself|u)\b",
    "i": r"\b(?:ich|mir|mich|i|me|i'm|i'll|i've|i'd|im|ive)\b",
    "my": r"\b(?:mein\w{0,2}|my|mine)\b",
    "we": r"\b(?:wir|uns|unser\w{0,2}|we|us|our|ours|we're|we've|we'll)\b",
    "third_person": r"\b(?:er|ihm|ihn|he|she|him|her|they|them|their|his|mein (?:mann|chef|sohn|vater|bruder|partner|freund)|meine (?:frau|chefin|tochter|mutter|schwester|kollegin|partnerin|freundin)|my (?:husband|wife|boss|son|daughter|mother|father|sister|brother|partner|friend))\b",
    "ask_can_you": r"\b(?:kannst|könntest|koenntest|könnten sie|koennten sie|können sie|koennen sie|könntet|kannste|magst|möchtest|würdest|wuerdest|würden sie|wuerden sie|dürfte ich sie|darf ich (?:sie|dich)|hättest du|haettest du|hätten sie|haetten sie|wärst du|wären sie|bist du so|seien sie so|can you|could you|would you|will you|can u|could u|would it be (?:possible|ok|okay|alright)|any chance|mind (?:if|having|taking|giving)|are you able|do you mind|possible for you)\b",
    "ask_can_we": r"\b(?:können wir|koennen wir|könnten wir|koennten wir|sollen wir|wollen wir|wollten wir|can we|could we|shall we|should we|may we)\b",
    "ask_may_i": r"\b(?:kann ich|könnte ich|koennte ich|darf ich|dürfte ich|soll ich|sollte ich|muss ich|can i|could i|may i|shall i|should i|do i (?:need|have)|am i allowed|is it ok(?:ay)? (?:if|to))\b",
    "ask_is_it": r"\b(?:ist das|wäre das|waere das|passt das|geht das|ginge das|stimmt das|is that|is this|would that|does that|is it|was meinst|was meinen|was denkst|was sagst|was sagen sie|what do you (?:think|say)|ok so|okay so|so ok|in ordnung|thumbs up|green light|go ahead|daumen|grünes licht|freigabe|absegnen|segen|einverstanden)\b",
    "wish": r"\b(?:hätte gern\w?|haette gern\w?|würde gern\w?|wuerde gern\w?|möchte\w?|moechte\w?|wünsche mir|wünschte|brauch\w{0,4}|bräuchte\w?|braeuchte\w?|wäre (?:super|toll|schön|lieb|klasse|prima|dankbar|froh|mir)|fände es|i'd (?:like|love|appreciate|be grateful)|i would (?:like|love|appreciate|be)|i want|i need|we need|wish|hoping|grateful if|appreciate if|would be (?:great|lovely|good|ideal|nice|helpful|wonderful)|it'd be)\b",
    "if_you": r"\b(?:falls (?:du|sie|ihr)|wenn (?:du|sie|ihr)|sofern (?:du|sie)|if you|if u|should you|in case you|unless you|when you (?:get|have))\b",
    "whether": r"\b(?:ob|whether|if it|if this|if that)\b",
    "please": r"\b(?:bitte|bitten|ersuche|please|pls|plz|kindly)\b",
    "begins_with_order": r"^\W{0,3}(?:bitte |please |kindly |pls |just |also |dann |und |and )?(?:schick\w{0,3}|sende\w{0,2}|mach\w{0,2}|ruf\w{0,2}|sag\w{0,2}|gib|gebt|geben sie|schreib\w{0,2}|schau\w{0,2}|guck\w{0,2}|lies|lesen sie|nimm|nehmen sie|hilf|meld\w{0,2}|klär\w{0,2}|prüf\w{0,2}|überleg\w{0,2}|trag\w{0,2}|stell\w{0,2}|leg\w{0,2}|lass\w{0,2}|kümmer\w{0,2}|besorg\w{0,2}|korrigier\w{0,2}|send|fix|call|ring|let me|tell|give|write|have a look|take a look|look|read|check|add|put|make|book|move|get|reply|answer|help|bring|draft|find|ask|talk|text|phone|ping|come|stay|keep|do)\b",
    "question_word": r"\b(?:wie|was|warum|wieso|weshalb|wann|welche\w?|wo|woran|wodurch|womit|wozu|how|what|why|when|which|where)\b",
    "negation": r"\b(?:nicht|kein\w{0,2}|nie|niemals|nichts|ohne|weder|not|no|never|nothing|without|don't|doesn't|didn't|won't|can't|cannot|isn't|wasn't|haven't|hasn't|dont|cant|wont|nor|neither|none)\b",
    "no_need": r"\b(?:musst (?:du )?(?:nicht|nix|nichts|mir)|müssen sie (?:nicht|nichts|mir)|brauchst (?:du )?(?:nicht|nichts|mir)|brauchen sie|nicht nötig|kein(?:e)? (?:eile|stress|hast|druck|hektik|grund)|eilt nicht|hat zeit|lass dir zeit|lassen sie sich zeit|no (?:rush|hurry|need|pressure)|need not|needn't|don't need|not asking|take your time|whenever|in aller ruhe|keine antwort|no reply|only for your|nur zur info)\b",
    "thanks": r"\b(?:dank\w{0,5}|merci|vergelt|thank\w{0,3}|thx|ta|grateful|gratitude|cheers)\b",
    "apology": r"\b(?:sorry|tut mir (?:so |sehr |echt )?leid|entschuldig\w{0,6}|verzeih\w{0,4}|pardon|apolog\w{1,6}|forgive|my fault|my bad|mein fehler|schäm\w{0,2}|peinlich|asche auf mein haupt|ashamed|embarrass\w{0,5}|schlechtes gewissen)\b",
    "but": r"\b(?:aber|allerdings|jedoch|doch|trotzdem|but|however|though|although|yet|still)\b",
    "because": r"\b(?:weil|da|denn|deshalb|daher|because|since|as|due to|therefore)\b",
    "past_i": r"\b(?:ich (?:hab|habe|bin|war|hatte|konnte|wollte|musste)|hab(?:e)? ich|bin ich|i (?:have|had|was|did|went|got|made|wrote|told|said|took|sent|finished|managed|started|missed|forgot)|i've)\b",
    "future_i": r"\b(?:ich (?:werde|schicke|mache|melde|liefere|reiche|überweise|zahle|komme)|werde ich|schick(?:e)? ich|mach(?:e)? ich|bekommst|bekommen sie|kriegst|i(?:'ll| will|'m going to)|you'll (?:have|get)|will be with you|promise\w?|versproch\w{0,3}|versprech\w{0,2}|zusag\w{0,3})\b",
    "already_wrote": r"\b(?:schon (?:zwei|drei|zweimal|dreimal|mehrfach|gestern|vorhin|wieder)|zum (?:zweiten|dritten|wiederholten) mal|erneut|noch (?:keine|immer keine|nichts)|warte\w? (?:immer noch|seit|noch)|seit \w{1,12} (?:stunden|tagen|wochen|gestern|heute)|still (?:waiting|no|nothing|haven't)|waiting for|heard nothing|no (?:answer|reply|response|word)|twice|third (?:time|message|mail|email))\b",
    # --- time
    "now": r"\b(?:jetzt|sofort|gleich|umgehend|schnell\w{0,4}|rasch|dringend\w?|eilig\w?|asap|eilt|brennt|notfall|augenblicklich|heute noch|noch heute|right now|right away|immediately|urgent\w{0,2}|quick\w{0,2}|tonight|today|emergency|instantly|within the hour|this minute|straight away)\b",
    "today": r"\b(?:heute|heut|heit|today|this (?:morning|afternoon)|in (?:einer|zwei|drei|\d{1,2}) (?:stunde|stunden|std|minuten)|in (?:an|one|two|three|\d{1,2}) (?:hours?|minutes?|mins?)|gerade|grad)\b",
    "tomorrow": r"\b(?:morgen(?: früh)?|tomorrow|tmrw|tmr)\b",
    "yesterday": r"\b(?:gestern|vorgestern|yesterday|last night|letzte nacht)\b",
    "next_weeks": r"\b(?:nächste\w?|naechste\w?|kommende\w?|übernächste\w?|next|in (?:zwei|drei|vier|\d{1,2}) wochen|in (?:two|three|a few|\d{1,2}) weeks|anfang|ende|mitte) ?(?:woche|monat|week|month|märz|april|mai|juni|juli|august|september|oktober|november|dezember|januar|februar)?\b",
    "weekday": r"\b(?:montag\w{0,2}|dienstag\w{0,2}|mittwoch\w{0,2}|donnerstag\w{0,2}|freitag\w{0,2}|mo|di|mi|do|fr|monday|tuesday|wednesday|thursday|friday|mon|tue|tues|wed|thu|thurs|fri)s?\b",
    "weekend": r"\b(?:samstag\w{0,2}|sonnabend\w{0,2}|sonntag\w{0,2}|wochenend\w{0,2}|saturdays?|sundays?|weekends?|feiertag\w{0,2}|ostern|pfingsten|weihnacht\w{0,4}|silvester|heiligabend|bank holiday|christmas|easter|boxing day|new year\w{0,2})\b",
    "evening": r"\b(?:abend\w{0,2}|abends|nachts|nacht|mitternacht|spätabends|evenings?|night|midnight|late|after work|nach feierabend|feierabend|after hours|out of hours|um die uhrzeit|(?:1[89]|2[0-3])(?:[:.]\d\d)? ?(?:uhr|h)|(?:1[89]|2[0-3]):\d\d|(?:[6-9]|1[01])(?:[:.]\d\d)? ?pm|half (?:six|seven|eight|nine|ten)|halb (?:sieben|acht|neun|zehn))\b",
    "clock": r"\b(?:\d{1,2}[:.]\d\d|\d{1,2} ?(?:uhr|h|am|pm)|o'clock|half past|quarter (?:past|to)|noon|mittag\w?|vormittag\w?|nachmittag\w?|morning|afternoon|halb (?:neun|zehn|elf|zwölf|eins|zwei|drei|vier|fünf))\b",
    "date": r"\b(?:\d{1,2}\. ?(?:\d{1,2}\.|jan|feb|mär|apr|mai|jun|jul|aug|sep|okt|nov|dez)\w{0,6}|\d{1,2}(?:st|nd|rd|th)|(?:jan|feb|mar|apr|jun|jul|aug|sep|oct|nov|dec)\w{0,6} \d{1,2}|am \d{1,2}\.)",
    "duration": r"\b(?:\w{1,9}|\d{1,3}) ?(?:minuten?|min|stunden?|std|minutes?|mins?|hours?|hrs?)\b",
    "weeks_or_months": r"\b(?:wochen|monate\w?|jahre\w?|weeks|months|years)\b",
    "reach_me": r"\b(?:ruf\w{0,2} mich|rückruf|zurückruf\w{0,2}|erreich\w{0,6}|ans telefon|rangehen|ran(?:gehst|geht)|whatsapp|signal|sms|handy\w{0,6}|durchklingel\w{0,2}|anruf\w{0,3}|telefonier\w{0,3}|call me|ring me|phone me|text me|reach (?:you|me)|pick up|whats app|your (?:mobile|cell|number)|available|on call|antworte\w{0,3}|antwort\w{0,3}|melde dich|melden sie sich|meld dich|reply|answer|respond\w{0,3}|response)\b",
    # --- what about
    "appointment": r"\b(?:termin\w{0,3}|sitzung\w{0,2}|stunde|session\w?|call|gespräch\w?|treffen|coaching\w?|einheit|slot\w?|meeting|appointment\w?|lesson\w?|zoom|verschieb\w{0,3}|verleg\w{0,3}|reschedul\w{0,4}|move|postpone|uhrzeit|kalender|calendar|unterricht\w{0,2}|training\w?)\b",
    "call_off": r"\b(?:absag\w{0,3}|ausfallen|fällt aus|faellt aus|fällt flach|schaffe? (?:es|ich) (?:heute |leider )?nicht|krank|fieber|verschlafen|vergessen|verpasst|verschwitzt|verpennt|versäumt|stau|verspät\w{0,3}|zu spät|später|kann (?:heute|morgen|leider|ich)? ?nicht|cancel\w{0,4}|can't make|cannot make|won't make|not able to (?:make|attend|join)|unable to (?:attend|join|make)|missed|forgot|overslept|running late|late|sick|ill|fever|flu|stuck|traffic|no-show)\b",
    "money": r"(?:€|£|\$|\b(?:euro\w?|eur|chf|franken|rappen|rechnung\w{0,3}|honorar\w?|betrag|zahl\w{0,4}|bezahl\w{0,4}|überweis\w{0,5}|ueberweis\w{0,5}|überwiesen|rate\w?|ratenzahlung|rabatt\w?|nachlass|preis\w?|kosten\w?|kostet|erstatt\w{0,5}|gutschrift|mahnung\w?|konto|lastschrift|iban|mwst|gebühr\w{0,2}|berechn\w{0,4}|dollars?|pounds?|quid|invoice\w?|fee\w?|pay|paid|paying|payment\w?|price\w?|discount\w?|refund\w{0,3}|instal\w{0,7}|cost\w?|charge\w?|bill\w?|bank transfer|transfer\w{0,4}|vat)\b)",
    "cheaper": r"\b(?:rabatt\w?|nachlass|günstiger|billiger|entgegenkomm\w{0,3}|erlass\w{0,3}|kulan\w{0,3}|verzicht\w{0,3}|gratis|kostenlos\w?|umsonst|unentgeltlich|freundschaftspreis|geld zurück|erstatt\w{0,5}|discount\w?|waive\w?|free|for nothing|no (?:charge|cost)|cheaper|knock off|off the (?:price|fee)|refund\w{0,3}|money back|mates' rates|goodwill|reduc\w{0,5})\b",
    "document": r"\b(?:text\w?|seite\w?|website|homepage|webseite|entwurf|entwürf\w?|präsentation\w{0,2}|folien?|deck|slides?|lebenslauf|cv|anschreiben|bewerbung\w{0,3}|angebot\w?|exposé|kapitel|draft\w?|chapter\w?|proposal|pitch|letter|brief|schreiben|essay|article|artikel|manuskript|manuscript|report|bericht|vertrag\w?|contract|flyer|logo|newsletter|post\w?|profil\w?|profile|spreadsheet|excel|tabelle|datei\w?|file|dokument\w?|document\w?|pdf|video|rede|speech|konzept)\b",
    "look_over": r"\b(?:drüber\w{0,8}|durchles\w{0,3}|durchseh\w{0,3}|durchschau\w{0,3}|gegenles\w{0,3}|gegencheck\w{0,3}|korrektur\w{0,6}|korrigier\w{0,4}|überarbeit\w{0,4}|feedback|rückmeldung|anmerkung\w{0,2}|meinung|ansehen|anschau\w{0,3}|draufschau\w{0,3}|blick|look (?:at|over|through|it)|go over|cast an eye|read (?:it|through|over)|proofread\w{0,3}|review\w{0,3}|polish|edit\w{0,3}|comments|thoughts|eyes? on|sanity check)\b",
    "make_for_me": r"\b(?:schreib\w{0,3}|erstell\w{0,3}|formulier\w{0,4}|übersetz\w{0,3}|gestalt\w{0,3}|bau\w{0,3}|programmier\w{0,3}|einricht\w{0,3}|organisier\w{0,3}|besorg\w{0,3}|recherchier\w{0,3}|vorbereit\w{0,3}|übernehm\w{0,3}|übernimm\w{0,2}|kümmer\w{0,3}|empfehl\w{0,4}|referenz|gutachten|write|draft|translate|design|build|set up|create|put together|prepare|arrange|sort out|take care|recommend\w{0,5}|reference|research)\b",
    "third_party": r"\b(?:mit (?:meinem|meiner|dem|der) (?:chef\w{0,2}|mann|frau|mutter|vater|anwalt|anwältin|bank|vermieter\w{0,2}|kollegen|kollegin|lehrer\w{0,2}|schule|amt)|anruf(?:en|st)? bei|bei (?:meinem|meiner) \w{1,20} anrufen|speak to|talk to|have a word|call (?:my|the|him|her|them)|email (?:my|the|him|her|them)|meet (?:my|him|her))\b",
    "extra_session": r"\b(?:zusätzlich\w{0,2}|extra\w?|zusatz\w{0,8}|außer der reihe|zwischendurch|zwischenschieb\w{0,3}|noch eine|spontan\w?|länger|verlänger\w{0,3}|dranhäng\w{0,3}|additional|another|extra|squeeze (?:me|us|in)|on top|longer|spare)\b",
    "agreement": r"\b(?:vertrag\w{0,3}|vereinbar\w{0,4}|paket\w{0,2}|enthalten|inklusive|dabei|dazu ?gehör\w{0,2}|kündig\w{0,4}|verläng\w{0,5}|pausier\w{0,3}|pause|beenden|aufhören|weitermach\w{0,3}|fortsetz\w{0,3}|zusammenarbeit|buchen|buche|anmeld\w{0,3}|starten|einstieg|programm|contract|agreement|package|included|include\w?|part of|sign up|renew\w{0,3}|extend\w{0,3}|pause|end|stop|continue|carry on|terminate|notice|programme|program|start)\b",
    "access": r"\b(?:link\w?|zugang\w{0,6}|passwort|login|einlogg\w{0,3}|logg\w{0,3}|freischalt\w{0,3}|formular\w?|fragebogen|unterlagen|bescheinigung|teilnahme\w{0,12}|adresse|anschrift|mailadresse|handynummer|portal|mediathek|skript|handout|arbeitsblatt|material\w{0,3}|vorlage|aufzeichnung|password|log in|log-in|access|portal|form|worksheet|handout|recording|materials?|certificate|address|zoom-link|zoom link|upload\w{0,2}|download\w{0,3}|dateiformat)\b",
    "homework": r"\b(?:hausaufgabe\w?|aufgabe\w?|übung\w{0,2}|uebung\w{0,2}|liste|tagebuch|protokoll|journal|homework|exercise\w?|worksheet|diary|log|task\w?|assignment|zugesagt\w?|versprochen\w?|nicht geschafft|nicht dazu gekommen|noch nicht|immer noch nicht|not done|haven't done|didn't do|not yet|didn't get round|still owe|schulde|reiche nach|nachreich\w{0,3}|overdue|überfällig)\b",
    "success": r"\b(?:geschafft|geklappt|gelungen|stolz|erfolg\w{0,5}|gewonnen|zusage|bestanden|fortschritt\w?|durchbruch|verstanden|gemerkt|erkannt|zum ersten mal|endlich|läuft|besser|proud|managed|worked|won|passed|realised|realized|noticed|first time|breakthrough|progress|better|landed|nailed|offer)\b",
    "disappointed": r"\b(?:enttäusch\w{0,4}|unzufrieden|erwart\w{0,4}|versproch\w{0,3}|bringt (?:mir )?nichts|nichts gebracht|nichts passiert|tut sich nichts|keine ergebnisse|ergebnis\w{0,3}|garant\w{0,5}|verlange|geld wert|so nicht|frustrier\w{0,3}|ärger\w{0,4}|disappoint\w{0,5}|expect\w{0,5}|promised|results?|guarantee\w?|not working|nothing has changed|waste|worth|unhappy|dissatisfied|let down|frustrat\w{0,4}|fed up)\b",
    "feeling": r"\b(?:angst|unsicher\w?|sorge\w?|zweif\w{0,4}|trau(?:e|en)? mich|überfordert|panik|nervös|afraid|scared|worried|unsure|anxious|doubt\w?|nervous|panic|can't decide|torn|nicht entscheiden|richtig\w?|falsch|wrong|right)\b",
    "greeting": r"^\W{0,3}(?:liebe[rs]?|hallo|hi|hey|hej|sehr geehrte\w?|guten (?:morgen|tag|abend)|moin|servus|grüß (?:gott|dich|sie)|grüezi|hoi|salü|ciao|dear|hello|good (?:morning|afternoon|evening)|morning|respected)\b.{0,45}$",
    "farewell": r"^\W{0,3}(?:(?:mit )?(?:freundlich\w{0,3}|herzlich\w{0,3}|lieb\w{0,3}|viele|beste\w?|schöne\w?|sonnige\w?|sportliche\w?) gr\w{2,5}|gr(?:u|ü)(?:ß|ss)\w?|lg|vg|mfg|bg|glg|herzlichst|bis (?:dann|bald|morgen|dahin)|(?:kind|best|warm|many)? ?regards|best|cheers|thanks|yours|sincerely|all the best|take care|love)\b.{0,40}$",
    "wish_well": r"\b(?:schöne\w? (?:feiertage|ferien|urlaub|wochenende|weihnachten|ostern|woche|tag|abend)|frohe\w?|guten rutsch|alles gute|glückwunsch|geburtstag|genieß\w{0,3}|erhol\w{0,3}|gute besserung|happy|merry|enjoy|congrat\w{0,12}|birthday|have a (?:lovely|good|great|nice)|lovely (?:weekend|holiday)|wish you)\b",
    "attached": r"\b(?:anbei|angehängt|angehaengt|anhang|im anhang|beigefügt|beiliegend|attached|enclosed|attachment|unten|below|hier der link|here's the link)\b",
    "small_favour": r"\b(?:kurz\w?|nur (?:ein|mal|schnell)|ganz kurz|kleine bitte|gefallen|fünf minuten|5 minuten|zwei minuten|quick\w{0,2}|small favour|favou?r|five minutes|two minutes|only take|won't take|dauert nicht|geht schnell|for me|für mich)\b",
    "offer_to_pay": r"\b(?:zahle ich (?:gern|extra|natürlich|selbstverständlich)|gegen (?:honorar|bezahlung|rechnung)|extra (?:bezahl\w{0,2}|vergüt\w{0,3}|berechnen)|stell\w{0,2} es (?:mir )?in rechnung|kannst du (?:mir )?berechnen|happy to pay|pay (?:you )?(?:extra|for it|of course)|willing to pay|make it worth|name your price|invoice me)\b",
}
AUTOMATON = 16 * 1024 * 1024  # bytes at most; within the 8 that RE2 takes by itself it would be built ever anew
CUES: tuple[str, ...] = tuple(_PATTERNS)


def _compiled() -> re2.Set:
    options = re2.Options()
    options.log_errors = False
    options.max_mem = AUTOMATON
    together = re2.Set.SearchSet(options)
    for pattern in _PATTERNS.values():
        together.Add(fold(pattern))
    together.Compile()
    return together


_TOGETHER = _compiled()

# Pairs that mean more together than apart.
_PAIRS: tuple[tuple[str, str], ...] = (
    ("question", "you"),
    ("question", "you_formal"),
    ("question", "ask_can_you"),
    ("question", "i"),
    ("negation", "ask_can_you"),
    ("wish", "document"),
    ("if_you", "document"),
    ("look_over", "you"),
    ("look_over", "you_formal"),
    ("make_for_me", "ask_can_you"),
    ("make_for_me", "you"),
    ("make_for_me", "you_formal"),
    ("money", "question"),
    ("money", "negation"),
    ("evening", "question"),
    ("weekend", "question"),
    ("now", "reach_me"),
    ("weekend", "reach_me"),
    ("evening", "reach_me"),
    ("negation", "now"),
    ("call_off", "today"),
    ("call_off", "tomorrow"),
    ("appointment", "today"),
    ("appointment", "tomorrow"),
    ("appointment", "question"),
    ("appointment", "evening"),
    ("appointment", "weekend"),
    ("appointment", "extra_session"),
    ("apology", "homework"),
    ("past_i", "success"),
    ("thanks", "past_i"),
    ("third_person", "you"),
    ("agreement", "question"),
    ("money", "cheaper"),
    ("already_wrote", "reach_me"),
    ("homework", "future_i"),
    ("negation", "homework"),
    ("feeling", "question"),
    ("ask_may_i", "question"),
    ("question_word", "question"),
    ("begins_with_order", "document"),
    ("begins_with_order", "now"),
    ("no_need", "you"),
    ("no_need", "you_formal"),
    ("offer_to_pay", "you"),
    ("weeks_or_months", "already_wrote"),
    ("disappointed", "you"),
    ("disappointed", "you_formal"),
    ("disappointed", "weeks_or_months"),
    ("access", "question"),
)


@lru_cache(maxsize=1_000)
def cues_of(segment: str) -> tuple[str, ...]:
    """Return the names of the cues that a segment shows, pairs joined by ``+``."""
    seen = fold(segment.lower())[:600]
    found = [CUES[number] for number in sorted(_TOGETHER.Match(seen) or ())]
    present = set(found)
    found.extend(f"{one}+{two}" for one, two in _PAIRS if one in present and two in present)
    words = len(seen.split())
    found.append(
        "words_1_3"
        if words <= 3
        else "words_4_8"
        if words <= 8
        else "words_9_16"
        if words <= 16
        else "words_17_or_more"
    )
    return tuple(found)
