import { z } from 'zod';
import type { Route } from '../ads/index.ts';
import { section } from './issue-text.ts';
import { word } from './scalars.ts';
import { password, secretOf } from './secret.ts';
import type { Surroundings } from './surroundings.ts';

/** The route to us that the controller is asked for. */
export const routeSection = section({
  name: word.exactOptional(),
  user: word.default('Administrator'),
  ...password,
  address: word.exactOptional(),
  port: z.int().min(1).max(65535).default(48899),
}).check(({ value, issues }) => {
  if ([value.password, value.passwordFile, value.passwordEnv].some((each) => each !== undefined)) {
    return;
  }
  const message = 'is missing; give it, or passwordFile, or passwordEnv';
  issues.push({ code: 'custom', path: ['password'], message, input: value });
});

/** A route, and the UDP port of the router that is asked for it. */
export type RouteRequest = Route & { readonly port: number };

/** The request with its secret read. `netId` is ours, `around` that of the plant. */
export function routeRequestOf(
  { name, user, address, port, ...secrets }: z.infer<typeof routeSection>,
  netId: Route['netId'],
  around: Surroundings,
): RouteRequest {
  const password = secretOf(secrets, 'password', ['route'], around) ?? '';
  return { name, netId, address, user, password, port };
}
