/** Topics that a bridge carries, and where to. */
export interface BridgeRule {
  /** Filters behind the prefixes: `#` of everything that has one. */
  readonly topics: readonly string[];
  /** As seen from here: out to the other broker, in from it. */
  readonly direction: 'in' | 'out' | 'both';
  readonly qos: 0 | 1;
  /** What topics begin with here, and there. */
  readonly local: string;
  readonly remote: string;
}

/** Topics of one side, and what becomes of them on the other. */
export interface Way {
  readonly filter: string;
  readonly qos: 0 | 1;
  /** What is cut off, and what is put before. */
  readonly from: string;
  readonly to: string;
}

/** What a bridge carries. */
export interface BridgeOptions {
  readonly name: string;
  readonly rules: readonly BridgeRule[];
  /** Bytes of a whole PUBLISH packet on its way out; what is longer is dropped, and counted. */
  readonly maxPacket?: number | undefined;
  /** Whether the brokers know bridges: then they give back nothing of what a bridge brought. */
  readonly isPrivate: { readonly local: boolean; readonly remote: boolean };
}

/** What a bridge counts since it started. */
export interface BridgeCounters {
  in: number;
  out: number;
  tooLarge: number;
  /** Came back from where they had been carried to, and stayed here. */
  echoes: number;
}
