import type { Observable } from 'rxjs';
import type { LineRing } from '../../kernel/index.ts';
import type { BusLink, Connected, Receiver } from '../link.ts';
import type { Publication } from '../message.ts';

/** `te/device/x///e/al_state`, `…/a/link_lost`: not what tells of them. */
const NEWS = /^[^/]+((?:\/[^/]*){4})\/([ea])\/([^/]*)$/;

/** A link that notes events and alarms as lines, whether the broker hears of them or not. */
export class RecordedLink implements BusLink {
  readonly #link: BusLink;
  readonly #lines: LineRing;
  readonly #now: () => number;

  constructor(link: BusLink, lines: LineRing, now: () => number) {
    this.#link = link;
    this.#lines = lines;
    this.#now = now;
  }

  get clientId(): string {
    return this.#link.clientId;
  }

  get mqttVersion(): '3.1.1' | '5' {
    return this.#link.mqttVersion;
  }

  get isConnected(): boolean {
    return this.#link.isConnected;
  }

  get connected$(): Observable<Connected> {
    return this.#link.connected$;
  }

  publish(message: Publication): void {
    this.#link.publish(message);
    const [, entity, channel, type] = NEWS.exec(message.topic) ?? [];
    if (entity === undefined) return;
    const time = new Date(this.#now()).toISOString();
    const said = message.payload.length === 0 ? 'cleared' : textOf(message.payload);
    this.#lines.write(
      `${time} ${entity.slice(1)} ${channel === 'e' ? 'event' : 'alarm'} ${type} ${said}`,
    );
  }

  subscribe(filter: string, receive: Receiver, qos?: 0 | 1): Disposable {
    return this.#link.subscribe(filter, receive, qos);
  }

  flushed(signal?: AbortSignal): Promise<void> {
    return this.#link.flushed(signal);
  }
}

function textOf(payload: string | Uint8Array): string {
  return typeof payload === 'string' ? payload : new TextDecoder().decode(payload);
}
