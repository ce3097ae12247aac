import type { AdsClient } from '../ads/index.ts';
import type { Log } from '../kernel/index.ts';
import type { Region } from '../twincat/index.ts';
import type { PlantMemory } from './plant-memory.ts';

/** What every pipeline of a session works with; it ends with the session. */
export interface Link {
  readonly client: AdsClient;
  readonly memory: PlantMemory;
  readonly log: Log;
  /** Fires when the session ends. */
  readonly signal: AbortSignal;
  /** Whether what was asked for means nothing any more, so that no answer counts. */
  readonly isVoid?: () => boolean;
  /** Hears what each read brought, undefined for a refusal. The bytes are the hearer's. */
  readonly onRead?: (region: Region, bytes: Uint8Array | undefined) => void;
}
