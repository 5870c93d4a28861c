"""Numbers, names and papers that look right and belong to nobody. The same every time."""

from django.core.files.uploadedfile import SimpleUploadedFile
from stdnum.de import vat as german_vat
from stdnum.nl import bsn as eleven_test

GIVEN = "Anna Bouke Carla Douwe Elske Fedde Geertje Harm Ineke Jelle Klaske Luit Mare Nanne Otto Petra Renske Sietse".split()
FAMILY = "Voorbeeld Proefstra Verzonnen Demonstra Fictema Schetsema Denkbeeld".split()

KINDS = "Bakkerij Garage Praktijk Winkel Bouwbedrijf Camping Kantoor Werkplaats Atelier Boerderij".split()
NAMES = ["De Linde", "Noord", "Het Wad", "De Es", "Van Dam", "De Brug"]

REFERENCE_KVK = 92_000_000
"""KvK numbers of the reference customers start here."""


def person_name(number: int) -> str:
    """A first and a last name nobody has."""
    return f"{GIVEN[number % len(GIVEN)]} {FAMILY[number // len(GIVEN) % len(FAMILY)]}"


def reference_customer(number: int) -> tuple[str, str]:
    """Name and KvK number of the customer with this number that providers name as a reference."""
    kind, name = KINDS[number % len(KINDS)], NAMES[number // len(KINDS) % len(NAMES)]
    return f"{kind} {name} (demo)", str(REFERENCE_KVK + number)


def iban(number: int) -> str:
    """A Dutch IBAN with right check digits at a bank that does not exist."""
    account = f"{number:010d}"
    digits = "".join(str(int(letter, 36)) for letter in f"DEMO{account}NL00")
    return f"NL{98 - int(digits) % 97:02d}DEMO{account}"


def vat_id(number: int, country: str = "NL") -> str:
    """A VAT id with right check digits: the first one from `number` on. Dutch unless it is German."""
    if country == "DE":
        return next(f"DE{n}" for n in range(100_000_000 + number * 10, 999_999_999) if german_vat.is_valid(str(n)))
    return next(f"NL{n:09d}B01" for n in range(10_000 + number * 100, 999_999_999) if eleven_test.is_valid(f"{n:09d}"))


def paper(title: str) -> SimpleUploadedFile:
    """A one-page PDF with its title on it, as somebody would upload it."""
    words = title.encode("latin-1", "replace").replace(b"\\", b"").replace(b"(", b"\\(").replace(b")", b"\\)")
    page = b"BT /F1 18 Tf 60 760 Td (" + words + b") Tj 0 -30 Td /F1 11 Tf (Verzonnen stuk voor de demo.) Tj ET"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(page), page),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj%s endobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(body)
    body += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    body += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return SimpleUploadedFile(f"{title}.pdf", body, content_type="application/pdf")
