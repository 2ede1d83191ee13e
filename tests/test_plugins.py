"""Plugins cannot hurt: a broken one is set aside and named, and everything else goes on."""

from __future__ import annotations

import re
import subprocess
import sys
import textwrap
from datetime import date
from pathlib import Path

import click
import pytest

import netcrm
from netcrm import Cadence, Interval, NotFoundError, PluginError, Selector, StorageError, hookimpl
from netcrm.announced import find_entries
from netcrm.loading import HOOKS
from netcrm.network import open as open_network
from netcrm.plugins import Plugins
from netcrm.storage.memory import MemoryStorage
from tests import networks
from tests.networks import ana_and_luis, commits

clock, opens, net = networks.clock, networks.opens, networks.net

TODAY = date(2026, 3, 5)
_ANSWERS = {  # a good answer to each hook, as Python text
    "storages": "[StorageProvider(name='{name}', summary='', open=MemoryStorageOpen)]",
    "sources": "[SourceProvider(name='{name}', summary='', open=lambda argument: None)]",
    "commands": "[click.Command('{name}', callback=lambda: click.echo('hello'))]",
    "cadence": "None",
    "likeness": "[Sign('{name}', 'the same cat', 3)]",
    "holidays": "[date(2026, 12, 25)]",
    "follow_ups": "None",
    "questions": "[BankQuestion('{name}', 'How do nights go here?', 'culture')]",
    "lint_rules": "[LintRule('{name}', frozenset(), 'info', print)]",
    "tie_weights": "[TieWeight('letter', 3, '{name}')]",
    "fields": "[FieldLink('a', 'b', 'related', '{name}')]",
    "rank_signals": "Factor(1.5, '{name}')",
    "draft_folders": "[DraftFolder(name='{name}', summary='', put=lambda *given: 'here')]",
    "changed": "None",
}
_HEAD = """
import sys
import click
from datetime import date
from netcrm import BankQuestion, Batch, DraftFolder, Factor, FieldLink, LintRule, MemoryStorage
from netcrm import NotFoundError, Sign, SourceProvider, StorageProvider, TieWeight, hookimpl


def MemoryStorageOpen(rest, kinds, create):
    return MemoryStorage(kinds)

"""
_ARGUMENTS = {
    "cadence": "person, as_of", "likeness": "a, b", "follow_ups": "course", "changed": "commit",
    "rank_signals": "contact, as_of",
}  # fmt: skip
_FIRST = ("cadence", "follow_ups")  # the first answer counts; None is none
_NONE_IS_NONE = (*_FIRST, "rank_signals")
_REFUSED = (*_NONE_IS_NONE, "likeness")  # where nobody guesses an answer that may matter
OURS = sorted(entry.name for entry in find_entries())


def hook(name: str, body: str = "", *, mark: str = "@hookimpl", provides: str = "thing") -> str:
    """Return the text of a plugin with one hook; *body* comes before its good answer."""
    answer = _ANSWERS[name].format(name=provides)
    arguments = _ARGUMENTS.get(name, "")
    lines = f"{mark}\ndef netcrm_{name}({arguments}):\n    {body or 'pass'}\n    return {answer}\n"
    return _HEAD + lines


@pytest.fixture
def file(tmp_path):
    """Write a single-file plugin and return its path."""

    def write(name: str, text: str) -> Path:
        path = tmp_path / f"{name}.py"
        path.write_text(textwrap.dedent(text), "utf-8")
        return path

    return write


