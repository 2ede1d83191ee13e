"""What the page on practice says is so: each of its examples is run, and shows what it is for."""

from __future__ import annotations

import gc
import io
import re
import shlex
import shutil
from collections.abc import Callable, Iterator
from inspect import getsource
from pathlib import Path
from typing import Any, Final, NamedTuple, get_args

import pytest

import netcrm
from netcrm.cli import main
from netcrm.loading import HOOKS
from netcrm.model import PartialDate, Position
from netcrm.model.campaign import Focus
from netcrm.model.insight import Category, Use
from netcrm.model.profile import Pitch
from netcrm.network.core import Core
from netcrm.rules.plans import is_closed
from netcrm.rules.readiness import missing_parts
from tests.networks import HOME, NOW, Clock, Terminal, terminal  # noqa: F401 - a fixture

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs/practice.md"
FILES = {
    "alumni.csv": "Name,Class Year,Degree,Employer\nHana Wu,2019,BSc Nursing,City Hospital\n",
    "Connections.csv": (ROOT / "netcrm/text/demo-connections.csv").read_text("utf-8"),
    "config/netcrm/questions.txt": "role: What would your patients say you do?\n",
}
"""What lies in the folder in which the examples are run."""


class Row(NamedTuple):
    """A line of the page: its number, what is advised, and what is said of netcrm."""

    number: str
    advice: str
    told: str

    @property
    def examples(self) -> list[str]:
        """Commands, and expressions of Python."""
        return re.findall(r"`((?:netcrm |net\.)[^`]+)`", self.told)

    @property
    def is_lacking(self) -> bool:
        """Whether something of it is not done yet."""
        return "not yet" in self.told.lower()


ROWS = [
    Row(*found)
    for found in re.findall(r"^\| (R\d+) \| (.+?) \| (.+) \|$", PAGE.read_text("utf-8"), re.M)
]


class Seen:
    """A network with the story in it, and all that was shown of it so far."""

    def __init__(self, home: Path, patch: pytest.MonkeyPatch, capture: Any) -> None:
        self.home = home
        self.said = ""
        self.net = netcrm.open(home / "network.json", tz=HOME)
        self._patch, self._capture = patch, capture

    def code(self, command: str, typed: str = "") -> int:
        """Run a command, and return its exit code; what it shows is kept."""
        self._patch.setattr("sys.argv", shlex.split(command))
        self._patch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(typed.encode())))
        self._capture.readouterr()
        try:
            return main()
        finally:
            gc.unfreeze()  # the program takes no care of memory, because it ends
            gc.enable()
            self.shown = "".join(self._capture.readouterr())
            self.said += self.shown

    def run(self, command: str, typed: str = "") -> str:
        """Run a command that succeeds, or evaluate an expression; return what it shows."""
        if command.startswith("net."):
            self.shown = repr(eval(command, {"net": self.net}))
            self.said += self.shown
        else:
            code = self.code(command, typed)
            assert code == 0, f"{command}\n{self.shown}"
        return self.shown

    def has(self, *patterns: str) -> bool:
        """Whether each of these is in what was shown."""
        return all(re.search(pattern, self.said) for pattern in patterns)

    def tom(self) -> Any:
        """What I made of the interview with Tom."""
        return self.net.interview("tom").interview.evaluation


# --- the story: eight weeks of Maya, up to the morning of 5 March 2026


def story(net: netcrm.Network, clock: Clock) -> None:
    """Ana and Tom were met, Luis is next, Hannah is silent, Ines said no, and Kofi asked me."""
    clock.set("2026-01-12T09:00")
    myself(net)
    people(net)
    met_ana(net, clock)
    answers(net, clock)
    met_tom(net, clock)


def myself(net: netcrm.Network) -> None:
    net.add("Maya Rao", is_me=True)
    net.describe(
        stage="college", interests=["nursing", "psychiatry"], skills=["listening"],
        values=["time with people"],
    )  # fmt: skip
    net.pitch(education="I study psychology.", interests="I am curious about psychiatry.")
    net.feel(2, "nervous")
    net.objective("What is a normal day like?", fields=["nursing", "psychiatry"])
    net.decide("become a doctor", goal=True)
    net.campaign("Spring", aims={"nursing": 2, "psychiatry": 2}, weekly_minutes=120)


