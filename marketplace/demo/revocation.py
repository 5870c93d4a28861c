"""The voucher of the demo that is taken back after the award."""

from typing import TYPE_CHECKING

from vouchers import services
from vouchers.enums import DecisionKind, RevocationGround

if TYPE_CHECKING:
    from marketplace.demo.case import Case


def revoke(case: "Case") -> None:
    """The business ordered before it applied, as came out later: it is heard, and the award is taken back."""
    with case.at("award", 11, later=10):
        text = (
            "U bleek al besteld te hebben voordat u aanvroeg. Wij willen de voucher intrekken. Wilt u daarop reageren?"
        )
        services.announce(
            by=case.assessor,
            subject=case.voucher,
            kind=DecisionKind.REVOCATION,
            grounds=[RevocationGround.KNOWN_WRONG],
            text=text,
        )
    with case.at("award", 20, later=14):
        answer = "Dat klopt. Wij wisten niet dat dit niet mocht."
        services.respond(by=case.member, subject=case.voucher, kind=DecisionKind.REVOCATION, text=answer)
    with case.at("award", 10, later=18):
        explanation = "De bestelling is van voor de aanvraag. Dan kan de voucher niet blijven."
        case.voucher = services.revoke_voucher(
            by=case.decider, voucher=case.voucher, ground=RevocationGround.KNOWN_WRONG, explanation=explanation
        )
