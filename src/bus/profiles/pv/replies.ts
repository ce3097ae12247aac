import type { BusLink } from '../../link.ts';
import type { Received } from '../../message.ts';

/** Bytes of a topic for answers, at most. */
const LONGEST_TOPIC = 1024;

/**
 * Answers a message where its sender wants it: at its MQTT 5 response topic, else at `fallback`;
 * nowhere without one. Response topics below `own` are not used: nobody makes us speak for a PV.
 */
export function reply(
  link: BusLink,
  asked: Pick<Received, 'responseTopic' | 'correlation'>,
  payload: string,
  own: string,
  fallback?: string,
): void {
  const { responseTopic, correlation } = asked;
  if (responseTopic === undefined) {
    if (fallback !== undefined) link.publish({ topic: fallback, payload, delivery: 'event' });
    return;
  }
  if (!isAnswerable(responseTopic, own)) return;
  link.publish({
    ...{ topic: responseTopic, payload, delivery: 'event' },
    ...(correlation && { correlation }),
  });
}

function isAnswerable(topic: string, own: string): boolean {
  const isTopic = topic !== '' && topic.length <= LONGEST_TOPIC && !/[+#\0]/.test(topic);
  return isTopic && !topic.startsWith('$') && topic !== own && !topic.startsWith(`${own}/`);
}
