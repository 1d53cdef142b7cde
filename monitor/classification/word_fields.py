"""Word fields: words of one meaning, in German and English, so that what was learned of one holds for the others.

A model that met "draft my lease" may never have met "draw up my tenancy agreement". Words are given by their stems:
a word belongs to a field if it begins with one of its stems, or, from six letters on, contains one, as German
compounds do. Stems are folded as the words are (see ``folding``); one in quotes holds for the whole word only.
"""

from __future__ import annotations

from functools import lru_cache

from monitor.classification.folding import fold

INSIDE_COMPOUNDS = 6  # letters from which a stem is looked for inside a word
LONGEST_WORD = 40  # letters of a word that are looked at: the search is quadratic in them

_FIELDS: dict[str, str] = {
    # --- what could be worked on
    "f:writing": """
        text texte brief anschreiben schreiben aufsatz essay artikel beitrag blogbeitrag blog kolumne kapitel
        manuskript roman exposé expose hausarbeit abschlussarbeit masterarbeit bachelorarbeit dissertation
        doktorarbeit rede ansprache grusswort laudatio nachruf predigt gedicht entwurf entwürfe rohfassung protokoll
        bericht gutachten stellungnahme zusammenfassung abstract gliederung skript drehbuch pressemitteilung inserat
        anzeige stellenanzeige flyer broschüre prospekt newsletter mailing rundbrief rundmail einladungstext
        speisekarte produktbeschreibung klappentext slogan claim motto bildunterschrift caption posting draft letter
        article chapter manuscript novel thesis paper speech eulogy toast poem script column press release blurb
        brochure leaflet memo minutes summary outline synopsis copy wording paragraph statement advert listing menu
        tagline bio""",
    "f:application": """
        bewerbung lebenslauf vita zeugnis arbeitszeugnis motivationsschreiben initiativbewerbung 'cv' resume
        coverletter application linkedin xing profiltext referenz empfehlungsschreiben reference recommendation
        testimonial personalbogen bewerbungsfoto headhunter recruiter vorstellungsgespräch interview assessment""",
    "f:business_paper": """
        angebot kostenvoranschlag kalkulation budget businessplan geschäftsplan finanzplan förderantrag antrag
        ausschreibung präsentation folie folien pitch deck slide powerpoint keynote excel tabelle tabellenblatt
        spreadsheet vorlage konzept workshopkonzept fragebogen umfrage leitfaden checkliste stellenbeschreibung
        organigramm proposal quote quotation estimate forecast plan tender bid grant presentation table survey
        questionnaire handbook manual policy checklist template agenda brief""",
    "f:web_and_tech": """
        website webseite homepage webshop onlineshop shop landingpage wordpress shopify plugin theme domain hosting
        server impressum datenschutzerklärung seo google instagram facebook tiktok youtube podcast logo banner
        grafik layout design app software drucker scanner router wlan laptop rechner computer tablet mikrofon kamera
        backup virus update treiber passwort smartphone webpage landing printer wifi microphone camera webcam reel
        thumbnail graphics font install installation login crash browser zoom teams outlook spam""",
    "f:picture_or_sound": """
        foto fotos bild bilder aufnahme video clip tonspur sprachnachricht audio mitschnitt zeichnung skizze
        grundriss plan collage moodboard photo picture footage recording voicenote voice sketch drawing floorplan
        portfolio demo sample""",
    # --- outside the coach's field
    "f:law": """
        anwalt anwältin rechtsanwalt gericht klage klagen abmahnung kündigungsschutz arbeitsrecht mietvertrag
        mietrecht vermieter mieter nebenkosten kaution scheidung sorgerecht unterhalt testament erbe erbschaft erben
        vollmacht patientenverfügung widerspruch bescheid einspruch klausel wettbewerbsverbot haftung gewährleistung
        agb dsgvo markenrecht patent urheberrecht notar aufhebungsvertrag lawyer solicitor barrister attorney court
        sue lawsuit tribunal legal lease tenancy landlord tenant eviction divorce custody alimony will probate
        inherit inheritance clause liability terms gdpr trademark copyright notary settlement noncompete visa
        immigration permit""",
    "f:tax_and_finance": """
        steuer steuererklärung steuerberater finanzamt umsatzsteuer einkommensteuer vorsteuer absetzen absetzbar
        abschreiben freibetrag buchhaltung buchführung elster bilanz jahresabschluss kleinunternehmer versicherung
        krankenkasse rente rentenversicherung altersvorsorge aktie aktien etf fonds depot kredit darlehen hypothek
        zins bitcoin krypto anlage anlegen leasing schulden tax hmrc irs accountant bookkeeping deduct deductible
        expenses audit insurance pension mortgage loan shares stock stocks isa invest investment crypto fund debt
        overdraft""",
    "f:medicine": """
        arzt ärztin hausarzt facharzt psychiater therapeut therapie klinik krankenhaus diagnose diagnos befund
        blutwert blutdruck medikament tablette tabletten dosis dosieren pille antidepressiv ritalin cortison
        ibuprofen nebenwirkung symptom schmerz schmerzen knie rücken bandscheibe migräne kopfschmerz schwindel
        allergie fieber entzündung impfung operation krankschreib krankschreibung depression burnout panikattacke
        schlafstörung schilddrüse eisenmangel vitamin ernährungsplan doctor 'gp' physician psychiatrist therapist
        clinic hospital diagnosis blood dose dosage tablet tablets pill medication meds antidepressant pain knee
        back migraine headache dizzy allergy fever infection rash surgery thyroid supplement insomnia depressed""",
    "f:family_and_friends": """
        mann ehemann frau ehefrau partner partnerin freund freundin sohn tochter kind kinder enkel enkelin neffe
        nichte bruder schwester mutter vater eltern oma opa tante onkel schwager schwägerin schwiegermutter
        schwiegervater schwiegersohn schwiegertochter cousin cousine nachbar nachbarin mitbewohner patenkind husband
        wife boyfriend girlfriend son daughter kid kids child children grandson granddaughter nephew niece brother
        sister mother father mum mom dad parents gran grandma grandpa aunt uncle neighbour neighbor flatmate
        roommate friend mate godson goddaughter""",
    "f:colleagues": """
        chef chefin vorgesetzte vorgesetzter vorgesetzten kollege kollegin kollegen team mitarbeiter mitarbeiterin
        mitarbeitende vorstand geschäftsführer geschäftsführung geschäftsleitung abteilung betriebsrat
        personalabteilung aufsichtsrat azubi praktikant praktikantin lieferant kunde kundin kunden kundschaft
        auftraggeber investor investoren gesellschafter mitgründer boss manager supervisor colleague coworker staff
        employee board director ceo cfo department hr intern trainee supplier customer customers shareholder
        cofounder stakeholder""",
    "f:institutions": """
        amt behörde jobcenter arbeitsagentur bank sparkasse schule lehrer lehrerin kita uni universität hochschule
        prüfungsamt verein gemeinde rathaus versicherer krankenkasse verlag agentur redaktion zeitung hausverwaltung
        stiftung kammer innung council school teacher university college agency publisher editor newspaper charity
        foundation parish church club embassy authority office registrar examiner""",
    # --- what is done
    "f:look_at": """
        anschauen anschaust anschaut anguck ansehen ansiehst ansieht durchlesen durchliest durchsehen durchsieht
        durchschauen drüberschau drüberles drübergeh drüberguck draufschau draufguck gegenlesen gegenliest
        korrekturlesen korrigier lektorier überfliegen überarbeit redigier kommentier anmerken bewert beurteil prüf
        prüfen begutacht review proofread edit check critique comment annotate skim polish tweak rework revise
        glance peek eye eyes feedback rückmeldung anmerkungen rotstift korrektur lektorat meinung opinion verdict""",
    "f:make": """
        schreib verfass aufsetz aufsetzen formulier entwirf entwerf erstell ausarbeit zusammenstell zusammenfass
        zusammenschreib übersetz gestalt bastel bau programmier einricht installier konfigurier umbau ausfüll
        eintrag recherchier vorbereit organisier buch besorg bestell nachbau zeichn skizzier rechne ausrechn
        kalkulier schneid schneidest vertone einsprech write compose draft draw create design build produce prepare
        compile translate transcribe fill research organise organize book arrange setup install configure fix repair
        calculate sketch record edit mockup""",
    "f:speak_for_me": """
        vermittel vermitteln weiterleit weiterempfehl empfehl empfehlen ansprech ansprechen anruf anrufen anrufst
        reden redest sprechen sprichst verhandel mitkommen mitkommst mitkommt begleit begleiten dabeisein vorstellen
        vorstellst intervenier bürg bürgen unterschreib kontakt kontakte netzwerk mediier moderier introduce
        introduction intro recommend refer vouch negotiate mediate accompany join attend endorse forward connect
        contact contacts speak talk ring phone persuade convince moderate""",
    "f:lend_or_give": """
        leih leihen leihst ausleih ausleihen borg borgen schenk mitbring mitbringen abhol abholen fahr hinbring
        aufbewahr hüten füttern giess lend borrow loan lift drive bring drop feed babysit""",
    "f:decide": """
        entscheid entscheiden entscheidung entschieden zusagen absagen annehmen ablehnen wählen auswahl variante
        option lieber besser richtig falsch okay vertretbar sinnvoll soll sollte sollen bestätig segen absegnen
        erlaubnis darf decide decision choose choice accept decline reject right wrong fine approve approval
        permission blessing sense should nod verdict""",
    "f:doubt": """
        unsicher unsicherheit zweifel zweifle zweifeln sorge sorgen angst bammel panik grübel grübeln grüble schwank
        schwanke ratlos überfordert blockiert verrückt dumm blöd unsure uncertain doubt worry worried worrying
        afraid scared nervous anxious panic dither torn overthink overthinking stupid silly daft normal reassure
        reassurance reassuring beruhig beruhigen""",
    # --- the agreed work
    "f:own_task": """
        hausaufgabe hausübung aufgabe aufgaben übung übungen wochenaufgabe arbeitsblatt arbeitsblätter fragebogen
        reflexion reflexionsbogen tagebuch journal protokoll wochenprotokoll trainingsplan trainingstagebuch liste
        etüde tonleiter vokabel lektion modul homework assignment exercise exercises worksheet workbook reflection
        diary log scales drills practice practise vocabulary lesson module prep preparation""",
    "f:not_done": """
        geschafft nichtgeschafft vergessen versäumt verschlampt verschoben aufgeschoben liegengeblieben liegen
        hinterher schuldig nachreich nachliefer nachholen nachhol überfällig verspätet rückstand prokrastin forgot
        forgotten slipped behind overdue late owe owed pending neglected undone unfinished unstarted excuse excuses
        skipped procrastinat lapsed missed""",
    "f:session": """
        sitzung sitzungen termin termine stunde stunden einheit coachingstunde coachinggespräch gespräch call
        telefonat videocall treffen unterricht training trainingseinheit beratung workshop seminar doppelstunde
        probestunde session sessions appointment meeting lesson lessons slot class consultation catchup""",
    "f:move_a_date": """
        verschieb verschieben verlegen verleg vorverleg vorziehen tauschen umbuchen ausweichen ausweichtermin
        ersatztermin alternativtermin passt passen einrichten klappt terminvorschlag terminvorschläge reschedule
        rescheduling move shift swap postpone rebook rearrange push suit suits works availability available diary
        calendar free pencil""",
    "f:call_off": """
        absage absagen abgesagt ausfall ausfallen entfall entfallen krank erkältet erkältung grippe fieber bett
        verschlafen verpasst verpennt verschwitzt stau zug bahn panne verspätung verspäte flieger gestrichen cancel
        cancelled canceled cancellation sick ill poorly flu unwell bed overslept missed traffic train delayed delay
        stuck breakdown apologies""",
    "f:hurry": """
        sofort umgehend augenblicklich dringend dringendst eilig eilt brennt notfall schnellstmöglich schnellstens
        jetzt gleich unverzüglich postwendend minuten stündlich ungeduldig warte wartend funkstille urgent urgently
        immediately instantly asap now tonight emergency desperate rush hurry minute minutes waiting ignored
        ignoring silence hello""",
    "f:channel": """
        whatsapp signal telegram sms handy handynummer mobilnummer mobil telefon anruf anrufe anrufbeantworter
        mailbox rückruf sprachnachricht nachricht nachrichten messenger facetime skype chat slack text texts texted
        mobile cell phone voicemail answerphone callback message messages dm ping""",
    # --- money and contract
    "f:bill": """
        rechnung rechnungen rechnungsnummer rechnungsadresse beleg quittung honorar honorarnote rate raten
        ratenzahlung überweisung überweis überwiesen zahlung zahlungsziel mahnung lastschrift iban mwst umsatzsteuer
        skonto gutschrift betrag abbuchung konto kontoauszug invoice invoices receipt bill bills fee fees instalment
        instalments installment payment payments pay paid transfer remittance vat statement balance""",
    "f:cheaper": """
        rabatt nachlass skonto ermässig ermässigung vergünstig günstiger billiger freundschaftspreis entgegenkommen
        kulanz erlass erstatten erstattung rückerstattung gratis kostenlos umsonst unentgeltlich halbe halber
        studententarif sozialtarif discount rebate reduction reduce cheaper concession waive refund reimburse free
        complimentary mates goodwill haggle""",
    "f:contract": """
        vertrag vertrages vertrags vereinbarung paket kontingent laufzeit verlängern verlängerung verläng kündigen
        kündigung kündige beenden pausieren pause fortsetzen fortsetzung weitermachen buchen einstieg anmelden
        anmeldung upgrade folgeauftrag mindestlaufzeit contract agreement package retainer renew renewal extend
        extension terminate termination continue sign signed signature notice enrol enroll scope programme program
        block""",
    "f:own_papers": """
        link zugang zugangsdaten login portal kursraum mediathek handout unterlagen skript folien aufzeichnung
        mitschnitt teilnahmebescheinigung bescheinigung zertifikat anschrift adresse telefonnummer parkplatz raum
        anfahrt stockwerk klingel formular einverständnis datenschutz access handouts worksheet slides recording
        certificate address postcode parking room directions form consent password username download upload folder
        drive dropbox""",
    # --- how it goes
    "f:achieved": """
        geschafft gelungen geklappt bestanden gewonnen zusage erfolg erfolgreich fortschritt durchbruch meilenstein
        stolz erreicht erstmals verkauft unterschrieben befördert beförderung kilo kilometer bestzeit applaus gelobt
        lob managed succeeded success passed won offer breakthrough progress milestone proud achieved promoted
        promotion sold landed nailed cracked finished pb clicked improved improvement""",
    "f:disappointed": """
        enttäuscht enttäuschung unzufrieden frust frustriert ärger ärgert verärgert ernüchtert erwartet erwartung
        erwartungen versprochen versprechen garantie garantiert ergebnis ergebnisse wirkung nutzen gebracht
        stillstand treten zweifle lohnt disappointed disappointing disappointment dissatisfied unhappy frustrated
        frustrating annoyed expected expectation promised promise guarantee results outcome worth value plateau
        stuck wasted pointless""",
    "f:kindness": """
        danke dankbar herzlich glückwunsch geburtstag urlaub ferien weihnachten ostern feiertage hochzeit geburt
        baby enkel garten fest feier grüsse genieß erhol wünsche thanks thankful grateful congratulations birthday
        holiday christmas easter wedding garden party wishes enjoy lovely""",
    "f:free_hours": """
        abend abends feierabend nachts nacht spätabends wochenende samstag sonntag sonnabend feiertag mitternacht
        evening night midnight weekend saturday sunday late""",
}


