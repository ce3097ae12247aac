import { type NamingRule, namedPvs } from './pv/index.ts';
import { buildTree, type Definitions, type PlantFacts, type TreeOptions } from './twincat/index.ts';

/** What other terminal definitions would make of a plant that was found. */
export interface TerminalTrial {
  /** What could not be served any more. */
  readonly problems: readonly string[];
  /** PVs that would come, and those that would go. */
  readonly come: readonly string[];
  readonly gone: readonly string[];
}

/** What a plant is made into PVs with. */
export interface TrialGround {
  readonly facts: PlantFacts;
  readonly naming: NamingRule;
  readonly tree: TreeOptions | undefined;
  readonly definitions: Definitions;
}

/** Makes a plant anew with other definitions, aside, and compares. Throws when two PVs have one name. */
export function triedDefinitions(
  { facts, naming, tree, definitions }: TrialGround,
  others: Definitions,
): TerminalTrial {
  const made = (each: Definitions) => {
    const { tree: controllers, problems } = buildTree(facts, each, tree);
    return { problems, names: new Set([...namedPvs(naming, controllers)].map(([name]) => name)) };
  };
  const [before, after] = [made(definitions), made(others)];
  return {
    problems: after.problems.filter((problem) => !before.problems.includes(problem)),
    come: [...after.names].filter((name) => !before.names.has(name)),
    gone: [...before.names].filter((name) => !after.names.has(name)),
  };
}
