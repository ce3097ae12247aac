import { connectAsync } from 'mqtt';
import { offer } from '../support/offer.ts';

/** How often each number came. */
const seen = new Map<number, number>();
/** Longest that a live value was on its way, in milliseconds. */
let latest = 0;

const operations = {
  async listen({ url }: { readonly url: string }) {
    const client = await connectAsync(url, {
      clientId: 'bench-listener',
      clean: false,
      reconnectPeriod: 50,
    });
    client.on('error', () => {});
    client.on('message', (topic, payload, { dup }) => {
      // What the broker repeats is between it and us.
      if (dup) return;
      if (topic !== 'e') {
        latest = Math.max(latest, Date.now() - Number(payload.toString()));
        return;
      }
      const number = Number.parseInt(payload.toString(), 10);
      seen.set(number, (seen.get(number) ?? 0) + 1);
    });
    await client.subscribeAsync(['e', 'live'], { qos: 1 });
  },

  tally() {
    const all = [...seen.values()].reduce((sum, times) => sum + times, 0);
    return { distinct: seen.size, again: all - seen.size, latest };
  },
};

export type MqttListenerProcess = typeof operations;
offer(operations);
