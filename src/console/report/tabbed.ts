const WIDTH = 80;

/**
 * Sets texts beside each other at tab stops, in lines of 80 characters, as dbpr and dbgf of EPICS
 * do: each text is followed by blanks up to the next stop. A longer one has a line of its own.
 */
export function* tabbed(texts: Iterable<string>, tab: number): Iterable<string> {
  let line = '';
  for (const text of texts) {
    if (line !== '' && line.length + text.length > WIDTH) {
      yield line;
      line = '';
    }
    line += text;
    const stop = (Math.floor(line.length / tab) + 1) * tab;
    line = line.padEnd(Math.min(stop, WIDTH));
  }
  if (line !== '') yield line;
}
