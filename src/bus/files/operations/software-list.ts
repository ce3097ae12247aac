import type { JsonObject } from '../../commands/json.ts';
import type { Operation } from '../../commands/operation.ts';

/** A piece of software by its kind: `ioc`, `runtime`, `library`, `twincat`. */
export interface SoftwareModule {
  readonly type: string;
  readonly name: string;
  readonly version: string;
}

/** `software_list` of thin-edge: what the IOC consists of. */
export function softwareList(modules: () => readonly SoftwareModule[]): Operation {
  return {
    name: 'software_list',
    guard: 'read',
    capability({ kind }) {
      return kind === 'ioc' ? { types: typesOf(modules()) } : undefined;
    },
    async run(): Promise<JsonObject> {
      const all = modules();
      const currentSoftwareList = typesOf(all).map((type) => ({
        type,
        modules: all
          .filter((module) => module.type === type)
          .map(({ name, version }) => ({ name, version })),
      }));
      return { currentSoftwareList };
    },
  };
}

function typesOf(modules: readonly SoftwareModule[]): string[] {
  return [...new Set(modules.map(({ type }) => type))];
}