@pytest.fixture
def site(tmp_path, monkeypatch):
    """Make installed distributions in a folder on sys.path."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    before = set(sys.modules)

    def install(
        distribution: str, groups: dict[str, str], modules: dict[str, str], version: str = "1.0"
    ) -> None:
        info = folder / f"{distribution.replace('-', '_')}-{version}.dist-info"
        info.mkdir()
        lines = [f"[{group}]\n{entries}\n" for group, entries in groups.items()]
        info.joinpath("entry_points.txt").write_text("\n".join(lines), "utf-8")
        for name, text in modules.items():
            folder.joinpath(f"{name}.py").write_text(textwrap.dedent(text), "utf-8")

    yield install
    for name in set(sys.modules) - before:
        if getattr(sys.modules[name], "__file__", None) and str(tmp_path) in str(
            sys.modules[name].__file__
        ):
            del sys.modules[name]


def ask(plugins: Plugins, name: str):
    """Ask a hook for all that it gives."""
    if name == "cadence":
        person = netcrm.Person(id="a", name="Ana", handle="ana", added_on=TODAY)
        return plugins.cadence(person, TODAY)
    if name == "likeness":
        one = netcrm.Contact(id="a", name="Ana", handle="ana", added_on=TODAY)
        return plugins.likeness(one, one)
    if name == "follow_ups":
        return plugins.follow_ups(netcrm.Course("i", ("a",), TODAY))
    if name == "holidays":
        return ["thing" for day in plugins.holidays() if day.month == 12]
    if name == "questions":
        return [question.key for question in plugins.questions()]
    if name == "lint_rules":
        return [rule.code for rule in plugins.lint_rules()]
    if name == "fields":
        return [link.reason for link in plugins.fields()]
    if name == "rank_signals":
        one = netcrm.Contact(id="a", name="Ana", handle="ana", added_on=TODAY)
        return plugins.rank_signals(one, TODAY)
    if name == "tie_weights":
        return [one.reason for one in plugins.tie_weights()]
    if name == "draft_folders":
        return [folder.name for folder in plugins.draft_folders()]
    if name == "changed":
        return plugins.tell(netcrm.Commit(id="c", seq=1, at=networks.NOW, reason="x"))
    if name == "commands":
        return list(plugins.commands(click.Command))
    if name == "storages":
        return plugins.storage("thing").name
    return [provider.name for provider in plugins.sources()]


class TestEachHook:
    """Each hook adds what it says it adds."""

    def test_hook_storages(self, file):
        """A plugin's storage is opened by the name that URLs begin with."""
        plugins = Plugins(files=[file("own", hook("storages", provides="own"))])
        with netcrm.open("own:anything", plugins=plugins) as net:
            assert net.add("Ana Ruiz").handle == "ana-ruiz"
            assert isinstance(net._storage, MemoryStorage)

    def test_hook_sources(self, file):
        """A plugin's source is what `import_from` reads."""
        text = (
            _HEAD
            + """
from netcrm import Sighting

class Lines:
    def __init__(self, argument):
        self.argument = argument

    def batches(self):
        said = {"name": self.argument, "email": "a@example.org"}
        yield Batch(sightings=(Sighting(line=1, said=said),))

@hookimpl
def netcrm_sources():
    yield SourceProvider(name="lines", summary="Lines", open=Lines)
"""
        )
        plugins = Plugins(files=[file("own", text)])
        assert [(p.name, p.summary) for p in plugins.sources()] == [("lines", "Lines")]
        with netcrm.open("memory:", plugins=plugins) as net:
            assert net.import_from("lines", "Ana Ruiz").created == 1
            assert net.contact("ana").source == "import"

    def test_hook_commands(self, file, tmp_path):
        """A plugin's command runs like one of ours, and finds the network that was named."""
        text = """
            import click
            from netcrm import hookimpl
            from netcrm.cli.base import App

            @click.command()
            @click.argument("word")
            @click.pass_obj
            def hello(app, word):
                click.echo(f"{word} {app.location}")

            @hookimpl
            def netcrm_commands():
                return [hello]
        """
        done = _run(["--plugin", file("own", text), "-n", "memory:", "hello", "hi"])
        assert (done.returncode, done.stdout, done.stderr) == (0, "hi memory:\n", "")

    def test_hook_cadence(self, opens):
        """A plugin decides between a rule for the person alone and those for circles."""

        class Vip:
            @hookimpl
            def netcrm_cadence(self, person):
                if "vip" in person.tags:
                    return _rule("vip", "1 week")
                return None

        net = opens(plugins=[Vip()])
        net.add("Ana Ruiz", circles=["inner"], tags=["vip"])
        net.add("Luis Ortega", circles=["inner"])
        net.rule("circle:inner", "1 month")
        assert str(net.explain("ana").cadence.every) == "1 week"
        assert "from a plugin" in net.explain("ana").reasons[0].text
        assert str(net.explain("luis").cadence.every) == "1 month"
        net.rule("contact:ana", "2 weeks")
        assert str(net.explain("ana").cadence.every) == "2 weeks"
        assert {answer.person.name for answer in net.due()} == {"Ana Ruiz", "Luis Ortega"}

    def test_hook_cadence_is_asked_about_everybody(self, opens):
        """Also about people whom no rule of ours is for."""

        class Everybody:
            @hookimpl
            def netcrm_cadence(self, person, as_of):
                seen.append((person.name, as_of))
                return _rule("all", "1 week")

        seen = []
        net = opens(plugins=[Everybody()])
        ana_and_luis(net)
        assert len(net.due(as_of="2026-05-01")) == 2
        assert seen == [("Ana Ruiz", date(2026, 5, 1)), ("Luis Ortega", date(2026, 5, 1))]

    def test_hook_changed(self, opens):
        """A plugin learns of each commit once it is stored, and of nothing that was dropped."""

        class Log:
            @hookimpl
            def netcrm_changed(self, commit):
                told.append((commit.seq, commit.reason))

        told = []
        net = opens(plugins=[Log()])
        ana_and_luis(net)
        with net.transaction("try", dry_run=True):
            net.edit("ana", note="x")
        with pytest.raises(ZeroDivisionError), net.transaction("fail"):
            net.edit("ana", note=str(1 / 0))
        net.edit("ana", note="")
        with net.transaction("both"):
            net.edit("ana", note="x")
            net.edit("luis", note="x")
        assert told == [(1, "add"), (2, "add"), (3, "both")]


_FAULTS = {  # what is wrong: (text before the answer, or a whole plugin; what is said about it)
    "raises": ("raise ValueError('oh\\nno')", "ValueError: oh no"),
    "raises what netcrm raises": ("raise NotFoundError('no such town')", "no such town"),
    "exits": ("sys.exit(3)", "SystemExit: 3"),
    "recurses": ("return netcrm_{hook}({arguments})", "RecursionError"),
    "gives nothing": ("return None", "NoneType|None"),
    "gives a number": ("return 5", "5"),
    "gives words": ("return 'ab'", "'a'|'ab'"),
    "fails half-way": ("yield from ()\n    raise KeyError('x')", "KeyError|generator"),
}
_ANSWERING = (
    "storages", "sources", "commands", "holidays", "questions", "lint_rules", "tie_weights",
    "fields", "draft_folders",
)  # fmt: skip