def people(net: netcrm.Network) -> None:
    past = Position(
        organisation="City Clinic", title="Charge nurse",
        start=PartialDate.parse("2015"), end=PartialDate.parse("2019"),
    )  # fmt: skip
    now = Position(
        organisation="Mercy General", title="Nurse practitioner", start=PartialDate.parse("2019")
    )
    net.add(
        "Ana Ruiz", email="ana@example.org", fields=["nursing"], positions=[past, now],
        source="alumni_database",
    )  # fmt: skip
    for name, source, field, title, place in (
        ("Luis Ortega", "family_friend", "psychiatry", "Psychiatrist", "Harbour Clinic"),
        ("Hannah Berg", "linkedin", "psychology", "Psychologist", "Harbour Clinic"),
        ("Tom Okafor", "event", "social work", "Social worker", "City Shelter"),
        ("Ines Falk", "cold_call", "nursing", "Head nurse", "Seaside Clinic"),
    ):
        net.add(
            name, source=source, fields=[field], title=title, organisation=place,
            email=f"{name.split()[0].lower()}@example.org",
        )  # fmt: skip
    net.add("Carol Stein", source="family", kin=True)
    net.add("Kofi Mensah", source="other")


def met_ana(net: netcrm.Network, clock: Clock) -> None:
    clock.set("2026-02-02T09:00")
    net.ask("ana", "email", objectives=["What is a normal"])
    clock.set("2026-02-03T09:00")
    net.log("ana", "email", kind="accept")
    net.plan("ana", "2026-02-20 15:00")
    net.prepare("ana")
    clock.set("2026-02-20T16:00")
    net.log("ana", "in_person", at="2026-02-20 15:00", minutes=45)
    net.answer("ana", 1, "through a summer on the ward")
    net.question("ana", 2, objective="What is a normal")
    net.answer("ana", 2, "three nights, then two days off")
    net.evaluate(
        "ana", liked="the team", disliked="the nights", skills=["triage", "listening"],
        ratings={"interest": 4, "values": 5},
    )  # fmt: skip
    net.refer("ana", "Priya Nair", may_use_name="yes", context="runs groups for the young")
    net.edit("priya", fields=["psychology"], title="Counsellor", organisation="Open Door")
    net.learn("watch a night shift", who="ana", category="advice", fields=["nursing"])
    net.learn("nights are the hardest part", who="ana", fields=["nursing"])
    net.log("ana", "email", "thank you", kind="thank_you", at="2026-02-20 16:00")


def answers(net: netcrm.Network, clock: Clock) -> None:
    for day, name in (("02-09", "ines"), ("02-23", "luis"), ("02-23", "hannah"), ("02-24", "tom")):
        clock.set(f"2026-{day}T09:00")
        net.ask(name, "email", objectives=() if name == "hannah" else ["What is a normal"])
    net.log("ines", "email", kind="decline", at="2026-02-10")
    net.log("ines", "email", "thank you all the same", at="2026-02-10")
    net.log("kofi", "email", kind="request", direction="inbound", at="2026-02-11")
    net.log("kofi", "video", kind="meeting", minutes=20, at="2026-02-13 10:00")
    clock.set("2026-02-25T09:00")
    for name in ("luis", "tom"):
        net.log(name, "email", kind="accept")
    net.plan("luis", "2026-03-06 15:00", travel_minutes=25)


def met_tom(net: netcrm.Network, clock: Clock) -> None:
    net.plan("tom", "2026-03-04 18:00", format="video")
    net.prepare("tom")
    clock.set("2026-03-04T18:40")
    net.log("tom", "video", at="2026-03-04 18:00", minutes=30)


# --- what each line must show

RUDE: Final = "Give me a call. I send my CV; are there openings?"
COLD: Final = (
    "Dear Sir or Madam, I am a student. Could you spare 20 minutes to tell me about your work?"
)
BARE: Final = "Dear Priya, could you talk with me by phone?"
TYPED: Final = {
    "R014": "Lena Ost\nPavel Dvorak <pavel@example.org>\n",
    "R057": COLD,
    "R058": f"Dear Priya, {'I have so much to say. ' * 20}",
    "R059": BARE,
    "R060": BARE,
    "R066": RUDE,
    "R067": "Dear Tom, thank you for your time and advice. Could you get me a job?",
    "R084": "Dear Tom, thank you.",
    "R085": "Dear Ana, thank you for your time and advice.",
    "R120": "Dear Ana, how are you?",
}
"""What is typed or pasted where a command reads it."""

Expected = str | Callable[[Seen], object]
"""A pattern of what is shown, or a test of what was seen."""


def decides(*matters: str) -> Callable[[Seen], bool]:
    """An objective may be for each of these decisions."""

    def check(seen: Seen) -> bool:
        for matter in matters:
            seen.run(f'netcrm objective "Which {matter}?" --decision {matter}')
        return set(matters) <= {one.decision for one in seen.net.objectives()}

    return check


