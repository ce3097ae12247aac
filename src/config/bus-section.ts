import type { z } from 'zod';
import { type BridgeConfig, bridgesOf, bridgesSection } from './bus/bridges-section.ts';
import { type BrokerConfig, brokerOf, brokerSection, checkBroker } from './bus/broker-section.ts';
import { type CommandsConfig, checkCommands, commandsSection } from './bus/commands-section.ts';
import { type ConvertConfig, convertOf, convertSection } from './bus/convert-section.ts';
import { type FilesConfig, filesOf, filesSection } from './bus/files-section.ts';
import { type BusLinkConfig, busLinkKeys, busLinkOf } from './bus/link-section.ts';
import { type PvConfig, pvConfigOf, pvSection } from './bus/pv-section.ts';
import { type ThinEdgeConfig, thinEdgeOf, thinEdgeSection } from './bus/thin-edge-section.ts';
import { section } from './issue-text.ts';
import { type Surroundings, within } from './surroundings.ts';

/** The MQTT bus: its broker, and what is served there. */
export interface BusConfig {
  /** Its `url` is empty where the broker is our own. */
  readonly link: BusLinkConfig;
  /** In this process; another's without it. */
  readonly broker?: BrokerConfig;
  /** To other brokers. */
  readonly bridges: readonly BridgeConfig[];
  readonly commands: CommandsConfig;
  /** What foreign topics become PVs, and where PVs are written to. */
  readonly convert: ConvertConfig;
  readonly files: FilesConfig;
  /** Plain topics for each PV; none without it. */
  readonly pv?: PvConfig;
  readonly thinEdge: ThinEdgeConfig | undefined;
}

export const busSection = section({
  ...busLinkKeys,
  broker: brokerSection.exactOptional(),
  bridges: bridgesSection,
  commands: commandsSection.prefault({}),
  convert: convertSection.prefault({}),
  files: filesSection.prefault({}),
  pv: pvSection.exactOptional(),
  thinEdge: thinEdgeSection.prefault({}),
}).check(({ value, issues }) => {
  const complain = (path: readonly PropertyKey[], message: string) => {
    issues.push({ code: 'custom', path: [...path], message, input: value });
  };
  checkBroker(value, complain);
  checkCommands(value.commands, value.version, complain);
});

export function busOf(
  given: z.infer<typeof busSection> | undefined,
  prefix: string,
  around: Surroundings,
): BusConfig | undefined {
  if (given === undefined) return undefined;
  const link = busLinkOf(given, prefix, around);
  return {
    link,
    ...(given.broker && { broker: brokerOf(given.broker, around) }),
    bridges: bridgesOf(given.bridges, link.clientId, around),
    commands: given.commands,
    convert: convertOf(given.convert, prefix, within(around, ['bus', 'convert'])),
    files: filesOf(given.files, around),
    ...(given.pv && { pv: pvConfigOf(given.pv, prefix, within(around, ['bus', 'pv'])) }),
    thinEdge: thinEdgeOf(given.thinEdge, prefix),
  };
}
