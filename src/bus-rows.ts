import { BusState, type MqttBusLink } from './bus/index.ts';
import { u8 } from './model/index.ts';
import { countRow, type StatusRow } from './pipeline/index.ts';

/** What the link to the MQTT broker tells, as PVs. */
export function busRows(link: MqttBusLink): readonly StatusRow[] {
  const { status, outbox, pump, hearing, journal } = link;
  const { drops } = outbox;
  return [
    {
      ...{ name: 'BusState', description: 'State of the link to the MQTT broker' },
      ...{ shape: { datatype: u8, labels: stateLabels }, fields: stateSeverities },
      read: () => status.state,
    },
    textRow('BusStatus', 'Why the broker does not hear us, or where', () => status.text),
    textRow('BusLastLoss', 'When and why the broker was lost last', () => status.lastLoss),
    countRow('BusConnections', 'Connections that the broker accepted', () => status.connections),
    countRow('BusAttempts', 'Attempts to connect with the broker', () => status.attempts),
    countRow('BusSent', 'Messages sent to the broker', () => pump.sent),
    countRow('BusReceived', 'Messages from the broker', () => hearing.received),
    countRow('BusUnclaimed', 'Messages that nobody here asked for', () => hearing.unclaimed),
    countRow('BusQueued', 'Messages that wait for the broker', () => outbox.messages),
    countRow('BusQueuedBytes', 'Memory of messages that wait', () => outbox.bytes),
    countRow('BusInFlight', 'Messages not yet acknowledged', () => pump.inFlight),
    countRow('BusReplaced', 'Messages that gave way to newer', () => drops.replaced),
    countRow('BusStale', 'Telemetry while the broker was away', () => drops.stale),
    countRow('BusFull', 'Messages dropped for want of room', () => drops.full),
    countRow('BusExpired', 'Messages that waited too long', () => drops.expired),
    countRow('BusTooLarge', 'Messages larger than allowed', () => drops.tooLarge),
    countRow('BusInvalid', 'Messages on topics that are none', () => drops.invalid),
    countRow('BusRefused', 'Messages that the broker refused', () => drops.refused),
    countRow('BusKept', 'Messages kept on the disk now', () => journal?.messages ?? 0),
    countRow('BusKeepErrors', 'Failed attempts to keep messages', () => journal?.failures ?? 0),
  ];
}

function textRow(name: string, description: string, read: () => string): StatusRow {
  return { name, description, shape: 'text', read };
}

const stateLabels = [
  { value: BusState.away, label: 'Away' },
  { value: BusState.connecting, label: 'Connecting' },
  { value: BusState.refused, label: 'Refused' },
  { value: BusState.connected, label: 'Connected' },
  { value: BusState.limited, label: 'Limited' },
];

/** In the order of the labels. */
const stateSeverities = { ZRSV: 'MAJOR', ONSV: 'MINOR', TWSV: 'MAJOR', FRSV: 'MINOR' };
