/**
 * A channel name in the directory's spelling: `rec.` is `rec`, `rec.$` is `rec.VAL$`
 * (facts/ca.md section 8).
 */
export function directoryName(name: string): string {
  if (name.endsWith('.')) return name.slice(0, -1);
  return name.endsWith('.$') ? `${name.slice(0, -1)}VAL$` : name;
}

/** Whether a name has an array range or filters, which this server does not serve. */
export function hasModifiers(name: string): boolean {
  return name.includes('[') || name.includes('{');
}

/** The name without range and filters: all that a search looks at (facts/ca.md section 8). */
export function searchedName(name: string): string {
  const at = name.search(/[[{]/);
  return directoryName(at < 0 ? name : name.slice(0, at));
}
