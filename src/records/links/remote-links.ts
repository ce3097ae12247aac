import type { FieldType } from '../field-type.ts';
import type { Metadata } from '../metadata.ts';
import type { PutOutcome, PvValue } from '../put.ts';

/** Process variables of other IOCs, for links; what `ca/client` gives and `ioc.ts` plugs in. */
export interface RemoteLinks {
  /** Begins to search a name, and keeps its newest value until disposed of. */
  open(request: RemoteRequest): RemotePv;
}

/** What a link wants to know of a name elsewhere. */
export interface RemoteRequest {
  /** `RECORD`, `RECORD.FIELD`, with the modifiers of Channel Access. */
  readonly name: string;
  /** An output needs no monitor. */
  readonly isMonitored: boolean;
  /** Called after each update, and when the connection comes or goes. Never from within `open`. */
  readonly changed: () => void;
}

/** A process variable elsewhere, as last heard of. */
export interface RemotePv extends Disposable {
  readonly isConnected: boolean;
  readonly isReadable: boolean;
  readonly isWritable: boolean;
  /** Native type and most elements; those of before while it is not connected. */
  readonly type: FieldType;
  readonly count: number;
  /** The newest value in the native type; undefined until the first came. */
  readonly value: PvValue | undefined;
  readonly status: number;
  readonly severity: number;
  /** EPICS time. */
  readonly seconds: number;
  readonly nanoseconds: number;
  /** Units, limits and state names, when they were heard of. */
  readonly metadata: Metadata | undefined;
  /** Writes; with `settle` as a put with completion, which is called once whatever happens. */
  put(value: PvValue, settle?: (outcome: PutOutcome) => void): void;
}
