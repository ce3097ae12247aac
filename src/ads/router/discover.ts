import type { AmsNetId } from '../ams.ts';
import { RouterService, RouterTag } from './datagram.ts';
import { askRouter, nobody, type RouterOptions } from './exchange.ts';
import {
  formatOsVersion,
  osVersion,
  type TwinCatVersion,
  taggedText,
  taggedValue,
  twinCatVersion,
} from './tags.ts';

/** What a router tells of itself; older systems leave parts out. */
export type RouterIdentity = {
  readonly netId: AmsNetId;
  readonly hostName: string | undefined;
  readonly twinCat: TwinCatVersion | undefined;
  /** Name and version of the operating system: `Windows 10.0.19044`. */
  readonly os: string | undefined;
  readonly fingerprint: string | undefined;
};

/**
 * Asks the AMS router of a host who it is (UDP 48899); needs no route and no credentials. Rejects
 * with `ads/router-silent` when no answer comes, or with the signal's reason.
 */
export async function discoverRouter(
  host: string,
  options: RouterOptions = {},
  signal?: AbortSignal,
): Promise<RouterIdentity> {
  const service = RouterService.discover;
  const compose = () => ({ sender: nobody, tags: [] });
  const question = { service, what: 'Discover the router of', repeat: true, compose };
  const { sender, tags } = await askRouter(host, question, options, signal);
  const os = taggedValue(tags, RouterTag.osVersion, osVersion);
  return {
    netId: sender.netId,
    hostName: taggedText(tags, RouterTag.host),
    twinCat: taggedValue(tags, RouterTag.twinCatVersion, twinCatVersion),
    os: os && formatOsVersion(os),
    fingerprint: taggedText(tags, RouterTag.fingerprint),
  };
}
