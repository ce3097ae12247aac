import type { SoftRecordsProcess } from '../processes/soft-records.ts';
import { Child } from '../support/child.ts';
import { type Effort, repeated } from '../support/effort.ts';
import { cpuPerMillion, type Figure } from '../support/figure.ts';

const SCANNED = 10_000;
const SCAN_MS = 3000;
/** Records in a chain, and how often it is begun. */
const LENGTH = 100;
const TIMES = 5000;

/** What the record engine costs without anybody connected: scans, and chains of links. */
export async function soft(effort: Effort): Promise<Figure[]> {
  const times = Math.ceil(TIMES * effort.scale);
  const milliseconds = Math.max(1000, SCAN_MS * effort.scale);
  return [
    await scanning('ai without links', milliseconds, effort, () => 'field(INP, "1")'),
    await scanning('ai that read another', milliseconds, effort, () => 'field(INP, "SOURCE")'),
    await chain('FLNK, ai that reads the one before', times, effort, (i) => {
      return `record(ai, "C${i}") { field(INP, "C${i - 1}") field(FLNK, "C${i + 1}") }`;
    }),
    await chain('FLNK, calc with an input and MS', times, effort, (i) => {
      return `record(calc, "C${i}") { field(CALC, "A+1") field(INPA, "C${i - 1} MS") field(FLNK, "C${i + 1}") }`;
    }),
    await chain('OUT PP, ao', times, effort, (i) => {
      return `record(ao, "C${i}") { field(OUT, "C${i + 1} PP") }`;
    }),
    await chain('INP CP, ai', times, effort, (i) => {
      return `record(ai, "C${i}") { field(INP, "C${i - 1} CP") }`;
    }),
  ];
}

async function scanning(
  what: string,
  milliseconds: number,
  effort: Effort,
  input: (i: number) => string,
): Promise<Figure> {
  const fields = 'field(SCAN, ".1 second") field(PREC, "3") field(HIHI, "10") field(HHSV, "MAJOR")';
  const records = Array.from({ length: SCANNED }, (_, i) => {
    return `record(ai, "B:ai${i}") { ${fields} ${input(i)} }\n`;
  });
  const text = `record(ao, "SOURCE") { field(VAL, "5") }\n${records.join('')}`;
  await using child = new Child<SoftRecordsProcess>('soft-records');
  await child.call('load', { text });
  const costs = await repeated(effort, () => child.call('idle', { milliseconds }));
  return {
    name: `${SCANNED} ${what}, SCAN .1 second`,
    unit: '% core',
    samples: costs.map(({ cpu, wall }) => (cpu / wall) * 100),
    target: 3,
  };
}

async function chain(
  what: string,
  times: number,
  effort: Effort,
  record: (i: number) => string,
): Promise<Figure> {
  const records = Array.from({ length: LENGTH }, (_, i) => record(i + 1));
  const first = record(0)
    .replace(/^record\(\w+/, 'record(ao')
    .replace(/field\(CALC[^)]*\)/, '');
  const source = first.replace(/field\(INP\w*, "[^"]*"\)/, '');
  await using child = new Child<SoftRecordsProcess>('soft-records');
  await child.call('load', { text: `${source}\n${records.join('\n')}` });
  const wish = { name: 'C0', length: LENGTH, times };
  const costs = await repeated(effort, () => child.call('put', wish));
  return {
    name: `chain by ${what}: per record`,
    unit: 'CPU-s/M',
    samples: costs.map(cpuPerMillion),
  };
}
