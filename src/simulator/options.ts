import type { MqttConfig } from '../ads/index.ts';
import type { Clock, Log } from '../kernel/index.ts';
import type { Credentials } from './routes.ts';

/** How a plant is simulated. */
export interface SimulatorOptions {
  /** Address to listen on; 127.0.0.1 unless told otherwise. */
  readonly host?: string;
  /** TCP port, 0 for any that is free; 48898 unless told otherwise. */
  readonly port?: number;
  /** UDP port for discovery and routes, 0 for any that is free; none unless told otherwise. */
  readonly routerPort?: number;
  /** A virtual AMS network to join as a peer, beside TCP; none unless told otherwise. */
  readonly mqtt?: MqttConfig;
  /** Period of the plant's task, 10 ms unless told otherwise. */
  readonly cycleMs?: number;
  /** Cyclic frames of each EtherCAT master, 1 unless told otherwise. */
  readonly framesPerMaster?: number;
  /** Of the noise on analogue inputs. */
  readonly seed?: number;
  /** Most notifications per AMS port before 0x716. */
  readonly notificationLimit?: number;
  /** A NetId without route gets no answer; off unless told otherwise. */
  readonly routesRequired?: boolean;
  /** Who may add routes; Administrator with password 1 unless told otherwise. */
  readonly credentials?: Credentials;
  /** The newest connection of an IP address ends the older ones, as in TwinCAT; off unless told. */
  readonly oneConnectionPerPeer?: boolean;
  readonly clock?: Clock;
  readonly log: Log;
}
