import type { Received } from '../message.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Payload of one message, as text and as JSON: each read once, however many records look at it. */
export class Payload {
  readonly message: Received;
  #text: string | undefined | null = null;
  #json: { readonly document: unknown } | undefined | null = null;

  constructor(message: Received) {
    this.message = message;
  }

  get bytes(): Uint8Array {
    return this.message.payload;
  }

  /** Undefined when it is not UTF-8. */
  get text(): string | undefined {
    if (this.#text === null) this.#text = decoded(this.message.payload);
    return this.#text;
  }

  /** The document in it; undefined when it is no JSON. */
  get json(): { readonly document: unknown } | undefined {
    if (this.#json === null) this.#json = parsed(this.text);
    return this.#json;
  }
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

function parsed(text: string | undefined): { readonly document: unknown } | undefined {
  if (text === undefined) return undefined;
  try {
    return { document: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
