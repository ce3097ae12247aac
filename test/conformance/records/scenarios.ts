import { readdirSync, readFileSync } from 'node:fs';

/** Records, and what fields say after puts to them. */
export interface Scenario {
  readonly title: string;
  readonly database: string;
  readonly steps: readonly Step[];
}

export type Step =
  | { readonly kind: 'put'; readonly line: string; readonly name: string; readonly value: string }
  | { readonly kind: 'read'; readonly line: string; readonly name: string; readonly value: string }
  | { readonly kind: 'wait'; readonly line: string; readonly seconds: number };

const folder = new URL('types/', import.meta.url);

/** The names of the record types, and kinds of links, that have scenarios. */
export function scenarioTypes(): string[] {
  return readdirSync(folder).map((file) => file.replace('.txt', ''));
}

/** `# title`, the records, then `> NAME.FIELD value`, `< NAME.FIELD -> value` and `~ seconds`. */
export function scenariosOf(type: string): Scenario[] {
  const text = readFileSync(new URL(`${type}.txt`, folder), 'utf8');
  const [, ...blocks] = text.split(/^# /m).slice(1);
  return blocks.map((block) => {
    const [title = '', ...lines] = block.split('\n').filter((line) => line !== '');
    const isStep = (line: string) => /^[<>~] /.test(line);
    return {
      title,
      database: lines.filter((line) => !isStep(line)).join('\n'),
      steps: lines.filter(isStep).map(stepOf),
    };
  });
}

function stepOf(line: string): Step {
  const [, mark, name = '', rest = ''] = /^([<>~]) (\S+) ?(.*)$/.exec(line) ?? [];
  if (mark === '~') return { kind: 'wait', line, seconds: Number(name) };
  if (mark === '>') return { kind: 'put', line, name, value: rest };
  return { kind: 'read', line, name, value: rest.replace('-> ', '') };
}
