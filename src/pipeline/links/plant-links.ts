import type { AmsPort } from '../../ads/index.ts';
import { IocError } from '../../kernel/index.ts';
import { AlarmStatus, type Block, Quality, Severity, type Slot } from '../../model/index.ts';
import type { Device, DeviceRecord, PutOutcome } from '../../records/index.ts';
import { Bell } from '../bell.ts';
import { Places } from '../places.ts';
import type { Plant } from '../plant.ts';
import type { AdsLink } from './ads-link.ts';
import { AdsRecord, type LinkOwner } from './ads-record.ts';
import { problem } from './find-symbol.ts';
import type { Found } from './found.ts';
import { nameStates } from './name-states.ts';

/** What serves the links of a plant while it is connected. */
export interface LinkService {
  read(record: AdsRecord): Promise<Uint8Array>;
  write(record: AdsRecord, bytes: Uint8Array): Promise<PutOutcome>;
  close(record: AdsRecord): void;
  /** Notifications and handles of servers are void, whatever became of their symbols. */
  distrust(ports: ReadonlySet<AmsPort>, why: string): void;
}

/**
 * The records of an IOC that have links on one plant, whether that is there or not: written by a
 * site (DTYP ADS), beside those that discovery makes.
 */
export class PlantLinks implements LinkOwner {
  /** Who serves them now; undefined while the plant is away. */
  service: LinkService | undefined;
  readonly #records = new Set<AdsRecord>();
  /** Slots of outputs that are fed. */
  readonly #outputs = new Set<Slot>();
  readonly #ports = new Set<AmsPort>();
  #plant: Plant | undefined;
  #places: Places | undefined;
  #news = new Bell<undefined>();

  /** The plant's life begins: its memory is there. */
  attach(plant: Plant): void {
    this.#plant = plant;
    this.#places = new Places(plant.memory);
    plant.directory.prepare(() => this.#readBack());
  }

  get size(): number {
    return this.#records.size;
  }

  /** Records whose link leads nowhere. */
  get bad(): number {
    let bad = 0;
    for (const { found } of this.#records) if (!found) bad++;
    return bad;
  }

  get records(): Iterable<AdsRecord> {
    return this.#records;
  }

  /** Rung when a record came; another one is there afterwards. */
  get news(): Bell<undefined> {
    return this.#news;
  }

  open(record: DeviceRecord, link: AdsLink): Device {
    const opened = new AdsRecord(record, link, this);
    this.#records.add(opened);
    if (link.item.kind !== 'coe') this.#ports.add(link.port);
    this.wake();
    return opened;
  }

  /** There is something to do, sooner than usual. */
  wake(): void {
    const news = this.#news;
    this.#news = new Bell();
    news.ring(undefined);
  }

  /** Whether links lead, or led, to a server at the port. */
  uses(port: AmsPort): boolean {
    return this.#ports.has(port);
  }

  close(record: AdsRecord): void {
    this.#records.delete(record);
    this.service?.close(record);
    this.#outputs.delete(record.record.slot);
    if (record.block !== undefined) this.#places?.retire(record.record.slot);
  }

  read(record: AdsRecord): Promise<Uint8Array> {
    const away = problem(record.problem ?? 'the plant is not connected');
    return this.service?.read(record) ?? Promise.reject(away);
  }

  async write(record: AdsRecord, bytes: Uint8Array): Promise<PutOutcome> {
    const away = { kind: 'refused', reason: 'away', text: 'the plant is not connected' } as const;
    return (await this.service?.write(record, bytes)) ?? away;
  }

  now(): readonly [seconds: number, nanoseconds: number] {
    return this.#served.memory.now();
  }

  /** A link leads somewhere: its record is good again, with its next value. */
  settle({ record }: AdsRecord, { labels = [] }: Partial<Found> = {}): void {
    const { image, records } = this.#served;
    image.setAlarm(record.slot, 0, '', ...this.now());
    if (labels.length > 0) nameStates(records, record, labels);
  }

  /** What else there is to say of a value: that it stands still, or nothing. */
  qualify({ record }: AdsRecord, text: string | undefined): void {
    const alarm = text === undefined ? 0 : Severity.invalid * 0x100 + AlarmStatus.comm;
    this.#served.image.setAlarm(record.slot, alarm, text ?? '', ...this.now());
  }

  degrade({ record }: AdsRecord, quality: Quality): void {
    this.#places?.degrade([record.slot], quality);
  }

  /** Gives a fed record its bytes in the image. Of an output they are a read-back. */
  place(record: AdsRecord, length: number): Block {
    const { image } = this.#served;
    const { datatype, link, record: its } = record;
    if (!datatype) throw new IocError('pipeline/link', `${its.name} has no type`);
    const isFit = record.block !== undefined && image.blockLength(record.block) === length;
    const block = isFit && record.block !== undefined ? record.block : image.addBlock(length);
    record.block = block;
    const place = { block, byte: 0, bit: 0, datatype };
    if (its.direction === 'output') this.#outputs.add(its.slot);
    const time = link.timeBase === 'ioc' ? 'own' : 'source';
    this.#places?.put(its.slot, place, (slot, to) => {
      if (its.direction === 'output') image.place(slot, to);
      else its.place(to, time);
    });
    return block;
  }

  /** Symbols moved: values stand until the next ones come. */
  expect(records: Iterable<AdsRecord>): void {
    for (const { record } of records) this.#places?.expect(record.slot);
  }

  /** The link of a record is broken, and why. */
  fail(record: AdsRecord, status: AlarmStatus, text: string): void {
    const { slot } = record.record;
    record.found = undefined;
    record.problem = text;
    const { image } = this.#served;
    this.#places?.own(slot);
    // Whatever its quality was: the alarm says it all.
    image.quality[slot] = Quality.never;
    image.setAlarm(slot, Severity.invalid * 0x100 + status, text, ...this.now());
  }

  /** The plant is away. */
  lose(): void {
    this.service = undefined;
    for (const record of this.#records) {
      record.found = undefined;
      record.problem = undefined;
      this.#places?.own(record.record.slot);
      this.settle(record);
    }
    this.#places?.degrade(this.#places.slots(), Quality.away);
  }

  get #served(): Plant {
    if (this.#plant) return this.#plant;
    throw new IocError('pipeline/link', 'the plant does not live yet');
  }

  /** Before a batch: outputs that are I/O Intr take over what the plant says of them. */
  #readBack(): void {
    const { image, records } = this.#served;
    const { dirty, dirtyCount } = image;
    if (this.#outputs.size === 0) return;
    for (let i = 0; i < dirtyCount; i++) {
      const slot = dirty[i] ?? -1;
      const value = this.#outputs.has(slot) ? image.value(slot) : undefined;
      if (value === undefined || image.quality[slot] !== Quality.good) continue;
      records.adopt(slot, value, image.seconds[slot] ?? 0, image.nanoseconds[slot] ?? 0);
    }
  }
}
