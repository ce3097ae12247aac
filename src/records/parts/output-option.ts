/** Values of OOPT. */
export const OutputOption = {
  everyTime: 0,
  onChange: 1,
  whenZero: 2,
  whenNonZero: 3,
  toZero: 4,
  toNonZero: 5,
} as const;

/** Whether a value goes out by OOPT, after the one before; MDEL is how far a change must go. */
export function isOutputDue(option: number, before: number, now: number, mdel: number): boolean {
  switch (option) {
    case OutputOption.everyTime:
      return true;
    case OutputOption.onChange:
      // Also of what is not a number, or was none.
      return !(Math.abs(before - now) <= mdel);
    case OutputOption.whenZero:
      return now === 0;
    case OutputOption.whenNonZero:
      return now !== 0;
    case OutputOption.toZero:
      return before !== 0 && now === 0;
    case OutputOption.toNonZero:
      return before === 0 && now !== 0;
    default:
      return false;
  }
}
