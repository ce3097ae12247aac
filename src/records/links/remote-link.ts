import type { Slot } from '../../model/index.ts';
import type { Engine } from '../engine/engine.ts';
import { elementText } from '../field-text.ts';
import type { FieldType } from '../field-type.ts';
import type { Metadata } from '../metadata.ts';
import type { PutOutcome, PvValue } from '../put.ts';
import { cutText } from '../text.ts';
import { BaseLink } from './base-link.ts';
import { asNumber, valueAs } from './conversions.ts';
import type { Given, Moment } from './link.ts';
import type { LinkModifiers } from './parse-link.ts';
import type { RemotePv } from './remote-links.ts';

/** A link to a process variable of another IOC. */
export class RemoteLink extends BaseLink {
  readonly #engine: Engine;
  readonly #owner: Slot;
  readonly #pv: RemotePv;
  readonly #name: string;
  readonly #severity: LinkModifiers['severity'];

  constructor(
    engine: Engine,
    owner: Slot,
    pv: RemotePv,
    name: string,
    severity: LinkModifiers['severity'],
  ) {
    super('remote');
    this.#engine = engine;
    this.#owner = owner;
    this.#pv = pv;
    this.#name = name;
    this.#severity = severity;
  }

  override get isConnected(): boolean {
    return this.#pv.isConnected;
  }

  override get type(): FieldType | undefined {
    return this.#pv.isConnected ? this.#pv.type : undefined;
  }

  override get count(): number {
    return this.#pv.count;
  }

  override number(): Given<number> {
    return asNumber(this.#taken());
  }

  override value(type: FieldType, most: number): Given<PvValue> {
    const value = this.#taken();
    if (value === undefined) return null;
    return valueAs(value, type, most, (element) => this.#text(element));
  }

  override put(value: PvValue): boolean {
    if (!this.#pv.isConnected || !this.#pv.isWritable) return false;
    this.#pv.put(value);
    return true;
  }

  override putThen(value: PvValue, settle: (outcome: PutOutcome) => void): boolean {
    if (!this.#pv.isConnected || !this.#pv.isWritable) return false;
    this.#pv.put(value, settle);
    return true;
  }

  /** As EPICS: a record elsewhere processes when its PROC is written, and only so. */
  override forward(): void {
    if (/\.PROC\b/.test(this.#name)) this.put(1);
  }

  override time(): Moment | undefined {
    const { isConnected, seconds, nanoseconds } = this.#pv;
    return isConnected ? { seconds, nanoseconds } : undefined;
  }

  override alarm() {
    const { isConnected, status, severity } = this.#pv;
    return isConnected ? { status, severity } : undefined;
  }

  override metadata(): Metadata | undefined {
    return this.#pv.metadata;
  }

  override [Symbol.dispose](): void {
    this.#pv[Symbol.dispose]();
  }

  /** The newest value, if there is a connection; its alarm goes to the record as the link says. */
  #taken(): PvValue | undefined {
    const { isConnected, isReadable, value, status, severity } = this.#pv;
    if (!isConnected || !isReadable || value === undefined) return undefined;
    this.#engine.inherit(this.#owner, this.#severity, status, severity, '');
    return value;
  }

  #text(element: number | bigint | string): string {
    const { type, metadata } = this.#pv;
    const none = { precision: 6, labels: [] };
    const source = { recordType: '', field: 'VAL', type, metadata: () => metadata ?? none };
    if (type === 'ENUM') return metadata?.labels[Number(element)] ?? String(element);
    return cutText(elementText(source, element), 39);
  }
}
