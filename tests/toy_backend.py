"""A backend as somebody else would write one: a line of JSON for each commit, never rewritten."""

import fcntl
import json
from contextlib import contextmanager
from pathlib import Path

from netcrm import ConflictError, Record, Storage, Transaction


class JournalTransaction(Transaction):
    def __init__(self, kinds, lines):
        self.kinds, self.log, self.records = kinds, [], {kind: {} for kind in kinds}
        for line in lines:
            for change in json.loads(line):
                self._apply(Record(*change))

    def _apply(self, record):
        self.records[record.kind][record.id] = record
        if not record.rev:
            del self.records[record.kind][record.id]

    def _change(self, record, over):
        there = self.records[record.kind].get(record.id)
        if (there.rev if there else 0) != over:
            raise ConflictError(f"{record.kind} {record.id} was changed since it was read")
        self._apply(record)
        self.log.append(record)

    def get(self, kind, ids):
        return filter(None, map(self.records[kind].get, dict.fromkeys(ids)))

    def put(self, records):
        for record, over in records:
            self._change(record, over)

    def delete(self, records):
        for record in records:
            self._change(record._replace(rev=0), record.rev or -1)

    def scan(self, kind):
        return self.get(kind, sorted(self.records[kind]))


class JournalStorage(Storage):
    def __init__(self, path, kinds):
        self.path, self.kinds, self.location = Path(path), kinds, str(path)

    @contextmanager
    def begin(self, *, write):
        with self.path.open("a+b") as file:
            if write:
                fcntl.flock(file, fcntl.LOCK_EX)  # until the file is closed
            file.seek(0)
            whole, end, _ = file.read().rpartition(b"\n")  # a crash may leave half a line
            yield (transaction := JournalTransaction(self.kinds, whole.splitlines()))
            if transaction.log:
                file.truncate(len(whole + end))
                file.write(json.dumps(transaction.log).encode() + b"\n")
