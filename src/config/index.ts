export type { AutosaveConfig, SaveSetConfig } from './autosave-section.ts';
export type { BridgeConfig } from './bus/bridges-section.ts';
export type { CommandsConfig } from './bus/commands-section.ts';
export type { ConvertConfig } from './bus/convert-section.ts';
export type { FileServiceConfig, FilesConfig } from './bus/files-section.ts';
export type { BusLinkConfig } from './bus/link-section.ts';
export type { ThinEdgeConfig } from './bus/thin-edge-section.ts';
export type { BusConfig } from './bus-section.ts';
export { loadChain } from './chain-file.ts';
export { ConfigError, type Problem, problemText } from './config-error.ts';
export type { DatabaseConfig } from './databases-section.ts';
export { type IocConfig, loadConfig } from './ioc-file.ts';
export { type FileKind, jsonSchema } from './json-schema.ts';
export { maskedFile, maskedValue, unmasked } from './masked-file.ts';
export type { PlantTarget } from './plant-section.ts';
export type { PlantConfig } from './plants.ts';
export type { PutLogConfig } from './put-log-section.ts';
export type { RouteRequest } from './route-section.ts';
export { fileOfTerminal, readTerminalDefinition, terminalFiles } from './site-terminals.ts';
export {
  loadTerminalDefinitions,
  shippedConfig,
  shippedDatabases,
  shippedTerminals,
} from './terminal-folder.ts';
