"""What a provider wants for mail programs, in words: where to click, and which password to enter."""

from __future__ import annotations

from monitor.language.marking import N_
from monitor.language.speech import Speech
from monitor.providers.provider import Provider

# By the ``advice`` of the table of providers.
ADVICE = {
    "google": N_(
        "Google takes no account password from mail programs, but an app password: switch on 2-Step Verification in "
        "your Google Account, then make an app password at {page} and enter its 16 letters here."
    ),
    "microsoft": N_(
        "Microsoft takes no passwords from mail programs any longer. You sign in once with a code in your browser, and "
        "this program never sees your password. For that it needs the client id of an app registration: at "
        "https://entra.microsoft.com open App registrations, New registration, allow personal and work accounts, set "
        "“Allow public client flows” to Yes, and copy the application (client) id."
    ),
    "imap_switch_second_factor": N_(
        "{provider} lets mail programs in once you allow it: sign in to the website on a computer, open the e-mail "
        "settings, “POP3/IMAP”, and allow access ({page}). With two-factor authentication you also make an "
        "application-specific password there and enter that one; switching two-factor authentication on takes the "
        "permission back."
    ),
    "imap_switch": N_(
        "{provider} lets mail programs in once you allow it: sign in to the website, open the e-mail settings, and "
        "switch POP3/IMAP on. The password is that of your mailbox."
    ),
    "telekom": N_(
        "T-Online wants its “Passwort für E-Mail-Programme”, which is not the one of your Telekom login: set it on the "
        "website of Telekom, in the login settings under passwords, and enter it here."
    ),
    "mailbox_password": N_(
        "{provider} wants the password of the mailbox itself, the one that was set when the mailbox was made; not the "
        "one of your customer login."
    ),
    "extra_protection": N_(
        "{provider} takes the password of your account. If “zusätzlicher Postfachschutz” (additional mailbox "
        "protection) is on in the settings, make an app password there and enter that one, or switch it off."
    ),
    "second_factor": N_(
        "{provider} takes the password of your account; with two-factor authentication it wants an app password, which "
        "you make in the settings under security."
    ),
    "app_password": N_(
        "{provider} wants a password for this program alone: sign in to your account in a browser ({page}), open the "
        "security settings, make an app-specific password, and enter it here."
    ),
}


def advice(provider: Provider, speech: Speech) -> str:
    """Return what a provider wants, and where to get it."""
    text = speech.gettext(ADVICE[provider.advice])
    page = provider.page or speech.gettext("the provider's website")
    return text.format(provider=provider.name, page=page)
