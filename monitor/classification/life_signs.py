"""How clients tell what happens in their lives: danger, bereavement, birth, crisis and illness, German and English."""

from __future__ import annotations

from monitor.classification.signs import AGO, IMAGINED, OTHERS, Sign, sign
from monitor.facts import Remark

_KIN = (
    r"(?:vater|mutter|papa|papas|mama|mamas|mutti|vati|eltern|bruder|bruders|schwester|sohn|sohnes|tochter|kind|kinder|"
    r"kindes|baby|mann|mannes|frau|ehemann|ehefrau|partner|partnerin|lebensgefährtin|lebensgefährte|lebensgefährten|"
    r"oma|opa|omas|opas|großmutter|großvater|großvaters|großeltern|schwiegervater|schwiegermutter|schwiegereltern|"
    r"onkel|onkels|tante|cousine|cousin|neffe|nichte|enkel|enkelin|freund|freundin|zwillinge|vaters)"
)
_MY_KIN = rf"(?:(?:mein|unser)(?:e|er|en|em|es)?(?: \w{{1,20}}){{0,2}} {_KIN}|papa|mama|oma|opa|mutti|vati)"
_KIN_EN = (
    r"(?:father|mother|dad|mum|mom|parents|brother|sister|son|daughter|child|children|kids|kid|baby|husband|wife|"
    r"partner|boyfriend|girlfriend|grandmother|grandfather|grandma|grandpa|gran|nan|grandad|father-in-law|"
    r"mother-in-law|aunt|uncle|cousin|nephew|niece|best friend|friend|twins|little one)"
)
_MY_KIN_EN = rf"(?:(?:my|our)(?: \w{{1,20}}){{0,2}} {_KIN_EN}|dad|mum|mom|grandma|grandpa)"

