import { z } from 'zod';
import { word } from './scalars.ts';
import { type Surroundings, textNamed } from './surroundings.ts';

/** A text that no message shows, whatever is wrong with it. */
export const secret = z
  .custom<string>(
    (value) => typeof value === 'string' && value !== '',
    'must be a text (quotes make one of a number), and not empty',
  )
  .meta({ type: 'string', minLength: 1 });

const variableName = z
  .string()
  .regex(/^[A-Za-z_]\w*$/, 'must be the name of a variable of the environment');

/** A password as such, or where it is found: in a file, in a variable of the environment. */
export const password = {
  password: secret.exactOptional(),
  passwordFile: word.exactOptional(),
  passwordEnv: variableName.exactOptional(),
} as const;

/** The same for a key. */
export const key = {
  key: secret.exactOptional(),
  keyFile: word.exactOptional(),
  keyEnv: variableName.exactOptional(),
} as const;

/** The same for a token. */
export const token = {
  token: secret.exactOptional(),
  tokenFile: word.exactOptional(),
  tokenEnv: variableName.exactOptional(),
} as const;

/** What is wrong with a text that `isPskKey` refuses. */
export const PSK_KEY = 'has a key that is none; give 16 or more hex digits, two for each byte';

export function isPskKey(text: string): boolean {
  return /^([0-9a-f]{2}){8,}$/i.test(text);
}

type Name = 'password' | 'key' | 'token';

type Keys = Partial<Record<Name | `${Name}File` | `${Name}Env`, string>>;

/**
 * The secret that a section gives in one of its three ways; undefined when it gives none, or a
 * mistake, of which there is a complaint. The line end of a file is no part of it.
 */
export function secretOf(
  given: Keys,
  name: Name,
  path: readonly PropertyKey[],
  around: Surroundings,
): string | undefined {
  const ways = [name, `${name}File`, `${name}Env`] as const;
  const [way, other] = ways.filter((each) => given[each] !== undefined);
  if (way === undefined) return undefined;
  const complain = (message: string) => around.complain([...path, way], message);
  if (other !== undefined) complain(`is given beside ${other}; keep one of them`);
  const value = given[way] ?? '';
  if (way === `${name}Env`) return variable(value, around, complain);
  if (way === `${name}File`) return contents(around.near(value), complain);
  return value;
}

function variable(
  name: string,
  { env }: Surroundings,
  complain: (message: string) => void,
): string | undefined {
  if (env[name]) return env[name];
  complain(`the environment has no ${name}, or an empty one; set it`);
  return undefined;
}

function contents(file: string, complain: (message: string) => void): string | undefined {
  const text = textNamed(file, complain)?.replace(/\r?\n$/, '');
  if (text === '') complain(`${file} is empty; put the secret in it`);
  return text || undefined;
}
