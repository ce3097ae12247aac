/**
 * What becomes of a setpoint when the plant returns: `read` adopts the plant's value, `write` writes
 * the IOC's, `ignore` keeps the IOC's and writes nothing. Where the IOC has no value of its own (at
 * the first session, unless autosave brought one back) every setpoint adopts.
 */
export type SetpointPolicy = 'read' | 'write' | 'ignore';

/** A policy for the PVs whose name matches; `*` stands for any characters. The first match counts. */
export interface SetpointRule {
  readonly pv: string;
  readonly policy: SetpointPolicy;
}

/** The policy of a PV by the rules; `read` where none matches. */
export function policyOf(rules: readonly SetpointRule[], name: string): SetpointPolicy {
  return rules.find(({ pv }) => globMatches(pv, name))?.policy ?? 'read';
}

function globMatches(glob: string, name: string): boolean {
  const parts = glob.split('*').map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(name);
}
