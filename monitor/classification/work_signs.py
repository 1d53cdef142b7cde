"""How clients and coach write of payments, goals, promises and favours, German and English."""

from __future__ import annotations

from monitor.classification.signs import OTHERS, Sign, sign
from monitor.facts import Remark

RECEIVED: tuple[Sign, ...] = (
    sign(
        Remark.LATE_PAYMENT,
        (
            r"\b(?:(?-i:[Zz]ahle)|überweise|begleiche)(?: ich)?(?: es| das| sie)?(?: erst| dann)?,? (?:wenn|sobald)\b",
            r"\bi(?:'ll| will) (?:pay|transfer|settle) (?:it |you |up )?(?:when|once|as soon as)\b",
        ),
    ),
    sign(
        Remark.LATE_PAYMENT,
        (
            r"\b(?:rechnung\w*|zahlung\w*|überweisung\w*|honorar\w*|betrag|(?-i:Rate)|geld)\b.{0,80}\b(?:noch offen|noch nicht|spät|später|"
            r"zu spät|überfällig|vergessen|verschwitzt|untergegangen|liegen geblieben|liegengeblieben|übersehen|durchgerutscht|"
            r"nächste[rn]? (?:woche|monat)|auf dem stapel|liegt (?:auch )?noch|ruhen|(?:die )?hälfte|in raten)\b",
            r"\b(?:überwiesen|bezahlt|gezahlt|überweisen|(?-i:zahlen)|zahle|überweise)\b.{0,60}\b(?:noch nicht|vergessen|erst (?:am|im|ende|"
            r"anfang|mitte|nächste|wenn|nach)|später|bis monatsende|verspätet|den rest|der rest|ein paar tage)\b",
            r"\b(?:noch nicht|vergessen|verspätet|verspätung|versäumt|übersehen|später)\b.{0,60}\b(?:bezahlt|überwiesen|"
            r"zu (?:be)?zahlen|zu überweisen|überweisen|überweise|zahlung|rechnung)\b",
            r"\b(?:ich|wir)\b.{0,30}\b(?:erst|nicht)\b.{0,40}\b(?:(?-i:zahlen)|überweisen|bezahlen|begleichen)\b",
            r"\b(?:entschuldig\w*|verzeih\w*|sorry)\b.{0,30}\b(?:überweisung|zahlung|rechnung)\b.{0,30}\b(?:gedauert|spät\w*)\b",
            r"\b(?:schon|eigentlich|längst)\b.{0,30}\bfällig\b|\brechnung\b.{0,40}\b(?:schieben|aufschieben|verschieben|stunden)\b",
            r"\b(?:konto|kasse|liquidität)\b.{0,30}\b(?:knapp|leer|eng|klamm)\b",
            r"\b(?:der )?rest (?:\w+ )?(?:folgt|kommt)\b|\brest\b.{0,40}\b(?-i:zahlen)\b|\bheute (?:erst )?überwiesen\b|\bwieder zu spät\b",
            r"\b(?:diese woche|gerade|momentan) (?:\w+ ){0,2}(?:wird es eng|klemmt es|knapp bei kasse)\b",
            r"\b(?:(?-i:zahle)|überweise|begleiche|bezahle)\b.{0,40}\b(?:dann|sobald|wenn|noch|bald|morgen|diese woche|nächste|kommende|ende|"
            r"anfang|mitte|die tage|demnächst)\b|\b(?:hälfte|teil)\b.{0,30}\b(?:überw\w+|(?-i:zahl)\w*|bezahl\w*)\b",
            r"\b(?:geld|zahlung|überweisung|rest|hälfte|betrag) (?:\w+ ){0,2}(?:kommt|folgt|geht|ist|bekommst|bekommen)\b.{0,40}\b(?:erst|später|"
            r"bald|nächste|ende|sobald|unterwegs|irgendwann)\b|\bgeduld\b.{0,40}\b(?:rechnung|zahlung|geld|überweisung)\b",
        ),
        (
            r"\b(?:mein(?:e|er|en|em)?|unser(?:e|er|en|em)?|ein(?:e|er|em|en)?|der|die|seine|ihre) (?:\w+ )?(?:kund\w+|klient\w*|"
            r"mieter\w*|lieferant\w*|auftraggeber\w*|arbeitgeber\w*|chef\w*|verlag\w*)\b.{0,60}\b(?:zahl\w*|bezahl\w*|überw\w+|rechnung\w*)",
            r"\brechnung\w*\b.{0,40}\b(?:noch nicht|nicht) (?:bekommen|erhalten|da|gestellt|angekommen|geschickt)\b",
            r"\b(?:schon|bereits|längst|pünktlich|rechtzeitig) (?:\w+ )?(?:bezahlt|überwiesen)\b|\bwann\b.{0,40}\brechnung\b",
            r"\bnoch nicht (?:fällig|gestellt|geschrieben)\b|\bschreib\w* (?:\w+ ){0,4}rechnung\w* (?:an|zu) (?:mein|spät|meine)",
        ),
    ),
    sign(
        Remark.LATE_PAYMENT,
        (
            r"\b(?:invoice|payment|bill|fee|transfer|instal?ment)s?\b.{0,80}\b(?:late|later|overdue|forgot|forgotten|slipped|"
            r"outstanding|haven't (?:yet )?(?:paid|transferred|settled)|not (?:yet )?(?:been )?paid|unpaid|next (?:week|month)|overlooked|missed it|behind|still open)\b",
            r"\b(?:haven't|have not|forgot to|yet to|late|overlooked|couldn't|not yet)\b.{0,60}\b(?:paid|pay|payment|transferred|"
            r"transfer|settle|settled|invoice|bill)\b",
            r"\b(?:i|we) (?:\w+ )?(?:can't|cannot|won't be able to|can only|will only)\b.{0,40}\b(?:pay|transfer|settle)\b"
            r"(?! (?:on|in|down|for)\b)",
            r"\b(?:pay|transfer|settle)\b.{0,40}\b(?:rest|remainder|other half|balance)\b.{0,30}\b(?:next|later|in \w+|end of|when)\b",
            r"\b(?:cash|cash ?flow|money|account|things) (?:is |are |'s )?(?:a bit |very |rather |quite |really )?(?:tight|low|short|frozen)\b|\bpaid (?:it )?(?:only )?today\b",
            r"\b(?:february|january|march|april|may|june|july|august|september|october|november|december|money|invoice|payment|rest|half|"
            r"both|it)(?:'s| is| should be| will be|'ll be)? (?:\w+ ){0,2}(?:with you|another (?:\w+ ){1,3}weeks?|gone (?:yet|through))\b",
            r"\bhasn't (?:\w+ )?(?:gone|cleared|come through)\b|\b(?:get|send|have) it (?:over )?to you\b.{0,20}\b(?:next|by|when|soon|end)\b",
            r"\bcan't (?:do|manage|pay) (?:both|it all|all of it|the lot|the whole)\b|\b(?:not going to|won't) manage it\b.{0,20}\btoday\b",
            r"\bpay (?:it |you )?(?:at|by) the end of the month\b|\ba few (?:more )?days\b.{0,40}\b(?:invoice|pay|payment|money|transfer)\b",
        ),
        (
            r"\b(?:my|our|a|the|his|her|their) (?:\w+ )?(?:customer|client|tenant|patient|supplier|employer|boss|publisher)s?\b.{0,60}"
            r"\b(?:pay\w*|paid|invoice\w*)",
            r"\binvoice\b.{0,40}\b(?:haven't|have not|not) (?:yet )?(?:received|got|had|arrived|sent|seen)\b",
            r"\b(?:haven't|have not|not yet|didn't) (?:yet )?(?:received?|got|get|had|seen?) (?:\w+ ){0,3}invoice\b",
            r"\bpatients\b|\b(?:already|just now|on time) (?:paid|transferred|settled)\b|\bwhen (?:is|will)\b.{0,40}\binvoice\b|\binvoice my\b",
        ),
    ),
    sign(
        Remark.GOAL_COMPLETED,
        (
            r"\b(?:ziel|ziele|zielen|meilenstein)\b.{0,40}\b(?:erreicht|geschafft|abgehakt|erfüllt)\b",
            r"\b(?:erreicht|geschafft)\b.{0,30}\b(?:unser|mein|das) (?:\w+ )?(?:gemeinsames )?ziel\b",
            r"\b(?:prüfung|examen|abschlussprüfung|staatsexamen|meisterprüfung|probezeit|assessment|zertifizierung)\b.{0,30}"
            r"\b(?:bestanden|geschafft)\b|\b(?:habe|hab) (?:\w+ ){0,4}(?:prüfung|examen) (?:\w+ )?bestanden\b",
            r"\b(?:habe|hab|bekam) (?:\w+ ){0,4}(?:die stelle|den job|die zusage für die stelle|die beförderung) "
            r"(?:bekommen|erhalten|gekriegt)\b|\bbin (?:\w+ ){0,3}befördert worden\b",
            r"\b(?:ich )?(?:habe|hab) (?:den|die) (?:neue[n]? )?(?:job|stelle|position|zusage)\s*(?:$|[,–])|\bich (?:werde|bin ab) (?:\w+ ){0,3}"
            r"(?:abteilungsleiter(?:in)?|geschäftsführer(?:in)?|teamleiter(?:in)?|bereichsleiter(?:in)?|partner(?:in)? der)\b.{0,20}$",
            r"\b(?:neuen? )?(?:arbeits)?vertrag (?:ist |habe ich )?(?:\w+ )?unterschrieben\b.{0,60}\b(?:stelle|job|position|neu)\b",
            r"\balles\b.{0,40}\b(?:vorgenommen|liste|plan|ziele?)\b.{0,40}\b(?:erledigt|erreicht|geschafft|abgehakt|fertig)\b",
            r"\bdamit (?:ist|sind|wäre|haben wir)\b.{0,40}\b(?:ziel\w*|coaching|programm)\b.{0,20}\b(?:erreicht|abgeschlossen|geschafft|fertig)\b",
        ),
        (
            OTHERS,
            r"\b(?:wenn|falls|sobald|bis|damit ich|um|hoffe\w*|möchte|will|nicht|kein\w*|fast|beinahe|bald|noch|tagesziel|wochenziel|"
            r"(?:tages|wochen|monats|quartals|teil|etappen|januar|februar|märz|april|mai|juni|juli|august|september|oktober|november|"
            r"dezember)-?ziel\w*|führerschein\w*|zwischenziel)\b(?! (?:damit|vorig|geht|weiter))",
            r"\bmein(?:e|er)? (?:\w+ )?(?:sohn|tochter|kind|enkel\w*|neffe|nichte|bruder|schwester|mann|frau|freund\w*)\b",
        ),
    ),
    sign(
        Remark.GOAL_COMPLETED,
        (
            r"\b(?:goal|goals|milestone)\b.{0,40}\b(?:reached|achieved|met|accomplished|done)\b",
            r"\beverything (?:on (?:the|our|my) list|we (?:set out|planned|agreed)|i came for|i wanted)\b.{0,60}\b(?:done|achieved|reached|ticked)\b",
            r"\b(?:programme|program|coaching|work) has done what i (?:came|hoped|wanted)\b",
            r"\b(?:reached|achieved|met|accomplished)\b.{0,30}\b(?:our|my|the|every|all|last|final)\b.{0,20}\bgoals?\b",
            r"\bpassed (?:\w+ ){0,3}(?:exam|exams|finals|probation|assessment|certification|bar)\b",
            r"\b(?:i|i've|i have) (?:\w+ ){0,2}(?:got|gotten|landed|been offered|accepted) the (?:\w+ ){0,2}(?:job|position|promotion|role)\b",
            r"\bi(?:'ve| have| was| got)? (?:been )?promoted\b",
        ),
        (
            OTHERS,
            r"\b(?:if|when|once|until|hope|hoping|want|not|never|n't|almost|nearly|soon|yet|(?:weekly|daily|monthly|january|february|march|april|may|june|july|august|september|october|november|december)(?:'s)? goals?|sub-goal|"
            r"would|could|should|driving)\b|\bmy (?:\w+ )?(?:son|daughter|kid|grandson|granddaughter|nephew|niece|brother|sister|"
            r"husband|wife|friend)\b",
        ),
    ),
)

