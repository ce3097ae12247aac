import { CommandFailure, type ConfigType, textContent } from './bus/index.ts';
import { type IocConfig, maskedFile, maskedValue } from './config/index.ts';
import { stageConfig } from './staged-config.ts';

/** Reading it must not take the IOC's time. */
const MOST_BYTES = 2 ** 20;

/** Where the configuration of an IOC is. */
export interface ConfigGround {
  readonly config: IocConfig;
  /** Its file; undefined of an IOC that was made in another way. */
  readonly file: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * The configuration: `ioc-config` is the file as a person wrote it, `ioc-config-effective` all that
 * is in force, in JSON. Nobody sees its secrets. A new one is checked, and waits for the next start.
 */
export function iocConfigTypes({ config, file, env }: ConfigGround): readonly ConfigType[] {
  const effective: ConfigType = {
    type: 'ioc-config-effective',
    async snapshot() {
      return { content: textContent(`${JSON.stringify(maskedValue(config), null, 2)}\n`) };
    },
  };
  if (file === undefined) return [effective];
  const written: ConfigType = {
    type: 'ioc-config',
    async snapshot() {
      return { content: textContent(maskedFile(file)), path: file };
    },
    maxBytes: MOST_BYTES,
    async update(given) {
      await stageConfig(file, given, env).catch((error: Error) => {
        throw new CommandFailure(error.message);
      });
      return { path: file, applied: 'at the next start' };
    },
  };
  return [written, effective];
}
