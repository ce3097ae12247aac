import { pbkdf2Sync } from 'node:crypto';

/** A line of a password file, as mosquitto_passwd writes it. */
export function passwordLine(user: string, password: string): string {
  const salt = Buffer.from('0123456789ab');
  const hash = pbkdf2Sync(password, salt, 101, 64, 'sha512');
  return `${user}:$7$101$${salt.toString('base64')}$${hash.toString('base64')}\n`;
}
