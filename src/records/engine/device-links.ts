import { type IocError, messageOf } from '../../kernel/index.ts';
import { AlarmStatus, type Place, Quality, Severity, type Slot } from '../../model/index.ts';
import { Flag } from '../columns.ts';
import { DeviceCode } from '../devices/device-code.ts';
import type { Device, DeviceRecord, DeviceSupport } from '../devices/device-support.ts';
import { softDevices } from '../devices/soft-devices.ts';
import type { Moment } from '../links/link.ts';
import { parseLink } from '../links/parse-link.ts';
import type { PvValue } from '../put.ts';
import { recordTypeOf } from '../registry.ts';
import type { Engine } from './engine.ts';
import { Scan } from './scans.ts';

/** What a device fed a record and it has not processed yet. */
export interface Fed {
  readonly kind: 'raw' | 'value';
  readonly value: PvValue;
  readonly time: Moment;
}

/** Device supports at work: which record has which device. */
export class DeviceLinks {
  readonly #engine: Engine;
  readonly #devices = new Map<Slot, Device>();
  readonly #fed = new Map<Slot, Fed>();
  /** Why a record has no device. */
  readonly #failures = new Map<Slot, string>();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  of(slot: Slot): Device | undefined {
    return this.#devices.get(slot);
  }

  failure(slot: Slot): string | undefined {
    return this.#failures.get(slot);
  }

  /** What was fed since the record last processed. */
  takeFed(slot: Slot): Fed | undefined {
    const fed = this.#fed.get(slot);
    this.#fed.delete(slot);
    return fed;
  }

  /** Gives a record what its DTYP stands for. */
  open(slot: Slot): void {
    this.close(slot);
    const { columns } = this.#engine;
    if (columns.has(slot, Flag.input) || columns.has(slot, Flag.setpoint)) return;
    const type = recordTypeOf(columns.type[slot] ?? 0);
    const choices = type.fields.get('DTYP')?.choices ?? [];
    const name = choices[columns.storedNumber(slot, 'DTYP')] ?? '';
    columns.device[slot] = simple[name] ?? DeviceCode.soft;
    if (name === '' || name in simple) return;
    columns.device[slot] = DeviceCode.device;
    this.#openDevice(slot, name);
  }

  close(slot: Slot): void {
    this.#devices.get(slot)?.[Symbol.dispose]();
    this.#devices.delete(slot);
    this.#fed.delete(slot);
    this.#failures.delete(slot);
  }

  closeAll(): void {
    for (const slot of [...this.#devices.keys()]) this.close(slot);
  }

  #openDevice(slot: Slot, name: string): void {
    const support = this.#support(name);
    const link = parseLink(this.#addressOf(slot), 'INLINK');
    try {
      if (!support) throw new Error(`no device support ${name} is plugged in`);
      if (link.kind !== 'device') throw new Error(`${name} needs an address that begins with @`);
      this.#devices.set(slot, support.open(this.#record(slot), link.address));
    } catch (error) {
      this.#fail(slot, messageOf(error as IocError));
    }
  }

  #fail(slot: Slot, why: string): void {
    const { columns, means } = this.#engine;
    columns.device[slot] = DeviceCode.none;
    this.#failures.set(slot, why);
    means.log.error(`${columns.name[slot]} has no device: ${why}`);
    this.#engine.raise(slot, AlarmStatus.link, Severity.invalid, why);
    // Without its device it is none of those that need no rules.
    this.#engine.life.refreshRules(slot);
    if (columns.scan[slot] === Scan.ioIntr) this.#engine.process(slot);
  }

  #support(name: string): DeviceSupport | undefined {
    const plugged = this.#engine.means.devices?.find((support) => support.name === name);
    return plugged ?? softDevices(this.#engine).find((support) => support.name === name);
  }

  #addressOf(slot: Slot): string {
    const { columns } = this.#engine;
    return String(columns.stored(slot, 'INP') ?? columns.stored(slot, 'OUT') ?? '');
  }

  #record(slot: Slot): DeviceRecord {
    const engine = this.#engine;
    const { columns, host } = engine;
    const type = recordTypeOf(columns.type[slot] ?? 0);
    return {
      slot,
      name: columns.name[slot] ?? '',
      type: type.name,
      direction: type.direction === 'output' ? 'output' : 'input',
      get isInterrupted() {
        return columns.scan[slot] === Scan.ioIntr;
      },
      field: (name) => host.field(slot, name)?.definition.access.read(columns, slot),
      info: (tag) => host.infos(slot).get(tag),
      feed: (value, time, kind = 'raw') => this.#feed(slot, { kind, value, time }),
      fail: (status, text, time) => this.#trouble(slot, status, text, time),
      place: (place, time) => this.#place(slot, place, time),
    };
  }

  #feed(slot: Slot, fed: Fed): void {
    const { columns } = this.#engine;
    const { image } = columns;
    const { time } = fed;
    this.#fed.set(slot, fed);
    image.setAlarm(slot, 0, '', time.seconds, time.nanoseconds);
    if (columns.scan[slot] === Scan.ioIntr || columns.has(slot, Flag.setpoint)) {
      image.touch(slot, time.seconds, time.nanoseconds);
    } else image.quality[slot] = Quality.good;
  }

  #trouble(slot: Slot, status: number, text: string, time: Moment): void {
    const alarm = (Severity.invalid << 8) | status;
    this.#engine.columns.image.setAlarm(slot, alarm, text, time.seconds, time.nanoseconds);
  }

  /** The process image feeds the record from now on, as one of the plant. */
  #place(slot: Slot, place: Place, time: 'source' | 'own' = 'source'): void {
    const { columns } = this.#engine;
    columns.device[slot] = DeviceCode.plant;
    columns.image.place(slot, place);
    columns.set(slot, Flag.mapped, true);
    columns.set(slot, Flag.plantTime, time === 'source');
  }
}

const simple: Readonly<Record<string, DeviceCode>> = {
  'Soft Channel': DeviceCode.soft,
  'Raw Soft Channel': DeviceCode.raw,
  'Async Soft Channel': DeviceCode.async,
};