def elsewhere(*commands: str, shows: str) -> Callable[[Seen], bool]:
    """In a network of its own the last of these commands shows something."""

    def check(seen: Seen) -> bool:
        for command in ("init", *commands):
            said = seen.run(f"netcrm --network elsewhere.json {command}")
        return re.search(shows, said) is not None

    return check


def knows_sources(*names: str) -> Callable[[Seen], bool]:
    """People may be known from each of these."""

    def check(seen: Seen) -> bool:
        people = [seen.net.add(f"From {name}", source=name) for name in names]
        return [seen.net.contact(one).source for one in people] == list(names)

    return check


def learned(text: str, category: str, *others: str) -> Callable[[Seen], bool]:
    """What was learned is found by its category, with who told it; others are categories too."""

    def check(seen: Seen) -> bool:
        (found,) = seen.net.insights(category=category)
        by_tom = found.contact == seen.net.contact("tom").id
        return found.text == text and by_tom and {category, *others} <= set(get_args(Category))

    return check


def evaluated(**fields: object) -> Callable[[Seen], bool]:
    """What I make of the interview with Tom is kept, field by field."""
    return lambda seen: {name: getattr(seen.tom(), name) for name in fields} == fields


def lints(kind: str, who: str, text: str, *faults: str) -> Callable[[Seen], bool]:
    """A letter is found fault with, for each of these reasons."""

    def check(seen: Seen) -> bool:
        found = "".join(f"{one.code} {one.text}\n" for one in seen.net.lint(kind, text, who=who))
        return all(fault in found for fault in faults)

    return check


def nothing_of(pattern: str, *, after: str) -> Callable[[Seen], bool]:
    """In what a command shows in the end, this is not to be found."""
    return lambda seen: not re.search(pattern, seen.run(after))


def any_number_from_8_to_20_will_do(seen: Seen) -> bool:
    counted = {}
    for many in (7, 8, 20, 21):
        seen.run(f"netcrm prepare tom --n {many}")
        counted[many] = "Q01" in {one.code for one in seen.net.lint_questions("tom")}
    return counted == {7: True, 8: False, 20: False, 21: True}


def early_unless_it_is_on_a_screen(seen: Seen) -> bool:
    near = seen.run('netcrm plan luis "tomorrow 15:00"') and seen.run("netcrm agenda")
    far = seen.run('netcrm plan luis "tomorrow 15:00" --format video') and seen.run("netcrm agenda")
    return re.search(r"14:50 +be there +Luis", near) is not None and "be there" not in far


