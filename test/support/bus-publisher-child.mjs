// Publishes numbered durable events until it is killed, and prints each number once it is kept.
// Arguments: URL of the broker, file of the journal.
import { openBusLink } from '../../dist/bus/index.js';
import { silentLog } from '../../dist/kernel/index.js';

const [, , url, journal] = process.argv;
const link = openBusLink(
  { url, journal, clientId: 'publisher', log: silentLog },
  new AbortController().signal,
);
link.start();
for (let number = 0; ; number++) {
  link.publish({ topic: 'e', payload: String(number), delivery: 'event', isDurable: true });
  if (number % 10 === 9) {
    await link.journal.written();
    console.log(number);
  }
}
