import { appendFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * Tells a measured figure of a fault, with what it must not exceed. `FIGURES=file` appends it there
 * as a table row. What a loaded machine may take is the business of the test.
 */
export function figure(row: number, what: string, value: string | number, target: string): void {
  const line = `| ${row} | ${what} | ${value} | ${target} |`;
  console.info(line);
  const { FIGURES: file } = process.env;
  if (file) appendFileSync(file, `${line}\n`);
}

/** Milliseconds until something holds, looked at every few; fails after the deadline. */
export async function millisecondsUntil(
  holds: () => boolean | Promise<boolean>,
  deadlineMs = 20_000,
): Promise<number> {
  const began = performance.now();
  while (!(await holds())) {
    if (performance.now() - began > deadlineMs) {
      throw new Error(`it did not come true within ${deadlineMs} ms: ${holds}`);
    }
    await pause(3);
  }
  return Math.round(performance.now() - began);
}

export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}
