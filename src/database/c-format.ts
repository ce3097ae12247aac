/** A number as C's `%.<digits>g` prints it: 14 digits for doubles, 7 for floats in save files. */
export function formatG(value: number, digits: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const shortest = String(value);
  // What has few enough digits as it is is the nearest of that many digits, too.
  if (shortest.length <= digits && Math.abs(value) >= 1e-4) return shortest;
  const [mantissa = '', power = '0'] = rounded(value, digits).split('e');
  const exponent = Number(power);
  if (exponent < -4 || exponent >= digits) {
    const size = String(Math.abs(exponent)).padStart(2, '0');
    return `${withoutZeros(mantissa)}e${exponent < 0 ? '-' : '+'}${size}`;
  }
  return withoutZeros(shifted(mantissa, exponent));
}

/** With an exponent; exact halves go to the even digit, where JavaScript takes the larger. */
function rounded(value: number, digits: number): string {
  const text = value.toExponential(digits - 1);
  const longer = value.toExponential(Math.min(digits + 60, 100));
  const [kept = '', tail = ''] = [
    longer.slice(0, lengthOf(longer, digits)),
    tailOf(longer, digits),
  ];
  const isHalf = /^50*$/.test(tail);
  if (!isHalf || Number(kept.at(-1)) % 2 !== 0) return text;
  return kept + longer.slice(longer.indexOf('e'));
}

/** Characters up to and with the last of `digits` significant digits. */
function lengthOf(text: string, digits: number): number {
  return (text.startsWith('-') ? 1 : 0) + (digits === 1 ? 1 : digits + 1);
}

function tailOf(text: string, digits: number): string {
  return text.slice(lengthOf(text, digits), text.indexOf('e')).replace('.', '');
}

/** A mantissa with its point moved. */
function shifted(mantissa: string, exponent: number): string {
  const sign = mantissa.startsWith('-') ? '-' : '';
  const digits = mantissa.replace(/[-.]/g, '');
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1);
  const fraction = digits.slice(exponent + 1);
  return fraction === '' ? sign + whole : `${sign}${whole}.${fraction}`;
}

function withoutZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
