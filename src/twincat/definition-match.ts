import type { TerminalDefinition } from '../model/index.ts';
import type { SlaveFacts } from './facts.ts';

export type Definitions = ReadonlyMap<string, TerminalDefinition>;

/**
 * What is known of a slave: the definition of its type; else one with its vendor, product and
 * revision; else one with its vendor and product, for revisions differ in firmware mostly.
 */
export function definitionOf(
  { type, identity }: SlaveFacts,
  definitions: Definitions,
): TerminalDefinition | undefined {
  const named = definitions.get(type);
  if (named) return named;
  const kin = [...definitions.values()].filter(
    (each) =>
      each.identity.vendor === identity.vendor && each.identity.product === identity.product,
  );
  return kin.find((each) => each.identity.revision === identity.revision) ?? kin[0];
}
