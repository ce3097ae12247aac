import { IocError } from '../../kernel/index.ts';
import { AlarmStatus } from '../../model/index.ts';
import type { Engine } from '../engine/engine.ts';
import type { PvValue } from '../put.ts';
import type { Device, DeviceRecord, DeviceSupport, Reading } from './device-support.ts';
import { formatTime } from './time-format.ts';

/** The device supports of EPICS base that have an address, as far as they make sense here. */
export function softDevices(engine: Engine): readonly DeviceSupport[] {
  return [
    { name: 'Soft Timestamp', open: (record, format) => timestamp(engine, record, format) },
    { name: 'General Time', open: (record, what) => generalTime(engine, record, what) },
    { name: 'Db State', open: (_record, name) => dbState(engine, name.trim()) },
    { name: 'getenv', open: (_record, name) => environment(engine, name.trim()) },
    { name: 'stdio', open: (record, stream) => stdio(engine, record, stream.trim()) },
  ];
}

/** Seconds since 1990 of an ai, a text by strftime of a stringin: of the record's own time stamp. */
function timestamp(engine: Engine, { slot, type }: DeviceRecord, format: string): Device {
  return reader(() => {
    engine.stamp(slot);
    const { seconds, nanoseconds } = engine.columns.image;
    const whole = seconds[slot] ?? 0;
    const nano = nanoseconds[slot] ?? 0;
    if (type === 'ai') return whole + nano * 1e-9;
    const text = formatTime(format, whole, nano);
    return text.length > 39 ? failed('the time is longer than 39 characters') : text;
  });
}

/** Time of now, and what EPICS' general time says of its providers, of which there is one here. */
function generalTime({ turns }: Engine, { type }: DeviceRecord, address: string): Device {
  const what = `${type} ${address.trim().toUpperCase()}`;
  switch (what) {
    case 'ai TIME':
      return reader(() => turns.seconds + turns.nanoseconds * 1e-9);
    case 'longin GETERRCNT':
      return reader(() => 0);
    case 'stringin BESTTCP':
    case 'stringin TOPTCP':
      return reader(() => 'OS Clock');
    case 'stringin BESTTEP':
      return reader(() => 'Events of this IOC');
    case 'bo RSTERRCNT':
      return writer(() => {});
    default:
      throw new IocError(
        'records/device',
        `General Time of ${type} has no "${address}": it has TIME (ai), GETERRCNT (longin), ` +
          'BESTTCP, TOPTCP, BESTTEP (stringin), RSTERRCNT (bo)',
      );
  }
}

/** A named state of this server. */
function dbState({ host: { states } }: Engine, name: string): Device {
  states.create(name);
  return {
    ...reader(() => (states.isOn(name) ? 1 : 0)),
    write(value, settle) {
      states.set(name, Number(value) !== 0);
      settle({ kind: 'done' });
    },
  };
}

function environment(engine: Engine, name: string): Device {
  return reader(() => engine.means.env?.[name] ?? failed('No such ENV', AlarmStatus.udf));
}

/** What a text record writes goes to the IOC's output, or to its log. */
function stdio(engine: Engine, { name }: DeviceRecord, stream: string): Device {
  const streams: Readonly<Record<string, (text: string) => void>> = {
    stdout: (text) => process.stdout.write(`${text}\n`),
    stderr: (text) => process.stderr.write(`${text}\n`),
    errlog: (text) => engine.means.log.warn(`${name}: ${text}`),
  };
  const print = streams[stream];
  if (print) return writer((value) => print(String(value)));
  const known = Object.keys(streams).join(', ');
  throw new IocError('records/device', `stdio has no stream "${stream}": it has ${known}`);
}

function reader(read: () => PvValue | Reading): Device {
  return {
    read(answer) {
      const value = read();
      answer(isReading(value) ? value : { kind: 'value', value });
    },
    [Symbol.dispose]: () => {},
  };
}

function writer(write: (value: PvValue) => void): Device {
  return {
    write(value, settle) {
      write(value);
      settle({ kind: 'done' });
    },
    [Symbol.dispose]: () => {},
  };
}

function failed(text: string, status: number = AlarmStatus.read): Reading {
  return { kind: 'failed', status, text };
}

function isReading(value: PvValue | Reading): value is Reading {
  return typeof value === 'object' && 'kind' in value;
}
