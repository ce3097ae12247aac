import { checkAccess } from './access-check.ts';
import type {
  AccessAuthority,
  AccessCondition,
  AccessFile,
  AccessGroup,
  AccessInput,
  AccessMembers,
  AccessRight,
  AccessRule,
  AccessUnknown,
} from './access-file.ts';
import type { Complaints } from './problem.ts';
import { Token } from './scanner.ts';
import type { TokenReader } from './token-reader.ts';

type Building<T> = {
  -readonly [Key in keyof T]: T[Key] extends readonly (infer U)[] ? U[] : T[Key];
};
type RuleHead = Omit<AccessRule, 'conditions'> & { readonly unknown: readonly AccessUnknown[] };

const rights: ReadonlySet<string> = new Set(['NONE', 'READ', 'WRITE', 'RPC']);

/** Conditions that list names, by keyword. */
const lists: ReadonlyMap<string, 'uag' | 'hag' | 'method' | 'authority' | 'protocol'> = new Map([
  ['UAG', 'uag'],
  ['HAG', 'hag'],
  ['METHOD', 'method'],
  ['AUTHORITY', 'authority'],
  ['PROTOCOL', 'protocol'],
]);

const DEEPEST = 32;

/**
 * Reads access security text: asLib.y of EPICS base 7.0.8, and its proposed METHOD, AUTHORITY,
 * PROTOCOL and RPC. What neither knows is kept as unknown, so that it can deny.
 */
