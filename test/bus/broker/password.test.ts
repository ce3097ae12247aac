import { describe, expect, it } from 'vitest';
import { isPassword } from '../../../src/bus/broker/password.ts';

// mosquitto_passwd 2.0.11 -b file ioc "s3cret pässword"
const HASH =
  '$7$101$M0Eoc/pgFhzRb8OQ$bBtYVQjMP7oQXFiZxGqb91Me1o23aB3A4ggdAxKDqTbm4p9OqBYntksN63IXhLJcqk138kEcq2kKwb5ygjtHrA==';
const said = (text: string) => Buffer.from(text);

describe('a password of the embedded broker', () => {
  it('is what is configured', async () => {
    expect(await isPassword('s3cret', said('s3cret'))).toBe(true);
    expect(await isPassword('s3cret', said('s3cret '))).toBe(false);
    expect(await isPassword('s3cret', said(''))).toBe(false);
  });

  it('is known by the hash that mosquitto_passwd makes of it', async () => {
    expect(await isPassword(HASH, said('s3cret pässword'))).toBe(true);
    expect(await isPassword(HASH, said('s3cret password'))).toBe(false);
    expect(await isPassword(HASH, said(HASH))).toBe(false);
  });
});