EXPECTED: Final[dict[str, tuple[Expected, ...]]] = {
    "R001": (
        "no objective is named for Hannah Berg",
        lambda seen: "What does training cost?" in [one.text for one in seen.net.objectives()],
    ),
    "R002": (r"What is a normal day like\? .* 1 insight, 1 answer",),
    "R003": (
        lambda seen: seen.net.objectives()[-1].focus == "culture",
        lambda seen: seen.net.objectives()[-1].organisations == ("Mercy General",),
        lambda _: (
            {"role", "industry", "organisation", "culture", "career_path"} <= {*get_args(Focus)}
        ),
    ),
    "R004": (
        "Vera Lind +fits psychiatry; .*; 1 of 2 still wanted",
        "Luis Ortega +fits psychiatry +somebody around you +for “What is a normal day like.”",
        lambda seen: not seen.has("Hannah Berg"),
    ),
    "R005": (
        decides(
            "job_application", "university_admission", "programme_enrolment", "business_venture"
        ),
    ),
    "R006": (decides("course_selection", "college_selection", "internship", "summer_job"),),
    "R007": (
        "interests +midwifery, nursing, psychiatry",
        elsewhere(
            "me --interest midwifery",
            "add Ida --field midwifery",
            "prospects",
            shows="Ida +fits midwifery",
        ),
        lambda seen: seen.run("netcrm me --drop midwifery --drop nursing --drop psychiatry"),
        lambda seen: "no interests yet" in seen.run("netcrm me"),
    ),
    "R008": (
        "interest +interests +skills +values",
        r"social-work +1 +5\.0 +3\.0 +4\.0",
        lambda seen: {"patience"} < seen.net.profile.skills,
        lambda seen: {"a-steady-wage"} < seen.net.profile.values,
    ),
    "R009": (
        lambda seen: (
            [
                seen.run(f"netcrm me --stage {stage}") and seen.net.profile.stage
                for stage in ("high_school", "college", "graduate", "career_changer")
            ]
            == ["high_school", "college", "graduate", "career_changer"]
        ),
        nothing_of("employer|degree|organisation", after="netcrm me"),
    ),
    "R010": (
        "Carol Stein .* since Mon 3 May 2010 +last touch Fri 1 May 2009; every 1 year",
        "2026 +answered",
    ),
    "R011": (
        lambda seen: not seen.has("no LinkedIn address"),
        lambda seen: seen.run("netcrm me --drop https://www.linkedin.com/in/maya"),
        lambda seen: "no LinkedIn address of yours yet" in seen.run("netcrm me"),
    ),
    "R012": (
        "2 on Mon 12 Jan 2026, 4 on Thu 5 Mar 2026",
        r"become a psychiatric nurse  \[goal\]\n.*become a doctor  \[goal\]",
    ),
    "R013": ("All year: next interview by Sun 5 Apr",),
    "R014": (
        lambda seen: seen.net.contact("pavel").points[0].value == "pavel@example.org",
        lambda seen: seen.net.contact("lena").name == "Lena Ost",
        lambda seen: seen.run("netcrm --network new.json init"),
    ),
    "R015": (
        "rosa-stein +Rosa Stein",
        knows_sources("family", "relative", "friend"),
        elsewhere(
            "me --interest law",
            "add Ann --source alumni_database --field law --phone 1",
            "add Zoe --source relative --field law",
            "next",
            shows="Zoe .*\nAnn ",
        ),
    ),
    "R016": (
        "mei-lin +Mei Lin",
        lambda seen: not seen.has("Tom Okafor"),
        lambda seen: seen.net.contact("mei lin").fields == {"nursing", "psychiatry"},
    ),
    "R017": ("ivo-novak +Ivo Novak", knows_sources("family", "family_friend", "neighbour")),
    "R018": (
        "Carol Stein pointed you to Jo Park",
        lambda seen: not seen.net.contact("carol").fields,
    ),
    "R019": (
        "Elena Diaz pointed you to Nora Lund",
        lambda seen: seen.net.contact("elena").source == "faculty",
        knows_sources("campus_staff"),
    ),
    "R020": ("sam-roth +Sam Roth", knows_sources("facebook", "linkedin", "other_social")),
    "R021": (
        "BSc Nursing",
        lambda seen: seen.net.contact("hana").tags == {"2019"},
        knows_sources("alumni_database"),
    ),
    "R022": (
        "Somebody at Night Clinic +contacted",
        lambda seen: seen.net.timeline("somebody at night")[0].channel == "phone",
        lambda seen: seen.net.contact("somebody at night").is_placeholder,
    ),
    "R023": (
        "chamber of commerce, list of members, May 2025",
        knows_sources("chamber_of_commerce", "professional_association", "yellow_pages"),
    ),
    "R024": ("url +https://www.linkedin.com/in/tomas-bergqvist-demo",),
    "R025": (
        "ana-ruiz +Ana Ruiz",
        r"was +Charge nurse @ City Clinic \(until 2019\)",
        lambda seen: str(seen.net.contact("ana").positions[0].start) == "2015",
        lambda seen: "Ana" in seen.run('netcrm list --org "city clinic" --formerly'),
        lambda seen: "Ana" not in seen.run('netcrm list --org "city clinic" --now'),
    ),
    "R026": (
        "priya-nair +Priya Nair",
        "Who\n(  .*\n)*  wrote on sleep, https://example.org/sleep, 5 Mar 2026",
    ),
    "R027": ("Ana Ruiz +fits nursing +alumni +for “What is a normal day like.”",),
    "R028": (
        "luis-ortega +Luis Ortega",
        "hannah-berg +Hannah Berg",
        lambda seen: not seen.has("Tom Okafor|Ana Ruiz"),
    ),
    "R029": (
        "psychiatry +related to psychology, social-work",
        "Hannah Berg +fits psychology, broadened from psychiatry",
    ),
    "R030": (
        r"agreed +3 of 5, 60 % \[23, 88\]",
        lambda seen: seen.run("netcrm --network new.json init"),
        lambda seen: seen.run("netcrm --network new.json funnel").startswith("No int"),
    ),
    "R031": (
        "opens a night clinic, 5 Mar 2026",
        "too few of them, 5 Mar 2026",
        lambda seen: not seen.has("research on Harbour Clinic|research on psychiatry"),
        lambda seen: (
            "  research on Mercy General\n  research on nurs" in seen.run("netcrm brief ana")
        ),
    ),
    "R032": (
        "  Nurse practitioner at Mercy General, from 2019\n  Charge nurse at City Clinic, from",
    ),
    "R033": ("  https://www.linkedin.com/in/luis-demo\n",),
    "R034": (
        "  wrote on calm wards, 5 Mar 2026",
        lambda seen: "calm" not in "".join(one.text for one in seen.net.timeline("luis")),
    ),
    "R035": (
        "Who\n(  .*\n)*  Psychiatrist at Harbour Clinic",
        "Their organisation\n  opens a night clinic, 5 Mar 2026\n  Hannah Berg, Psychologist",
    ),
    "R036": ("Mon 9 Mar 2026 +prepare +Hannah Berg",),
    "R037": (
        "your pitch does not say what you do besides",
        nothing_of("does not say", after="netcrm pitch"),
        lambda seen: (
            missing_parts(Pitch(on=NOW.date())) == ["education", "activities", "interests"]
        ),
    ),
    "R038": (
        "you have not practised your pitch yet(.*\n)+.*practised 5 min, last on Thu 5 Mar 2026",
        nothing_of("not practised", after="netcrm me"),
    ),
    "R039": (
        r"Your pitch of Thu 5 Mar 2026: \d+ seconds",
        lambda seen: (
            [one.education for one in seen.net.profile.pitches]
            == ["I study psychology.", "I study how people think."]
        ),
    ),
    "R040": (
        lambda seen: (
            seen.net.profile.pitches[-1].because == (seen.net.insights(category="feedback")[0].id,)
        ),
    ),
    "R041": (r"You\n  \d+ s: .* I want to work with people\. I look for a summer on a ward\.",),
    "R042": (
        "a note on the setting and how to dress",
        nothing_of("how to dress", after="netcrm brief luis"),
        lambda seen: "no tie, east door" in seen.run("netcrm brief luis"),
        lambda seen: seen.run('netcrm plan tom "tomorrow 9:00" --format video'),
        lambda seen: "how to dress" in seen.run("netcrm brief tom"),
    ),
    "R043": (
        lambda seen: seen.said.count("Q03") == 8 and "Q01" not in seen.said,
        lambda seen: seen.run('netcrm prepare priya --why 1 "only insiders know"'),
        lambda seen: seen.run("netcrm lint questions --to priya").count("Q03") == 7,
    ),
    "R044": (
        "each: say which of your objectives",
        "2, 3, 4, 5, 6, 7, 8, 9, 10: say which of your objectives",
    ),
    "R045": (
        "today +prepare +Luis Ortega +luis-ortega +0 of 8 questions",
        "Planned 10 questions",
        nothing_of("of 8 questions", after="netcrm today"),
    ),
    "R046": (
        lambda seen: not seen.has("Q01|Q02"),
        any_number_from_8_to_20_will_do,
        lambda seen: seen.run('netcrm prepare tom --ask "Do you like it?"'),
        lambda seen: "Q02" in seen.run("netcrm lint questions --to tom"),
    ),
    "R047": (r"Questions\n  What is changing in your field.* \(must ask\)\n",),
    "R048": (r"  2  .* \[not online: no website says how it feels\]",),
    "R049": ("ask about the industry and their career path as well",),
    "R050": (
        "they answered this before",
        lambda seen: (
            "first-steps" not in [one.question.key for one in seen.net.suggest_questions("ana", 40)]
        ),
    ),
    "R051": (
        "this can be answered by yes or no",
        lambda _: all(
            is_closed(f"{word} it hard?")
            for word in "do does is are can could will would have was were".split()  # noqa: SIM905
        ),
        lambda _: not any(is_closed(f"{word} is hard?") for word in ("What", "How much", "Why")),
    ),
    "R052": (
        "begin with “Who else …\\?”",
        lambda seen: (
            "ask at the end whom else" in seen.run('netcrm prepare hannah --ask "What is hard?"')
        ),
        lambda seen: seen.net.prepare("priya").interview.questions[-1].topic == "referral",
    ),
    "R053": (
        "Which studies, experience and skills",
        lambda seen: (
            {"role", "industry", "organisation", "culture", "preparation", "referral"}
            <= {one.topic for one in seen.net.bank()}
        ),
        lambda seen: len(seen.net.bank()) > 40,
    ),
    "R054": (
        "what would you tell yourself at my age",
        lambda seen: {"career_path", "advice", "role"} <= {one.topic for one in seen.net.bank()},
    ),
    "R055": (
        "role +What would your patients say you do?",
        lambda _: any("questions" in name for name in HOOKS),
    ),
    "R056": (
        "Dear Priya,(.*\n)+.*Thank you for considering it",
        "Hello Priya,(.*\n)+.*I am exploring nursing and psychiatry",
        lambda seen: not seen.has("[EWI] O"),
        lints("request", "priya", RUDE, "O04", "O14 begin with a greeting", "O14 thank them"),
    ),
    "R057": ("O09: greet them by name", "O09: say one thing that is about them"),
    "R058": ("O01: keep it to 100 words",),
    "R059": ("hear about this: What is a normal day like", "O04: say what you want to learn"),
    "R060": ("O05: say how long it will take", "O06: say that you can work around"),
    "R061": (
        "If yes: agree on a day",
        lambda seen: seen.net.timeline("priya")[0].channel == "phone",
        lambda seen: seen.run("netcrm draft request priya --channel in-person"),
    ),
    "R062": (
        "Could you spare 30 minutes",
        lambda seen: seen.net.interview("priya").interview.minutes == 30,
    ),
    "R063": (
        lambda seen: seen.net.interview("priya").interview.minutes == 20,
        "O05 .* asks for 90 minutes",
        nothing_of("O05", after="netcrm draft request priya --min 20"),
        nothing_of("O05", after="netcrm draft request priya --min 60"),
        lints("request", "priya", BARE, "O05"),
    ),
    "R064": ("at any time that suits you", lints("request", "priya", BARE, "O06")),
    "R065": (
        "I can talk in person, by video or by phone",
        lambda seen: seen.net.interview("priya").interview.formats == ("video", "phone"),
        lints("request", "priya", BARE, "O07"),
    ),
    "R066": (
        "E O02 .*CV",
        "E O02 .*openings",
        nothing_of("O02", after="netcrm draft request priya"),
    ),
    "R067": (
        "each: do not ask for a job: leave out “get me a job”\n",
        "E O02 .*get me a job",
    ),
    "R068": (
        "Learned: insights",
        "held +2 of 5",
        lambda seen: not seen.has(r"(?i)\bjobs?\b|hired"),
    ),
    "R069": (
        "Thank you all the same",
        "I quite understand",
        nothing_of("Hannah", after="netcrm today"),
        lambda seen: seen.code("netcrm ask hannah email") != 0,
        lambda seen: "2 declined" in seen.run("netcrm funnel"),
    ),
    "R070": ("Priya Nair and Carol Stein +contacted",),
    "R071": ("'me'$", lambda seen: seen.net.interview("kofi").interview.initiator == "them"),
    "R072": ("16:00 to 16:40, 40 minutes",),
    "R073": (
        "15:00 to 15:30, 30 minutes",
        lambda seen: seen.net.timeline("luis")[0].minutes == 45,
        "45 of 30 minutes, 15 too many",
    ),
    "R074": ("Fri 6 Mar 2026 14:25 +be there +Luis Ortega", early_unless_it_is_on_a_screen),
    "R075": ("this takes about 36 minutes and you have 30: keep the 12",),
    "R076": (
        "To chat about(.*\n)+You\n(.*\n)+Questions\n(.*\n)+  Who else(.*\n)+Afterwards\n.*thank",
    ),
    "R077": ("To chat about: sails, two small children",),
    "R078": (
        lambda seen: (
            {one.text: one.answer for one in seen.net.asked()}["Which night was long?"]
            == "the first"
        ),
        lambda seen: seen.net.interview("tom").interview.questions[0].answer == "by chance",
    ),
    "R079": (
        "  1  What was chance about it?",
        lambda seen: seen.net.asked()[-1].follow_ups == ("What was chance about it?",),
        lambda seen: "Dig deeper: What was chance about it?" in seen.run("netcrm brief tom"),
    ),
    "R080": ("At the end thank them",),
    "R081": ("thank them(.*)in writing, thank them within 24 hours",),
    "R082": ("Tom Okafor: much of it is paper", "every 3 months", "Thu 4 Jun 2026"),
    "R083": ("Fri 6 Mar 2026 09:00 +thank them +Ana Ruiz", "today 18:30 +thank them +Tom Okafor"),
    "R084": (
        "today 18:30 +thank them +Tom Okafor",
        "T02: thank them for their time",
        "T02: thank them for what they told you",
        lambda seen: re.search(
            "late +thank them +Tom", seen.run('netcrm today --as-of "2026-03-06 09:00"')
        ),
        lambda seen: (
            {"T01"}
            <= {
                one.code
                for one in seen.net.lint("thank_you", "Hi", who="tom", as_of="2026-03-06 09:00")
            }
        ),
    ),
    "R085": (
        "stays with me most: nights are the hardest part",
        "I am still exploring",
        "T03: say that you are still interested",
        "T04: mention something you took away, such as “nights are the hardest part”",
    ),
    "R086": ("Thanked within a day: 2 of 2",),
    "R087": ("stays with me most: the quiet", "every 3 months", "the rule gives +Fri 5 Jun 2026"),
    "R088": ("last touch +Thu 5 Mar 2026",),
    "R089": (
        "today +debrief +Tom Okafor",
        nothing_of("debrief", after="netcrm today"),
        lambda seen: "Tom Okafor, 2026-03-04" in seen.run('net.organisation("City Shelter")'),
    ),
    "R090": (evaluated(liked="the quiet"),),
    "R091": (
        evaluated(challenging="the hours", rewarding="people get well", satisfying="to be needed"),
    ),
    "R092": (evaluated(disliked="the forms"),),
    "R093": (evaluated(daily_tasks="visits, then forms"),),
    "R094": (evaluated(skills={"patience"}, experience="a year in a shelter"),),
    "R095": (evaluated(training_and_paths="a licence, then a team of one's own"),),
    "R096": (
        evaluated(gaps={"a-licence"}),
        r"Not among your skills: patience\.",
        lambda seen: seen.net.gaps() == {"patience": 1, "triage": 1},
    ),
    "R097": (
        "someone-in-art-therapy +someone in art therapy",
        "mei-lin +Mei Lin",
        lambda seen: seen.net.contact("someone in art").is_placeholder,
        lambda seen: len(seen.net.referrals("tom")) == 2,
    ),
    "R098": ("triage +named in 2 interviews +a gap", "listening +named in 1 interview +yours"),
    "R099": (
        learned("one leads a team after five years", "progression", "daily_work", "skills"),
        "Tom Okafor: one leads a team",
    ),
    "R100": (learned("more of it at home", "trend", "culture"), "Tom Okafor: more of it"),
    "R101": (learned("nobody wants the nights", "challenge", "opportunity"), "Tom Okafor: nobody"),
    "R102": (learned("twice as many as ten years ago", "growth"), "Tom Okafor: twice as many"),
    "R103": (
        "2026-03-05  Tom Okafor: there are music therapists\n +discovery; music-therapy",
        lambda seen: (
            seen.net.insights(category="discovery")[0].interview
            == seen.net.interview("tom").interview.id
        ),
        lambda seen: "music-therapy" in [one.name for one in seen.net.career_fields()],
    ),
    "R104": ("nurses run the wards” Ana Ruiz, 5 Mar 2026",),
    "R105": (
        "2026-03-05  Ana Ruiz: pay will rise\n.*hearsay",
        "2026-02-20  Ana Ruiz: nights are the hardest part\n.*daily work; nursing\n",
        lambda seen: (
            {one.interview for one in seen.net.insights()}
            == {seen.net.interview("ana").interview.id}
        ),
    ),
    "R106": ("Ana Ruiz: there is work everywhere", lambda seen: not seen.net.insights()[0].role),
    "R107": (
        "Fri 6 Mar 2026 +apply advice +Ana Ruiz",
        "watch a night shift\n +advice; nursing; applied",
        lambda seen: seen.net.insights(use="noted")[0].text == "nights are the hardest part",
        lambda _: get_args(Use) == ("planned", "applied", "set_aside"),
    ),
    "R108": (r"become a psychiatric nurse  \[goal\]\n +because Ana Ruiz: nights are the hardest",),
    "R109": (
        r"nursing +1 +4\.50 +4\.50 to",
        r"social-work +1 +3\.50 +3\.50 to",
        r"nursing: \+ the team",
    ),
    "R110": ("2026-03-05 +Tom Okafor +a summer in the shelter +internship, not advertised",),
    "R111": (
        "mentor-candidate",
        lambda seen: seen.net.edit("ana", roles=["mentor"]).roles == {"mentor"},
    ),
    "R112": (
        r"today 18:30 +who else\? +Tom Okafor",
        "Tom Okafor pointed you to Mei Lin",
        nothing_of("who else", after="netcrm today"),
    ),
    "R113": (
        "Tom Okafor pointed you to Mei Lin",
        lambda seen: seen.net.contact("mei lin").source == "referral",
        "Mei Lin +fits nursing; .*; 1 of 2 still wanted",
    ),
    "R114": (
        lambda seen: seen.net.referrals("mei lin")[0].mode == "name_only",
        lambda seen: seen.net.timeline("mei lin")[0].kind == "introduction",
        lambda seen: seen.net.opportunities(who="tom")[0].kind == "mentoring",
    ),
    "R115": (
        "Mon 9 Mar 2026 +report back +Ana Ruiz .* you met Priya Nair on 5 Mar",
        "Thank you again for pointing me to Priya Nair",
    ),
    "R116": (r"Priya Nair \(through Ana Ruiz\) +a place in her group", "└ Priya Nair"),
    "R117": (
        r"New people 1 \(Mei Lin\); by field: nursing 1",
        "2026-03 +nursing +1 new +3 known",
    ),
    "R118": ("Ana Ruiz .* 6 days late, since Fri 27 Feb 2026",),
    "R119": ("Spring, from .* to Wed 4 Mar 2026", "Ana Ruiz .* 6 days late"),
    "R120": (
        "a piece of your advice since we last talked: watch a night shift",
        "Thank you again",
        "U01: say what you have done",
        "U02: say that you appreciate",
    ),
    "R121": (
        "Ana Ruiz .* 6 days late",
        "kofi-mensah +Kofi Mensah",
        r"Contacts going stale: \d",
    ),
    "R122": (
        "last in touch: I read about night clinics",
        "Ana Ruiz: night clinics open everywhere",
    ),
    "R123": (
        r"Tom Okafor +a summer in the shelter +internship +I begin in June \(Thu 5 Mar",
        "tell the outcome +Tom Okafor",
    ),
    "R124": (
        "follow up +Hannah Berg",
        "prepare +Luis Ortega",
        "confirm the meeting +Luis Ortega",
        "thank them +Tom Okafor",
    ),
    "R125": ("Counted apart: 2 that they asked you for", "asked +5\n"),
    "R126": ("Logged: in person with Ana Ruiz", "minutes this week 30 of 120"),
    "R127": (
        "you asked Zoe Ott for 30 minutes",
        "Planned 10 questions for Zoe Ott",
        "10 questions take 26 of 30 minutes: fits",
    ),
}