class TestBadPlugins:
    """R11: whatever one plugin does wrong, the others are used, and it is named."""

    @pytest.mark.parametrize("fault", _FAULTS)
    @pytest.mark.parametrize("name", HOOKS)
    def test_a_hook_that_fails(self, file, name, fault, capsys):
        """Offers: the others' are used. Answers: refused by name. Changed: noted, others told."""
        body, said = _FAULTS[fault]
        body = body.format(hook=name, arguments=_ARGUMENTS.get(name, ""))
        plugins = Plugins(files=[file("bad", hook(name, body)), file("good", hook(name))])
        silent = name == "changed" and fault.startswith("gives")
        if name in _REFUSED and not (name in _NONE_IS_NONE and fault == "gives nothing"):
            with pytest.raises(PluginError, match=f"plugin bad: netcrm_{name} .*({said})"):
                ask(plugins, name)
        elif name in _ANSWERING:
            assert ask(plugins, name) in ("thing", ["thing"])
            assert plugins.failures.keys() == {"bad"}
            assert re.search(said, plugins.failures["bad"])
            assert "\n" not in plugins.failures["bad"]
        else:
            ask(plugins, name)
            if fault == "fails half-way" or silent or name in _NONE_IS_NONE:
                assert plugins.failures == {}
            else:
                assert plugins.failures.keys() == {"bad"}
        assert capsys.readouterr().out == ""
        report = {line.name: line for line in plugins.report()}
        assert report["good"].failure == ""

    def test_a_check_that_raises_what_netcrm_raises(self, file):
        text = hook("lint_rules").replace("print)", "check)") + "\ndef check(subject, known):\n"
        plugins = Plugins(files=[file("bad", text + "    raise NotFoundError('no such word')\n")])
        (rule,) = plugins.lint_rules()
        with pytest.raises(PluginError, match=r"plugin bad: lint rule thing failed.*no such word"):
            rule.check("", None)

    def test_days_of_a_routine_that_cannot_be(self, file):
        text = hook("follow_ups", "from netcrm import FollowUps; return FollowUps(follow_up=-1)")
        with pytest.raises(PluginError, match=r"plugin bad: netcrm_follow_ups gave FollowUps"):
            ask(Plugins(files=[file("bad", text)]), "follow_ups")

    @pytest.mark.parametrize("name", HOOKS)
    def test_a_hook_that_prints(self, file, name, capsys):
        """Standard output is for the answer; what a plugin prints goes to standard error."""
        plugins = Plugins(
            files=[
                file("bad", "print('while loading')\n" + hook(name, "print('while asked')")),
                file("lazy", hook(name, "print('later'); yield from ()", provides="other")),
            ]
        )
        if name in _NONE_IS_NONE:
            with pytest.raises(PluginError, match="plugin lazy"):
                ask(plugins, name)
        else:
            ask(plugins, name)
        out, err = capsys.readouterr()
        assert out == ""
        assert "while loading" in err
        assert "while asked" in err
        assert ("later" in err) == (name in (*_ANSWERING, "likeness"))

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("import no_such_module_anywhere", "No module named 'no_such_module_anywhere'"),
            ("def broken(:", "SyntaxError"),
            ("raise RuntimeError('at import')", "RuntimeError: at import"),
            ("import sys; sys.exit(9)", "SystemExit: 9"),
            ("x = 1", "implements no hook of netcrm"),
            ("def netcrm_sources():\n    return []", "is @hookimpl missing"),
            (
                "from netcrm import hookimpl\n@hookimpl\ndef netcrm_source():\n    return []",
                "unknown hook 'netcrm_source'",
            ),
            (
                "from netcrm import hookimpl\n@hookimpl\ndef netcrm_sources(colour):\n    0",
                "colour",
            ),
            (hook("sources", mark="@hookimpl(wrapper=True)", body="yield"), "is a wrapper"),
            (hook("sources", mark="@hookimpl(hookwrapper=True)", body="yield"), "is a wrapper"),
            (b"\xff\xfe", "SyntaxError"),
        ],
    )
    def test_a_plugin_that_cannot_be_used_is_set_aside(self, tmp_path, file, text, said):
        """It is named with the reason in one line; a good one beside it works."""
        bad = tmp_path / "bad.py"
        bad.write_bytes(text if isinstance(text, bytes) else text.encode())
        plugins = Plugins(files=[bad, file("good", hook("sources"))])
        assert ask(plugins, "sources") == ["thing"]
        assert said in plugins.failures["bad"]
        assert "\n" not in plugins.failures["bad"]
        assert [line.hooks for line in plugins.report()] == [(), ("netcrm_sources",)]

    def test_one_bad_hook_sets_the_whole_plugin_aside(self, file):
        """A plugin with one good hook and one misspelled is not half used."""
        text = hook("sources") + "\n@hookimpl\ndef netcrm_comands():\n    return []\n"
        plugins = Plugins(files=[file("bad", text)])
        assert plugins.sources() == []
        assert "unknown hook 'netcrm_comands'" in plugins.failures["bad"]

    def test_a_plugin_given_by_a_program_fails_at_once(self):
        """An embedder learns of a mistake where it is made."""

        class Empty:
            pass

        with pytest.raises(PluginError, match=r"plugin Empty: .*implements no hook"):
            netcrm.open("memory:", plugins=[Empty()])

    def test_a_plugin_that_is_interrupted_is_interrupted(self, file):
        """Ctrl-C belongs to the user, not to the plugin."""
        plugins = Plugins(files=[file("slow", hook("sources", "raise KeyboardInterrupt"))])
        with pytest.raises(KeyboardInterrupt):
            plugins.sources()

    def test_a_change_that_a_plugin_fails_to_hear_of_stays(self, opens):
        """The commit is stored, the failure noted, and the next plugin still told."""

        class Bad:
            @hookimpl
            def netcrm_changed(self, commit):
                raise OSError("the network is down")

        class Good:
            @hookimpl
            def netcrm_changed(self, commit):
                told.append(commit.seq)

        told = []
        net = opens(plugins=[Good(), Bad()])
        net.add("Ana Ruiz")
        assert net.contact("ana").name == "Ana Ruiz"
        assert (told, commits(net)) == ([1], 1)
        assert net.plugins.failures == {
            "Bad": "netcrm_changed failed: OSError: the network is down"
        }

    def test_a_cadence_that_fails_stops_the_answer_and_nothing_else(self, opens):
        """Whom to get back to is not guessed; logging goes on."""

        class Bad:
            @hookimpl
            def netcrm_cadence(self, person):
                raise ValueError("?")

        net = opens(plugins=[Bad()])
        ana_and_luis(net)
        with pytest.raises(PluginError, match=r"plugin Bad: netcrm_cadence failed: ValueError: \?"):
            net.due()
        assert net.log("ana", "coffee").channel == "in_person"

    def test_what_a_plugin_is_given_cannot_be_changed(self, opens):
        """A person and a commit are values: to write on them fails, and is named."""

        class Vandal:
            @hookimpl
            def netcrm_cadence(self, person):
                person.name = "x"

            @hookimpl
            def netcrm_changed(self, commit):
                commit.reason = "x"

        net = opens(plugins=[Vandal()])
        ana_and_luis(net)
        assert "netcrm_changed failed" in net.plugins.failures["Vandal"]
        with pytest.raises(PluginError):
            net.due()

    @pytest.mark.parametrize(
        ("open_", "said"),
        [
            ("lambda rest, kinds, create: 1 / 0", "ZeroDivisionError"),
            ("lambda rest, kinds, create: sys.exit()", "SystemExit"),
            ("lambda rest, kinds, create: 'here'", "it gave 'here', not a Storage"),
            ("lambda: 5", "TypeError"),
        ],
    )
    def test_a_storage_that_cannot_be_opened(self, file, open_, said):
        """It is an error of storage, which names it."""
        plugins = Plugins(
            files=[file("own", hook("storages").replace("MemoryStorageOpen)", f"{open_})"))]
        )
        with pytest.raises(StorageError, match=f"thing:x: storage thing failed: .*{said}"):
            open_network("thing:x", plugins=plugins)


