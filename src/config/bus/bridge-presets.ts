/** Topics that a bridge carries, with `{id}` for the name of the device there. */
export interface PresetRule {
  readonly topics: readonly string[];
  readonly direction: 'in' | 'out' | 'both';
  readonly qos: 0 | 1;
  readonly local: string;
  readonly remote: string;
}

/** What is known of the MQTT endpoint of a cloud. */
export interface Preset {
  /** Bytes of a whole PUBLISH packet that it takes. */
  readonly maxPacket: number;
  readonly rules: readonly PresetRule[];
  /** The user that it expects, with `{host}` and `{id}`. */
  readonly user?: string;
}

const out = { direction: 'out', qos: 1 } as const;
const inward = { direction: 'in', qos: 1 } as const;

/**
 * The endpoints that mappers of thin-edge.io talk to, by the prefix that they use on the local
 * broker (facts/mqtt.md section 1.9).
 */
export const presets = {
  c8y: {
    maxPacket: 16_184,
    rules: [
      {
        ...out,
        ...{ local: 'c8y/', remote: '' },
        topics: [
          ...['s/us/#', 't/us/#', 'q/us/#', 'c/us/#', 's/uc/#', 't/uc/#', 'q/uc/#', 'c/uc/#'],
          ...['s/ut/#', 's/ucr', 's/uat', 'measurement/measurements/#', 'event/events/#'],
          ...['alarm/alarms/#', 'inventory/managedObjects/#'],
        ],
      },
      {
        ...inward,
        ...{ local: 'c8y/', remote: '' },
        topics: [
          ...['s/ds', 's/dc/#', 's/dt', 's/dat', 's/dcr', 's/e', 'error'],
          'devicecontrol/notifications',
        ],
      },
    ],
  },
  az: {
    maxPacket: 262_144,
    user: '{host}/{id}/?api-version=2018-06-30',
    rules: [
      { ...out, local: 'az/', remote: 'devices/{id}/', topics: ['messages/events/#'] },
      { ...inward, local: 'az/', remote: 'devices/{id}/', topics: ['messages/devicebound/#'] },
      { ...out, local: 'az/', remote: '$iothub/', topics: ['twin/GET/#', 'twin/PATCH/#'] },
      { ...inward, local: 'az/', remote: '$iothub/', topics: ['twin/res/#'] },
    ],
  },
  aws: {
    maxPacket: 131_072,
    rules: [
      { ...out, local: 'aws/', remote: 'thinedge/{id}/', topics: ['td/#'] },
      { ...inward, local: 'aws/', remote: 'thinedge/{id}/', topics: ['cmd/#'] },
      { ...out, local: 'aws/', remote: '$aws/things/{id}/', topics: ['shadow/#'] },
      { ...inward, local: 'aws/', remote: '$aws/things/{id}/', topics: ['shadow/#'] },
    ],
  },
} as const satisfies Record<string, Preset>;
