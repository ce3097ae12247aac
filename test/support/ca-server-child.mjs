// A Channel Access server of one record, in a process of its own that may run out of descriptors, or
// whose network may change. Parent and child speak IPC: 'exhaust' opens files until there are no more,
// 'free' closes them, 'reach ADDRESS' tells whether the server listens there.
import { closeSync, openSync } from 'node:fs';
import { connect } from 'node:net';
import { serveCa } from '../../dist/ca/index.js';
import { ProcessImage } from '../../dist/model/index.js';
import { Directory } from '../../dist/pv/index.js';
import { RecordTable } from '../../dist/records/index.js';

const table = new RecordTable(new ProcessImage());
table.add({ name: 'A', type: 'ao', role: 'soft', initial: 1 });
const interfaces = (process.env.CA_INTERFACES ?? '127.0.0.1').split(' ');
const options = { port: 0, interfaces, beacons: { auto: false } };
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
  reach: (address) =>
    new Promise((resolve) => {
      const socket = connect(server.port, address, () => resolve(true));
      socket.on('error', () => resolve(false));
      socket.on('data', () => socket.destroy());
    }),
};

process.on('message', async (what) => {
  const [operation, given] = what.split(' ');
  process.send({ what, result: await operations[operation](given) });
});
process.on('disconnect', () => process.exit(0));
process.send({ what: 'ready', result: server.port });
