import { createPrivateKey, X509Certificate } from 'node:crypto';
import { messageOf } from '../kernel/index.ts';
import { textNamed } from './surroundings.ts';

/** Absolute paths of PEM files. */
export interface PemFiles {
  readonly ca: readonly string[];
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

/** What they hold. */
export interface PemTexts {
  readonly ca?: readonly string[] | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

/** Hears what is wrong with one of them. */
export type PemComplain = (about: keyof PemFiles, message: string) => void;

/**
 * The texts of the files, each of which must be what it is for, and the key that of the certificate.
 * Their contents are no part of any complaint.
 */
export function readPems(files: PemFiles, complain: PemComplain): PemTexts {
  const read = (about: keyof PemFiles, file: string | undefined) =>
    file === undefined ? undefined : pemOf(file, about, (message) => complain(about, message));
  const ca = files.ca.flatMap((file) => read('ca', file) ?? []);
  const cert = read('cert', files.cert);
  const key = read('key', files.key);
  if (files.cert === undefined && files.key !== undefined) {
    complain('key', 'is no use without the certificate; give cert as well');
  }
  if (files.key === undefined && files.cert !== undefined) {
    complain('cert', 'is no use without its private key; give key as well');
  }
  if (cert !== undefined && key !== undefined && !belongTogether(cert, key)) {
    complain('key', `${files.key} is not the key of the certificate ${files.cert}`);
  }
  return { ca: ca.length > 0 ? ca : undefined, cert, key };
}

function pemOf(
  file: string,
  about: keyof PemFiles,
  complain: (message: string) => void,
): string | undefined {
  const text = textNamed(file, complain);
  if (text === undefined) return undefined;
  const what = about === 'key' ? 'private key' : 'certificate';
  if (!text.includes('-----BEGIN ')) {
    complain(`${file} is no ${what} in PEM form (openssl makes one of other forms)`);
    return undefined;
  }
  if (about === 'key' && text.includes('ENCRYPTED')) {
    complain(`${file} is encrypted; give a key without passphrase that only we may read`);
    return undefined;
  }
  try {
    if (about === 'key') createPrivateKey(text);
    else new X509Certificate(text);
    return text;
  } catch (cause) {
    complain(`${file} is no ${what} (${messageOf(cause)})`);
    return undefined;
  }
}

function belongTogether(cert: string, key: string): boolean {
  return new X509Certificate(cert).checkPrivateKey(createPrivateKey(key));
}
