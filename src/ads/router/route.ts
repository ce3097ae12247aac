import { hostname } from 'node:os';
import { AdsError, AdsErrorCode } from '../ads-error.ts';
import { type AmsNetId, amsPort, localNetId } from '../ams.ts';
import { adsErrorText } from '../error-code.ts';
import { RouterService, RouterTag, type TaggedBytes } from './datagram.ts';
import { askRouter, type RouterOptions } from './exchange.ts';
import { netIdTag, taggedStatus, textTag } from './tags.ts';

/** A route that leads to us, and who may ask the target for it. */
export type Route = {
  /** This computer's name unless told. */
  readonly name?: string | undefined;
  /** Ours; made of our address as the target sees it unless told. */
  readonly netId?: AmsNetId | undefined;
  /** Host name or IP address of ours; our address as the target sees it unless told. */
  readonly address?: string | undefined;
  /** Travels in plain text; never part of a message or a log. */
  readonly user: string;
  /** Travels in plain text; never part of a message or a log. */
  readonly password: string;
};

/**
 * Adds a route to us on the router of a host. Rejects with AdsError `ads/route-refused` when the
 * router says no (0x704: wrong user or password), with `ads/router-silent` when it says nothing.
 */
export async function addRoute(
  host: string,
  route: Route,
  options: RouterOptions = {},
  signal?: AbortSignal,
): Promise<void> {
  await changeRoute(RouterService.addRoute, 'Add', host, route, options, signal);
}

/** Deletes the route of that name; rejects as `addRoute` does. */
export async function deleteRoute(
  host: string,
  route: Route,
  options: RouterOptions = {},
  signal?: AbortSignal,
): Promise<void> {
  await changeRoute(RouterService.deleteRoute, 'Delete', host, route, options, signal);
}

async function changeRoute(
  service: RouterService,
  verb: string,
  host: string,
  route: Route,
  options: RouterOptions,
  signal?: AbortSignal,
): Promise<void> {
  const name = route.name ?? hostname();
  const what = `${verb} route "${name}" on`;
  const compose = (localAddress: string) => {
    const netId = route.netId ?? localNetId(localAddress);
    return {
      sender: { netId, port: amsPort(0) },
      tags: routeTags(name, netId, localAddress, route),
    };
  };
  const question = { service, what, repeat: false, compose };
  const { tags } = await askRouter(host, question, options, signal);
  const status = taggedStatus(tags);
  if (status !== 0) throw refusal(`${what} ${host}`, status);
}

/** In the order in which every known client sends them. */
function routeTags(
  name: string,
  netId: AmsNetId,
  localAddress: string,
  { user, password, address = localAddress }: Route,
): TaggedBytes[] {
  return [
    textTag(RouterTag.routeName, name),
    netIdTag(netId),
    textTag(RouterTag.user, user),
    textTag(RouterTag.password, password),
    textTag(RouterTag.host, address),
  ];
}

function refusal(what: string, status: number | undefined): AdsError {
  if (status === undefined) {
    const text = `${what}: the answer tells no status, so whether it worked is unknown`;
    return new AdsError('ads/route-refused', AdsErrorCode.deviceError, text);
  }
  const advice =
    status === AdsErrorCode.invalidAccess
      ? ': user or password is wrong (of an account of the target that may administer it)'
      : '';
  return new AdsError(
    'ads/route-refused',
    status,
    `${what} refused: ${adsErrorText(status)}${advice}`,
  );
}
