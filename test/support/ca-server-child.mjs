// A Channel Access server of one record, in a process of its own that may run out of descriptors.
// Parent and child speak IPC: 'exhaust' opens files until there are no more, 'free' closes them.
import { closeSync, openSync } from 'node:fs';
import { serveCa } from '../../dist/ca/index.js';
import { ProcessImage } from '../../dist/model/index.js';
import { Directory } from '../../dist/pv/index.js';
import { RecordTable } from '../../dist/records/index.js';

const table = new RecordTable(new ProcessImage());
table.add({ name: 'A', type: 'ao', role: 'soft', initial: 1 });
const options = { port: 0, interfaces: ['127.0.0.1'], beacons: { auto: false } };
const server = await serveCa(new Directory(table), options, new AbortController().signal);
const files = [];

const operations = {
  exhaust() {
    for (;;) {
      try {
        files.push(openSync('/dev/null'));
      } catch {
        return files.length;
      }
    }
  },
  free() {
    for (const file of files.splice(0)) closeSync(file);
    return 0;
  },
  counters: () => server.counters,
};

process.on('message', (what) => process.send({ what, result: operations[what]() }));
process.on('disconnect', () => process.exit(0));
process.send({ what: 'ready', result: server.port });
