"""What was tried against interviews and held: nobody is haunted, nothing is lost, nothing lies."""

from __future__ import annotations

import subprocess
import sys

import pytest

import netcrm
from netcrm import BankQuestion, Fault, FollowUps, InvalidError, LintRule, PluginError, RefusedError
from tests import networks
from tests.networks import Clock, opener

clock, opens, net, terminal = networks.clock, networks.opens, networks.net, networks.terminal


@pytest.fixture
def asked(net):
    """A network in which Ana was asked ten days ago."""
    net.add("Ana Ruiz", email="ana@example.org")
    net.ask("ana", at="10 days ago")
    return net


class TestLeftInPeace:
    """Do not contact, and death, go before everything that is owed."""

    @pytest.mark.parametrize("state", ["do_not_contact", "deceased"])
    def test_nothing_is_owed_to_them(self, asked, state):
        assert asked.agenda()
        asked.edit("ana", state=netcrm.State(kind=state))
        assert asked.agenda() == []
        assert asked.obligations() == []

    def test_what_i_learned_is_still_to_be_written_down(self, asked):
        asked.log("ana", "coffee", kind="meeting", at="yesterday")
        asked.edit("ana", state=netcrm.State(kind="deceased"))
        assert {one.kind for one in asked.obligations()} == {"debrief"}

    def test_they_are_not_asked(self, net):
        net.add("Ana Ruiz", state=netcrm.State(kind="do_not_contact"))
        with pytest.raises(RefusedError, match="marked as do not contact"):
            net.ask("ana")
        assert net.ask("ana", insist=True).now.stage == "contacted"

    def test_company_does_not_make_it_less_soon(self, asked):
        asked.log("ana", "email", kind="decline", at="3 days ago")
        asked.log(asked.add("Luis Ortega"), "coffee", kind="meeting", at="yesterday")
        for people in (["ana", "luis"], ["luis", "ana"]):
            with pytest.raises(RefusedError, match="leave them in peace"):
                asked.ask(people)


class TestUndo:
    """A request is not taken back while other things are part of the interview."""

    def test_the_request_goes_last(self, asked):
        request = asked.history()[0].commit.seq
        asked.log("ana", "email", kind="accept")
        with pytest.raises(RefusedError, match="is part of it"):
            asked.undo(request)
        asked.undo()
        asked.undo(request)
        assert asked.interviews() == []


def test_one_open_interview_also_where_an_answer_is_logged_late(asked):
    asked.log("ana", "email", kind="decline", at="4 days ago")
    asked.ask("ana", at="2 days ago", insist=True)
    before = asked.counts()
    with pytest.raises(InvalidError, match="two open interviews"):
        asked.log("ana", "email", kind="accept", at="3 days ago")
    assert asked.counts() == before


def test_what_is_counted_of_the_forgotten_was_not_known_before_it_happened(tmp_path):
    clock = Clock()
    with opener("memory", tmp_path, clock)() as net:
        net.add("Ana Ruiz")
        net.ask("ana", at="2026-02-02")
        net.log("ana", "email", kind="accept", at="2026-02-11")
        net.log("ana", "coffee", kind="meeting", at="2026-03-02")
        days = ("2026-02-01", "2026-02-05", "2026-02-12", "2026-03-03")
        before = [net.funnel(as_of=day) for day in days]
        net.forget("ana")
        assert [net.funnel(as_of=day) for day in days] == before


def test_nothing_is_said_to_have_been_done_in_the_future(asked):
    asked.log("ana", "coffee", kind="meeting", at="yesterday")
    promise = asked.promise("ana", "a list")
    for late in (
        lambda: asked.evaluate("ana", at="2030-01-01", liked="x"),
        lambda: asked.keep(promise, on="2030-01-01"),
        lambda: asked.decide("x", on="2030-01-01"),
        lambda: asked.promise("ana", "y", on="2030-01-01"),
    ):
        with pytest.raises(InvalidError, match="in the future"):
            late()


class Plugin:
    """A plugin whose answers are no good."""

    @netcrm.hookimpl
    def netcrm_follow_ups(self, course):
        return FollowUps(-5, 3, 1, 10**12)


class Questions:
    """A bank that is none, and a check that fails."""

    @netcrm.hookimpl
    def netcrm_questions(self):
        return [BankQuestion("a", "", "role"), BankQuestion("ok", "How do nights go?", "role")]

    @netcrm.hookimpl
    def netcrm_lint_rules(self):
        def fails(prose, known):
            yield Fault("one")
            yield "two"

        return [LintRule("X01", frozenset({"request"}), "info", fails)]


class TestPlugins:
    """What a plugin gives is looked at before it is used, and the plugin is named."""

    def test_a_routine_that_is_none(self):
        with netcrm.open(plugins=[Plugin()]) as net:
            net.add("Ana Ruiz")
            with pytest.raises(PluginError, match="netcrm_follow_ups gave"):
                net.ask("ana")

    def test_a_question_that_is_none(self):
        with netcrm.open(plugins=[Questions()]) as net:
            assert "ok" in [one.key for one in net.bank()]
            assert "plugin Questions: question 1" in net.plugins.failures["Questions"]

    def test_a_check_that_gives_no_faults(self):
        net = netcrm.open(plugins=[Questions()])
        with pytest.raises(PluginError, match="plugin Questions: lint rule X01 failed"):
            net.lint("request", "Hello")


@pytest.mark.skipif(sys.platform == "win32", reason="a shell closes it")
def test_standard_output_may_be_closed(terminal, tmp_path):
    command = f"{sys.executable} -m netcrm --network {tmp_path}/n.json init >&-"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_pipe_stays_a_pipe(terminal, tmp_path):
    import os
    import stat
    import threading

    with terminal.open() as net:
        net.add("Maya Rao", is_me=True)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    assert terminal("ics", "--out", pipe).code == 0
    reader.join(10)
    assert read[0].startswith(b"BEGIN:VCALENDAR")
    assert stat.S_ISFIFO(pipe.stat().st_mode)
