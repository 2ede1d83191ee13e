"""A storage beside a dict: whatever is done to both, both hold the same."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from netcrm.errors import ConflictError
from netcrm.storage.contract import Record, Storage, Transaction
from netcrm.testing import crash, drawn, oracle, toys
from netcrm.testing.drawn import Ask
from netcrm.testing.transactions import MadeUpError

_Model = dict[tuple[str, str], Record]

SETTINGS = settings(stateful_step_count=20, deadline=None)

_CRASHES = 1  # in each run of the machine: a process is slow to begin


@dataclass(frozen=True)
class _Step:
    """One thing to do in a transaction. If it is stale, it is done over a revision never stored."""

    record: Record
    delete: bool
    stale: bool

    @property
    def key(self) -> tuple[str, str]:
        return self.record.kind, self.record.id

    def do(self, transaction: Transaction, model: _Model) -> bool:
        """Do it to both, but to the model only if it is allowed; return whether it is."""
        there = model.get(self.key)
        over = (there.rev if there else 0) + (100 if self.stale else 0)
        if self.delete:
            transaction.delete([self.record._replace(rev=over)])
        else:
            transaction.put([(self.record, over)])
        return self.foresee(model)

    def foresee(self, model: _Model) -> bool:
        """Do it to the model if it is allowed; return whether it is."""
        if self.stale or (self.delete and self.key not in model):
            return False
        if self.delete:
            del model[self.key]
        else:
            model[self.key] = self.record
        return True


_RECORDS = st.sampled_from(drawn.KIND_NAMES).flatmap(
    lambda kind: st.builds(
        Record,
        st.just(kind),
        st.sampled_from(("a", "a-b", "b", "c")),
        drawn.docs(kind),
        st.sampled_from((1, 2, 3, 2**53)),
    )
)
# Few steps are stale: the first one ends its transaction.
_STEPS = st.lists(
    st.builds(_Step, _RECORDS, st.booleans(), st.integers(0, 9).map(lambda n: n == 9)),
    min_size=1,
    max_size=4,
)


class StorageMachine(RuleBasedStateMachine):
    """Transactions that succeed, fail or collide, through several handles; questions in between."""

    def __init__(self, open_storage: Callable[[], Storage], *, persistent: bool) -> None:
        super().__init__()
        self.open_storage = open_storage
        self.persistent = persistent
        self.handles = [open_storage()]
        self.model: _Model = {}
        self.crashes = 0
        toys.fill(self.handles[0], [])

    @rule(steps=_STEPS, fails=st.booleans())
    def transact(self, steps: list[_Step], fails: bool) -> None:
        """Do some steps in one transaction; perhaps it fails at its end."""
        after = dict(self.model)
        allowed = all(step.foresee(after) for step in steps)
        expected = "conflict" if not allowed else "failure" if fails else "commit"
        assert self._outcome(steps, fails=fails) == expected
        if expected == "commit":
            self.model = after

    def _outcome(self, steps: list[_Step], *, fails: bool) -> str:
        model = dict(self.model)
        try:
            with self.handles[-1].begin(write=True) as transaction:
                if all(step.do(transaction, model) for step in steps):  # up to the first conflict
                    assert _everything(transaction) == model, "a writer sees what it wrote"
                    if fails:
                        raise MadeUpError
        except ConflictError:
            return "conflict"
        except MadeUpError:
            return "failure"
        return "commit"

    @rule(ask=st.sampled_from(drawn.KIND_NAMES).flatmap(drawn.asks))
    def ask(self, ask: Ask) -> None:
        """Ask in all ways, with indexes that have seen changes."""
        records = list(self.model.values())
        with self.handles[-1].begin(write=False) as transaction:
            oracle.judge_found(transaction, ask, records)
            oracle.judge_rows(transaction, ask, records)
            oracle.judge_latest(transaction, ask, records)

    @precondition(lambda self: self.may_crash())
    @rule(steps=_STEPS)
    def crash(self, steps: list[_Step]) -> None:
        """Another process does some steps, and is killed before it commits."""
        self._crash(steps, dict(self.model), commits=False)

    @precondition(lambda self: self.may_crash())
    @rule(steps=_STEPS)
    def crash_after_commit(self, steps: list[_Step]) -> None:
        """Another process does some steps, and is killed right after it has committed."""
        after = dict(self.model)
        self._crash(steps, after, commits=True)
        self.model = after

    def may_crash(self) -> bool:
        """Return whether a process may be killed."""
        return self.persistent and crash.CAN_FORK and self.crashes < _CRASHES

    def _crash(self, steps: list[_Step], after: _Model, *, commits: bool) -> None:
        self.crashes += 1
        before = dict(after)
        allowed = list(itertools.takewhile(lambda step: step.foresee(after), steps))
        crash.crash(
            self.open_storage,
            lambda transaction: [step.do(transaction, before) for step in allowed],
            commits=commits,
        )

    @precondition(lambda self: self.persistent)
    @rule()
    def reopen(self) -> None:
        """Close the handle and open it again."""
        self.handles.pop().close()
        self.handles.append(self.open_storage())

    @precondition(lambda self: self.persistent)
    @rule()
    def change_hands(self) -> None:
        """Go on with another handle, while this one stays open."""
        if len(self.handles) < 2:
            self.handles.append(self.open_storage())
        self.handles.reverse()

    @invariant()
    def holds_the_same(self) -> None:
        """The storage holds what the model holds."""
        with self.handles[-1].begin(write=False) as transaction:
            assert _everything(transaction) == self.model

    def teardown(self) -> None:
        """Close what was opened."""
        for handle in self.handles:
            handle.close()


def _everything(transaction: Transaction) -> _Model:
    records = itertools.chain.from_iterable(map(transaction.scan, toys.KINDS))
    return {(record.kind, record.id): record for record in records}


def run(open_storage: Callable[[], Storage], *, persistent: bool) -> None:
    """Run the comparison with storages that *open_storage* gives."""

    class Machine(StorageMachine):
        def __init__(self) -> None:
            super().__init__(open_storage, persistent=persistent)

    run_state_machine_as_test(Machine, settings=SETTINGS)