class TestDraftFolders:
    """A folder takes a message and says where it is; nothing else comes of it."""

    @staticmethod
    def folder(file, put: str):
        """Return the draft folder of a plugin, whose `put` is written as Python."""
        text = hook("draft_folders").replace("lambda *given: 'here'", put)
        return Plugins(files=[file("own", text)]).draft_folder("thing")

    def test_it_is_given_the_message_and_the_account(self, file):
        put = self.folder(file, "lambda message, account: f'{message} of {account}'").put
        assert put(b"Dear Ana", "me") == "b'Dear Ana' of me"

    def test_they_come_by_name(self, file):
        offers = {name: hook("draft_folders", provides=name) for name in ("b", "c", "a")}
        plugins = Plugins(files=[file(f"of_{name}", text) for name, text in offers.items()])
        assert [one.name for one in plugins.draft_folders()] == ["a", "b", "c"]

    @pytest.mark.parametrize(
        ("put", "said"),
        [
            ("lambda message, account: 1 / 0", "ZeroDivisionError"),
            ("lambda message, account: sys.exit()", "SystemExit"),
            ("lambda message, account: None", "it gave None, not where the draft is"),
            ("lambda message: 'here'", "TypeError"),
        ],
    )
    def test_one_that_fails_is_named(self, file, put, said):
        with pytest.raises(PluginError, match=f"draft folder thing failed: .*{said}"):
            self.folder(file, put).put(b"", "")

    def test_what_it_refuses_is_said_as_it_is(self, file):
        refuses = "lambda *given: (_ for _ in ()).throw(NotFoundError('no such account'))"
        with pytest.raises(NotFoundError, match=r"^no such account$"):
            self.folder(file, refuses).put(b"", "")

    def test_what_it_prints_is_no_answer(self, file, capsys):
        self.folder(file, "lambda *given: print('putting') or 'here'").put(b"", "")
        assert capsys.readouterr() == ("", "putting\n")

    def test_one_that_is_not_there(self, file):
        plugins = Plugins(files=[file("own", hook("draft_folders"))])
        with pytest.raises(NotFoundError, match=r"^There is no draft folder called x. There are: "):
            plugins.draft_folder("x")
        with pytest.raises(NotFoundError, match=r"It comes with netcrm-google: install that\.$"):
            plugins.draft_folder("gmail")


