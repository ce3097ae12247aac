/** Rows of cells as lines, the columns two blanks apart; the last is not padded. */
export function* table(rows: readonly (readonly string[])[]): Iterable<string> {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, cell.length);
  }
  for (const row of rows) {
    yield row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd();
  }
}
