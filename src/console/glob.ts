/**
 * Whether a name matches a pattern of EPICS: `*` stands for any characters, `?` for one. Takes
 * time in proportion to both lengths at most multiplied, whatever the pattern.
 */
export function matchesGlob(name: string, pattern: string): boolean {
  let at = 0;
  let inPattern = 0;
  /** Where the last star stands, and from where of the name it was tried. */
  let star = -1;
  let from = 0;
  while (at < name.length) {
    const wanted = pattern[inPattern];
    if (wanted === '*') {
      star = inPattern++;
      from = at;
    } else if (wanted === '?' || wanted === name[at]) {
      inPattern++;
      at++;
    } else if (star >= 0) {
      inPattern = star + 1;
      at = ++from;
    } else {
      return false;
    }
  }
  while (pattern[inPattern] === '*') inPattern++;
  return inPattern === pattern.length;
}