LIFE: tuple[Sign, ...] = (
    sign(
        Remark.DANGER,
        (
            r"\b(?:will|möchte|mag|wollte) (?:\w+ ){0,3}(?:nicht mehr|nimmer) (?:\w+ ){0,2}(?:leben|aufwachen|da sein)\b",
            r"\bnicht mehr (?:leben|aufwachen|da sein|weiterleben) (?:will|möchte|mag|wollte|würde|müsste)\b",
            r"\b(?:will|möchte|wollte) (?:\w+ ){0,3}(?:einfach )?(?:nur noch )?(?:sterben|tot sein)\b(?! lassen)",
            r"\b(?:mir|mich) (?:\w+ ){0,3}(?:etwas|was|das leben) (?:an(?:zu)?tun|antue|antäte|angetan|nehmen|zu nehmen|genommen)\b",
            r"\b(?:mich|selbst) (?:\w+ ){0,2}um(?:zu)?bringen\b",
            r"\b(?:mich|mir) (?:\w+ ){0,3}(?:selbst (?:verletz\w+|ritz\w+)|die adern|die pulsadern)",
            r"\b(?:verletze|ritze|schneide) (?:ich )?mich (?:wieder |oft |manchmal )?(?:selbst|absichtlich)\b|\britze mich\b",
            r"\b(?:suizidgedanken|selbstmordgedanken|lebensmüde)\b",
            r"\b(?:gedanken|gedacht|denke|nachgedacht) (?:\w+ ){0,3}(?:suizid|selbstmord|an den tod|ans sterben)\b",
            r"\bbesser,? (?:\w+ ){0,3}(?:wenn|ohne)\b.{0,30}\b(?:mich nicht mehr g[äi]be|nicht mehr da wäre|tot wäre)\b",
            r"\b(?:ohne mich|wenn ich tot)\b.{0,20}\b(?:alle|allen|jeder|familie)\b.{0,20}\bbesser\b",
            r"\b(?:allem|meinem leben|dem ganzen) (?:\w+ ){0,2}ein ende (?:setzen|machen|zu setzen|zu machen|bereiten)\b",
            r"\bkeinen (?:grund|sinn) mehr\b.{0,30}\b(?:zu leben|am leben|weiterzuleben|im leben|in meinem leben)\b",
            r"\b(?:halte|ertrage) (?:\w+ ){0,2}(?:leben|dasein) (?:\w+ )?nicht (?:mehr|länger)\b|\bam liebsten (?:wäre ich|würde ich) (?:tot|sterben)\b",
            r"\b(?:es |das )?(?:hat|macht) (?:\w+ ){0,2}alles (?:doch )?keinen sinn mehr\b|\bnicht, ob ich morgen noch (?:da bin|lebe|aufwache)\b",
            r"\b(?:vor (?:den|einen) zug|von (?:der|einer) brücke|aus dem fenster) (?:\w+ )?(?:springen|zu springen|werfen|stürzen)\b",
            r"\b(?:kann|will|mag) nicht mehr(?: leben)?,? (?:und )?(?:ich )?(?:will|mag|kann) (?:auch )?nicht mehr\b",
            r"\b(?:tabletten|pillen|schlafmittel) (?:\w+ ){0,3}(?:gesammelt|bereitgelegt|geschluckt|gehortet)\b",
            r"\b(?:angst|fürchte) (?:\w+ ){0,3}um (?:mein|unser|ihr) leben\b",
            r"\b(?:er|sie|mein mann|meine frau|mein ex) (?:\w+ ){0,4}(?:schlägt mich|mich (?:\w+ ){0,3}geschlagen|"
            r"mich (?:\w+ ){0,3}(?:umzubringen|gewürgt|mit dem tod\w*))\b",
        ),
        (
            r"\b(?:lachen|kaputtlachen|langweil\w+|peinlich|vortrag|seminar|prävention\w*|roman|film|buch|serie|artikel)\b",
            r"\bnach (?:\w+ ){0,2}(?:jahren|monaten)\b.{0,30}\bnicht mehr da\b",
        ),
    ),
    sign(
        Remark.DANGER,
        (
            r"\b(?:kill|harm|hurt(?:ing)?|harming|killing|cutting) myself\b|\bcut myself (?:again|on purpose)\b",
            r"\b(?:suicidal|suicide)\b",
            r"\b(?:end|ending|take|taking) my (?:own )?life\b|\b(?:end|ending) it all\b",
            r"\b(?:don'?t|do not|didn'?t|no longer) want to (?:live|be alive|wake up|be here|exist|go on living)"
            r"(?: any ?more| any longer)?\s*(?:$|[,;–-])",
            r"\b(?:don'?t|do not) want to (?:live|be alive|wake up|be here|exist) any ?more\b",
            r"\b(?:want|wish(?:ed)?|wanted) (?:to die|i (?:was|were) dead)\b",
            r"\b(?:can't|cannot) go on living\b|\b(?:been|started|start|i'm) cutting again\b|\bjump(?:ing)? (?:in front of a|off a|off the)\b"
            r"(?! bandwagon| deep end)",
            r"\bbetter off (?:without me|if i (?:was|were) (?:dead|gone|not here|no longer here)|dead)\b",
            r"\bno (?:reason|point)\b.{0,15}\b(?:to live|living|in living|being alive)\b",
            r"\b(?:saved up|hoarded|swallowed|taken) (?:\w+ ){0,3}(?:pills|tablets)\b",
            r"\b(?:afraid|scared|fear) for my life\b",
            r"\b(?:he|she|my husband|my wife|my ex|my partner) (?:\w+ ){0,4}(?:hits|hit|beats|beat|choked|strangled|"
            r"threatened to kill) me\b(?! (?:down|to|at|with|as|that|by|on the head))",
        ),
        (
            r"\b(?:laugh\w*|bored|boring|embarrass\w*|talk on|workshop|prevention|novel|film|movie|series|article|by email|"
            r"with (?:an?|his|her) (?:\w+ )?(?:question|idea|request|invoice|joke))\b",
            r"\bcommercial suicide|\bcareer suicide|\bpolitical suicide|\bsocial suicide",
        ),
    ),
    sign(
        Remark.BEREAVEMENT,
        (
            rf"\b{_MY_KIN}\b.{{0,60}}\b(?:gestorben|verstorben|von uns gegangen|friedlich eingeschlafen|"
            r"für immer eingeschlafen|tot aufgefunden|verunglückt)\b",
            rf"\b{_MY_KIN} (?:ist|sei) (?:\w+ ){{0,2}}tot\b",
            rf"(?<!wette )\b(?:habe|haben|hab) (?:(?!mit\b)\w+ ){{0,4}}(?:mein|unser)(?:e|en|em)? (?:\w+ )?{_KIN} (?:verloren|beerdigt|begraben)\b(?! gegen)",
            rf"\b(?:gestorben|verstorben) ist {_MY_KIN}\b|\bstarb (?:\w+ ){{0,2}}{_MY_KIN}\b|\b{_MY_KIN} starb\b",
            rf"\b{_MY_KIN}\b.{{0,40}}\b(?:das leben genommen|umgebracht)\b",
            rf"\b(?:tod|sterben) (?:mein|unser)(?:es|er) (?:\w+ )?{_KIN}\b",
            r"\b(?:todesfall|trauerfall|sterbefall)\b",
            r"\b(?:auf|zu|zur|wegen|vor|nach) (?:der|die|einer|eine|meiner|unserer|ihrer|seiner)? ?"
            r"(?:beerdigung|trauerfeier|beisetzung|urnenbeisetzung)\b",
            r"\b(?:ist|war|wird) (?:\w+ ){0,3}(?:die|seine|ihre) (?:beerdigung|trauerfeier|beisetzung|urnenbeisetzung)\b",
            r"\b(?:beerdigung|trauerfeier|beisetzung|urnenbeisetzung)(?: ist| war| findet|"
            r" (?:mein|unser)(?:er|es)| von (?:mein|unser|papa|mama|oma|opa))\b",
            r"\b(?:beerdigen|beerdigt|begraben|beisetzen)\b.{0,40}\b(?:mein|unser|ihn|sie)\b",
            r"\b(?:ich|wir) (?:\w+ ){0,2}(?:trauere|trauern)\b|\bbin (?:\w+ ){0,2}in (?:tiefer )?trauer\b",
        ),
        (
            AGO,
            r"\bseit\b.{0,40}\b(?:gestorben|verstorben|beerdigung|trauerfeier)\b",
            r"\b(?:bestatter\w*|bestattung\w*|erster klasse|projekt\w*|redner\w*|rede für|beruflich)\b",
            rf"\b(?:angst|sorge)\b.{{0,40}}\b(?:{_KIN})\b",
            r"\bmein(?:e|en|em)? (?:\w+ )?(?:chef\w*|kund\w*|patient\w*)",
        ),
    ),
    sign(
        Remark.BEREAVEMENT,
        (
            rf"\b{_MY_KIN_EN}\b.{{0,40}}\b(?:died|passed away|has passed|passed on|was killed)\b",
            rf"\b{_MY_KIN_EN} (?:is|was found) dead\b",
            rf"\b(?:lost|buried|burying|bury) (?:my|our) (?:\w+ )?{_KIN_EN}\b(?!'s| at\b| in the)",
            rf"\b{_MY_KIN_EN}\b.{{0,40}}\b(?:took (?:his|her|their) own life|killed (?:him|her)self)\b",
            rf"\b(?:death|loss|passing) of (?:my|our) (?:\w+ )?{_KIN_EN}\b|\b(?:my|our) {_KIN_EN}'s (?:death|passing)\b",
            r"\bfuneral (?:is|was|will be|takes place|service)\b|\b(?:my|our) (?:\w+ ){0,2}\w+'s (?:funeral|wake|memorial)\b",
            r"\b(?:to|attend|attending|arrang\w+|organi[sz]\w+|plan|planning|after|before) (?:the|a|his|her) funeral\b",
            r"\bbereave(?:d|ment)\b|\b(?:death|loss) in (?:the|our|my) family\b|"
            r"\b(?:i'm|i am|we're|we are) (?:\w+ )?grieving\b",
        ),
        (
            AGO,
            r"\bsince\b.{0,40}\b(?:died|passed|funeral)\b|\blike\b.{0,20}\bfuneral\b|\bplay(?:ed|ing)? (?:for|at)\b",
            r"\b(?:funeral (?:director|home|business|industry|trade|company|parlour)|project|temper|the argument|touch with|"
            r"sight of|a bet|speaker)\b",
        ),
    ),
    sign(
        Remark.BIRTH,
        (
            r"\b(?:unsere?|meine?) (?:\w+ ){0,2}(?:tochter|sohn|kind|baby|mädchen|junge|zwillinge|kleine|kleiner)\b.{0,40}"
            r"\b(?:geboren|auf der welt|zur welt gekommen|auf die welt gekommen|das licht der welt)\b",
            r"\b(?:unsere?|meine?) (?:\w+ ){0,2}(?:tochter|sohn|kind|baby|zwillinge|kleine|kleiner|nachwuchs) "
            r"(?:ist|sind) (?:\w+ ){0,2}da\s*$",
            r"\b(?:ich bin|wir sind|bin) (?:\w+ ){0,3}(?:vater|mutter|papa|mama|eltern) geworden\b",
            r"\b(?:kam|kamen) (?:\w+ ){0,3}(?:unsere?|meine?) (?:\w+ ){0,2}(?:tochter|sohn|kind|baby|mädchen|junge|zwillinge|kleine|"
            r"kleiner) (?:\w+ ){0,3}(?:zur|auf die) welt\b|\b(?:ist|kam) (?:\w+ ){0,4}zur welt(?: gekommen)?\b",
            r"\bist da\b.{0,20}\b\d{3,4} (?:g|gramm)\b|\bsind (?:\w+ ){0,3}(?:jetzt|seit \w+) (?:\w+ )?zu (?:dritt|viert|fünft)\b",
            r"\b(?:habe|hab) (?:\w+ ){0,3}entbunden\b|\bnachwuchs ist da\b|\bgeburt (?:unser|mein)(?:er|es)\b",
            r"\bseit (?:der|ihrer|seiner) geburt (?:unser|mein|vor)\b",
        ),
        (
            AGO,
            OTHERS,
            r"\b(?:schwester|bruder|freundin|cousine|nichte|schwägerin|schwager|katze|hündin|geburtstag|erwarten|errechnet\w*|wird|soll|termin ist|zu besuch|besuchen|übers wochenende)\b",
        ),
    ),
    sign(
        Remark.BIRTH,
        (
            r"\b(?:our|my) (?:\w+ ){0,2}(?:daughter|son|baby|boy|girl|twins)\b.{0,40}\b(?:was born|were born|has arrived|"
            r"have arrived|arrived (?:safely|last night|this morning|yesterday|on|at)|is here\s*$|are here\s*$)",
            r"\b(?:i|we|wife|partner|girlfriend) (?:\w+ ){0,2}(?:gave|given) birth\b|\b(?:became|have become|am now|i'm) (?:a |the )?(?:father|mother|dad|mum|mom|parents)\b"
            r"|\b(?:little|baby) (?:\w+ )?(?:was|were) born\b",
            r"\bwelcomed (?:\w+ ){0,3}(?:baby|daughter|son|twins)\b|\b(?:we|i) (?:have|'ve got|'ve) (?:a|had a) newborn\b",
            r"\bbirth of (?:our|my) (?:\w+ )?(?:daughter|son|child|baby|twins)\b",
        ),
        (
            AGO,
            OTHERS,
            r"\b(?:sister|brother|niece|sister-in-law|cat|mare|birthday|due (?:in|on|date)|expecting|will be born|visit(?:ing)?|to an idea|home from)\b",
        ),
    ),
    sign(
        Remark.CRISIS,
        (
            r"\bmein(?:e|er)? (?:mann|frau|partner|partnerin|freund|freundin|ehemann|ehefrau)\b.{0,40}\b(?:ausgezogen|"
            r"hat mich verlassen|mich verlassen|hat sich (?:von mir )?getrennt|sich von mir getrennt|will die scheidung|"
            r"will sich scheiden|will sich trennen|hat eine andere|hat einen anderen)\b",
            r"\bmein(?:e)? (?:mann|frau|partner|partnerin|freund|freundin) und ich (?:\w+ ){0,3}(?:trennen|lassen) uns\b|\bscheiden lassen\b"
            r"|\bmeine (?:ehe|beziehung) ist (?:\w+ )?(?:am ende|vorbei|gescheitert|kaputt)\b",
            r"\bzusammengeklappt\b|\bdie diagnose\b.{0,20}\b(?:krebs|depression|burn-?out|multiple sklerose|parkinson|leukämie)\b",
            r"\bbei (?:uns|mir) (?:\w+ ){0,3}eingebrochen\b|\bich bin völlig am ende\b",
            r"\b(?:habe|haben|hab) (?:mich|uns) (?!vom |von (?!mein))(?:\w+ ){0,4}getrennt\b|\blasse mich scheiden\b",
            r"\b(?:breche|brach) (?:\w+ ){0,3}zusammen\b|\bbin (?:\w+ ){0,3}zusammengebrochen\b|\bnervenzusammenbruch\b",
            r"\b(?:habe|hatte|bekomme|bekam) (?:\w+ ){0,3}(?:panikattacken?|einen zusammenbruch|einen burn-?out)\b",
            r"\b(?:bin|ich) (?:\w+ ){0,3}(?:im|mit) burn-?out\b|\bdiagnose (?:lautet |ist )?:? ?(?:krebs|depression|burn-?out)\b",
            rf"\b(?:ich|{_MY_KIN}) (?:\w+ ){{0,3}}(?:hat|habe|hatte) (?:\w+ ){{0,3}}(?:krebs|einen tumor|einen schlaganfall|"
            r"einen herzinfarkt|eine krebsdiagnose|einen (?:schweren )?unfall)\b",
            rf"\b{_MY_KIN}\b.{{0,60}}\b(?:schlaganfall|herzinfarkt|intensivstation|auf der intensiv|im koma|krebs)\b",
            r"\b(?:bei mir|bei meine[rm] \w+) (?:wurde|ist) (?:\w+ ){0,4}(?:krebs|ein tumor|brustkrebs|leukämie)\b",
            r"\b(?:hatte|hatten|habe) (?:\w+ ){0,3}(?:eine )?fehlgeburt\b|\b(?:unser|mein) haus ist (?:\w+ )?abgebrannt\b",
            r"\bstecke (?:\w+ ){0,4}in einer (?:tiefen |schweren |ernsten )?(?:lebens)?krise\b",
        ),
        (
            AGO,
            IMAGINED,
            r"\b(?:server|website|lachend|vor lachen|seminar|vortrag|büro\w*|firma|abteilung|wir beide vom)\b",
        ),
    ),
    sign(
        Remark.CRISIS,
        (
            r"\bmy (?:husband|wife|partner|boyfriend|girlfriend)\b.{0,40}\b(?:moved out|left me|has left me|walked out|"
            r"wants a divorce|asked for a divorce|is leaving me|is divorcing me)\b",
            r"\b(?:we|we have|we've|we're) (?:\w+ ){0,2}(?:separated|separating|divorcing|getting (?:a )?divorced?)\b(?! (?:the|our|from|out|it|them))",
            r"\bi(?:'m| am)? (?:\w+ ){0,2}(?:breaking down|broke down|had a breakdown|having a breakdown|"
            r"burnt out|burned out and signed off)\b",
            r"\bmy marriage (?:is|has) (?:\w+ )?(?:over|ended|ending|broken|failed|falling apart)\b|\bcan't stop crying\b",
            r"\b(?:found|have found|has) (?:\w+ ){0,4}(?:tumou?r|cancer|lump)\b.{0,30}\b(?:my|our|me)\b",
            r"\b(?:had|having|get|getting) (?:\w+ ){0,2}(?:panic attacks?|a nervous breakdown|a breakdown|a miscarriage)\b",
            rf"\b(?:i|{_MY_KIN_EN}) (?:\w+ ){{0,2}}(?:had|has|have|suffered) (?:\w+ ){{0,2}}(?:a stroke|a heart attack|cancer|"
            r"a tumou?r|an accident|a car accident|a serious accident|a bad accident)\b",
            rf"\b(?:i was|i've been|i have been|{_MY_KIN_EN} (?:was|has been)) (?:\w+ )?diagnosed with\b",
            rf"\b{_MY_KIN_EN}\b.{{0,40}}\b(?:in intensive care|in a coma|is dying)\b",
        ),
        (AGO, IMAGINED, r"\b(?:laughing|server|website|company|department|office|workshop|agency)\b"),
    ),
    sign(
        Remark.ILLNESS,
        (
            r"\b(?:ich|bin|wir) (?:\w+ ){0,5}(?:krank|erkrankt|krankgeschrieben|bettlägerig)\b(?! vor)",
            r"\bkrankgeschrieben\b|\bim krankenstand\b",
            r"\b(?:liege|lieg|liegen) (?:\w+ ){0,6}(?:flach|im bett|im krankenhaus|in der klinik|krank)\b",
            r"\b(?:habe|hab|bin|liege|lag|lieg|immer noch|noch immer) (?:\w+ ){0,4}(?:fieber|grippe|corona|covid|migräne|"
            r"magen-darm\w*|lungenentzündung|angina|norovirus|bronchitis|hexenschuss|bandscheibenvorfall|"
            r"gürtelrose|nierenkolik|blinddarm\w*)\b",
            r"\b(?:bin|seit \w+) (?:\w+ ){0,3}(?:erkältet|heiser|verschnupft|fiebrig)\b|\b(?:virus|infekt) (?:\w+ )?(?:eingefangen|erwischt)\b",
            r"\b(?:habe|hab) (?:mir )?(?:\w+ ){0,4}(?:gebrochen|verstaucht|gerissen)\b.{0,40}$|\bhat mich (?:\w+ ){0,4}(?:grippe|erwischt)\b",
            r"\b(?:kind|kinder|kleine|kleiner|sohn|tochter) (?:hat|haben) (?:\w+ ){0,2}(?:scharlach|fieber|windpocken|masern|grippe|"
            r"magen-darm|corona|keuchhusten|mittelohrentzündung)\b",
            r"\bmich hat(?:'s| es)? (?:\w+ ){0,4}(?:erwischt|flachgelegt|umgehauen|niedergestreckt)\b",
            r"\b(?:bin|war|komme|muss|musste|wurde|werde|liege) (?:\w+ ){0,6}(?:ins krankenhaus|im krankenhaus|in die klinik|"
            r"in die notaufnahme|in der notaufnahme|operiert|unters messer)\b",
            rf"\b{_MY_KIN} (?:\w+ ){{0,5}}(?:krank|im krankenhaus|fieber|ins krankenhaus|operiert|grippe|corona)\b",
            r"\b(?:kind|kinder|kleine|kleiner) (?:ist|sind|wieder|liegt) (?:\w+ )?krank\b|\bkrankes kind\b",
        ),
        (
            AGO,
            OTHERS,
            r"\b(?:denkt|dachte|gedacht|glaubt|meint|gefragt|fragt|gehöre|ob ich|du liegst|sie liegen|gute besserung)\b|\bkein krank",
            r"\b(?:wenn|falls) (?:\w+ ){0,4}krank|\bmacht (?:mich|uns) (?:\w+ )?krank|\bnicht (?:mehr )?krank|\bkrank (?:ist|wird|war)\b",
            r"\b(?:arbeite|station\w*|schicht|dienst(?:plan)?|pflege\w*|krankenkasse|versicherung|reisefieber|lampenfieber|"
            r"goldfieber|wieder gesund|wieder fit|jemand|projekt\w*|verwaltung\w*|vertrag\w*|hätte)\b",
        ),
    ),
    sign(
        Remark.ILLNESS,
        (
            r"\b(?:i'?m|i am|i've been|i have been) (?:\w+ ){0,3}(?:ill|sick|unwell|poorly|bedridden|in bed with|"
            r"signed off|off sick|under the weather)\b(?! of| and tired| about| to death)",
            r"\b(?:i have|i've got|i've caught|caught|came down with|down with|got|in bed with|fighting) (?:\w+ ){0,3}(?:the flu|"
            r"flu|a fever|covid|a migraine|migraine|pneumonia|bronchitis|norovirus|a stomach bug|food poisoning|tonsillitis)\b",
            r"\b(?:i'?m|i am|i was|i've been|have to go|went|admitted|rushed) (?:\w+ ){0,3}(?:in|to|into) (?:the )?"
            r"(?:hospital|a&e|the emergency room|the er)\b",
            r"\b(?:my|having|after|for|had) (?:an? )?(?:\w+ )?(?:operation|surgery)\b.{0,30}\b(?:tomorrow|today|on \w+|next week|"
            r"recover\w*|yesterday|last week)\b",
            rf"\b{_MY_KIN_EN} (?:\w+ ){{0,4}}(?:ill|sick|in hospital|to hospital|a fever|the flu|covid|chickenpox)\b",
            r"\b(?:i|i've) (?:\w+ )?(?:broke|broken|fractured|sprained) (?:my|an) (?:\w+ )?(?:leg|arm|wrist|ankle|foot|hand|hip|"
            r"collarbone|rib|ribs|shoulder|knee)\b|\blost my voice\b|\b(?:down with|caught|got|have) (?:\w+ ){0,3}(?:virus|bug|chest infection)\b",
            rf"\b(?:{_MY_KIN_EN})(?:'s| has| have| is| are) (?:\w+ ){{0,3}}(?:chickenpox|measles|scarlet fever|fever|flu|covid|"
            r"stomach bug|ear infection)\b",
            r"\bstill (?:\w+ ){0,2}(?:a fever|feverish|coughing|ill|sick|in bed)\b|\bsigned off (?:sick|work)\b",
        ),
        (
            AGO,
            OTHERS,
            r"\b(?:thinks?|thought|asked|wonder\w*|decide\w*|sorry to hear|get well|on the mend)\b",
            r"\b(?:if|in case|when) (?:\w+ ){0,3}(?:ill|sick)\b|\bnot (?:\w+ )?(?:ill|sick)\b|\bmakes? me (?:\w+ )?sick\b|\bsick of\b",
            r"\b(?:work (?:in|at) (?:a|the) hospital|ward|shift|sick pay|sick leave policy|insurance|cabin fever|stage fright|"
            r"hospital (?:board|management|project|client|job)|somebody|someone|better now|recovered|well again)\b",
        ),
    ),
)

