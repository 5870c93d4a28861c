"""One application of the demo with its voucher and claim, from the first page to the determination."""

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from accounts.models import User
from core.money import ZERO, floor_cents, round_cents
from marketplace.demo.accounts import address
from marketplace.demo.course import REACHES, STEPS, began
from marketplace.demo.made_up import paper
from marketplace.demo.objections import STORIES, play_objection
from marketplace.demo.providers import turn
from marketplace.demo.revocation import revoke
from marketplace.demo.solutions import BEFORE, TASKS, quoted_package
from providers.models import Solution
from vouchers import services
from vouchers.enums import Advice, ApplicationState, LowerGround, RuleOutcome, VatPosition, Verdict
from vouchers.models import Programme
from vouchers.reasons import RefusalGround
from vouchers.rules.claim import needs_judgement
from vouchers.rules.voucher import next_term
from vouchers.services.sweep import TERMS, last_call, remind

if TYPE_CHECKING:
    from marketplace.demo.cases import Cases

REFUSED = frozenset({"refused_intent", *(story for story in STORIES if story.startswith("objection"))})
"""Stories in which the authority says no."""

REFUSED_AFTER = 8
"""Days after the step `award`: with a notice of intent, or after a second look, no takes longer than yes."""

UNANSWERED = 25
"""Days after the question; its term of two weeks is over then."""


