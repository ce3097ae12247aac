import type { ThinEdgeOptions } from '../../../src/bus/index.ts';

type Measurements = ThinEdgeOptions['measurements'];

const usual: Measurements['defaults']['io'] = {
  enabled: true,
  period: 1,
  mode: 'onchange',
  heartbeat: 60,
  deadband: 'mdel',
  minInterval: 0.1,
  burst: 1,
  maxBytes: 4096,
  timeSource: 'ads',
  qos: 0,
};

/** As the configuration says unless told. */
export const usualMeasurements: Measurements = {
  defaults: {
    io: usual,
    diag: { ...usual, period: 10 },
    coe: { ...usual, period: 10, enabled: false },
    runtime: { ...usual, period: 10 },
  },
  groups: [],
  attributes: [],
  rate: 500,
  burst: 2000,
};

/** As the configuration says unless told. */
export const usualAlarms: ThinEdgeOptions['alarms'] = {
  enabled: true,
  records: true,
  severities: { minor: 'minor', major: 'major', invalid: 'critical' },
  onDelay: 0.5,
  offDelay: 1,
  minorRate: 1,
  majorRate: 10,
  quiet: 60,
  eventInterval: 60,
};
