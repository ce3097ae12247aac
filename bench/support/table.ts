import { type Figure, median } from './figure.ts';
import type { Machine } from './machine.ts';

/** What one bench found, or why it found nothing. */
export interface Report {
  readonly bench: string;
  readonly figures: readonly Figure[];
  readonly lines?: readonly string[];
  readonly failure?: string;
  readonly seconds: number;
}

export function machineLine({ date, node, cores, cpu, memoryGb, load }: Machine): string {
  return `${date} · ${cores} cores · ${cpu} · ${memoryGb} GB · Node ${node} · load ${load}`;
}

/** One bench as text: a row per figure. */
export function reportText({ bench, figures, lines = [], failure, seconds }: Report): string {
  const rows = figures.map(cells);
  const widths = heads.map((head, i) => Math.max(head.length, ...rows.map((row) => size(row[i]))));
  const line = (row: readonly string[]) =>
    row.map((cell, i) =>
      isNumber(i) ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0),
    );
  return [
    `\n${bench} (${seconds.toFixed(0)} s)`,
    ...(rows.length > 0
      ? [heads, ...rows].map((row) => `  ${line(row).join('  ').trimEnd()}`)
      : []),
    ...lines.map((text) => `  ${text}`),
    ...(failure === undefined ? [] : [`  FAILED: ${failure}`]),
  ].join('\n');
}

const heads = ['figure', 'unit', 'min', 'median', 'max', 'target', 'note'];

function isNumber(column: number): boolean {
  return column >= 2 && column <= 5;
}

function size(cell: string | undefined): number {
  return cell?.length ?? 0;
}

function cells({ name, unit, samples, target, note }: Figure): string[] {
  const numbers = [Math.min(...samples), median(samples), Math.max(...samples)].map(short);
  return [name, unit, ...numbers, target === undefined ? '' : `< ${short(target)}`, note ?? ''];
}

/** Three significant digits, and no exponent. */
export function short(value: number): string {
  if (value === 0) return '0';
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(Math.min(digits, 4));
}