class TestTieWeights:
    """Weights of channels: each has a reason, and plugins that disagree are both set aside."""

    @staticmethod
    def weighing(*said: str) -> str:
        """Return the text of a plugin that gives weights, each written as Python."""
        answer = ", ".join(f"TieWeight({one})" for one in said)
        return f"{_HEAD}\n@hookimpl\ndef netcrm_tie_weights():\n    return [{answer}]\n"

    def test_they_come_by_channel(self, file):
        plugins = Plugins(
            files=[
                file("one", self.weighing("'letter', 3, 'by hand'", "'chat', 0, 'chatter'")),
                file("two", self.weighing("'email', 10, 'long ones'")),
            ]
        )
        assert plugins.tie_weights() == [
            ("chat", 0, "chatter"), ("email", 10, "long ones"), ("letter", 3, "by hand"),
        ]  # fmt: skip
        assert not plugins.failures

    def test_of_two_that_disagree_neither_is_used(self, file):
        """Both are named; what else they say is used, and so is what they agree on."""
        plugins = Plugins(
            files=[
                file("one", self.weighing("'letter', 3, 'x'", "'chat', 2, 'y'", "'sms', 2, 'a'")),
                file("two", self.weighing("'letter', 4, 'z'", "'sms', 2, 'b'")),
            ]
        )
        assert plugins.tie_weights() == [("chat", 2, "y"), ("sms", 2, "a")]
        why = "netcrm_tie_weights gives letter two weights, by one and two"
        assert plugins.failures == {"one": why, "two": why}

    def test_one_that_contradicts_itself(self, file):
        plugins = Plugins(files=[file("one", self.weighing("'sms', 3, 'x'", "'sms', 4, 'y'"))])
        assert plugins.tie_weights() == []
        assert plugins.failures == {"one": "netcrm_tie_weights gives sms two weights, by one"}

    def test_a_weight_that_is_none_is_left_out(self, file):
        """The others of that plugin are used."""
        wrong = file("one", self.weighing("'sms', 11, 'x'", "'chat', 2, ''", "'letter', 2, 'y'"))
        plugins = Plugins(files=[wrong])
        assert plugins.tie_weights() == [("letter", 2, "y")]
        assert plugins.failures == {"one": "netcrm_tie_weights: chat needs a reason"}


class TestNames:
    """Two that claim one name are an error: nobody chooses between them."""

    @pytest.mark.parametrize("name", ["storages", "sources", "draft_folders"])
    def test_two_plugins_with_one_storage_source_or_folder(self, file, name):
        """Both are named, and how to block one."""

        def fetch(plugins):
            return getattr(plugins, name.removesuffix("s"))("thing")

        noun = name.removesuffix("s").replace("_", " ")
        both = [file("one", hook(name)), file("two", hook(name))]
        plugins = Plugins(files=both)
        with pytest.raises(
            PluginError, match=f"plugins .* both offer a {noun} called thing"
        ) as why:
            fetch(plugins)
        assert all(word in str(why.value) for word in ("one", "two", "--no-plugin"))
        failures = {line.name: line.failure for line in Plugins(files=both).report()}
        assert all(f"both offer thing by netcrm_{name}" in failures[one] for one in ("one", "two"))
        alone = Plugins(files=both, blocked=["two"])
        assert fetch(alone).name == "thing"

    def test_two_plugins_with_one_command(self, file):
        """Neither is used, both are named; their other commands work."""
        both = "[click.Command('thing'), click.Command('{name}')]"
        one = hook("commands").replace(
            _ANSWERS["commands"].format(name="thing"), both.format(name="a")
        )
        plugins = Plugins(files=[file("one", one), file("two", hook("commands"))])
        assert list(plugins.commands(click.Command)) == ["a"]
        assert plugins.failures.keys() == {"one", "two"}

    def test_a_command_of_ours_stays_ours(self, file):
        """A plugin that would take its name is told so."""
        plugins = Plugins(files=[file("one", hook("commands", provides="list"))])
        assert plugins.commands(click.Command, ["list"]) == {}
        assert plugins.failures == {"one": "list is a command of netcrm itself"}

    def test_two_files_with_one_name(self, tmp_path, file):
        """Neither is loaded."""
        (tmp_path / "sub").mkdir()
        first, second = file("one", hook("sources")), tmp_path / "sub" / "one.py"
        second.write_text(hook("sources"), "utf-8")
        plugins = Plugins(files=[first, second])
        assert plugins.sources() == []
        assert plugins.failures == {"one": f"{first} and {second} both claim this name"}
        assert Plugins(files=[first, first]).sources()

    def test_two_distributions_with_one_name(self, site):
        """Neither is loaded, and both are named."""
        for distribution in ("netcrm-one", "netcrm-two"):
            module = distribution.replace("-", "_")
            site(distribution, {"netcrm.sources": f"same = {module}"}, {module: hook("sources")})
        plugins = Plugins(installed=True, blocked=OURS)
        assert plugins.sources() == []
        assert plugins.failures == {"same": "netcrm-one and netcrm-two both claim this name"}
        assert "netcrm_one" not in sys.modules

    def test_a_file_and_a_distribution_with_one_name(self, site, file):
        """Of these, too, neither."""
        site("netcrm-one", {"netcrm.sources": "same = one_mod"}, {"one_mod": hook("sources")})
        path = file("same", hook("sources"))
        plugins = Plugins(installed=True, files=[path], blocked=OURS)
        assert plugins.sources() == []
        assert plugins.failures == {"same": f"{path} and netcrm-one both claim this name"}

    def test_two_given_by_a_program(self):
        """Two objects of one class need names of their own."""

        class Mine:
            @hookimpl
            def netcrm_changed(self, commit):
                """Hear of it."""

        with pytest.raises(PluginError, match="both claim this name"):
            Plugins([Mine(), Mine()])
        first, second = Mine(), Mine()
        first.__name__, second.__name__ = "first", "second"
        assert [line.name for line in Plugins([first, second]).report()] == ["first", "second"]

    def test_what_nobody_offers(self, file):
        """The message lists what there is, and what was set aside."""
        plugins = Plugins(files=[file("bad", "1/0"), file("good", hook("sources"))])
        with pytest.raises(NotFoundError, match=r"no source called x\. There are: thing\.") as why:
            plugins.source("x")
        assert "Plugin bad is set aside: ZeroDivisionError: division by zero." in str(why.value)
        with pytest.raises(
            NotFoundError, match=r"no storage called x\. There are: memory,.* tinydb\."
        ):
            plugins.storage("x")
        with pytest.raises(NotFoundError, match="No plugin offers one"):
            Plugins().source("x")


