/** An attribute's name from the plant's words: `Calibration gain +10 V` → `calibration_gain_10_v`. */
export function snakeCase(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '');
}
