import { InvalidArgumentError } from 'commander';
import { type AmsNetId, amsNetId } from '../ads/index.ts';
import { messageOf } from '../kernel/index.ts';

/** Reads an option that is a whole number within bounds. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`must be a whole number from ${least} to ${most}.`);
  };
}

/** Reads an option that is an AMS NetId. */
export function netIdOption(text: string): AmsNetId {
  try {
    return amsNetId(text);
  } catch (error) {
    throw new InvalidArgumentError(messageOf(error));
  }
}

/** Reads what a start-up file does after an error. */
export function whatOnError(text: string): 'continue' | 'break' {
  if (text === 'continue' || text === 'break') return text;
  throw new InvalidArgumentError('must be continue or break.');
}
