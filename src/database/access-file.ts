import type { Position } from './database.ts';

/** What an access security file (`.acf`) says, as it says it; who may what is decided elsewhere. */
export interface AccessFile {
  /** UAG: users by name. */
  readonly userGroups: readonly AccessMembers[];
  /** HAG: hosts by name, as written. */
  readonly hostGroups: readonly AccessMembers[];
  /** Certificate authorities that rules name, those under another with the chain above them. */
  readonly authorities: readonly AccessAuthority[];
  /** ASG, each name once; DEFAULT only if the file has it. */
  readonly groups: readonly AccessGroup[];
  /** What stands at top level and is not known; whoever evaluates warns of it. */
  readonly unknown: readonly AccessUnknown[];
}

/** A user or host access group. A group may be declared without members. */
export interface AccessMembers {
  readonly name: string;
  readonly members: readonly string[];
  readonly at: Position;
}

/** AUTHORITY(id,"common name"): one authority of a chain. */
export interface AccessAuthority {
  /** What rules call it; an authority without one only stands above others. */
  readonly name: string | undefined;
  /** Common names from the root to this one. */
  readonly chain: readonly string[];
  readonly at: Position;
}

/** ASG: rules are tried in order. */
export interface AccessGroup {
  readonly name: string;
  readonly inputs: readonly AccessInput[];
  readonly rules: readonly AccessRule[];
  /** What stands in the group and is not known: it must not widen anybody's rights. */
  readonly unknown: readonly AccessUnknown[];
  readonly at: Position;
}

/** INPA("pv") … INPU("pv"). */
export interface AccessInput {
  /** `A` … `U`, as CALC conditions name it. */
  readonly letter: string;
  readonly pv: string;
  readonly at: Position;
}

export type AccessRight = 'NONE' | 'READ' | 'WRITE' | 'RPC';

/** RULE: grants its right to a client when every condition holds. */
export interface AccessRule {
  /** Covers fields of this access security level and below. */
  readonly level: number;
  readonly right: AccessRight;
  /** Puts under this rule are reported to the put log. */
  readonly trapWrite: boolean;
  readonly conditions: readonly AccessCondition[];
  readonly at: Position;
}

/** A condition of a rule. Names of one condition are alternatives; an unknown one never holds. */
export type AccessCondition =
  | {
      readonly kind: 'uag' | 'hag' | 'method' | 'authority' | 'protocol';
      readonly names: readonly string[];
      readonly at: Position;
    }
  | { readonly kind: 'calc'; readonly expression: string; readonly at: Position }
  | ({ readonly kind: 'unknown' } & AccessUnknown);

/** Something that this reader does not know: its keyword, for a warning. */
export interface AccessUnknown {
  readonly keyword: string;
  readonly at: Position;
}
