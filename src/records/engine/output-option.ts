/** Values of OOPT. */
const Oopt = {
  always: 0,
  onChange: 1,
  whenZero: 2,
  whenNonZero: 3,
  toZero: 4,
  toNonZero: 5,
} as const;

/** Whether OOPT lets a value go out, after the one before; `isFirst` of a fresh output. */
export function isDue(oopt: number, value: number, before: number, isFirst: boolean): boolean {
  switch (oopt) {
    case Oopt.onChange:
      return isFirst || value !== before;
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