class TestNamingAStorage:
    """Whoever names a storage asks for the plugin that offers it; no other is loaded."""

    def test_it_is_loaded_without_being_asked_for(self, site):
        site("netcrm-x", {"netcrm.storages": "x = x_mod"}, {"x_mod": hook("storages")})
        site("netcrm-y", {"netcrm.sources": "y = y_mod"}, {"y_mod": "1/0"})
        plugins = Plugins()
        assert plugins.storage("thing").name == "thing"
        assert "y_mod" not in sys.modules
        assert plugins.failures == {}

    def test_a_blocked_one_is_not(self, site):
        site("netcrm-x", {"netcrm.storages": "x = x_mod"}, {"x_mod": hook("storages")})
        with pytest.raises(NotFoundError, match="no storage called thing"):
            Plugins(blocked=["x"]).storage("thing")
        assert "x_mod" not in sys.modules


class TestBlocking:
    """What is blocked is not loaded at all."""

    def test_a_blocked_file_is_not_even_read(self, file):
        """It stays listed, as blocked; trouble with it is no trouble any more."""
        plugins = Plugins(
            files=[file("bad", "1/0"), file("good", hook("sources"))], blocked=["bad"]
        )
        assert ask(plugins, "sources") == ["thing"]
        assert plugins.failures == {}
        assert [(line.name, line.blocked) for line in plugins.report()] == [
            ("bad", True),
            ("good", False),
        ]

    def test_a_blocked_distribution_is_not_imported(self, site):
        """Nor is a name that two claim an error when it is blocked."""
        for number in "ab":
            groups = {"netcrm.sources": f"one = blocked_{number}"}
            site(f"netcrm-{number}", groups, {f"blocked_{number}": "1/0"})
        plugins = Plugins(installed=True, blocked=["one", "google", "linkedin", "tables"])
        assert (plugins.sources(), plugins.failures) == ([], {})
        assert "blocked_a" not in sys.modules


