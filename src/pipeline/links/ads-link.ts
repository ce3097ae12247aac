import type { AmsPort } from '../../ads/index.ts';
import type { Datatype } from '../../model/index.ts';
import type { NotificationPlan } from '../notification-plan.ts';
import type { SetpointPolicy } from '../setpoint-policy.ts';

/** What of a plant a record is about. */
export type AdsItem =
  /** A symbol by its name: of a PLC, or of any other server that has symbols. */
  | { readonly kind: 'symbol'; readonly name: string }
  /** An index group and offset, as they are. */
  | { readonly kind: 'raw'; readonly group: number; readonly offset: number }
  /** An object of a slave, which is told by its name in TwinCAT or its station address. */
  | {
      readonly kind: 'coe';
      readonly slave: string | number;
      readonly index: number;
      readonly subindex: number;
    }
  /** The ADS state of the server at the port. */
  | { readonly kind: 'state' };

/** What `INP "@…"` or `OUT "@…"` of a record with DTYP ADS says. */
export interface AdsLink {
  /** Name of the plant. */
  readonly server: string;
  readonly item: AdsItem;
  /** AMS port of the server; that of the first PLC unless told. */
  readonly port: AmsPort;
  /** What it holds, where the plant does not tell, or is not to be believed. */
  readonly datatype?: Datatype;
  /** How it is notified, where that is not as for all. */
  readonly notification: Partial<Pick<NotificationPlan, 'mode' | 'cycle' | 'maxDelay'>>;
  /** Read every so many seconds, or whenever the record processes, instead of notified. */
  readonly poll?: number | 'scan';
  /** Whose time the record has. */
  readonly timeBase: 'plant' | 'ioc';
  /** What becomes of an output when the plant comes; as the configuration says unless told. */
  readonly restore?: SetpointPolicy;
  /** Said for the sake of readers: `R` or `W`. */
  readonly direction?: 'input' | 'output';
}
