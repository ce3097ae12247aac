import { type AmsPort, amsPort, Port } from '../../ads/index.ts';
import { IocError } from '../../kernel/index.ts';
import {
  arrayOf,
  byteLength,
  type Datatype,
  iecDatatype,
  iecDatatypes,
  text,
} from '../../model/index.ts';
import type { AdsItem, AdsLink } from './ads-link.ts';
import { type Word, wordsOf } from './link-words.ts';

/**
 * What an address says: `<plant> <what> <options>` in any order behind the plant. It understands
 * the addresses of two other drivers as well, so that their databases need another DTYP only:
 * `asyn(plc,0,1)ADSPORT=851/TS_MS=100/MAIN.fValue?` and `asyn(plc 0 0) INT R P=PLC_TC3 V=MAIN.n`.
 * Throws `pipeline/ads-link` with what is wrong and what would be right.
 */
export function parseAdsLink(address: string): AdsLink {
  const { server, rest } = serverOf(address);
  const draft = new Draft(address);
  if (address.split("'").length % 2 === 0) throw mistake(address, 'a quote is not closed');
  for (const word of wordsOf(rest)) draft.take(word);
  return draft.finished(server);
}

/** `plc`, or `asyn(plc,0,1)` of which only the port name counts. */
function serverOf(address: string): { readonly server: string; readonly rest: string } {
  const asyn = /^\s*asyn\(\s*([^\s,)]+)[^)]*\)\s*/i.exec(address);
  const plain = asyn ?? /^\s*([^\s'=:]+)(\s+|$)/.exec(address);
  if (plain?.[1]) return { server: plain[1], rest: address.slice(plain[0].length) };
  throw mistake(address, 'it begins with the name of a plant, then a blank');
}

/** AMS ports that have names. */
const ports: Readonly<Record<string, number>> = {
  ...{ LOGGER: 100, RTIME: 200, TRACE: 290, IO: 300, SPS: 400, NC: 500, ISG: 550, PCS: 600 },
  ...{ PLC: 801, PLC_RTS1: 801, PLC_RTS2: 811, PLC_RTS3: 821, PLC_RTS4: 831, PLC_TC3: 851 },
};

const usage = 'ADSPORT, V, TYPE, N, TS_MS, T_DLY_MS, MODE, POLL_RATE, TIMEBASE, RESTORE';

const modes = ['on-change', 'cyclic'] as const;
const clocks = ['plc', 'plant', 'epics', 'ioc'] as const;
const restores = ['read', 'write', 'ignore'] as const;

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** A link in the making. */
class Draft {
  readonly #address: string;
  readonly #notification: Mutable<AdsLink['notification']> = {};
  readonly #link: Mutable<Partial<AdsLink>> = {};
  #item: AdsItem | undefined;
  #typeName: string | undefined;
  #count: number | undefined;
  /** Words of an object that are still to come. */
  #coe: { slave?: string | number } | undefined;

  /** What each option does. */
  readonly #options = new Map<string, (value: string, key: string) => void>([
    ['ADSPORT', (value) => this.#set({ port: this.#port(value) })],
    ['P', (value) => this.#set({ port: this.#port(value) })],
    ['V', (name) => this.#what({ kind: 'symbol', name })],
    [
      'TYPE',
      (value) => {
        this.#typeName = value.toUpperCase();
      },
    ],
    [
      'N',
      (value, key) => {
        this.#count = Math.round(this.#positive(key, value, 1));
      },
    ],
    ['TS_MS', (value, key) => this.#notify({ cycle: this.#positive(key, value, 0) / 1000 })],
    ['T_DLY_MS', (value, key) => this.#notify({ maxDelay: this.#positive(key, value, 0) / 1000 })],
    ['MODE', (value, key) => this.#notify({ mode: this.#oneOf(key, value, modes) })],
    [
      'POLL_RATE',
      (value, key) => this.#set({ poll: Math.max(this.#positive(key, value), FASTEST_POLL) }),
    ],
    [
      'TIMEBASE',
      (value, key) => this.#set({ timeBase: timeBases[this.#oneOf(key, value, clocks)] }),
    ],
    ['RESTORE', (value, key) => this.#set({ restore: this.#oneOf(key, value, restores) })],
  ]);

  constructor(address: string) {
    this.#address = address;
  }

  take(word: Word): void {
    if (this.#coe) this.#takeOfObject(this.#coe, word);
    else if (word.kind === 'option') this.#option(word.key, word.value);
    else if (word.kind === 'quoted') this.#what({ kind: 'symbol', name: word.text });
    else this.#bare(word.text);
  }

  finished(server: string): AdsLink {
    const item = this.#item;
    if (this.#coe) throw this.#wrong('coe takes a slave and index:subindex: coe 1006 0x8000:0x12');
    if (!item) throw this.#wrong('it names nothing: give a symbol, group:offset, or coe …');
    const datatype = this.#datatype();
    if (item.kind === 'raw' && !datatype) {
      throw this.#wrong(`what lies at an offset nobody tells: add TYPE= with ${iecDatatypes}`);
    }
    return {
      ...{ port: Port.plc as AmsPort, timeBase: 'plant', ...this.#link },
      ...{ server, item, notification: this.#notification },
      ...(datatype && { datatype }),
    };
  }

  #bare(word: string): void {
    const [, group, offset] = /^([0-9a-fx#]+):([0-9a-fx#]+)$/i.exec(word) ?? [];
    if (word === 'R' || word === 'W') this.#link.direction = word === 'R' ? 'input' : 'output';
    else if (/^coe$/i.test(word)) this.#coe = {};
    else if (/^poll$/i.test(word)) this.#link.poll = 'scan';
    else if (/^cyclic$/i.test(word)) this.#notification.mode = 'cyclic';
    else if (/^on-change$/i.test(word)) this.#notification.mode = 'on-change';
    else if (group !== undefined && offset !== undefined) {
      this.#what({ kind: 'raw', group: this.#number(group), offset: this.#number(offset) });
    } else if (/^\.adr\./i.test(word)) this.#absolute(word);
    else if (/^\.amsportstate\.[?=]?$/i.test(word)) this.#what({ kind: 'state' });
    else if (isTypeName(word)) this.#typeName = word;
    // `?` and `=` say in another driver whether a record reads or writes, which its type says here.
    else this.#what({ kind: 'symbol', name: word.replace(/[?=]$/, '') });
  }

  #set(what: Partial<AdsLink>): void {
    Object.assign(this.#link, what);
  }

  #notify(how: AdsLink['notification']): void {
    Object.assign(this.#notification, how);
  }

  #option(key: string, value: string): void {
    const take = this.#options.get(key);
    if (!take) throw this.#wrong(`there is no option ${key}; there are ${usage}`);
    take(value, key);
  }

  #takeOfObject(coe: { slave?: string | number }, word: Word): void {
    const said = word.kind === 'option' ? `${word.key}=${word.value}` : word.text;
    if (coe.slave === undefined) {
      coe.slave = word.kind === 'bare' && /^\d+$/.test(said) ? Number(said) : said;
      return;
    }
    const [, index, subindex] = /^(?:0x)?([0-9a-f]{1,4}):(?:0x)?([0-9a-f]{1,2})$/i.exec(said) ?? [];
    if (!index || !subindex) {
      throw this.#wrong(`"${said}" is no index:subindex in hexadecimal, such as 0x8000:0x12`);
    }
    const place = { index: Number.parseInt(index, 16), subindex: Number.parseInt(subindex, 16) };
    this.#coe = undefined;
    this.#what({ kind: 'coe', slave: coe.slave, ...place });
  }

  /** `.ADR.16#4020,16#10,2,2`: group, offset, bytes, and the number of an ADS data type. */
  #absolute(word: string): void {
    const [, group, offset, bytes, type] =
      /^\.adr\.([0-9a-f#x]+),([0-9a-f#x]+),(\d+),(\d+)[?=]?$/i.exec(word) ?? [];
    const name = typesByNumber[Number(type)];
    if (!group || !offset || !name) {
      throw this.#wrong('.ADR. takes group,offset,bytes,type: .ADR.16#4020,16#0,2,2');
    }
    this.#what({ kind: 'raw', group: this.#number(group), offset: this.#number(offset) });
    this.#typeName = name === 'STRING' ? `STRING(${Number(bytes) - 1})` : name;
  }

  #what(item: AdsItem): void {
    if (this.#item) throw this.#wrong("it names two things; a name with blanks needs quotes: '…'");
    this.#item = item;
  }

  #datatype(): Datatype | undefined {
    const found = this.#typed();
    if (!found || byteLength(found) <= MOST_BYTES) return found;
    throw this.#wrong(
      `${byteLength(found)} bytes are more than the ${MOST_BYTES} that a record has`,
    );
  }

  /** `INT`, `INT[]` with N, `STRING` with N. */
  #typed(): Datatype | undefined {
    if (this.#typeName === undefined) return undefined;
    const name = this.#typeName.replace(/\[\]$/, '');
    if (name === 'STRING') return text((this.#count ?? 80) + 1);
    const known = iecDatatype(name);
    if (!known) throw this.#wrong(`${this.#typeName} is no type: use ${iecDatatypes}`);
    const isRow = this.#count !== undefined || this.#typeName.endsWith('[]');
    if (!isRow || known.kind === 'array' || known.kind === 'string') return known;
    return arrayOf(known, this.#count ?? 1);
  }

  #port(value: string): AmsPort {
    const number = ports[value.toUpperCase()] ?? Number(value);
    if (Number.isInteger(number) && number >= 0 && number <= 0xffff) return amsPort(number);
    throw this.#wrong(
      `"${value}" is no AMS port: use a number or ${Object.keys(ports).join(', ')}`,
    );
  }

  #positive(key: string, value: string, least = Number.MIN_VALUE): number {
    const number = Number(value);
    if (value !== '' && Number.isFinite(number) && number >= least) return number;
    throw this.#wrong(`${key}=${value} must be a number${limits[least] ?? ' above 0'}`);
  }

  #oneOf<T extends string>(key: string, value: string, choices: readonly T[]): T {
    const found = choices.find((choice) => choice === value.toLowerCase());
    if (found !== undefined) return found;
    throw this.#wrong(`${key}=${value} must be ${choices.join(' or ')}`);
  }

  /** `0x4020`, `16#4020` or decimal; at most 32 bits. */
  #number(word: string): number {
    const digits = /^16#([0-9a-f]+)$/i.exec(word)?.[1];
    const number = Number(digits === undefined ? word : `0x${digits}`);
    if (Number.isInteger(number) && number >= 0 && number <= 0xffff_ffff) return number;
    throw this.#wrong(`"${word}" is no number of 32 bits; hexadecimal ones begin with 0x or 16#`);
  }

  #wrong(why: string): IocError {
    return mistake(this.#address, why);
  }
}

const MOST_BYTES = 4 * 1024 * 1024;

/** Seconds. */
const FASTEST_POLL = 0.01;

const limits: Readonly<Record<number, string>> = { 0: ', 0 or more', 1: ', 1 or more' };

const timeBases = { plc: 'plant', plant: 'plant', epics: 'ioc', ioc: 'ioc' } as const;

/** ADS data types by their numbers, as far as values have them. */
const typesByNumber: Readonly<Record<number, string>> = {
  ...{ 2: 'INT', 3: 'DINT', 4: 'REAL', 5: 'LREAL', 16: 'SINT', 17: 'USINT', 18: 'UINT' },
  ...{ 19: 'UDINT', 20: 'LINT', 21: 'ULINT', 30: 'STRING', 33: 'BOOL' },
};

/** Words that no symbol can be called. */
function isTypeName(word: string): boolean {
  return (
    word === 'STRING' || word === 'STRING[]' || iecDatatype(word.replace(/\[\]$/, '')) !== undefined
  );
}

function mistake(address: string, why: string): IocError {
  return new IocError('pipeline/ads-link', `"@${address}" is no address of DTYP ADS: ${why}`);
}