class TestLoading:
    """Nothing is loaded before it is needed, nothing is global."""

    def test_nothing_is_loaded_by_itself(self, site, tmp_path, monkeypatch):
        """A program that opens a network gets no plugin that it did not ask for."""
        site("netcrm-one", {"netcrm.changed": "one = never"}, {"never": "1/0"})
        monkeypatch.chdir(tmp_path / "site")
        with netcrm.open("memory:") as net:
            net.add("Ana Ruiz")
            assert net.plugins.report() == []

    def test_only_what_a_hook_needs_is_imported(self, site):
        """Who asks for sources does not pay for a storage."""
        site(
            "netcrm-one",
            {"netcrm.sources": "one = one_sources", "netcrm.storages": "two = two_storages"},
            {"one_sources": hook("sources"), "two_storages": hook("storages")},
        )
        plugins = Plugins(installed=True, blocked=OURS)
        assert "one_sources" not in sys.modules
        assert ask(plugins, "sources") == ["thing"]
        assert "one_sources" in sys.modules
        assert "two_storages" not in sys.modules

    def test_a_distribution_with_several_hooks(self, site):
        """One module under several groups is one plugin, whichever hook is asked first."""
        text = hook("sources") + hook("commands") + hook("storages")
        groups = {f"netcrm.{name}": "all = all_mod" for name in ("sources", "commands", "storages")}
        site(
            "netcrm-all", {**groups, "console_scripts": "x = y:z"}, {"all_mod": text}, version="2.5"
        )
        plugins = Plugins(installed=True, blocked=OURS)
        assert plugins.storage("thing").name == "thing"
        assert ask(plugins, "commands") == ask(plugins, "sources") == ["thing"]
        line = next(line for line in plugins.report() if line.name == "all")
        assert (line.origin, line.version, line.failure) == ("netcrm-all", "2.5", "")
        assert line.hooks == ("netcrm_commands", "netcrm_sources", "netcrm_storages")

    def test_a_hook_that_is_not_announced_is_told_with_the_line_to_add(self, site):
        """Otherwise it would work on some days and not on others."""
        text = hook("sources") + hook("commands")
        site("netcrm-half", {"netcrm.sources": "half = half_mod"}, {"half_mod": text})
        plugins = Plugins(installed=True, blocked=OURS)
        assert plugins.sources() == []
        assert plugins.failures["half"].endswith(
            "it implements netcrm_commands; so add to its pyproject.toml, below "
            '[project.entry-points."netcrm.commands"], half = "half_mod"'
        )

    def test_a_group_that_is_no_hook_is_told(self, site):
        """A misspelled group would never be asked."""
        site("netcrm-typo", {"netcrm.source": "typo = typo_mod"}, {"typo_mod": hook("sources")})
        plugins = Plugins(installed=True)
        assert plugins.failures == {"typo": "it is listed under netcrm.source: no such hook"}

    def test_an_object_in_a_module(self, site):
        """An entry point may name an attribute."""
        text = "class Mine:\n    pass\n\n" + hook("sources") + "\nmine = sys.modules[__name__]\n"
        site("netcrm-attr", {"netcrm.sources": "attr = attr_mod:mine"}, {"attr_mod": text})
        assert "thing" in ask(Plugins(installed=True), "sources")
        site("netcrm-gone", {"netcrm.sources": "gone = attr_mod:nothing"}, {})
        plugins = Plugins(installed=True)
        plugins.sources()
        assert "AttributeError" in plugins.failures["gone"]

    def test_odd_metadata_is_passed_over(self, site, tmp_path):
        """Folders that are no distributions, files that are no text: nobody is hurt."""
        folder = tmp_path / "site"
        (folder / "nothing-1.dist-info").mkdir()
        (folder / "binary-1.dist-info").mkdir()
        (folder / "binary-1.dist-info" / "entry_points.txt").write_bytes(
            b"[netcrm.sources]\xff\xfe"
        )
        (folder / "x-1.egg-info").write_text("a file")
        (folder / "sub-1.dist-info").mkdir()
        (folder / "sub-1.dist-info" / "entry_points.txt").write_text(
            "; a comment = x\n[netcrm.sources\n\nbroken\n[other]\na = b\n"
        )
        assert find_entries([str(folder), str(tmp_path / "missing"), str(folder)]) == []

    def test_the_first_of_two_copies_counts_as_for_python(self, tmp_path):
        """A distribution that lies twice on sys.path is one."""
        for version in ("2", "1"):
            info = tmp_path / version / f"Netcrm_X-{version}.dist-info"
            info.mkdir(parents=True)
            (info / "entry_points.txt").write_text("[netcrm.sources]\nx = x_mod\n")
        found = find_entries([str(tmp_path / "2"), str(tmp_path / "1")])
        assert [(e.name, e.version, e.distribution, set(e.hooks)) for e in found] == [
            ("x", "2", "Netcrm-X", {"sources"})
        ]

    def test_what_python_itself_finds_is_found(self):
        """The quick look at metadata sees what importlib.metadata sees."""
        from importlib.metadata import entry_points

        slow = {
            (point.name, group)
            for group in entry_points().groups
            if group.startswith("netcrm.")
            for point in entry_points(group=group)
        }
        quick = {(e.name, f"netcrm.{hook_name}") for e in find_entries() for hook_name in e.hooks}
        assert quick == slow

    def test_a_single_file_with_attrs_classes_and_postponed_annotations(self, file):
        """A file is a module like any other: classes in it can be resolved."""
        text = """
            from __future__ import annotations

            import typing

            import attrs
            from netcrm import Batch, Sighting, SourceProvider, hookimpl

            @attrs.frozen
            class Guest:
                name: str
                of: typing.Optional[Guest] = None

            @attrs.frozen
            class Guests:
                path: str

                def batches(self) -> typing.Iterator[Batch]:
                    attrs.resolve_types(Guest)
                    assert attrs.fields(Guest).of.type == typing.Optional[Guest]
                    said = {"name": Guest(self.path).name, "email": "a@b.c"}
                    yield Batch(sightings=(Sighting(line=1, said=said),))

            @hookimpl
            def netcrm_sources():
                return [SourceProvider(name="guests", summary="", open=Guests)]
        """
        with netcrm.open("memory:", plugins=Plugins(files=[file("guests", text)])) as net:
            assert net.import_from("guests", "Ana").created == 1

    def test_two_managers_are_independent(self, tmp_path, file):
        """Each network has plugins of its own, from files of one name, too."""
        one = Plugins(files=[file("own", hook("sources", provides="a"))])
        (tmp_path / "sub").mkdir()
        other_file = tmp_path / "sub" / "own.py"
        other_file.write_text(hook("sources", provides="b"), "utf-8")
        other = Plugins(files=[other_file], blocked=["x"])
        nobody = Plugins()
        assert (ask(one, "sources"), ask(other, "sources"), ask(nobody, "sources")) == (
            ["a"],
            ["b"],
            [],
        )
        assert ask(one, "sources") == ["a"]

    def test_files_that_are_none(self, tmp_path):
        """A folder, a missing file and another kind of file are named."""
        (tmp_path / "folder.py").mkdir()
        (tmp_path / "text.txt").write_text("x")
        names = ["folder.py", "missing.py", "text.txt"]
        plugins = Plugins(files=[tmp_path / name for name in names])
        assert plugins.sources() == []
        assert plugins.failures.keys() == {"folder", "missing", "text"}
        assert all("is not a Python file" in why for why in plugins.failures.values())


