import { checkTime } from './measurement.ts';

/** An alarm as mappers understand it without guessing, or an error that says why not. */
export function parsedAlarm(payload: string): Record<string, unknown> {
  const alarm = parsedObject(payload);
  const { severity, text, time } = alarm;
  if (!severities.has(severity)) throw new Error(`no severity: ${JSON.stringify(severity)}`);
  if (typeof text !== 'string' || text === '')
    throw new Error(`an alarm without words: ${payload}`);
  checkTime(time);
  if ('type' in alarm) throw new Error(`type would replace that of the topic: ${payload}`);
  return alarm;
}

/** An event. */
export function parsedEvent(payload: string): Record<string, unknown> {
  const event = parsedObject(payload);
  if (typeof event['text'] !== 'string') throw new Error(`an event without words: ${payload}`);
  checkTime(event['time']);
  return event;
}

export function parsedObject(payload: string): Record<string, unknown> {
  const value: unknown = JSON.parse(payload);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error(`no object: ${payload}`);
  }
  return value as Record<string, unknown>;
}

const severities = new Set<unknown>(['critical', 'major', 'minor', 'warning']);
