"""The scan, one thing per page: start, twelve questions, what is there already. Save and resume by the secret link."""

import math
from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.pages import posted, status_of, try_to
from core import limits
from core.reasons import Reason, Refused
from core.workflow import NotAuthorised
from roadmap import services
from roadmap.forms import AboutForm, HaveForm, ProgressForm, QuestionForm
from roadmap.limits import scans
from roadmap.models import Question, Scan
from roadmap.rules import missing_answers
from roadmap.services.plan import load_ladder, questions_of
from roadmap.views.secret import scan_or_404, secret_page

# The pages of the scan: about the business, the questions, what is there already.
PAGES_AROUND_QUESTIONS = 2

STEP = "stap-"


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def scan_start(request: HttpRequest) -> HttpResponse:
    """What the scan is, and the first page: about the business."""
    form = AboutForm(*posted(request))
    if request.method == "POST" and form.is_valid():
        if waits := limits.count(request, scans()):
            return too_often(request, waits)
        _scan, token = services.start_scan(by=services.VISITOR, **form.cleaned_data)
        return redirect("roadmap:scan_question", token=token, number=1)
    questions = Question.objects.filter(questionnaire=services.CURRENT_QUESTIONNAIRE).count()
    context = {"form": form, "step": 1, "of": questions + PAGES_AROUND_QUESTIONS, "questions": questions}
    return render(request, "roadmap/scan_start.html", context, status=status_of(form))


@secret_page
@require_http_methods(["GET", "HEAD", "POST"])
def scan_about(request: HttpRequest, token: str) -> HttpResponse:
    """The first page again, to change what was told about the business. A finished scan is what it is."""
    scan = scan_or_404(token)
    if scan.is_finished:
        return redirect("marketplace:scan_result", token=token)
    told = {
        "sector": scan.sector_id,
        "headcount": scan.headcount,
        "municipality": scan.municipality_id,
        "sbi": scan.sbi,
    }
    form = AboutForm(*posted(request), initial=told)
    if request.method == "POST" and form.is_valid():
        services.change_about(by=services.VISITOR, scan=scan, **form.cleaned_data)
        return redirect("roadmap:scan_question", token=token, number=first_open(scan) or 1)
    questions = Question.objects.filter(questionnaire=scan.questionnaire).count()
    context = {"form": form, "step": 1, "of": questions + PAGES_AROUND_QUESTIONS, "token": token}
    return render(request, "roadmap/scan_about.html", context, status=status_of(form))


def too_often(request: HttpRequest, seconds: int) -> HttpResponse:
    """Says that this address has to wait, in minutes for people and in seconds for machines."""
    answer = render(request, "429.html", {"minutes": math.ceil(seconds / 60)}, status=HTTPStatus.TOO_MANY_REQUESTS)
    answer["Retry-After"] = str(seconds)
    return answer


@secret_page
@require_http_methods(["GET", "HEAD", "POST"])
def scan_question(request: HttpRequest, token: str, number: int) -> HttpResponse:
    """One question. Answering leads to the next, the last one to what the business has already."""
    scan = scan_or_404(token)
    questions = questions_of(scan.questionnaire)
    if not 1 <= number <= len(questions):
        raise Http404("no such question")
    if scan.is_finished:
        return redirect("marketplace:scan_result", token=token)
    question = questions[number - 1]
    form = QuestionForm(question=question, initial={"answer": scan.answers.get(question.code)})
    reasons: list[Reason] = []
    status = HTTPStatus.OK
    if request.method == "POST":
        form = QuestionForm(request.POST, question=question)
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            given = form.cleaned_data["answer"]
            _kept, reasons = try_to(
                lambda: services.answer(by=services.VISITOR, scan=scan, code=question.code, value=given)
            )
            if not reasons:
                return redirect(_after(token, number, len(questions)))
            status = HTTPStatus.CONFLICT
    context = {
        "form": form,
        "reasons": reasons,
        "question": question,
        "number": number,
        "questions": len(questions),
        "step": number + 1,
        "of": len(questions) + PAGES_AROUND_QUESTIONS,
        "first_of_block": number == 1 or questions[number - 2].block != question.block,
        "back": (
            reverse("roadmap:scan_question", args=[token, number - 1])
            if number > 1
            else reverse("roadmap:scan_about", args=[token])
        ),
        "last": number == len(questions),
        "link": request.build_absolute_uri(reverse("marketplace:scan_result", args=[token])),
        "token": token,
    }
    return render(request, "roadmap/scan_question.html", context, status=status)