def _stems() -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    whole: dict[str, set[str]] = {}
    beginnings: dict[str, set[str]] = {}
    inside: dict[str, set[str]] = {}
    for name, listed in _FIELDS.items():
        for given in fold(listed.lower()).split():
            stem = given.strip("'")
            if given != stem or len(stem) < 4:
                whole.setdefault(stem, set()).add(name)
                continue
            beginnings.setdefault(stem, set()).add(name)
            if len(stem) >= INSIDE_COMPOUNDS:
                inside.setdefault(stem, set()).add(name)
    return (
        {stem: frozenset(names) for stem, names in whole.items()},
        {stem: frozenset(names) for stem, names in beginnings.items()},
        {stem: frozenset(names) for stem, names in inside.items()},
    )


FIELDS: tuple[str, ...] = tuple(_FIELDS)
_WHOLE, _BEGINNINGS, _INSIDE = _stems()


@lru_cache(maxsize=20_000)
def fields_of(word: str) -> tuple[str, ...]:
    """Return the fields of a folded, lower-case word."""
    word = word[:LONGEST_WORD]
    found = set(_WHOLE.get(word, ()))
    for end in range(4, len(word) + 1):
        found |= _BEGINNINGS.get(word[:end], frozenset())
    for start in range(1, len(word) - INSIDE_COMPOUNDS + 1):
        for end in range(start + INSIDE_COMPOUNDS, len(word) + 1):
            found |= _INSIDE.get(word[start:end], frozenset())
    return tuple(sorted(found))
