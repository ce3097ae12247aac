/** State of the EtherCAT state machine: low nibble of a slave's state byte, and a master's state. */
export const EtherCatState = { init: 1, preOp: 2, boot: 3, safeOp: 4, op: 8 } as const;
export type EtherCatState = (typeof EtherCatState)[keyof typeof EtherCatState];

/** What the high nibble of a slave's state byte says (facts/ads.md section 6). */
export const StateFault = {
  error: 0x10,
  /** Vendor, product, revision or serial number is not what the configuration says. */
  identityMismatch: 0x20,
  initCommandError: 0x40,
  disabled: 0x80,
} as const;
export type StateFault = (typeof StateFault)[keyof typeof StateFault];

/** What the low nibble of a slave's link byte says; 0 is good. */
export const LinkFault = {
  notPresent: 0x01,
  noCommunication: 0x02,
  missingLink: 0x04,
  additionalLink: 0x08,
} as const;
export type LinkFault = (typeof LinkFault)[keyof typeof LinkFault];

/** The port that a link fault concerns: high nibble of a slave's link byte. */
export const LinkPort = { a: 0x10, b: 0x20, c: 0x40, d: 0x80 } as const;
export type LinkPort = (typeof LinkPort)[keyof typeof LinkPort];

/** Operational, no fault, no link problem. */
export function isHealthy({ state, link }: { readonly state: number; readonly link: number }) {
  return state === EtherCatState.op && link === 0;
}

/** The state proper of a state byte; undefined when it is none that EtherCAT knows. */
export function etherCatStateOf(byte: number): EtherCatState | undefined {
  const state = byte & 0x0f;
  // CATio's simulator says 0 for INIT where Beckhoff says 1.
  if (state === 0) return EtherCatState.init;
  return Object.values(EtherCatState).find((known) => known === state);
}

/** `OP`, or `SAFEOP, error, identity mismatch`. */
export function stateText(byte: number): string {
  const state = etherCatStateOf(byte);
  const name = state === undefined ? `unknown state ${byte & 0x0f}` : stateNames[state];
  return [name, ...stateFaults.filter(([bit]) => byte & bit).map(([, words]) => words)].join(', ');
}

/** `good`, or `missing link, port B`. */
export function linkText(byte: number): string {
  if (byte === 0) return 'good';
  return [...linkFaults, ...linkPorts]
    .filter(([bit]) => byte & bit)
    .map(([, words]) => words)
    .join(', ');
}

const stateNames: Readonly<Record<EtherCatState, string>> = {
  [EtherCatState.init]: 'INIT',
  [EtherCatState.preOp]: 'PREOP',
  [EtherCatState.boot]: 'BOOT',
  [EtherCatState.safeOp]: 'SAFEOP',
  [EtherCatState.op]: 'OP',
};

const stateFaults = [
  [StateFault.error, 'error'],
  [StateFault.identityMismatch, 'identity mismatch'],
  [StateFault.initCommandError, 'init command error'],
  [StateFault.disabled, 'disabled'],
] as const;

const linkFaults = [
  [LinkFault.notPresent, 'not present'],
  [LinkFault.noCommunication, 'link without communication'],
  [LinkFault.missingLink, 'missing link'],
  [LinkFault.additionalLink, 'additional link'],
] as const;

const linkPorts = [
  [LinkPort.a, 'port A'],
  [LinkPort.b, 'port B'],
  [LinkPort.c, 'port C'],
  [LinkPort.d, 'port D'],
] as const;