# --- the tests


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a network in which the story is told."""
    file = tmp_path_factory.mktemp("practice") / "network.json"
    clock = Clock()
    with netcrm.open(file, tz=HOME, clock=clock) as net:
        story(net, clock)
    return file


@pytest.fixture
def seen(
    told: Path,
    terminal: Terminal,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Seen]:
    """A copy of it, on the morning of 5 March, and a terminal."""
    shutil.copy(told, terminal.file)
    for name, text in FILES.items():
        path = terminal.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    monkeypatch.chdir(terminal.home)
    monkeypatch.setattr(Core, "now", lambda self: NOW.astimezone(self._setting.zone))
    there = Seen(terminal.home, monkeypatch, capsys)
    with there.net:
        yield there


def test_every_line_is_there_once_and_in_order() -> None:
    assert [row.number for row in ROWS] == [f"R{number:03}" for number in range(1, 128)]
    assert list(EXPECTED) == [row.number for row in ROWS]


def test_a_line_has_an_example_and_lacks_nothing() -> None:
    assert not [row.number for row in ROWS if row.is_lacking]
    assert not [row.number for row in ROWS if not row.examples]
    assert not [number for number, expected in EXPECTED.items() if not expected]


def test_no_command_of_the_page_is_left_out() -> None:
    spans = re.findall(r"`(net[^`]*)`", PAGE.read_text("utf-8"))
    assert [one for one in spans if one != "net"] == [one for row in ROWS for one in row.examples]


@pytest.mark.parametrize("row", [row for row in ROWS if row.examples], ids=lambda row: row.number)
def test_the_examples_of_a_line_show_what_it_is_about(row: Row, seen: Seen) -> None:
    for example in row.examples:
        seen.run(example, TYPED.get(row.number, ""))
    shown = seen.said
    for expected in EXPECTED[row.number]:
        if isinstance(expected, str):
            assert re.search(expected, shown), f"{expected}\n--- is not in\n{shown}"
        else:
            assert expected(seen), f"{getsource(expected)}\n--- does not hold after\n{shown}"


def test_where_guides_disagree_it_does_as_the_page_says(seen: Seen) -> None:
    quarter = "Could you spare 15 minutes? I would love to work for you."
    found = seen.net.lint("request", quarter, who="priya")
    severities = {one.code: one.severity for one in found}
    assert (severities["O05"], severities["O15"]) == ("info", "info")
    seen.run('netcrm prepare luis --ask "Is it hard?" --ask "Could you get me a job?"')
    severities = {one.code: one.severity for one in seen.net.lint_questions("luis")}
    assert (severities["Q02"], severities["Q09"]) == ("info", "error")
    assert seen.run("netcrm due").startswith("No rule yet, so nobody is due")
