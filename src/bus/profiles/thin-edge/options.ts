import type { AlarmRules } from './alarms/condition.ts';
import type { EntityRules } from './entities.ts';
import type { MeasurementRules } from './measurements/policy.ts';

/** The thin-edge profile, as configured. Durations are seconds. */
export interface ThinEdgeOptions {
  readonly entities: EntityRules;
  readonly measurements: MeasurementRules;
  readonly alarms: AlarmRules;
  /** How long registrations may take to come back from the broker, and how long an agent needs then. */
  readonly acceptTimeout: number;
  readonly acceptDelay: number;
  readonly c8yHardware: boolean;
  /** PVs that are `m/runtime` of the IOC, as patterns, beside those of the IOC itself. */
  readonly runtime: readonly string[];
}
