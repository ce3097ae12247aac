import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import type { Entity } from '../src/bus/index.ts';
import { busLogs, type LogGround, putTime } from '../src/bus-logs.ts';
import { LineRing, Scope } from '../src/kernel/index.ts';
import { filesTogether } from './config/files.ts';

const ioc = { kind: 'ioc', plant: undefined } as Entity;
const server = (plant: string) => ({ kind: 'server', plant }) as Entity;

async function linesOf(ground: Partial<LogGround>, type: string, entity: Entity) {
  const none = { recent: undefined, putLog: undefined, events: new LineRing(10, 1000) };
  const logs = busLogs({ ...none, plantOf: () => undefined, ...ground });
  const lines: string[] = [];
  for await (const { text } of logs.find((each) => each.type === type)?.read(entity) ?? []) {
    lines.push(text);
  }
  return lines;
}

function talkative(): LineRing {
  const recent = new LineRing(100, 10_000);
  const timestamp = () => ',"time":"2026-07-29T13:05:07.089Z"';
  const log = pino({ base: null, timestamp }, recent);
  log.info('the IOC starts');
  log.child({ room: 'ads', plant: 'a' }).warn('Term 1 refused');
  log.child({ room: 'ads', plant: 'b' }).warn({ port: 3 }, 'Term 2 refused');
  return recent;
}

describe('logs for the bus', () => {
  it('are what the IOC said, of a server what concerns its plant', async () => {
    const recent = talkative();
    expect(await linesOf({ recent }, 'ioc', ioc)).toEqual([
      '2026-07-29T13:05:07.089Z INFO the IOC starts',
      '2026-07-29T13:05:07.089Z WARN Term 1 refused {"plant":"a"}',
      '2026-07-29T13:05:07.089Z WARN Term 2 refused {"plant":"b","port":3}',
    ]);
    expect(await linesOf({ recent }, 'ioc', server('a'))).toHaveLength(1);
    expect(await linesOf({ recent }, 'ads', ioc)).toHaveLength(2);
    expect(await linesOf({ recent }, 'ads', server('b'))).toEqual([
      '2026-07-29T13:05:07.089Z WARN Term 2 refused {"plant":"b","port":3}',
    ]);
  });

  it('are events and alarms, of a server those of its plant', async () => {
    const events = new LineRing(10, 1000);
    const [mine, other] = [
      '2026-07-29T13:05:07.089Z device/x// event al_state {"text":"INIT"}',
      '2026-07-29T13:05:08.089Z device/y// alarm link_lost cleared',
    ];
    events.write(mine);
    events.write(other);
    const plantOf = (topicId: string) => (topicId === 'device/x//' ? 'a' : 'b');
    expect(await linesOf({ events, plantOf }, 'ethercat', server('a'))).toEqual([mine]);
    expect(await linesOf({ events, plantOf }, 'ethercat', ioc)).toEqual([mine, other]);
  });

  it('are the files of the put log, oldest first', async () => {
    await using scope = new Scope();
    const path = filesTogether(scope, { 'puts.log': 'newest\n', 'puts.log.2': 'oldest\n' });
    const putLog = { file: { path, keep: 3 } } as LogGround['putLog'];
    expect(await linesOf({ putLog }, 'putlog', ioc)).toEqual(['oldest', 'newest']);
    writeFileSync(join(path, '../puts.log.1'), 'between\n');
    expect(await linesOf({ putLog }, 'putlog', ioc)).toEqual(['oldest', 'between', 'newest']);
  });

  it('are only those that are kept', () => {
    const events = new LineRing(10, 1000);
    const none = { recent: undefined, putLog: undefined, events, plantOf: () => undefined };
    expect(busLogs(none).map(({ type }) => type)).toEqual(['ethercat']);
  });
});

it('lines of the put log tell their time in both forms, in local time', () => {
  const at = new Date(2026, 6, 29, 13, 5, 7).getTime();
  expect(putTime('29-Jul-26 13:05:07 10.0.0.7 ada PV new=2 old=1')).toBe(at);
  expect(putTime('P: 29-Jul-26 13:05:07 10.0.0.7 ada PV new=2 old=1')).toBe(at);
  expect(putTime('{"date":"2026-07-29","time":"13:05:07.089","host":"h"}')).toBe(at + 89);
  expect(putTime('something else')).toBeUndefined();
});