_REMIND_MONEY = r"(?:\w{0,20}rechnung\w*|zahlung\w*|honorar\w*|betrag|rate|beitrag)"
SENT: tuple[Sign, ...] = (
    sign(
        Remark.PAYMENT_REMINDER,
        (
            r"\b(?:zahlungserinnerung|mahnung|mahne|letzte erinnerung|zweite erinnerung|dritte erinnerung)\b",
            rf"\b{_REMIND_MONEY}\b.{{0,80}}\b(?:überfällig|offen|war (?:\w+ ){{0,3}}fällig|seit (?:\w+ ){{0,4}}fällig|steht (?:\w+ ){{0,2}}aus|"
            r"nicht (?:eingegangen|beglichen|bezahlt|überwiesen|da|angekommen|gutgeschrieben)|unbezahlt|unbeglichen|vermisse)\b",
            rf"\b(?:erinner\w+|vermisse|fehlt|fehlen|aussteh\w+|offen\w*|überfällig\w*|noch kein\w*)\b.{{0,60}}\b(?:{_REMIND_MONEY}|"
            r"zahlungseingang|geldeingang)\b",
            r"\b(?:war|ist|wäre|waren)\b.{0,30}\bfällig\b|\bseit (?:\w+ ){1,3}(?:tagen|wochen) (?:über)?fällig\b",
            r"\b(?:bis )?wann (?:kann|darf) ich (?:\w+ ){0,4}(?:rechnen|damit rechnen)\b|\bnennen sie mir (?:bitte )?(?:einen termin|ein datum)\b",
            r"\bnenn mir (?:bitte )?(?:einen termin|ein datum)\b",
            r"\bnoch nicht eingegangen\b|\bnoch (?:kein|nichts)\b.{0,20}\beingegangen\b",
            r"\bbitte (?:überweisen|begleichen|zahlen) sie\b|\bbitte (?:überweise|begleiche|zahle)\b|\bbitte um (?:den )?ausgleich\b",
            r"\b(?:der )?(?:zweite |rest|teil)\w* (?:\w+ )?fehlt noch\b|\bsetze (?:\w+ )?(?:eine )?(?:letzte )?frist\b",
        ),
        (
            r"\breiche ich nach\b|\bkunden?\b|\bmein(?:e|er)? (?:vermieter|steuer\w*)|\bnicht mehr offen\b|\bist eingegangen\b|\bdanke\b.{0,30}\büberweisung",
            r"\b(?:ist|wird|erst) (?:\w+ ){0,2}(?:am|ende|anfang|mitte|in) (?:\w+\.? ){0,3}fällig\b",
            r"\bfrage\w*\b.{0,30}\boffen\b|\bkein\w* (?:eile|rechnung)\b",
        ),
    ),
    sign(
        Remark.PAYMENT_REMINDER,
        (
            r"\bpayment reminder\b|\b(?:gentle|friendly|second|final|last|quick) reminder\b.{0,60}\b(?:invoice|payment|fee|bill)\b",
            r"\b(?:invoice|payment|fee|bill)s?\b.{0,80}\b(?:overdue|outstanding|unpaid|still open|was due|were due|"
            r"(?:not|hasn't|haven't) (?:yet )?(?:been )?(?:arrived|paid|received|settled|come through|reached))\b",
            r"\b(?:haven't|have not|not yet|hasn't|has not)\b.{0,20}\b(?:received|seen|arrived|reached|paid|settled)\b.{0,40}"
            r"\b(?:payment|invoice|transfer|fee)\b",
            r"\b(?:overdue|outstanding|unpaid)\b.{0,40}\b(?:invoice|payment|fee|bill|amount|balance)\b",
            r"\bwhen (?:can|may|should) i expect (?:it|that|the (?:payment|money|transfer|rest))\b|\b(?:please )?give me a date\b",
            r"\bplease (?:settle|pay|transfer)\b.{0,60}\b(?:invoice|by|fee|amount|balance|bill)\b|\bremind you\b.{0,40}\b(?:invoice|payment|fee)\b",
        ),
        (
            r"\byour (?:customer|client)s?\b|\bno longer outstanding\b|\bhas (?:now )?(?:arrived|been paid)\b|\bthanks? (?:you )?for (?:the|your) payment\b",
            r"\b(?:is|will be|falls) due (?:on|at|by|in|next)\b|\boutstanding (?:work|result|job|progress|questions?)\b",
        ),
    ),
    sign(
        Remark.EXTRA_ACCEPTED,
        (
            r"\b(?:habe|hab) (?:ich )?(?:\w+ ){0,8}(?:durchgesehen|durchgelesen|gegengelesen|drübergeschaut|überarbeitet|gekürzt|"
            r"umgeschrieben|korrigiert|formuliert|entworfen|dazugeschrieben|eingedampft|gestrichen|verbessert|ausgewertet|"
            r"aufgesetzt|angemerkt|für (?:dich|sie|euch) angerufen)\b",
            r"\b(?:einen|den) (?:\w+ )?(?:anfang|entwurf|vorschlag|text) (?:\w+ )?gemacht\b|\b(?:striche|anmerkungen) habe ich\b",
            r"\b(?:anbei|hier|im anhang)\b.{0,40}\b(?:entwurf|anmerkungen|korrektur\w*|fassung|überarbeitung|formulierung)\b",
            r"\bmeine anmerkungen (?:stehen|findest|finden|sind|liegen)\b|\bausnahmsweise\b",
        ),
        (
            r"\b(?:noch nicht|nicht (?:gegengelesen|durchgesehen|korrigiert|gekürzt|überarbeitet|formuliert)|unserer sitzung|protokoll|"
            r"rechnung\w*|arbeitsblatt|deine[mnrs]? fassung (?:hast|habe?n)|keine ausnahme\w*|ausnahmsweise nicht)\b",
        ),
    ),
    sign(
        Remark.EXTRA_ACCEPTED,
        (
            r"(?:^|[,:–] ?)(?:ja|klar|gern|gerne|natürlich|selbstverständlich|na gut|okay|ok|kein problem)\b[,:!. –].{0,60}"
            r"\b(?:(?:mache?|mach|lese?|les|schaue?|schau|sehe?|helfe|prüfe|rufe?|übernehme|schreibe?) ich\b|"
            r"ich (?:\w+ ){0,2}(?:mache?|mach|lese?|les|schaue?|schau|sehe?|helfe|prüfe|rufe?|übernehme|schreibe?)\b|"
            r"schick(?:e|en)? (?:sie |ihn |es )?(?:sie |ihn |es )?(?:mir|her)\b)",
            r"\b(?:ich )?(?:schaue?|schau|lese?|les|sehe?|gehe?|geh) (?:\w+ ){0,5}(?:drüber|darüber|drauf|durch|gegen)\b",
            r"\bich (?:mache?|mach|übernehme|prüfe|formuliere|entwerfe|korrigiere|überarbeite) (?:\w+ ){0,3}"
            r"(?:das|dir|ihnen|ihn|sie|den|die|einen|eine|euch) \w",
            r"\bich (?:schreibe?|setze?) (?:dir|ihnen|euch) (?:\w+ ){0,3}(?:einen|eine|den|die|das|ein paar|zwei|drei)\b",
            r"\bhänge (?:\w+ ){0,4}(?:halbe stunde|viertelstunde|stunde)\b.{0,10}\b(?:dran|an)\b|\bich rufe (?:\w+ ){0,4}an\b",
        ),
        (
            r"\b(?:nicht|nie|kein(?!\s+problem)\w*|grundsätzlich|leider|gehört|müsst\w*|könntest|könnten|kostet|berechne\w*|angebot|"
            r"sitzung|notizen|protokoll|rechnung\w*|arbeitsblatt|link|bescheinigung|termin\w*|übung\w*|stattdessen)\b",
        ),
    ),
    sign(
        Remark.EXTRA_ACCEPTED,
        (
            r"\b(?:sure|of course|happy to|gladly|no problem|with pleasure|all right|okay|ok|just this once)\b[,:!. –-].{0,60}\b(?:send|i'll|"
            r"i will|look|read|write|check|do|call|help|review|draft)\b",
            r"\bi(?:'ll| will| can) (?:\w+ ){0,2}(?:take a look|have a look|look (?:over|at|through)|read (?:it|through|over)|check (?:it|the)|"
            r"review|draft|write (?:it|the|you)|proofread|edit|go (?:over|through)|call (?:him|her|them|the))\b",
            r"\bi(?:'ve| have)? (?:\w+ ){0,2}(?:looked (?:over|through|at)|read through|had a (?:quick )?look|edited|rewritten|rewrote|"
            r"marked up|drafted|shortened|corrected|proofread|reviewed|added comments|cut)\b",
            r"\b(?:attached|here) (?:is|are)\b.{0,30}\b(?:my (?:comments|edits|notes on your)|a draft|the draft|one line|a version|some wording|"
            r"the corrections)\b|\bmy (?:comments|edits) are\b",
        ),
        (
            r"\b(?:not|never|n't|no (?:extra|longer)|unfortunately|isn't|beyond|charge|quote|instead|session notes|invoice|worksheet|link|"
            r"yourself|at our session|in our session|in the session|on (?:mon|tues|wednes|thurs|fri)day let's)\b",
        ),
    ),
    sign(
        Remark.PROMISE,
        (
            r"\bich (?:schicke?|sende|melde|gebe|kümmere|antworte|schreibe?|schaue?|rufe?|bringe?|kläre) (?:\w+ ){0,6}(?:bis|morgen|heute|am|"
            r"im laufe|nächste|diese|übermorgen|noch)\b",
            r"\b(?:melde|kümmere) (?:ich )?mich (?:\w+ ){0,4}(?:bis|morgen|heute|am|nächste|darum|dazu|bei dir|bei ihnen)\b",
            r"\b(?:bekommst|bekommen sie|kriegst|erhalten sie|hast du|haben sie) (?:\w+ ){0,5}(?:bis|morgen|noch heute|am|nächste)\b.{0,30}\bvon mir\b",
            r"\bversprochen\b|\bich verspreche\b",
        ),
        (r"\b(?:nicht|du hast|sie haben|hattest|wolltest|wenn du|wenn sie|könntest|rechnung)\b",),
    ),
    sign(
        Remark.PROMISE,
        (
            r"\bi(?:'ll| will) (?:\w+ ){0,2}(?:send|get back|come back|write|let you know|bring|answer|reply|call|look into)\b.{0,60}\b(?:by|"
            r"tomorrow|today|tonight|on \w+day|next week|this week|later|to you|soon)\b",
            r"\byou(?:'ll| will) (?:have|get|hear)\b.{0,40}\b(?:by|tomorrow|from me|on \w+day|next week)\b|\bi promise\b",
        ),
        (r"\b(?:not|n't|you promised|if you|invoice)\b",),
    ),
)
