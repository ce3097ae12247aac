import type { PvValue } from '../../pv/index.ts';

/** What placeholders of a template stand for. */
export interface Filling {
  /** `{v}` as JSON, `{s}` as text unless `state` is given. */
  readonly value: PvValue;
  /** The name of the state, or the word that stands for the number: `{s}`. */
  readonly state?: string | undefined;
  /** `{t}`, RFC 3339. */
  readonly time: string;
  /** `{pv}` */
  readonly name: string;
  /** `{u}` */
  readonly unit: string;
  /** `{sev}`, 0 to 3. */
  readonly severity: number;
}

const placeholder = /\{([a-z]+)\}/g;
const known = new Set(['v', 's', 't', 'pv', 'u', 'sev']);

/** A placeholder of a template that is none, if there is one. */
export function unknownPlaceholder(template: string): string | undefined {
  return [...template.matchAll(placeholder)].find(([, name = '']) => !known.has(name))?.[0];
}

/**
 * Fills a template: `{"state":"{s}"}`. In one that is JSON, texts are escaped as JSON wants it; `{v}`
 * is JSON by itself, quotes and all.
 */
export function filled(template: string, filling: Filling): string {
  const isJson = /^\s*[[{]/.test(template);
  const text = (value: string) => (isJson ? JSON.stringify(value).slice(1, -1) : value);
  return template.replace(placeholder, (whole, name: string) => {
    switch (name) {
      case 'v':
        return jsonText(filling.value);
      case 's':
        return text(filling.state ?? plainText(filling.value));
      case 't':
        return filling.time;
      case 'pv':
        return text(filling.name);
      case 'u':
        return text(filling.unit);
      case 'sev':
        return String(filling.severity);
      default:
        return whole;
    }
  });
}

/** A value as plain text; rows as JSON. */
export function plainText(value: PvValue): string {
  return typeof value === 'string' ? value : jsonText(value);
}

/** A value as JSON; numbers that JSON does not know are null. */
function jsonText(value: PvValue): string {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : 'null';
  if (typeof value === 'bigint') return String(value);
  return JSON.stringify(ArrayBuffer.isView(value) ? Array.from(value) : value);
}