# The coach's answer shows what was told by telephone or in words that no table holds.
LIFE_SENT: tuple[Sign, ...] = (
    sign(
        Remark.BEREAVEMENT,
        (
            r"\bbeileid\b|\bmitgefühl\b|\b(?:trauere|traure) mit\b|\b(?:zum|vom|über den) tod (?:ihr|dein|eur)(?:es|er)\b",
            r"\bcondolences\b|\bsorry for your loss\b|\bsorry (?:to hear )?about your (?:\w+ )?(?:father|mother|dad|mum|mom|brother|sister|"
            r"husband|wife|son|daughter|loss|grandmother|grandfather)\b|\bthe (?:loss|death|passing) of your\b",
        ),
        (AGO, r"\b(?:kund\w+|kolleg\w+|customers?|colleagues?|luggage|phone|sleep|job)\b"),
    ),
    sign(
        Remark.BIRTH,
        (
            r"\b(?:glückwunsch|gratuliere|glückwünsche|freue)\b.{0,40}\b(?:zur geburt|zum nachwuchs|zum baby|zur tochter|zum sohn|zu den zwillingen)\b",
            r"\bcongratulations\b.{0,40}\b(?:birth|baby|arrival of your|newborn|your (?:new )?(?:son|daughter|twins))\b",
        ),
        (OTHERS,),
    ),
    sign(
        Remark.ILLNESS,
        (
            r"\bgute besserung\b|\b(?:werden sie|werde|komm) (?:\w+ ){0,3}(?:gesund|wieder auf die beine)\b|\bkurier\w* (?:dich|sich|sie sich)\b",
            r"\bget well(?: soon)?\b|\bspeedy recovery\b|\b(?:hope you(?:'re| are)?|hope you'll) (?:\w+ ){0,3}(?:feel better|feeling better|"
            r"recover\w*|on the mend)\b",
        ),
        (OTHERS, r"\b(?:für|an) (?:\w+ )?(?:ihre?n?|deine?n?|euren?) (?:team|abteilung|firma)\b"),
    ),
)
