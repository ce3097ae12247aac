import { pbkdf2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify(pbkdf2);

/** Whether what a client says is the password; `secret` is it, or its hash. */
export async function isPassword(secret: string, said: Uint8Array): Promise<boolean> {
  const [iterations, salt, hash] = partsOf(secret);
  if (salt === undefined || hash === undefined) return areEqual(Buffer.from(secret), said);
  return areEqual(hash, await derive(said, salt, iterations, hash.length, 'sha512'));
}

/** `$7$101$salt$hash`, both Base64: PBKDF2 with SHA-512, as mosquitto_passwd 2 writes it. */
function partsOf(secret: string): [iterations: number, salt?: Buffer, hash?: Buffer] {
  const [, iterations, salt, hash] = /^\$7\$(\d{1,7})\$([\w+/=]+)\$([\w+/=]+)$/.exec(secret) ?? [];
  if (salt === undefined || hash === undefined) return [0];
  return [Number(iterations), Buffer.from(salt, 'base64'), Buffer.from(hash, 'base64')];
}

function areEqual(wanted: Uint8Array, said: Uint8Array): boolean {
  // Its length is no secret worth a hash of both.
  return wanted.length === said.length && timingSafeEqual(wanted, said);
}
