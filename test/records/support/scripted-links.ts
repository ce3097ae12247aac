import type {
  FieldType,
  PutOutcome,
  PvValue,
  RemoteLinks,
  RemotePv,
  RemoteRequest,
} from '../../../src/records/index.ts';

/** A process variable elsewhere that a test plays. */
export class ScriptedPv implements RemotePv {
  isConnected = false;
  isReadable = true;
  isWritable = true;
  type: FieldType = 'DOUBLE';
  count = 1;
  value: PvValue | undefined;
  status = 0;
  severity = 0;
  seconds = 0;
  nanoseconds = 0;
  metadata: RemotePv['metadata'];
  isOpen = true;
  readonly puts: { readonly value: PvValue; readonly settle?: (outcome: PutOutcome) => void }[] =
    [];
  readonly #changed: () => void;

  constructor({ changed }: RemoteRequest) {
    this.#changed = changed;
  }

  /** An update comes, with a connection if there was none. */
  update(state: Partial<ScriptedPv>): void {
    Object.assign(this, { isConnected: true }, state);
    this.#changed();
  }

  put(value: PvValue, settle?: (outcome: PutOutcome) => void): void {
    this.puts.push({ value, ...(settle && { settle }) });
  }

  [Symbol.dispose](): void {
    this.isOpen = false;
  }
}

/** Other IOCs, as a test plays them. */
export class ScriptedLinks implements RemoteLinks {
  readonly pvs = new Map<string, ScriptedPv>();
  readonly requests: RemoteRequest[] = [];

  open(request: RemoteRequest): RemotePv {
    const pv = new ScriptedPv(request);
    this.requests.push(request);
    this.pvs.set(request.name, pv);
    return pv;
  }

  pv(name: string): ScriptedPv {
    const pv = this.pvs.get(name);
    if (!pv) throw new Error(`no link to ${name} was opened`);
    return pv;
  }
}
