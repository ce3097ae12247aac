import { formatGeneral } from '../../kernel/index.ts';

/**
 * A number as databases hold it and dbpr shows it: whole ones plain, others with the digits that
 * count, of 15 in a double and 7 in a float.
 */
export function stored(value: number, digits: 7 | 15): string {
  if (!Number.isFinite(value)) return formatGeneral(value, digits);
  if (Number.isInteger(value) && Math.abs(value) < 2 ** 31) return String(value + 0);
  const short = Number(value.toPrecision(digits));
  const size = Math.trunc(Math.log10(Math.abs(short)));
  if (size <= 6 && size >= -2) return String(short);
  const [mantissa = '', exponent = '+0'] = short.toExponential().split('e');
  const power = `${exponent.slice(0, 1)}${exponent.slice(1).padStart(2, '0')}`;
  return `${mantissa.includes('.') ? mantissa : `${mantissa}.0`}e${power}`;
}
