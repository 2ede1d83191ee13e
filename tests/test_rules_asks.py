"""What does a text ask for?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcrm.rules.asks import favours, is_invitation, job_asks, questions
from netcrm.rules.prose import Prose

JOB_ASKS = [
    "I am looking for an internship in spring.",
    "I'm currently looking for work.",
    "I am seeking employment in a lab.",
    "I need a job.",
    "I want a job in your clinic.",
    "I would love an internship.",
    "I am interested in an internship with you.",
    "May I ask for a placement?",
    "I am job hunting this spring.",
    "I would love to work for you.",
    "Could I intern with your team?",
    "I'd like to join your company.",
    "I would like to be your intern.",
    "Could you help me find a job?",
    "Could you give me a job?",
    "Could you get me an interview?",
    "Would you consider me for the post?",
    "Please keep me in mind.",
    "Could you put in a good word for me?",
    "Could you refer me for the job?",
    "A referral for the role would help.",
    "Please pass my name on to the head.",
    "Could you forward my application?",
    "Do you take on interns?",
    "Have you got any openings?",
    "Do you have internships?",
    "Does your company offer traineeships?",
    "Do you know of any jobs for beginners?",
    "Is there a vacancy?",
    "Are there openings this year?",
    "Is there a spot for me?",
    "Is there a place for me?",
    "Do you have any positions?",
    "Is there any role open?",
    "What of jobs at your company?",
    "Which roles are open at your company?",
    "What jobs do you have for students?",
    "Write to me if something comes up.",
    "Tell me when a position becomes available.",
    "I saw a job opening.",
    "I saw openings on your site.",
    "A job offer would be a dream.",
    "Your company is hiring.",
    "Are you hiring?",
    "Is City Hospital currently hiring?",
    "I hope you will hire me.",
    "I hear that you're recruiting.",
    "Would you employ a student?",
    "Do you recruit graduates?",
    "I read that your firm hires students.",
    "How can I apply?",
    "I want to apply for the role of assistant.",
    "May I apply to your company?",
    "Should one apply here?",
    "Where do I apply next?",
    "I wonder how to apply to such a place.",
    "Here is my resume.",
    "May I send you my updated resume?",
    "You find the resume below.",
    "My cover letter follows.",
    "I send a CV.",
    "Who would read my curriculum vitae?",
]

NO_JOB_ASKS = [
    "I would like to hear about your job.",
    "What is your role like, and how did you come to your position?",
    "How did you come by your job?",
    "What does your position at your company ask of you?",
    "What does a usual day in this job look like?",
    "I would like to understand the job of a nurse.",
    "I want to learn how people find jobs in this field.",
    "What do you think of the job market?",
    "I am interested in the role of a planner.",
    "Could you give me advice on jobs outdoors?",
    "I did an internship in a clinic last year.",
    "How did you find your first internship?",
    "I got the job at the library!",
    "What made you join your company?",
    "What is it like to work for your company?",
    "I would love to work with children one day.",
    "I am looking for people who know the field.",
    "I look forward to our talk.",
    "You lead hiring at the museum.",
    "Are you the one to lead hiring?",
    "I enjoyed your talk on fair hiring.",
    "Your work in hiring made me curious. Are you well?",
    "Is hiring slow?",
    "What do you look for when you are hiring?",
    "How do you hire?",
    "Who hires people in this field?",
    "Are you on the hiring committee?",
    "Is it the hiring process that takes so long?",
    "I will apply your advice next week.",
    "Should I apply what you told me at once?",
    "I have applied to graduate school.",
    "We can resume our talk next week, as the term resumes.",
    "I read your CV on the page of the faculty.",
    "Do you have some openings in your calendar?",
    "I saw your opening hours.",
    "What takes place in your office, and how are roles in your team split up?",
    "What growth opportunities are there at your company?",
    "Which jobs are available to beginners in this field?",
    "I am interested in employment law.",
    "Could you give me a role model, or send me posts of yours?",
    "Could you take me on a tour?",
    "Could you pass my name on to Tom?",
    "I learned how to apply statistics. How can I apply it to maps?",
    "Do you recruit patients, and do you employ statistics?",
    "Thank you for the referral for a good dentist.",
    "Are there openings on your calendar?",
    "I am not looking for a job.",
    "I'm not writing to ask for a job.",
    "What attracts you to this work?",
    "",
]


@pytest.mark.parametrize("text", JOB_ASKS)
def test_this_asks_for_a_job(text: str) -> None:
    assert job_asks(Prose.read(text))


@pytest.mark.parametrize("text", NO_JOB_ASKS)
def test_this_asks_for_no_job(text: str) -> None:
    assert job_asks(Prose.read(text)) == []


@pytest.mark.parametrize("text", JOB_ASKS)
def test_no_way_to_write_it_hides_an_ask(text: str) -> None:
    accented = text.replace("resume", "résumé").replace("o", "ö")
    for other in (text.upper(), text.replace(" ", "\n"), text.replace(" ", "\u00a0 "), accented):
        assert len(job_asks(Prose.read(other))) == len(job_asks(Prose.read(text)))


@given(st.sampled_from(JOB_ASKS), st.text(max_size=80), st.text(max_size=80))
def test_an_ask_is_found_amid_any_text(ask: str, before: str, after: str) -> None:
    assert job_asks(Prose.read(f"{before}\n\n{ask}\n\n{after}"))


def test_it_is_no_ask_only_if_the_same_sentence_denies_it() -> None:
    assert job_asks(Prose.read("I am not. I am looking for a job."))


def test_asks_come_in_order_and_do_not_overlap() -> None:
    text = "Is your firm hiring? I am looking for any openings."
    assert [ask.text for ask in job_asks(Prose.read(text))] == [
        "hiring",
        "looking for any openings",
    ]
    text = "Is your firm hiring? I attach my CV. Do you know of any open positions?"
    found = job_asks(Prose.read(text))
    assert [ask.text for ask in found] == ["hiring", "CV", "Do you know of any open positions"]


# --- favours


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Thank you. Could you introduce me to Tom? Bye.", ["Could you introduce me to Tom?"]),
        ("Please send me the book.", ["Please send me the book."]),
        ("I wanted to ask whether it pays.", ["I wanted to ask whether it pays."]),
        ("Would it be possible to visit?", ["Would it be possible to visit?"]),
        ("Do you know anybody else?", ["Do you know anybody else?"]),
        ("Could we stay in touch?", []),
        ("May I keep you posted?", []),
        ("May I connect with you on LinkedIn?", []),
        ("I will let you know how we do.", []),
        ("Thank you for your time.", []),
        ("", []),
    ],
)
def test_all_but_to_stay_in_touch_is_a_favour(text: str, asked: list[str]) -> None:
    assert [found.text for found in favours(Prose.read(text))] == asked


# --- questions


def test_questions_are_sentences_with_a_question_mark() -> None:
    prose = Prose.read("Who? I see. Why?! So (what?) No")
    assert [prose.plain[start:end] for start, end in questions(prose)] == [
        "who?", "why?!", "so (what?)"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "invites"),
    [
        ("Could you spare half an hour?", True),
        ("Would you be willing to talk?", True),
        ("Are you free next week?", True),
        ("Might I ask you some questions?", True),
        ("Do you have twenty minutes?", True),
        ("Would it be possible to meet?", True),
        ("What is the work like?", False),
        ("Can I be honest?", False),
    ],
)
def test_a_question_may_be_an_invitation(text: str, invites: bool) -> None:
    prose = Prose.read(f"Hello. {text}")
    ((start, end),) = questions(prose)
    assert is_invitation(prose, (start, end)) is invites
    assert not is_invitation(prose, (0, start))
