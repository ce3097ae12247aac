import { IocError } from '../../kernel/index.ts';
import {
  AlarmStatus,
  type Block,
  byteLength,
  type Datatype,
  decodeValue,
  encodeValue,
  type Value,
} from '../../model/index.ts';
import type { Device, DeviceRecord, PutOutcome, PvValue, Reading } from '../../records/index.ts';
import type { AdsLink } from './ads-link.ts';
import { problem } from './find-symbol.ts';
import type { Found } from './found.ts';
import { recordDatatype } from './record-datatype.ts';

/** What a record asks of the plant that it is on. */
export interface LinkOwner {
  /** The bytes of a place; rejects with why they cannot be had. */
  read(record: AdsRecord): Promise<Uint8Array>;
  write(record: AdsRecord, bytes: Uint8Array): Promise<PutOutcome>;
  close(record: AdsRecord): void;
  /** The IOC's time as EPICS seconds and nanoseconds. */
  now(): readonly [seconds: number, nanoseconds: number];
}

/** A record whose DTYP is ADS: what its link says, and where that leads in this session. */
export class AdsRecord implements Device {
  readonly record: DeviceRecord;
  readonly link: AdsLink;
  /** Where its link leads; undefined while that is not known, or not any more. */
  found: Found | undefined;
  /** What the record takes of what lies there. */
  datatype: Datatype | undefined;
  /** Why the link leads nowhere. */
  problem: string | undefined;
  /** Bytes of its own in the process image, of values that come by themselves. */
  block: Block | undefined;
  /** Reads when the record processes; only of links that say so. */
  readonly read?: (answer: (reading: Reading) => void) => void;
  readonly write?: (value: PvValue, settle: (outcome: PutOutcome) => void) => void;
  readonly #owner: LinkOwner;

  /** Throws `pipeline/ads-link` for a link that the record cannot have. */
  constructor(record: DeviceRecord, link: AdsLink, owner: LinkOwner) {
    const { direction, type } = record;
    if (link.direction !== undefined && link.direction !== direction) {
      const what = direction === 'input' ? 'reads: R, not W' : 'writes: W, not R';
      throw new IocError('pipeline/ads-link', `${record.name} is ${type}, which ${what}`);
    }
    this.record = record;
    this.link = link;
    this.#owner = owner;
    if (direction === 'output') this.write = (value, settle) => void this.#write(value, settle);
    else if (link.poll === 'scan') this.read = (answer) => void this.#read(answer);
  }

  /** Whether its values come by themselves: notified, or polled at a pace of its own. */
  get isFed(): boolean {
    const { direction, isInterrupted } = this.record;
    return direction === 'input' ? this.read === undefined : isInterrupted;
  }

  /** Its link leads somewhere. Throws `pipeline/link` when the record cannot take what lies there. */
  lead(found: Found): void {
    const datatype = recordDatatype(this.record.type, found.datatype);
    if (typeof datatype === 'string') throw problem(`what it names ${datatype}`);
    this.found = found;
    this.datatype = datatype;
    this.problem = undefined;
  }

  /** What bytes of the plant are as a value; undefined when they are too few. */
  decoded(bytes: Uint8Array): Value | undefined {
    const { datatype } = this;
    if (!datatype) return undefined;
    if (datatype.kind !== 'string' && bytes.length < byteLength(datatype)) return undefined;
    return decodeValue(datatype, bytes);
  }

  [Symbol.dispose](): void {
    this.#owner.close(this);
  }

  async #read(answer: (reading: Reading) => void): Promise<void> {
    try {
      const value = this.decoded(await this.#owner.read(this));
      const [seconds, nanoseconds] = this.#owner.now();
      answer(
        value === undefined
          ? failed(AlarmStatus.read, 'too few bytes')
          : { kind: 'raw', value, time: { seconds, nanoseconds } },
      );
    } catch (error) {
      const isAway = error instanceof IocError && error.code === 'pipeline/link';
      const text = error instanceof Error ? error.message : String(error);
      answer(failed(isAway ? AlarmStatus.comm : AlarmStatus.read, text));
    }
  }

  async #write(value: PvValue, settle: (outcome: PutOutcome) => void): Promise<void> {
    const { found, datatype } = this;
    if (!found || !datatype) {
      const text = this.problem ?? 'the plant is not connected';
      settle({ kind: 'refused', reason: 'away', text: `Put to ${this.record.name}: ${text}` });
      return;
    }
    const bytes = bytesOf(value, datatype, found.length);
    if (found.readOnly !== undefined) settle({ kind: 'failed', text: found.readOnly });
    else if (typeof bytes === 'string') settle({ kind: 'failed', text: bytes });
    else settle(await this.#owner.write(this, bytes));
  }
}

/** The bytes of a value, of rows as many as there are; or why it has none. */
function bytesOf(value: PvValue, datatype: Datatype, most: number): Uint8Array | string {
  if (Array.isArray(value)) return 'rows of texts have no place in a plant';
  const raw = value as Value;
  const isPart =
    datatype.kind === 'array' && typeof raw === 'object' && raw.length < datatype.count;
  const bytes = encodeValue(datatype, raw);
  const length = isPart ? raw.length * byteLength(datatype.element) : bytes.length;
  if (length > most) return `the plant takes ${most} bytes here, the value has ${length}`;
  return bytes.subarray(0, length);
}

function failed(status: number, text: string): Reading {
  return { kind: 'failed', status, text };
}