def _after(token: str, number: int, questions: int) -> str:
    if number == questions:
        return reverse("roadmap:scan_have", args=[token])
    return reverse("roadmap:scan_question", args=[token, number + 1])


def first_open(scan: Scan) -> int | None:
    """The number of the first question without an answer, or None."""
    ladder = load_ladder(scan.questionnaire)
    missing = missing_answers(scan.answers, ladder)
    return ladder.items.index(missing[0]) + 1 if missing else None


@secret_page
@require_http_methods(["GET", "HEAD", "POST"])
def scan_have(request: HttpRequest, token: str) -> HttpResponse:
    """What the business has already; then the scan is finished. Can be changed afterwards, until a business saves the scan."""
    scan = scan_or_404(token)
    if scan.organisation_id is not None:
        return redirect("marketplace:scan_result", token=token)
    number = first_open(scan)
    if number:
        return redirect("roadmap:scan_question", token=token, number=number)
    categories = services.have_choices(scan)
    form = HaveForm(categories=categories, initial={"have": scan.have})
    if request.method == "POST":
        form = HaveForm(request.POST, categories=categories)
        if form.is_valid():
            services.complete_scan(by=services.VISITOR, scan=scan, have=form.cleaned_data["have"])
            return redirect("marketplace:scan_result", token=token)
    questions = Question.objects.filter(questionnaire=scan.questionnaire).count()
    pages = questions + PAGES_AROUND_QUESTIONS
    back = (
        reverse("marketplace:scan_result", args=[token])
        if scan.is_finished
        else reverse("roadmap:scan_question", args=[token, questions])
    )
    context = {"form": form, "scan": scan, "step": pages, "of": pages, "back": back, "token": token}
    return render(request, "roadmap/scan_have.html", context, status=status_of(form))


@secret_page
@require_POST
def scan_progress(request: HttpRequest, token: str) -> HttpResponse:
    """How far the business is with its steps. What a business saved is changed from its account, not by the link."""
    scan = scan_or_404(token)
    if not scan.is_finished:
        raise Http404("no progress yet")
    try:
        services.keep_progress(by=services.VISITOR, scan=scan, progress=progress_in(request))
    except (Refused, NotAuthorised) as refused:
        raise Http404("no such step") from refused
    return redirect(reverse("marketplace:scan_result", args=[token]) + "#roadmap")


def progress_in(request: HttpRequest) -> dict[str, str]:
    """How far, per category, as the form of the roadmap sends it: `stap-KASSA=done`. Nonsense is a 404."""
    given = {name.removeprefix(STEP): how for name, how in request.POST.items() if name.startswith(STEP)}
    if not all(ProgressForm({"progress": how}).is_valid() for how in given.values()):
        raise Http404("no such progress")
    return given


@secret_page
@require_http_methods(["GET", "HEAD", "POST"])
def scan_delete(request: HttpRequest, token: str) -> HttpResponse:
    """Forgets the scan for good, after asking. A scan that a business saved is forgotten from its account."""
    scan = scan_or_404(token)
    if request.method == "POST" and scan.organisation_id is None:
        try:
            services.delete_scan(by=services.VISITOR, scan=scan)
        except NotAuthorised:
            return redirect("roadmap:scan_delete", token=token)
        return redirect("roadmap:scan_deleted")
    status = HTTPStatus.CONFLICT if request.method == "POST" else HTTPStatus.OK
    return render(request, "roadmap/scan_delete.html", {"scan": scan, "token": token}, status=status)


@require_safe
def scan_deleted(request: HttpRequest) -> HttpResponse:
    """The scan is gone."""
    return render(request, "roadmap/scan_deleted.html")
