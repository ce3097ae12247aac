/** Values of OOPT. */
const Oopt = {
  always: 0,
  onChange: 1,
  whenZero: 2,
  whenNonZero: 3,
  toZero: 4,
  toNonZero: 5,
} as const;

/**
 * Whether OOPT lets a value go out, after the one before; `isFirst` of a fresh output. A change has
 * to be larger than `deadband`, or one to or from what is no number.
 */
export function isDue(
  oopt: number,
  value: number,
  before: number,
  isFirst: boolean,
  deadband = 0,
): boolean {
  switch (oopt) {
    case Oopt.onChange:
      return isFirst || !(Math.abs(before - value) <= deadband);
    case Oopt.whenZero:
      return value === 0;
    case Oopt.whenNonZero:
      return value !== 0;
    case Oopt.toZero:
      return value === 0 && before !== 0;
    case Oopt.toNonZero:
      return value !== 0 && before === 0;
    default:
      return oopt === Oopt.always;
  }
}
