import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { vi } from 'vitest';
import type { Scope } from '../../src/kernel/index.ts';
import type { Broker } from './broker.ts';

/** Whether Debian's mosquitto-clients are here; where tests must be complete (CI), they have to be. */
export const hasMosquittoClients =
  existsSync('/usr/bin/mosquitto_sub') || process.env['CI'] !== undefined;

/** A message as mosquitto_sub saw it. */
export interface Seen {
  readonly topic: string;
  readonly payload: string;
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
}

/** A running mosquitto_sub, and what it has seen so far. */
export interface Subscriber {
  readonly seen: Seen[];
  /** Payloads of one topic, oldest first. */
  on(topic: string): readonly string[];
  stop(): Promise<void>;
}

/** Starts mosquitto_sub on some filters; it is subscribed when this resolves. */
export async function mosquittoSub(
  scope: Scope,
  { port }: Pick<Broker, 'port'>,
  filters: readonly string[],
  args: readonly string[] = [],
): Promise<Subscriber> {
  const where = ['-h', '127.0.0.1', '-p', String(port), '-d', '-F', '%j'];
  const given = [...where, ...filters.flatMap((filter) => ['-t', filter]), ...args];
  // Into a pipe it would tell that it is subscribed only with its first message.
  const command = ['-oL', '/usr/bin/mosquitto_sub', ...given];
  const child = spawn('stdbuf', command, { stdio: ['ignore', 'pipe', 'pipe'] });
  const seen: Seen[] = [];
  let rest = '';
  let isSubscribed = false;
  let complaints = '';
  child.stderr.on('data', (chunk) => {
    complaints += chunk;
  });
  child.stdout.on('data', (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      // With -d what it does is told between the messages.
      if (line.startsWith('{')) seen.push(seenOf(line));
      else if (line.startsWith('Subscribed')) isSubscribed = true;
    }
  });
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
  scope.defer(stop);
  await vi.waitFor(
    () => {
      if (!isSubscribed) throw new Error(`mosquitto_sub is not subscribed: ${complaints}`);
    },
    { timeout: 5000, interval: 10 },
  );
  return {
    seen,
    on: (topic) => seen.filter((each) => each.topic === topic).map(({ payload }) => payload),
    stop,
  };
}

/** Publishes one message with mosquitto_pub; resolves with its exit code and what it complained of. */
export async function mosquittoPub(
  { port }: Pick<Broker, 'port'>,
  topic: string,
  payload: string,
  args: readonly string[] = [],
): Promise<{ readonly code: number; readonly complaints: string }> {
  const what = payload === '' ? ['-n'] : ['-s'];
  const given = ['-h', '127.0.0.1', '-p', String(port), '-t', topic, ...what, ...args];
  const child = spawn('/usr/bin/mosquitto_pub', given, { stdio: ['pipe', 'ignore', 'pipe'] });
  let complaints = '';
  child.stderr.on('data', (chunk) => {
    complaints += chunk;
  });
  // One with -n, or whose connection was refused, does not read it.
  child.stdin.on('error', () => {});
  child.stdin.end(payload);
  const [code] = await once(child, 'exit');
  return { code: Number(code), complaints };
}

function seenOf(line: string): Seen {
  const { topic, qos, retain, payload } = JSON.parse(line);
  return { topic, qos, retain: retain === 1, payload: payload ?? '' };
}