class TestTheCommandLine:
    """The command line loads all plugins, and works whatever they are."""

    @pytest.fixture
    def all_broken(self, file, tmp_path):
        """Options for a program in which every plugin is broken in its own way."""
        texts = {
            "a": "1/0",
            "b": "import sys; sys.exit(3)",
            "c": hook("sources", "raise ValueError('c')"),
            "d": hook("commands", "return ['no command']"),
            "e": hook("changed", "raise ValueError('e')"),
            "f": hook("cadence", "sys.exit(4)"),
            "g": hook("sources").replace("netcrm_sources", "netcrm_sauces"),
            "h": hook("storages", "return 7"),
        }
        options = ["--no-plugin", ",".join(OURS), "-n", tmp_path / "network.json"]
        for name, text in texts.items():
            options += ["--plugin", file(name, text)]
        return options

    def test_netcrm_plugins_works_when_every_plugin_is_broken(self, all_broken):
        """It lists each with what is wrong; exit code 0."""
        done = _run([*all_broken, "plugins"])
        assert done.returncode == 0
        lines = {line.split()[0]: line for line in done.stdout.splitlines()}
        assert lines.keys() == {*"abcdgefgh", *OURS}
        assert "ZeroDivisionError" in lines["a"]
        assert "SystemExit: 3" in lines["b"]
        assert "ValueError: c" in lines["c"]
        assert "netcrm_commands gave 'no command', not a Command" in lines["d"]
        assert "netcrm_changed" in lines["e"]
        assert "netcrm_cadence" in lines["f"]
        assert "unknown hook 'netcrm_sauces'" in lines["g"]
        assert "netcrm_storages gave 7" in lines["h"]
        assert "blocked" in lines["linkedin"]
        assert "Traceback" not in done.stdout + done.stderr

    def test_commands_work_when_every_plugin_is_broken(self, all_broken):
        """What needs no plugin is done; failures are warnings; cadence stops only `due`."""
        done = _run([*all_broken, "init"])
        assert done.returncode == 0
        assert "netcrm: plugin e has failed: netcrm_changed failed: ValueError: e" in done.stderr
        done = _run([*all_broken, "add", "Ana Ruiz", "--json"])
        assert done.returncode == 0
        assert done.stdout.startswith('{\n  "netcrm": 1')
        assert _run([*all_broken, "list"]).stdout.splitlines()[0].startswith("ana-ruiz")
        done = _run([*all_broken, "due"])
        assert done.returncode == 1
        assert "plugin f: netcrm_cadence failed: SystemExit: 4" in done.stderr
        done = _run([*all_broken, "import", "thing", "x"])
        assert done.returncode == 1
        assert "There is no source called thing." in done.stderr
        done = _run([*all_broken, "frobnicate"])
        assert done.returncode == 2
        assert "No such command" in done.stderr
        assert "netcrm: plugin d has failed: TypeError" in done.stderr
        done = _run([*all_broken, "--help"])
        assert done.returncode == 0

    def test_a_command_of_a_plugin_that_fails(self, file):
        """It ends with one line that names the command."""
        done = _run(["--plugin", file("own", _HEAD + """
@hookimpl
def netcrm_commands():
    return [click.Command("boom", callback=lambda: 1 / 0)]
"""), "boom"])  # fmt: skip
        assert (done.returncode, done.stdout) == (1, "")
        assert "Traceback" not in done.stderr
        assert "ZeroDivisionError: division by zero" in done.stderr
        assert "boom" in done.stderr

    def test_a_source_says_whether_something_is_to_be_typed(self, file, tmp_path):
        """Where there is one thing only to be read, as of one account, nobody has to name it."""
        text = (
            _HEAD
            + """
class Read:
    def __init__(self, argument):
        self.argument = argument

    def batches(self):
        yield Batch(notes=(f"nothing new in {self.argument!r}",))


@hookimpl
def netcrm_sources():
    yield SourceProvider(name="cloud", summary="", open=Read, needs="")
    yield SourceProvider(name="shelf", summary="", open=Read, needs="FOLDER")
"""
        )
        begin = ["-n", str(tmp_path / "n.json"), "--plugin", file("own", text)]
        assert _run([*begin, "init"]).returncode == 0
        done = _run([*begin, "import", "cloud"])
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.splitlines()[0] == "nothing new in ''"
        assert _run([*begin, "import", "cloud", "x"]).stdout.startswith("nothing new in 'x'")
        done = _run([*begin, "import", "shelf"])
        assert (done.returncode, done.stdout) == (2, "")
        assert "as in: netcrm import shelf FOLDER" in done.stderr

    def test_files_come_from_the_users_folder_and_never_from_the_working_directory(self, tmp_path):
        """Whoever unpacks something hostile and stands in it is safe."""
        own = tmp_path / "config" / "netcrm" / "plugins"
        own.mkdir(parents=True)
        own.joinpath("mine.py").write_text(hook("commands", provides="mine"), "utf-8")
        here = tmp_path / "here"
        here.mkdir()
        for place in (here, here / "plugins"):
            place.mkdir(exist_ok=True)
            place.joinpath("evil.py").write_text(hook("commands", provides="evil"), "utf-8")
        done = _run(["plugins"], cwd=here, XDG_CONFIG_HOME=str(tmp_path / "config"))
        assert "mine" in done.stdout
        assert "evil" not in done.stdout
        assert (
            _run(["mine"], cwd=here, XDG_CONFIG_HOME=str(tmp_path / "config")).stdout == "hello\n"
        )

    def test_a_plugin_file_that_is_not_there_is_wrong_usage(self):
        """Whoever names a file means it."""
        done = _run(["--plugin", "nowhere.py", "plugins"])
        assert done.returncode == 2
        assert "nowhere.py" in done.stderr


def _rule(name: str, every: str) -> Cadence:
    return Cadence(id=name, name=name, selector=Selector(kind="all"), every=Interval.parse(every))


def _run(arguments, *, cwd=None, **environment):
    """Run the program as a user does."""
    return subprocess.run(
        [sys.executable, "-m", "netcrm", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=cwd,
        env={"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "LC_ALL": "C.UTF-8", **environment},
        check=False,
    )


@pytest.mark.parametrize(
    ("location", "plugin"), [("sqlite:x.db", "netcrm-sqlite"), ("postgres:x", "netcrm-postgres")]
)
def test_a_storage_of_ours_that_is_not_installed(location, plugin):
    with pytest.raises(netcrm.NotFoundError, match=f"It comes with {plugin}: install that."):
        netcrm.open(location, plugins=Plugins(blocked=["sqlite", "postgres"]))


def test_a_source_of_ours_that_is_not_installed():
    with netcrm.open() as net, pytest.raises(netcrm.NotFoundError, match="with netcrm-tables"):
        net.import_from("table", "x.csv")


@pytest.mark.parametrize("name", ["google", "postgres"])
def test_a_command_of_a_plugin_that_is_not_there_is_told_with_the_plugin(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "netcrm", "--no-plugin", name, name],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert f"No such command '{name}'. It comes with netcrm-{name}: install that." in done.stderr
