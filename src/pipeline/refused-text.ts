/** One line for a controller, however many of its PVs are concerned. */
export function refusedText(name: string, [first, ...others]: readonly string[]): string {
  const more = others.length > 0 ? `; and ${others.length} more` : '';
  return `${name}: a PV is not served: ${first}${more}`;
}
