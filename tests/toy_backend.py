"""A backend as somebody else would write one: a line of JSON for each commit, never rewritten."""

import fcntl
import json
from contextlib import contextmanager
from pathlib import Path

from netcrm.errors import ConflictError
from netcrm.storage.contract import Record, Storage, Transaction


class JournalTransaction(Transaction):
    def __init__(self, kinds, lines):
        self.kinds, self.log, self.records = kinds, [], {kind: {} for kind in kinds}
        for line in lines:
            for change in json.loads(line):
                self._apply(*change)

    def _apply(self, kind, record_id, rev, doc):
        self.records[kind][record_id] = (rev, doc)
        if not rev:
            del self.records[kind][record_id]

    def _change(self, record, over, rev):
        if self.records[record.kind].get(record.id, (0, None))[0] != over:
            raise ConflictError(f"{record.kind} {record.id} was changed since it was read")
        self.log.append((record.kind, record.id, rev, record.doc))
        self._apply(*self.log[-1])

    def get(self, kind, ids):
        there = self.records[kind]
        return (Record(kind, id_, there[id_][1], there[id_][0]) for id_ in ids if id_ in there)

    def put(self, records):
        for record, over in records:
            self._change(record, over, record.rev)

    def delete(self, records):
        for record in records:
            self._change(record, record.rev or -1, 0)

    def scan(self, kind):
        return self.get(kind, sorted(self.records[kind]))


class JournalStorage(Storage):
    def __init__(self, path, kinds):
        self.path, self.kinds, self.location = Path(path), kinds, str(path)

    @contextmanager
    def begin(self, *, write):
        with self.path.open("a+") as file:
            if write:
                fcntl.flock(file, fcntl.LOCK_EX)  # until the file is closed
            file.seek(0)
            whole = (line for line in file if line.endswith("\n"))
            transaction = JournalTransaction(self.kinds, whole)
            yield transaction
            if transaction.log:
                file.write(json.dumps(transaction.log) + "\n")
