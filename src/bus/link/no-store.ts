import { Readable } from 'node:stream';
import type { IStore } from 'mqtt';

/** Keeps nothing: what is not acknowledged is kept in our own window. */
export class NoStore implements IStore {
  put(_packet: unknown, done: (error?: Error) => void): this {
    done();
    return this;
  }

  createStream(): ReturnType<IStore['createStream']> {
    return Readable.from([]) as unknown as ReturnType<IStore['createStream']>;
  }

  del(_packet: unknown, done: (error?: Error) => void): this {
    done();
    return this;
  }

  get(_packet: unknown, done: (error?: Error) => void): this {
    done(new Error('nothing is kept here'));
    return this;
  }

  close(done: (error?: Error) => void): void {
    done();
  }
}