class Case:
    """One business on its way from application to determination."""

    def __init__(self, cases: "Cases", number: int, row: dict[str, str], programme: Programme):
        self.cast, self.days, self.number, self.programme = cases.cast, cases.days, number, programme
        self.code, self.story, self.began = row["code"], row["story"], began(row["story"])
        self.business, self.member = cases.businesses.by_code[self.code], cases.businesses.members[self.code]
        self.account = cases.businesses.account(self.code)
        self.solution = Solution.objects.get(pk=cases.solutions.by_code[row["solution"]].pk)
        self.supplier = cases.providers.members[row["solution"].partition(":")[0]]
        self.supplier_organisation = self.solution.provider.organisation
        self.application: Any = None
        self.voucher: Any = None
        self.claim: Any = None

    # --- who does it --------------------------------------------------------------------------------------------------------

    @property
    def assessor(self) -> User:
        return self.cast[turn("assessor", self.number)]

    @property
    def decider(self) -> User:
        return self.cast[turn("decider", self.number)]

    @property
    def claim_assessor(self) -> User:
        """Somebody else than who assessed the application (DESIGN 4.8)."""
        return self.cast[turn("assessor", self.number + 1)]

    @property
    def claim_decider(self) -> User:
        return self.cast[turn("decider", self.number + 1)]

    def at(self, step: str, hour: int = 10, later: int = 0) -> Any:
        """The moment on which this case comes to a step, or so many days after it."""
        return self.days.at(self.began - STEPS[step] - later, hour)

    @property
    def told_after(self) -> int:
        """Days between the step `award` and a decision that says no."""
        return STEPS["ask"] + UNANSWERED - STEPS["award"] if self.story == "dismissed" else REFUSED_AFTER

    # --- the course of it ---------------------------------------------------------------------------------------------------

    def play(self) -> None:
        last = STEPS[REACHES.get(self.story, "determine")]
        course: list[tuple[str, Callable[[], bool | None]]] = [
            ("apply", self.apply),
            ("take_up", self.take_up),
            ("ask", self.ask),
            ("advise", self.advise),
            ("award", self.decide),
            ("order", self.order),
            ("confirm_order", self.confirm_order),
            ("deliver", self.deliver),
            ("claim", self.claim_money),
            ("check_claim", self.check_claim),
            ("ask_claim", self.ask_claim),
            ("advise_claim", self.advise_claim),
            ("determine", self.determine),
        ]
        for step, act in course:
            if STEPS[step] > last or act() is False:
                return

    def apply(self) -> bool:
        with self.at("apply", 20) as today:
            package = quoted_package(self.solution, today)
            application = services.start_application(
                by=self.member, organisation=self.business, programme=self.programme, package=package
            )
            self.application = application
            if self.story == "draft":
                return False
            services.confirm_business(
                by=self.member, application=application, iban=self.account.iban, holder=self.account.holder
            )
            self.net = package.current.first_year
            services.add_quote(
                by=self.member,
                line=application.lines.get(),
                number=f"OFF-{self.number + 100}",
                dated=today - dt.timedelta(days=6),
                valid_until=today + dt.timedelta(days=75),
                unsigned=True,
                net=self.net,
                vat=round_cents(self.net * 21 / 100),
                upload=paper(f"Offerte {self.solution.name}"),
            )
            services.set_vat_position(by=self.member, application=application, position=VatPosition.FULL)
            services.declare_group(by=self.member, application=application, in_group=False)
            services.declare_aid(by=self.member, application=application, amount=ZERO)
            motivation = "Dit kost ons nu elke week uren. Met deze oplossing komen wij aan ons echte werk toe."
            services.explain(by=self.member, application=application, motivation=motivation)
            services.confirm_statements(
                by=self.member,
                application=application,
                nothing_ordered=True,
                own_contribution=True,
                not_insolvent=True,
                truthful=True,
            )
            self.application = services.submit_application(by=self.member, application=application)
        if self.story == "withdrawn":
            with self.at("apply", 9, later=2):
                services.withdraw(by=self.member, application=self.application)
            return False
        return self.application.state != ApplicationState.WAITING_LIST

    def take_up(self) -> None:
        with self.at("take_up", 11):
            self.application = services.take_up(by=self.assessor, application=self.application)

    def ask(self) -> bool | None:
        """A question to the applicant: for some it is open still, one never answers, one answers and goes on."""
        if self.story not in {"more_information", "dismissed", "reported"}:
            return None
        with self.at("ask", 11):
            question = "Op de offerte staat geen btw-nummer. Wilt u een offerte sturen waar dat wel op staat?"
            services.ask_more(by=self.assessor, application=self.application, question=question)
            self.application.refresh_from_db()
        if self.story == "dismissed":
            with self.at("ask", 11, later=UNANSWERED):
                explanation = "Wij hebben binnen de termijn geen antwoord gekregen."
                decision = services.dismiss(by=self.decider, application=self.application, explanation=explanation)
            play_objection(self, decision)
        if self.story != "reported":
            return False
        with self.at("complete", 21):
            answer = "Het nummer staat nu op de offerte. Excuses."
            self.application = services.submit_application(by=self.member, application=self.application, answer=answer)
        with self.at("complete", 23):
            self.application = services.take_up(by=self.assessor, application=self.application)
        return None

    def advise(self) -> None:
        refused = self.story in REFUSED
        with self.at("advise", 14):
            self._verdicts()
            text = "De oplossing past niet bij wat het bedrijf vraagt." if refused else "Alles is in orde."
            advice = Advice.REFUSE if refused else Advice.AWARD
            self.application = services.advise(by=self.assessor, application=self.application, advice=advice, text=text)

    def _verdicts(self) -> None:
        for check in self.application.checks.filter(outcome=RuleOutcome.REVIEW, verdict=""):
            services.give_verdict(
                by=self.assessor,
                application=self.application,
                code=check.code,
                verdict=Verdict.ACCEPTED,
                note="De uitleg van het bedrijf overtuigt.",
            )

    def decide(self) -> bool | None:
        match self.story:
            case "returned_to_assessor":
                with self.at("award"):
                    services.return_to_assessor(
                        by=self.decider,
                        application=self.application,
                        why="De looptijd van het abonnement staat niet op de offerte. Vraag het na.",
                    )
                return False
            case "refused_intent":
                self._refuse(RefusalGround.DOUBTFUL)
                return False
            case story if story in REFUSED:
                self._refuse(RefusalGround.NOT_ELIGIBLE)
                return False
        with self.at("award"):
            explanation = "Een mooie stap. Veel succes ermee."
            decision = services.award(by=self.decider, application=self.application, explanation=explanation)
            self.voucher = decision.application.vouchers.get()
        return self._unused()

    def _unused(self) -> bool | None:
        """Vouchers that nobody uses: the business changes its mind, lets every term pass, or loses it again."""
        if self.story == "cancelled":
            with self.at("award", later=12):
                self.voucher = services.cancel_voucher(by=self.member, voucher=self.voucher)
        if self.story == "lapsed":
            with self.at("award", later=46):
                lengths = self.application.rule_set.reminder_terms()
                remind(voucher=self.voucher, running=next_term(self.voucher.dates, lengths))
            with self.at("award", later=61):
                last_call(voucher=self.voucher)
                self.voucher.refresh_from_db()
            with self.at("award", later=80):
                self.voucher = services.lapse_voucher(by=TERMS, voucher=self.voucher)
        if self.story == "revoked":
            revoke(self)
        return False if self.story in {"cancelled", "lapsed", "revoked"} else None

    def _refuse(self, ground: RefusalGround) -> None:
        if ground == RefusalGround.DOUBTFUL:
            with self.at("award", 9):
                text = "Uit uw plan blijkt niet wie met de oplossing gaat werken. Wilt u daarop reageren?"
                intent = services.send_intent(
                    by=self.decider, application=self.application, grounds=[ground], text=text
                )
            with self.at("award", 20, later=6):
                services.answer_intent(by=self.member, intent=intent, answer="Dat zien we later wel.")
        with self.at("award", 10, later=REFUSED_AFTER):
            explanation = (
                "De gekozen oplossing past niet bij de voorwaarden. U kunt met een andere oplossing opnieuw aanvragen."
            )
            decision = services.refuse(
                by=self.decider, application=self.application, grounds=[ground], explanation=explanation
            )
        play_objection(self, decision)

    # --- using it -------------------------------------------------------------------------------------------------------------

    def order(self) -> bool | None:
        with self.at("order", 20) as today:
            baseline = BEFORE[self.solution.category.benefit] or None
            self.voucher = services.record_order(
                by=self.member,
                voucher=self.voucher,
                ordered_on=today,
                baseline=baseline,
                task=TASKS[self.solution.category.benefit],
            )
            if self.story == "extended":
                self.voucher = services.extend_voucher(by=self.member, voucher=self.voucher)
        return None

    def confirm_order(self) -> None:
        with self.at("confirm_order", 9):
            self.voucher = services.confirm_order(by=self.supplier, voucher=self.voucher)

    def deliver(self) -> None:
        with self.at("deliver", 20) as today:
            self.voucher = services.record_delivery(by=self.member, voucher=self.voucher, delivered_on=today)
        with self.at("confirm_delivery", 9):
            self.voucher = services.confirm_delivery(by=self.supplier, voucher=self.voucher)

    def claim_money(self) -> bool | None:
        with self.at("claim", 20) as today:
            claim = services.start_claim(by=self.member, voucher=self.voucher)
            excl = self.net
            claim = services.save_invoice(
                by=self.member,
                claim=claim,
                number=f"F{self.days.today.year}-{self.number + 500}",
                dated=today - dt.timedelta(days=2),
                excl=excl,
                incl=excl + round_cents(excl * 21 / 100),
                description=f"{self.solution.name}, pakket {self.voucher.package.name}",
                kvk=self.supplier_organisation.kvk,
                vat_id=self.supplier_organisation.vat_id,
                file=paper(f"Factuur {self.solution.name}"),
            )
            people = [(self.member.name, self.member.email), ("Een collega", address(f"demo+{self.code}.collega"))]
            claim = services.name_end_users(by=self.member, claim=claim, people=people)
            self.claim = claim
            if self.story == "claim_draft":
                return False
            self.claim = services.submit_claim(by=self.member, claim=claim)
            if self.story == "claim_withdrawn":
                self.claim = services.withdraw_claim(by=self.member, claim=self.claim)
                return False
        return None

    def check_claim(self) -> None:
        with self.at("check_claim", 11):
            self.claim = services.take_up_claim(by=self.claim_assessor, claim=self.claim)

    def ask_claim(self) -> bool | None:
        """A question about the claim; who was drawn in the sample is asked for proof of payment and of use."""
        if self.story != "claim_more_information" and not self.claim.needs_proof:
            return None
        with self.at("ask_claim", 11):
            question = "Wilt u laten zien dat de factuur is betaald en dat u met de oplossing werkt?"
            self.claim = services.ask_more_claim(by=self.claim_assessor, claim=self.claim, question=question)
        if self.story == "claim_more_information":
            return False
        with self.at("complete_claim", 20):
            claim = services.answer_question(
                by=self.member,
                claim=self.claim,
                text="Hierbij het afschrift en een schermafdruk.",
                payment_proof=paper("Bankafschrift"),
                use_proof=paper("Schermafdruk van het gebruik"),
            )
            self.claim = services.submit_claim(by=self.member, claim=claim)
        with self.at("complete_claim", 23):
            self.claim = services.take_up_claim(by=self.claim_assessor, claim=self.claim)
        return None

    def advise_claim(self) -> None:
        accepted = {check.value: (True, "Zelf bekeken en in orde.") for check in needs_judgement(self.claim.findings)}
        lower: dict[str, Any] = {}
        if self.story == "nil":
            lower = {"amount": ZERO, "ground": LowerGround.NOT_DONE}
        if self.story == "lower":
            half = floor_cents(self.voucher.amount / 2)
            lower = {"amount": half, "ground": LowerGround.NOT_DONE}
        text = "Een deel van het werk is niet gedaan." if lower else "Klopt met de offerte en de levering."
        with self.at("advise_claim", 14):
            self.claim = services.advise_claim(
                by=self.claim_assessor, claim=self.claim, text=text, judgements=accepted, **lower
            )

    def determine(self) -> None:
        if self.story in {"nil", "lower"}:
            with self.at("advise_claim", 16):
                text = "De training is niet gegeven. Wij zijn van plan minder uit te betalen. Wilt u daarop reageren?"
                services.send_claim_notice(by=self.claim_decider, claim=self.claim, text=text)
            with self.at("advise_claim", 20, later=2):
                services.answer_claim_notice(by=self.member, claim=self.claim, text="Dat klopt helaas.")
        with self.at("determine"):
            self.claim = services.determine(by=self.claim_decider, claim=self.claim)
            if self.story == "withheld":
                why = "Er is een ernstig vermoeden dat de factuur niet echt is."
                self.claim = services.withhold_claim(by=self.claim_decider, claim=self.claim, why=why)
