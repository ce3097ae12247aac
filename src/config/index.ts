export { loadChain } from './chain-file.ts';
export { ConfigError, type Problem, problemText } from './config-error.ts';
export { loadTerminalDefinitions, shippedConfig, shippedTerminals } from './terminal-folder.ts';
