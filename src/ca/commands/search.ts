import { CommandId, NONE, payloadTextEnd } from '../header.ts';
import type { Command } from './command.ts';

/** First minor version that searches over TCP: name servers. */
const TCP_SEARCH_MINOR = 12;
/** The client wants to hear also that the name is unknown. */
export const REPLY_IF_MISSING = 10;

/** The client asks over TCP whether this server has a name, as it asks a name server. */
export const search: Command = {
  id: CommandId.search,
  name: 'SEARCH',
  answer({ output, world, minor }, request) {
    const { type, count, p1, p2 } = request;
    world.tally.searches++;
    if (minor < TCP_SEARCH_MINOR || request.size <= 1) return undefined;
    const { bytes, payloadAt } = request;
    if (world.directory.hasBytes(bytes, payloadAt, payloadTextEnd(request))) {
      world.tally.found++;
      output.message(CommandId.search, 0, world.tcpPort, 0, NONE, p2);
    } else if (type === REPLY_IF_MISSING) {
      output.message(CommandId.notFound, 0, type, count, p1, p2);
    }
    return undefined;
  },
};
