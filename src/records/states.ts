/** The sixteen states of mbbi and mbbo, as their field names begin. */
export const statePrefixes = [
  'ZR',
  'ON',
  'TW',
  'TH',
  'FR',
  'FV',
  'SX',
  'SV',
  'EI',
  'NI',
  'TE',
  'EL',
  'TV',
  'TT',
  'FT',
  'FF',
] as const;

/** States of an enumerated record; never changed, so records with equal states share one. */
export interface States {
  readonly names: readonly string[];
  /** Raw values; all zero when states count from 0. */
  readonly values: readonly number[];
  /** ZSV, OSV or ZRSV … FFSV. */
  readonly severities: readonly number[];
  /** UNSV and COSV. */
  readonly unknownSeverity: number;
  readonly changeSeverity: number;
  /** Raw values count: some state has a value, or a name (SDEF). */
  readonly defined: boolean;
}

const shared = new Map<string, States>();

export type StatesDraft = Omit<States, 'defined'>;

export function withDefined(draft: StatesDraft): States {
  const { names, values, severities, unknownSeverity, changeSeverity } = draft;
  const defined = names.some((name) => name !== '') || values.some((value) => value !== 0);
  return { names, values, severities, unknownSeverity, changeSeverity, defined };
}

/** The one that records with equal states share. */
export function sharedStates(states: States): States {
  const key = JSON.stringify(states);
  const found = shared.get(key);
  if (found) return found;
  shared.set(key, states);
  return states;
}

export function blankStates(count: number): States {
  return withDefined({
    names: new Array<string>(count).fill(''),
    values: new Array<number>(count).fill(0),
    severities: new Array<number>(count).fill(0),
    unknownSeverity: 0,
    changeSeverity: 0,
  });
}

/** Index of the state with a raw value: 65535 when none has it (facts/ca.md section 11). */
export function stateOf(states: States, raw: number): number {
  if (!states.defined) return Math.min(raw, 0xffff);
  const state = states.values.indexOf(raw);
  return state < 0 ? 0xffff : state;
}

/**
 * Names that clients list: of bi and bo both when ONAM is set or neither is; of the others up to
 * the last that has a name.
 */
export function stateNames(states: States): readonly string[] {
  const { names } = states;
  if (names.length === 2) return names[1] === '' && names[0] !== '' ? names.slice(0, 1) : names;
  return names.slice(0, names.findLastIndex((name) => name !== '') + 1);
}
