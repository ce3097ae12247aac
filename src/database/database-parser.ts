import type { Position } from './database.ts';
import type { DatabaseBuilder } from './database-builder.ts';
import { readBreakTable, skipDefinition } from './database-definitions.ts';
import { readValue } from './json5.ts';
import type { RecordDraft } from './record-draft.ts';
import { Token } from './scanner.ts';
import type { SearchPath } from './search-path.ts';
import type { Source } from './source.ts';
import type { TokenReader } from './token-reader.ts';

/** Reads a file that a text includes. */
export type Open = (name: string, from: Position) => Source;

/** Words that cannot be names without quotes. */
export const databaseKeywords: ReadonlySet<string> = new Set([
  ...['include', 'path', 'addpath', 'menu', 'choice', 'recordtype', 'field', 'device', 'driver'],
  ...['link', 'breaktable', 'record', 'grecord', 'alias', 'info'],
  ...['registrar', 'function', 'variable'],
]);

/**
 * Reads the text of database files, included ones in their place, into a builder: the grammar of
 * dbYacc.y in EPICS base 7.0.8. Mistakes after which it can go on are complained of, others thrown.
 */
export class DatabaseParser {
  readonly #tokens: TokenReader;
  readonly #builder: DatabaseBuilder;
  readonly #path: SearchPath;
  readonly #open: Open;

  constructor(tokens: TokenReader, builder: DatabaseBuilder, path: SearchPath, open: Open) {
    this.#tokens = tokens;
    this.#builder = builder;
    this.#path = path;
    this.#open = open;
  }

  read(): void {
    const tokens = this.#tokens;
    while (tokens.next() !== Token.end) {
      if (tokens.kind !== Token.word) throw tokens.unexpected('record, alias or include');
      this.#item(tokens.text());
    }
  }

  #item(keyword: string): void {
    const tokens = this.#tokens;
    if (keyword === 'record' || keyword === 'grecord') this.#record();
    else if (keyword === 'alias') this.#alias();
    else if (keyword === 'include') this.#include();
    else if (keyword === 'path') this.#path.set(tokens.string('a search path'));
    else if (keyword === 'addpath') this.#path.add(tokens.string('a search path'));
    else if (keyword === 'breaktable') this.#builder.breakTable(readBreakTable(tokens));
    else if (!skipDefinition(tokens, keyword)) throw tokens.unexpected('record, alias or include');
  }

  #record(): void {
    const tokens = this.#tokens;
    const { source, offset } = tokens;
    tokens.mark('(');
    const type = tokens.string('a record type');
    tokens.mark(',');
    const name = tokens.string('a record name');
    tokens.mark(')');
    const draft = this.#builder.record(type, name, source, offset);
    if (tokens.skip('{')) this.#body(draft);
  }

  #body(draft: RecordDraft | undefined): void {
    const tokens = this.#tokens;
    while (!tokens.skip('}')) {
      tokens.next();
      const keyword = tokens.kind === Token.word ? tokens.text() : '';
      if (keyword === 'field') this.#value(draft, false);
      else if (keyword === 'info') this.#value(draft, true);
      else if (keyword === 'alias') this.#aliasInside(draft);
      else if (keyword === 'include') this.#include();
      else throw tokens.unexpected('field, info, alias, include or "}"');
    }
  }

  /** `(name, value)` of a field or an info tag. */
  #value(draft: RecordDraft | undefined, isInfo: boolean): void {
    const tokens = this.#tokens;
    const { source, offset } = tokens;
    tokens.mark('(');
    const name = tokens.string(isInfo ? 'the name of an info tag' : 'a field name');
    tokens.mark(',');
    const { text, json } = readValue(tokens);
    tokens.mark(')');
    if (draft) this.#builder.listOf(draft, isInfo, source).set(name, text, json, source, offset);
  }

  #aliasInside(draft: RecordDraft | undefined): void {
    const tokens = this.#tokens;
    const at = tokens.position();
    tokens.mark('(');
    const alias = tokens.string('a record name');
    tokens.mark(')');
    if (draft) this.#builder.aliasOf(draft, alias, at);
  }

  #alias(): void {
    const tokens = this.#tokens;
    const { source, offset } = tokens;
    tokens.mark('(');
    const name = tokens.string('a record name');
    tokens.mark(',');
    const alias = tokens.string('the new name');
    tokens.mark(')');
    this.#builder.alias(name, alias, source, offset);
  }

  #include(): void {
    const at = this.#tokens.position();
    this.#tokens.include(this.#open(this.#tokens.fileName(), at));
  }
}