export class AccessParser {
  readonly #tokens: TokenReader;
  readonly #complaints: Complaints;
  readonly #file: Building<AccessFile> = {
    userGroups: [],
    hostGroups: [],
    authorities: [],
    groups: [],
    unknown: [],
  };

  constructor(tokens: TokenReader, complaints: Complaints) {
    this.#tokens = tokens;
    this.#complaints = complaints;
  }

  read(): AccessFile {
    const tokens = this.#tokens;
    let count = 0;
    for (; tokens.next() !== Token.end; count++) {
      if (tokens.kind !== Token.word) throw tokens.unexpected('UAG, HAG or ASG');
      this.#item(tokens.text());
    }
    // As EPICS base: a file that says nothing is a mistake, not a way to switch security off.
    if (count === 0) throw tokens.unexpected('UAG, HAG or ASG');
    checkAccess(this.#file, this.#complaints);
    return this.#file;
  }

  #item(keyword: string): void {
    if (keyword === 'UAG') this.#file.userGroups.push(this.#members());
    else if (keyword === 'HAG') this.#file.hostGroups.push(this.#members());
    else if (keyword === 'ASG') this.#file.groups.push(this.#group());
    else if (keyword === 'AUTHORITY') this.#authority([]);
    else this.#file.unknown.push(this.#unknown(keyword));
  }

  #members(): AccessMembers {
    const at = this.#tokens.position();
    this.#tokens.mark('(');
    const name = this.#tokens.string('the name of a group');
    this.#tokens.mark(')');
    const members = this.#tokens.skip('{') ? this.#words('}', 'a name') : [];
    return { name, members, at };
  }

  #group(): AccessGroup {
    const tokens = this.#tokens;
    const at = tokens.position();
    tokens.mark('(');
    const name = tokens.string('the name of an access security group');
    tokens.mark(')');
    const inputs: AccessInput[] = [];
    const rules: AccessRule[] = [];
    const unknown: AccessUnknown[] = [];
    if (tokens.skip('{')) {
      while (!tokens.skip('}')) {
        const keyword = this.#keyword('INPA … INPU, RULE or "}"');
        if (keyword === 'RULE') rules.push(this.#rule());
        else if (/^INP[A-U]$/.test(keyword)) inputs.push(this.#input(keyword));
        else unknown.push(this.#unknown(keyword));
      }
    }
    return { name, inputs, rules, unknown, at };
  }

  #input(keyword: string): AccessInput {
    const at = this.#tokens.position();
    this.#tokens.mark('(');
    const pv = this.#tokens.string('the name of a PV');
    this.#tokens.mark(')');
    return { letter: keyword.slice(3), pv, at };
  }

  #rule(): AccessRule {
    const tokens = this.#tokens;
    const { unknown, ...head } = this.#ruleHead();
    const conditions: AccessCondition[] = unknown.map((each) => ({ kind: 'unknown', ...each }));
    if (tokens.skip('{')) {
      while (!tokens.skip('}')) conditions.push(this.#condition());
    }
    return { ...head, conditions };
  }

  /** A right or an option that is not known makes the rule one that never grants anything. */
  #ruleHead(): RuleHead {
    const tokens = this.#tokens;
    const at = tokens.position();
    const unknown: AccessUnknown[] = [];
    tokens.mark('(');
    const level = tokens.string('an access security level');
    if (!/^\d{1,9}$/.test(level)) throw tokens.unexpected('an access security level, 0 or 1');
    tokens.mark(',');
    const right = tokens.string('NONE, READ, WRITE or RPC');
    if (!rights.has(right)) unknown.push({ keyword: right, at: tokens.position() });
    let trapWrite = false;
    while (tokens.skip(',')) {
      const option = tokens.string('TRAPWRITE or NOTRAPWRITE');
      if (option === 'TRAPWRITE') trapWrite = true;
      else if (option !== 'NOTRAPWRITE') unknown.push({ keyword: option, at: tokens.position() });
    }
    tokens.mark(')');
    const known = (rights.has(right) ? right : 'NONE') as AccessRight;
    return { level: Number(level), right: known, trapWrite, at, unknown };
  }

  #condition(): AccessCondition {
    const tokens = this.#tokens;
    const keyword = this.#keyword('UAG, HAG, CALC, METHOD, AUTHORITY, PROTOCOL or "}"');
    const at = tokens.position();
    const kind = lists.get(keyword);
    if (kind) {
      tokens.mark('(');
      return { kind, names: this.#words(')', 'a name'), at };
    }
    if (keyword !== 'CALC') return { kind: 'unknown', ...this.#unknown(keyword) };
    tokens.mark('(');
    const expression = tokens.string('an expression');
    tokens.mark(')');
    return { kind: 'calc', expression, at };
  }

  /** AUTHORITY("root") or AUTHORITY(id,"root"), with those below it in braces. */
  #authority(above: readonly string[]): void {
    const tokens = this.#tokens;
    const at = tokens.position();
    if (above.length >= DEEPEST) throw tokens.fail(`authorities are nested deeper than ${DEEPEST}`);
    tokens.mark('(');
    const first = tokens.string('the name of an authority');
    const second = tokens.skip(',') ? tokens.string('its common name') : undefined;
    tokens.mark(')');
    const chain = [...above, second ?? first];
    const authority: AccessAuthority = {
      name: second === undefined ? undefined : first,
      chain,
      at,
    };
    this.#file.authorities.push(authority);
    if (!tokens.skip('{')) return;
    while (!tokens.skip('}')) {
      if (this.#keyword('AUTHORITY or "}"') !== 'AUTHORITY') throw tokens.unexpected('AUTHORITY');
      this.#authority(chain);
    }
  }

  /** Passes over `KEYWORD(…){…}` of which nothing is known. */
  #unknown(keyword: string): AccessUnknown {
    const tokens = this.#tokens;
    const at = tokens.position();
    if (tokens.skip('(')) this.#passOver(')');
    if (tokens.skip('{')) this.#passOver('}');
    return { keyword, at };
  }

  #passOver(close: string): void {
    const tokens = this.#tokens;
    const open: string[] = [close];
    while (open.length > 0) {
      const kind = tokens.next();
      if (kind === Token.end || open.length > DEEPEST) throw tokens.unexpected(`"${close}"`);
      if (kind === 0x28) open.push(')');
      else if (kind === 0x7b) open.push('}');
      else if (kind === 0x29 || kind === 0x7d) {
        const expected = open.pop();
        if (expected?.charCodeAt(0) !== kind) throw tokens.unexpected(`"${expected}"`);
      }
    }
  }

  #keyword(expected: string): string {
    if (this.#tokens.next() !== Token.word) throw this.#tokens.unexpected(expected);
    return this.#tokens.text();
  }

  /** Words with commas between them, up to a closing mark. */
  #words(close: string, what: string): string[] {
    const tokens = this.#tokens;
    if (tokens.skip(close)) return [];
    const words = [tokens.string(what)];
    while (tokens.skip(',')) words.push(tokens.string(what));
    tokens.mark(close);
    return words;
  }
}
