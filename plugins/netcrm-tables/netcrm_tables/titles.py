"""What the title of a column may mean, in lists of members and in the exports of address books."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, NamedTuple

KEEP: Final = "keep"
LEAVE_OUT: Final = ""
LABELS: Final = ("tags", "circles", "fields", "relations")
POINTS: Final = ("email", "phone", "url")
SEVERAL: Final = (*POINTS, "aliases", *LABELS)
MEANINGS: Final = (
    "name", "given", "family", "aliases", "pronouns", "organisation", "title", "until", "location",
    "email", "phone", "url", "language", "birthday", "connected_on", "note", "tags", "circles",
    "fields", "relations", "source", "kin", "placeholder", "referred_by",
)  # fmt: skip
LINKEDIN: Final = "linkedin"
_LONGEST: Final = 60
_WORDS: Final = re.compile(r"[\w .'’()/-]+[:*]?")


class Claim(NamedTuple):
    """What a column may be. Of several that claim one thing, that with the lowest rank is it.

    `part` tells columns apart that make one value together: the city, the country. A claim that is
    not `sure` makes no header by itself: a row of people may hold that word.
    """

    meaning: str
    rank: int = 0
    part: str = ""
    sure: bool = False


# The first line of each holds titles that hardly anything else has; earlier ones win.
_TITLES: Final = {
    "name": (
        "full name|name|display name|contact full name|member name|alumni name|complete name|names"
        "|person|member's name|name of member|student name|employee name|attendee name"
        "|participant name|guest name|person name|your name|your full name|name last first"
        "|name first last|last name first name|last first|first last|first and last name"
        "|first name last name|nom complet|nom et prénom|prénom et nom|vor- und nachname"
        "|nombre completo|nombre y apellidos|nome completo|nome e cognome",
        "contact name|contact person|primary contact|primary contact name|main contact|key contact"
        "|representative|primary representative|representative name|ansprechpartner"
        "|ansprechpartnerin|kontaktperson|persona de contacto|personne de contact|referente"
        "|contact|contacto|contatto|kontakt|member|members|mitglied|membre|miembro|socio|people"
        "|attendee|participant|guest|teilnehmer|speaker|alumnus|alumna|student|employee|owner",
    ),
    "given": (
        "first name|given name|forename|christian name|fname|vorname|prénom|nombre de pila"
        "|primer nombre|primeiro nome|voornaam",
        "first",
    ),
    "family": (
        "last name|family name|surname|lname|nachname|familienname|zuname|nom de famille|apellidos"
        "|apellido|primer apellido|cognome|sobrenome|apelido|apelidos|achternaam",
        "last",
    ),
    "organisation": (
        "",
        "company|organisation|organization|organization name|organization 1 name|employer"
        "|current employer|current company|company name|organisation name|business name|firm name"
        "|employer name|firm|business|institution|agency|practice|workplace|place of work"
        "|affiliation|org|company organization|organization company|company organisation"
        "|organisation company|employer company|current organization|companies|associated company"
        "|account name|firma|unternehmen|arbeitgeber|firmenname|betrieb|société|entreprise"
        "|employeur|empresa|compañía|organización|azienda|società|ditta|organizzazione|companhia"
        "|organização",
    ),
    "title": (
        "job title",
        "organization title|organization 1 title|current position|current title|current job title"
        "|position|position title|title position|job title position|job role|role|job|occupation"
        "|profession|designation|title|berufsbezeichnung|stelle|beruf|funktion|titel|poste"
        "|fonction|cargo|puesto|posición|ocupación|profesión|posizione|ruolo|professione|posição"
        "|função|profissão|headline",
    ),
    "until": ("", "until|position until|job until|job ended|left in"),
    "language": ("", "language|preferred language|sprache|langue|idioma|lingua"),
    "pronouns": ("", "pronouns|preferred pronouns"),
    "birthday": (
        "birthday|date of birth|birth date|dob|geburtstag|geburtsdatum|date de naissance"
        "|fecha de nacimiento|cumpleaños|data di nascita|compleanno|data de nascimento",
        "bday|born",
    ),
    "connected_on": (
        "connected on|verbunden am|vernetzt am|date de connexion|connecté le|conectado el"
        "|fecha de conexión|data di connessione|conectado em|data da conexão",
        "",
    ),
    "note": (
        "",
        "notes|note|comments|comment|remarks|bio|bio short|bemerkung|bemerkungen|notiz|notizen"
        "|kommentar|remarques|commentaire|notas|nota|observaciones|observações|osservazioni",
    ),
    "tags": (
        "",
        "tags|tag|labels|label|groups|group|group membership|categories|category|keywords"
        "|kategorien|kategorie|gruppen|gruppe|schlagwörter|étiquettes|catégories|groupes|etiquetas"
        "|categorías|grupos|etichette|categorie|gruppi|categorias",
    ),
    "circles": ("", "circles|circle"),
    "fields": ("", "fields|field|field of work|professional field|professional fields"),
    "relations": ("", "relations|relation|relationship|relation to me|relationship to me"),
    "kin": ("", "kin|family member|is kin"),
    "placeholder": ("", "placeholder|is placeholder"),
    "source": ("", "source"),
    "referred_by": (
        "referred by|introduced by|recommended by|referrer|intro by|empfohlen von|vermittelt durch"
        "|recommandé par|présenté par|recomendado por|referido por|presentado por|indicado por"
        "|presentato da|consigliato da",
        "",
    ),
    "aliases": (
        "nickname|maiden name|former name|also known as|birth name|former names|nicknames"
        "|spitzname|geburtsname|mädchenname|nom de jeune fille|surnom|apodo|soprannome",
        "aliases|alias|aka|short name|goes by|preferred name",
    ),
    "url": (
        "web page|homepage|website|web site|profile url|personal web page|personal website"
        "|url du profil|profil-url|url del perfil|url del profilo|url do perfil|sitio web|site web"
        "|sito web|webseite|internet",
        "url|urls|web|web address|site|sites|websites|link|links|blog|profile|profiles"
        "|profile link|xing|facebook|twitter|instagram|github|mastodon|bluesky",
    ),
    LEAVE_OUT: (
        "",
        "e-mail type|e-mail label|phone type|phone label|website type|website label"
        "|organization type|address type|address label",
    ),
}  # fmt: skip
_OFFICIAL: Final = frozenset({
    "contactname", "contactperson", "primarycontact", "primarycontactname", "maincontact",
    "keycontact", "representative", "primaryrepresentative", "representativename",
    "ansprechpartner", "ansprechpartnerin", "kontaktperson", "personadecontacto",
    "personnedecontact", "referente",
})  # fmt: skip
_MEMBER: Final = frozenset({
    "member", "membername", "members", "mitglied", "membre", "miembro", "socio",
})  # fmt: skip
_NAME_OR_PART: Final = {"name": "family", "nom": "family", "nome": "given", "nombre": "given"}
_ALSO: Final = {
    "adresse e-mail": "email", "adresse électronique": "email",
    "dirección de correo electrónico": "email", "indirizzo e-mail": "email",
    "endereço de e-mail": "email", "posta elettronica": "email",
    "contact number": "phone", "contact no": "phone", "número de teléfono": "phone",
    "numéro de téléphone": "phone",
}  # fmt: skip

_WHOSE: Final = (
    "work|home|business|personal|private|primary|secondary|other|main|office|public|preferred"
    "|alternate|alternative|second|direct|daytime|evening|contact|member|privat|privee?"
    "|geschaftlich|dienstlich|beruflich|value|address(?:es)?|adresse|numbers?|nummer|no|nr|optional|required|[0-9]"
)
_EMAIL_ROOT: Final = "e?mails?|courriel|correo(?:electronico)?|mel"
_PHONE_ROOT: Final = (
    "phones?|telephone|tel|mobile?|mobil|cell|cellphone|cellular|telefon|handy|mobiltelefon"
    "|rufnummer|whatsapp|telefono|movil|celular|cellulare|telefone|telemovel|portable"
)
_EMAIL: Final = re.compile(f"(?:{_WHOSE}|company)*(?:{_EMAIL_ROOT})(?:{_WHOSE})*")
_PHONE: Final = re.compile(f"(?:{_WHOSE})*(?:{_PHONE_ROOT})+(?:{_WHOSE}|{_PHONE_ROOT})*")
_WEBSITE: Final = re.compile("website[0-9]{1,2}value")
_LINKEDIN: Final = re.compile(
    "(?:personal|public)?linkedin(?:profile|public|url|link|address|page|handle|id|in|optional)*"
)
_LABEL: Final = re.compile("(?:email|phone|website|organization|address)[0-9]{1,2}(?:type|label)")
_PLACE: Final = re.compile(
    "(business|work|office|home|other|mailing|current|address[0-9]{1,2})?"
    "(?:(city|town|municipality|ort|stadt|ville|ciudad|citta|cidade)"
    "|(state|region|province|stateprovince|provinceorstate|bundesland|provincia|regione|estado)"
    "|(country|countryregion|nation|land|pays|pais|paese))"
)
_WHOLE_PLACE: Final = frozenset({
    "location", "currentlocation", "citystate", "citycountry", "citystatecountry", "citytown",
    "basedin", "livesin", "place", "wohnort", "lieu", "ubicacion", "luogo", "localizacao",
    "residence",
})  # fmt: skip
_PLACES: Final = ("", "current", "business", "work", "office", "home", "other", "mailing")
_BIRTH: Final = re.compile("birth(year|month|day)")
_MIDDLE: Final = frozenset({
    "middlename", "middle", "middleinitial", "additionalname", "zweitervorname",
})  # fmt: skip


def plain(title: str) -> str:
    """Return a title as it is compared: its letters and digits, without case and accents."""
    bare = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", title).casefold())
    return "".join(c for c in bare if c.isalnum())


def _listed() -> dict[str, tuple[Claim, ...]]:
    """Return the claims of every title that is known as a whole."""
    known: dict[str, tuple[Claim, ...]] = {}
    for meaning, groups in _TITLES.items():
        for sure, group in zip((True, False), groups, strict=True):
            for rank, title in enumerate(filter(None, group.split("|"))):
                claim = Claim(meaning, rank + (0 if sure else 100), sure=sure)
                known[plain(title)] = (*known.get(plain(title), ()), claim)
    known |= {plain(title): (Claim(meaning, sure=True),) for title, meaning in _ALSO.items()}
    for key, part in _NAME_OR_PART.items():
        known[key] = (Claim("name", 1, sure=True), Claim(part, 50), Claim("organisation", 150))
    for key in _MEMBER:
        known[key] = (*known[key], Claim("organisation", 140))
    known |= {key: (Claim("given", 50, "middle"),) for key in _MIDDLE}
    return known


_KNOWN: Final = _listed()


@lru_cache(maxsize=2_048)
def claims(title: str) -> tuple[Claim, ...]:
    """Return what a column of this title may be, the likeliest first; nothing if it is unknown."""
    if len(title) > _LONGEST:
        return ()
    key = plain(title)
    if key in _KNOWN:
        return _KNOWN[key]
    if _LABEL.fullmatch(key):
        return (Claim(LEAVE_OUT),)
    if _LINKEDIN.fullmatch(key):
        return (Claim("url", part=LINKEDIN, sure=True),)
    if _EMAIL.fullmatch(key):
        return (Claim("email", sure=True),)
    if _PHONE.fullmatch(key):
        return (Claim("phone", sure=True),)
    if _WEBSITE.fullmatch(key):
        return (Claim("url", sure=True),)
    if match := _BIRTH.fullmatch(key):
        return (Claim("birthday", part=match[1]),)
    return _place(key)


def _place(key: str) -> tuple[Claim, ...]:
    """Return the claim of a part of an address: `rank` says which address, `part` which part."""
    if key in _WHOLE_PLACE:
        return (Claim("location", 0, "0"),)
    match = _PLACE.fullmatch(key)
    if not match:
        return ()
    whose = match[1] or ""
    which = _PLACES.index(whose) if whose in _PLACES else 10 + int(whose.removeprefix("address"))
    return (Claim("location", 1 + which, str(match.lastindex)),)


def is_header(cells: Iterable[str]) -> bool:
    """Whether a row says what the columns below it are, and is not a person itself."""
    said = [cell for cell in cells if cell.strip()]
    if any("@" in cell or "://" in cell for cell in said):
        return False
    found = [known[0] for cell in said if (known := claims(cell))]
    alone = len(said) == 1 and bool(found) and found[0].meaning == "name"
    if len(said) == 1 and not _WORDS.fullmatch(said[0]):
        return False
    return alone or len(found) >= 2 or any(claim.sure for claim in found)


def is_of_outlook(titles: Iterable[str]) -> bool:
    """Whether a header is Outlook's, which writes dates with the month first."""
    keys = set(map(plain, titles))
    return {"firstname", "emailaddress"} <= keys and bool(
        keys & {"email2address", "businessphone", "emaildisplayname"}
    )


def is_official(title: str) -> bool:
    """Whether a column names who speaks for an organisation, which is then the member."""
    return plain(title) in _OFFICIAL


def is_of_organisations(header: Iterable[str]) -> bool:
    """Whether the members of a list are organisations: another column names who speaks for them."""
    keys = set(map(plain, header))
    return bool(keys & _OFFICIAL) or ("contact" in keys and bool(keys & _MEMBER))
