import type { BusLink } from '../../../link.ts';
import type { Entity } from '../entity.ts';

/** What happens to the plant (facts/mqtt.md section 2.3). */
export type EventType =
  | 'al_state'
  | 'link'
  | 'crc_growth'
  | 'frame_loss'
  | 'ads_link'
  | 'topology_changed';

/** What an event says: words for people, and facts for programs. */
export type EventFacts = { readonly text: string; readonly time: string } & Readonly<
  Record<string, string | number | boolean>
>;

/** Tells of an event; each leaves once, in order, and is not retained. */
export type TellEvent = (entity: Entity, type: EventType, facts: EventFacts) => void;

/** Events on the bus. */
export function eventTeller(link: Pick<BusLink, 'publish'>): TellEvent {
  return ({ topic }, type, facts) => {
    const payload = JSON.stringify(facts);
    link.publish({ topic: `${topic}/e/${type}`, payload, delivery: 'event', isDurable: true });
  };
}
