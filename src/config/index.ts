export { loadChain } from './chain-file.ts';
export { ConfigError, type Problem, problemText } from './config-error.ts';
export { type IocConfig, loadConfig, type PlantTarget } from './ioc-file.ts';
export { type FileKind, jsonSchema } from './json-schema.ts';
export { loadTerminalDefinitions, shippedConfig, shippedTerminals } from './terminal-folder.ts';
