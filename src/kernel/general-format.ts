/** More digits than any double needs to show whether it lies exactly between two shorter ones. */
const MOST_DIGITS = 100;

/** A number as C's `%.<digits>g` prints it: exact halves to the even digit, no trailing zeros. */
export function formatGeneral(value: number, digits: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const [mantissa = '', power = ''] = rounded(value, digits).split('e');
  const exponent = Number(power);
  if (exponent >= -4 && exponent < digits) return plain(mantissa, exponent);
  const twoDigits = String(Math.abs(exponent)).padStart(2, '0');
  return `${withoutZeros(mantissa)}e${exponent < 0 ? '-' : '+'}${twoDigits}`;
}

/** JavaScript rounds exact halves away from zero, C to even: the lower neighbour where C would. */
function rounded(value: number, digits: number): string {
  const text = value.toExponential(digits - 1);
  const [exact = '', power = ''] = value.toExponential(MOST_DIGITS).split('e');
  const cut = exact.indexOf('.') + digits;
  const kept = digits === 1 ? exact.slice(0, cut - 1) : exact.slice(0, cut);
  const isHalf = /^50*$/.test(exact.slice(cut));
  return isHalf && Number(kept.at(-1)) % 2 === 0 ? `${kept}e${power}` : text;
}

/** `1.25`, 3 → `1250`; `1.25`, -2 → `0.0125`. */
function plain(mantissa: string, exponent: number): string {
  const sign = mantissa.startsWith('-') ? '-' : '';
  const figures = mantissa.replace(/[-.]/g, '');
  if (exponent < 0) return withoutZeros(`${sign}0.${'0'.repeat(-exponent - 1)}${figures}`);
  const point = exponent + 1;
  return withoutZeros(`${sign}${figures.slice(0, point)}.${figures.slice(point)}`);
}

function withoutZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0*$/, '') : text;
}
